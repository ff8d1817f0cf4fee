"""The machine: disk space, the clock, who may read the files."""

import asyncio
import shutil
import stat
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urljoin

import httpx

from bot.cli.checks.finding import Finding, critical, fine, warning
from bot.settings import FILE, Settings
from jobs.clock import Clock
from jobs.vietnamese_date import VIETNAM

WARN_BELOW_BYTES = 500 * 1024 * 1024
FAIL_BELOW_BYTES = 50 * 1024 * 1024
MOST_DRIFT = timedelta(seconds=60)
_ANSWER_SECONDS = 8.0
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


async def look_at_settings(settings: Settings) -> list[Finding]:
    """They could be read; whether they are the right ones is another thing."""
    where = FILE.absolute()
    if FILE.exists():
        return [fine(f"đọc được {where}.")]
    if settings.telegram_token is not None:
        return [fine(f"không có {where}, lấy từ biến môi trường.")]
    return [critical(f"không có {where}.", "Hãy vào đúng thư mục dữ liệu, hoặc chạy: bantin init")]


async def look_at_disk(folders: Iterable[Path]) -> list[Finding]:
    """Each disk once, however many of the folders are on it."""
    disks = {folder.stat().st_dev: folder for folder in folders}
    return [space(folder, shutil.disk_usage(folder).free) for folder in disks.values()]


def space(folder: Path, free_bytes: int) -> Finding:
    found = f"còn trống {size(free_bytes)} ({folder})."
    advice = f"Hãy xóa bớt tệp không cần, rồi xem lại bằng lệnh: df -h {folder}"
    if free_bytes < FAIL_BELOW_BYTES:
        return critical(found, advice)
    if free_bytes < WARN_BELOW_BYTES:
        return warning(found, advice)
    return fine(found)


def temporary_folder() -> Path:
    return Path(tempfile.gettempdir())


async def look_at_files(files: Iterable[Path]) -> list[Finding]:
    """Settings hold the token, the database holds people."""
    open_to_others = [path for path in files if path.exists() and path.stat().st_mode & _OTHERS]
    if not open_to_others:
        return [fine("chỉ người chạy Bản tin đọc được tệp cài đặt và dữ liệu.")]
    return [
        warning(f"người khác trên máy này đọc được {path.name}.", f"Hãy gõ: chmod 600 {path}")
        for path in open_to_others
    ]


async def look_at_clock(settings: Settings, sites: Sequence[str], clock: Clock) -> list[Finding]:
    """Against Telegram, or else the first of the sites that says what time it is."""
    if clock.now().astimezone(VIETNAM).utcoffset() != timedelta(hours=7):
        return [
            critical("dữ liệu múi giờ bị hỏng.", "Hãy gõ: pip install --force-reinstall tzdata")
        ]
    proxy = settings.telegram_proxy.get_secret_value() if settings.telegram_proxy else None
    telegram = urljoin(settings.telegram_api_url, "/")  # without the token
    for url, by in [(telegram, proxy), *((site, None) for site in sites)]:
        theirs = await _time_at(url, by)
        if theirs is not None:
            return [drift(theirs, clock.now())]
    return [
        warning("không hỏi được giờ của máy chủ nào.", "Hãy kiểm tra kết nối mạng của máy này.")
    ]


def drift(theirs: datetime, ours: datetime) -> Finding:
    seconds = round((ours - theirs).total_seconds())
    if abs(seconds) <= MOST_DRIFT.total_seconds():
        return fine("đúng giờ.")
    way = "nhanh" if seconds > 0 else "chậm"
    return warning(
        f"máy này chạy {way} {_span(abs(seconds))}.",
        "Hãy gõ: sudo timedatectl set-ntp true",
    )


async def _time_at(url: str, proxy: str | None) -> datetime | None:
    """None when no time is told. `proxy` as in the settings."""
    with suppress(httpx.HTTPError, httpx.InvalidURL, ValueError, TypeError, TimeoutError):
        async with (
            asyncio.timeout(_ANSWER_SECONDS),  # httpx's own do not cover a silent SOCKS proxy
            httpx.AsyncClient(
                proxy=proxy,
                trust_env=False,
                # a clock that is years off finds every certificate invalid
                verify=False,  # noqa: S501
            ) as client,
        ):
            answer = await client.head(url)
            age = timedelta(seconds=int(answer.headers.get("age", "0")))
            return parsedate_to_datetime(answer.headers.get("date", "")) + age
    return None


def size(size_bytes: int) -> str:
    """1,2 MB or 12 GB."""
    gigabytes = size_bytes / 1024**3
    number, unit = (gigabytes, "GB") if gigabytes >= 1 else (size_bytes / 1024**2, "MB")
    return f"{number:.1f}".removesuffix(".0").replace(".", ",") + f" {unit}"


def _span(seconds: int) -> str:
    minutes = round(seconds / 60)
    if minutes < 120:  # noqa: PLR2004 - then hours say enough
        return f"{minutes} phút"
    hours = round(minutes / 60)
    return f"{hours} giờ" if hours < 48 else f"{round(hours / 24)} ngày"  # noqa: PLR2004 - as above
