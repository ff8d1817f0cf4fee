"""`bantin check`: the doctor, for whoever watches and for a clerk on the telephone."""

import asyncio
import json
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

import typer

from bot import logs
from bot.cli.checks.examine import Examined, examine
from bot.cli.checks.finding import Level
from bot.cli.screen import say
from bot.cli.waiting import waiting
from bot.cli.zalo_trial import try_zalo
from jobs.clock import SystemClock

HELP = "Khám tình trạng Bản tin trên máy này; Bản tin cứ chạy."
EXIT_CODES = "Mã kết thúc: 0 là tốt, 1 là có điều cần để ý, 2 là có lỗi phải sửa."
_SIGNS = {
    Level.OK: ("✓", "green"),
    Level.WARNING: ("!", "yellow"),
    Level.CRITICAL: ("✗", "bold red"),
}


class What(StrEnum):
    ZALO = "zalo"


def check(
    what: Annotated[
        What | None,
        typer.Argument(help="zalo: thử bot Zalo thật và in ra những gì Zalo trả lời."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="In dạng JSON, cho chương trình giám sát.")
    ] = False,
) -> None:
    if what is What.ZALO:
        try_zalo()
        return
    logs.set_up("CRITICAL")  # what is wrong stands in the findings
    with waiting("Đang kiểm tra…"):
        examined = asyncio.run(examine(SystemClock()))
    level = max(each.level for each in examined)
    if as_json:
        typer.echo(json.dumps(_as_json(examined, level), ensure_ascii=False, indent=1))
    else:
        _show(examined)
    raise typer.Exit(level.value)


def _as_json(examined: Sequence[Examined], level: Level) -> dict[str, object]:
    checks = [
        {
            "check": each.name,
            "level": finding.level.name.lower(),
            "found": logs.without_secrets(finding.found),
            "advice": finding.advice,
        }
        for each in examined
        for finding in each.findings
    ]
    return {"level": level.name.lower(), "checks": checks}


def _show(examined: Sequence[Examined]) -> None:
    for each in examined:
        for finding in each.findings:
            sign, style = _SIGNS[finding.level]
            advice = f" → {finding.advice}" if finding.advice else ""
            line = f"{sign} {each.title}: {finding.found}{advice}"
            say(logs.without_secrets(line), style=style)
    levels = [finding.level for each in examined for finding in each.findings]
    say(_verdict(levels.count(Level.CRITICAL), levels.count(Level.WARNING)))


def _verdict(critical: int, warnings: int) -> str:
    if not critical and not warnings:
        return "Tất cả đều tốt."
    facts = [f"{critical} lỗi phải sửa"] if critical else []
    facts += [f"{warnings} điều cần để ý"] if warnings else []
    return f"Có {', '.join(facts)}."
