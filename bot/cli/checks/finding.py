"""What a check finds, how bad it is, and how a check is carried out."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum


class Level(IntEnum):
    """The worst of all is the exit code: what Nagios and its like expect.

    nagios-plugins.org/doc/guidelines.html#AEN78
    """

    OK = 0
    WARNING = 1
    CRITICAL = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Holds no token and no password: it is shown, and sent to whoever watches."""

    level: Level
    found: str
    advice: str = ""


SOON = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Check:
    name: str  # for programs
    title: str  # for people
    look: Callable[[], Awaitable[Sequence[Finding]]]
    within: timedelta = SOON


def fine(found: str) -> Finding:
    return Finding(level=Level.OK, found=found)


def warning(found: str, advice: str) -> Finding:
    return Finding(level=Level.WARNING, found=found, advice=advice)


def critical(found: str, advice: str) -> Finding:
    return Finding(level=Level.CRITICAL, found=found, advice=advice)


async def carry_out(check: Check) -> Sequence[Finding]:
    """A check that hangs or fails is a finding too: the others go on."""
    try:
        async with asyncio.timeout(check.within.total_seconds()):
            return await check.look()
    except TimeoutError:
        seconds = check.within.total_seconds()
        return [critical(f"kiểm tra “{check.title}” quá {seconds:g} giây.", "Hãy thử lại sau.")]
    except Exception as error:  # noqa: BLE001 - the doctor must not fall ill; its text may hold secrets
        return [
            critical(
                f"kiểm tra “{check.title}” gặp lỗi ({type(error).__name__}).",
                "Hãy gửi dòng này cho người phát triển.",
            )
        ]
