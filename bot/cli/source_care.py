"""`bantin source release|drop|trust|page`: what a source needs when something is odd with it."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.app import opened
from bot.cli.known_sources import Which, Yes, all_floods, all_sources, known
from bot.cli.problem import Refused, Stopped, reason
from bot.cli.screen import confirm, say, stopping
from bot.cli.source_trust import Ca, Insecure, Trust, read_trust
from bot.commands.wording import counted
from bot.settings import Settings, load
from jobs.bulletin_text import show_moment
from jobs.clock import SystemClock
from jobs.elsewhere import release_flood
from storage.records import Flood, KeptPage, Source

RELEASE_HELP = "Gửi những tin bị giữ lại vì đến quá nhiều cùng lúc."
DROP_HELP = "Bỏ những tin bị giữ lại: chúng không được gửi cho ai."
TRUST_HELP = "Cách kiểm tra chứng thư bảo mật của một nguồn tin; để trống là chặt chẽ."
PAGE_HELP = "Trang mà lần gần nhất không đọc được, để tìm nguyên nhân."


def release(which: Which, yes: Yes = False) -> None:
    settings = load()
    source, flood = _flood_of(settings, which)
    _show_flood(flood)
    with stopping("Đã dừng. Các tin vẫn được giữ lại."):
        if not (yes or confirm(f"Gửi {counted(flood.articles, 'tin')} này cho người nhận?")):
            raise Stopped("Các tin vẫn được giữ lại.")
    number = asyncio.run(_release(settings, source))
    say(f"{counted(number, 'tin')} sẽ được gửi.")


def drop(which: Which, yes: Yes = False) -> None:
    settings = load()
    source, flood = _flood_of(settings, which)
    _show_flood(flood)
    with stopping("Đã dừng. Các tin vẫn được giữ lại."):
        if not (yes or confirm(f"Bỏ {counted(flood.articles, 'tin')} này, không gửi?")):
            raise Stopped("Các tin vẫn được giữ lại.")
    number = asyncio.run(_drop(settings, source))
    say(f"Đã bỏ {counted(number, 'tin')}.")


def trust(which: Which, ca: Ca = None, insecure: Insecure = False) -> None:
    settings = load()
    source = known(asyncio.run(all_sources(settings)), which)
    asyncio.run(_trust(settings, source, read_trust(ca, insecure=insecure)))
    say(f"Đã đổi cách kiểm tra chứng thư của “{source.name}”. Nguồn này sẽ được đọc lại ngay.")


def page(
    which: Which,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Ghi trang vào tệp này.", metavar="TỆP")
    ] = None,
) -> None:
    settings = load()
    source = known(asyncio.run(all_sources(settings)), which)
    kept = asyncio.run(_kept_page(settings, source))
    if kept is None:
        raise Refused(f"Không có trang nào được giữ lại của “{source.name}”.")
    say(f"{kept.url}\n{show_moment(kept.kept_at)}: {kept.reason}")
    if output is None:
        say(kept.body.decode(errors="replace"))
        return
    try:
        output.write_bytes(kept.body)
    except OSError as error:
        raise Refused(f"Không ghi được tệp {output}: {reason(error)}.") from error
    say(f"Đã ghi {counted(len(kept.body), 'byte')} vào {output}.")


def _flood_of(settings: Settings, which: str) -> tuple[Source, Flood]:
    """Raises Refused."""
    source = known(asyncio.run(all_sources(settings)), which)
    for flood in asyncio.run(all_floods(settings)):
        if flood.source_id == source.id:
            return source, flood
    raise Refused(f"Không có tin nào của “{source.name}” đang được giữ lại.")


def _show_flood(flood: Flood) -> None:
    say(f"“{flood.source_name}” có {counted(flood.articles, 'tin')} đang được giữ lại:")
    for title in flood.titles:
        say(f"  {title}")
    if flood.articles > len(flood.titles):
        say("  …")


async def _release(settings: Settings, source: Source) -> int:
    now = SystemClock().now()
    async with opened(settings) as database, database.transaction() as tx:
        await tx.audit.record("news_released", at=now, target=str(source.id))
        return await release_flood(tx, source.id, now)


async def _drop(settings: Settings, source: Source) -> int:
    now = SystemClock().now()
    async with opened(settings) as database, database.transaction() as tx:
        await tx.audit.record("news_dropped", at=now, target=str(source.id))
        return await tx.sources.drop_held(source.id)


async def _trust(settings: Settings, source: Source, trust: Trust) -> None:
    now = SystemClock().now()
    async with opened(settings) as database, database.transaction() as tx:
        await tx.sources.trust(source.id, extra_ca=trust.extra_ca, is_insecure=trust.is_insecure)
        await tx.sources.visit_now(now, source.id)
        detail = "insecure" if trust.is_insecure else "extra_ca" if trust.extra_ca else "strict"
        await tx.audit.record("source_trust", at=now, target=str(source.id), detail=detail)


async def _kept_page(settings: Settings, source: Source) -> KeptPage | None:
    async with opened(settings) as database, database.transaction() as tx:
        return await tx.sources.kept_page(source.id)
