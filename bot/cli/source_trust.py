"""What an admin says of a source's server: its own certificate, or that none is checked."""

import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer

from bot.cli.problem import Refused, reason
from bot.cli.screen import complain
from jobs.fetching.access import Access, Tls, adapted, strict_context
from jobs.page import Untrusted
from jobs.source_errors import BadRules
from jobs.sources.rules import rules_of

Ca = Annotated[
    Path | None,
    typer.Option(help="Tệp PEM có chứng thư mà máy chủ không gửi kèm.", metavar="TỆP"),
]
Insecure = Annotated[
    bool, typer.Option("--insecure", help="Không kiểm tra chứng thư của máy chủ này.")
]

INSECURE = (
    "⚠️ Chứng thư bảo mật của trang này sẽ không được kiểm tra: "
    "ai chen vào giữa đường truyền cũng có thể đưa tin giả."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    extra_ca: str = ""
    is_insecure: bool = False

    def access(self, url: str) -> Access:
        tls = Tls(extra_ca=self.extra_ca, insecure=self.is_insecure)
        return Access(host=urlsplit(url).hostname or "", tls=tls)


def read_trust(ca: Path | None, *, insecure: bool) -> Trust:
    """Says what it means. Raises Refused."""
    if insecure:
        complain(INSECURE)
    if ca is None:
        return Trust(is_insecure=insecure)
    pem = _text(ca)
    try:
        adapted(strict_context(), Tls(extra_ca=pem))
    except (Untrusted, ssl.SSLError) as error:
        raise Refused(f"Tệp {ca} không phải chứng thư dạng PEM.") from error
    return Trust(extra_ca=pem, is_insecure=insecure)


def read_rules(file: Path | None) -> Mapping[str, Any]:
    """The rules of an html_list, as its config has them. Raises Refused."""
    if file is None:
        return {}
    try:
        told = json.loads(_text(file))
        rules_of(told)
    except ValueError as error:
        raise Refused(f"Tệp {file} không phải JSON.") from error
    except BadRules as error:
        raise Refused(f"{error.reason} Sửa lại tệp {file}.") from error
    return {"rules": told}


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except OSError as error:
        raise Refused(f"Không mở được tệp {file}: {reason(error)}.") from error
    except UnicodeDecodeError as error:
        raise Refused(f"Tệp {file} không phải văn bản.") from error
