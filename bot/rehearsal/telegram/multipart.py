"""multipart/form-data, as clients send files: text fields and uploads."""

from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import HTTP

from bot.rehearsal.telegram.errors import bad_request


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    name: str  # as the client calls the file
    content: bytes


def read_multipart(content_type: str, body: bytes) -> tuple[dict[str, str], dict[str, Upload]]:
    """Text fields and uploads, by the names of their fields."""
    fields: dict[str, str] = {}
    uploads: dict[str, Upload] = {}
    # The parts are cut by hand: the email parser would take seconds for a large file.
    for part in (b"\r\n" + body).split(b"\r\n--" + _boundary(content_type))[1:]:
        head, separator, content = part.partition(b"\r\n\r\n")
        if part.startswith(b"--") or not separator:
            continue
        headers = BytesHeaderParser(policy=HTTP).parsebytes(head.lstrip(b"\r\n"))
        name = headers.get_param("name", header="content-disposition")
        file_name = headers.get_filename()
        if not isinstance(name, str):
            continue
        if file_name is None:
            fields[name] = content.decode("utf-8", "replace")
        else:
            uploads[name] = Upload(name=_as_utf8(file_name), content=content)
    return fields, uploads


def _boundary(content_type: str) -> bytes:
    message = EmailMessage()
    message["content-type"] = content_type
    boundary = message.get_param("boundary")
    if not isinstance(boundary, str) or not boundary:
        raise bad_request("can't parse multipart boundary")
    return boundary.encode()


def _as_utf8(name: str) -> str:
    """Clients write a file's name as plain UTF-8, which the parser keeps as surrogates."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
