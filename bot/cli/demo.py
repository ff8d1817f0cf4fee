"""`bantin demo`: the real bot beside a rehearsal of Telegram, of Zalo and of a portal."""

import asyncio
import tempfile
import webbrowser
from contextlib import AsyncExitStack, ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from bot import app, logs
from bot.cli.problem import Refused, reason
from bot.cli.run import stop_on_signals
from bot.cli.screen import say
from bot.commands.owner import OWNER_CODE_TRIES, new_owner_code
from bot.rehearsal.server import PortTaken, RehearsalServer
from bot.rehearsal.telegram.cast import REHEARSAL_TOKEN
from bot.settings import Settings, exactly
from jobs.clock import Clock, SystemClock
from storage.database import Database
from storage.records import NewSource, Role, SourceKind
from storage.single import alone

USUAL_PORT = 8765
POLL_SECONDS = 5
CODE_LIFETIME = timedelta(days=1)  # one may try the members' side first
DATABASE = "demo.db"  # never the office's own, should somebody name its folder
OFFICE = "Đảng ủy xã Tân Lập"
CATEGORIES = {  # the sample portal's -> our topics
    "": "tin-tuc",
    "Xây dựng Đảng": "xay-dung-dang",
    "Mặt trận và đoàn thể": "mat-tran-doan-the",
    "Kinh tế - xã hội": "kinh-te-xa-hoi",
    "Thông báo": "thong-bao",
}


def demo(
    port: Annotated[
        int | None,
        typer.Option(
            help="Cổng của trang thử; 0 là một cổng còn trống.",
            min=0,
            max=65_535,
            metavar="CỔNG",
        ),
    ] = None,
    browser: Annotated[bool, typer.Option(help="Mở trang thử trong trình duyệt.")] = True,
    data: Annotated[
        Path | None,
        typer.Option(
            help="Thư mục giữ dữ liệu; để trống thì dùng thư mục tạm.", metavar="THƯ-MỤC"
        ),
    ] = None,
) -> None:
    logs.set_up("WARNING")
    with ExitStack() as stack:
        if data is None:
            data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bantin-")))
        try:
            data.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Refused(f"Không dùng được thư mục {data}: {reason(error)}.") from error
        asyncio.run(_play(port, data, browser=browser))
    say("Đã dừng.")


async def _play(port: int | None, data: Path, *, browser: bool) -> None:
    clock = SystemClock()
    stop = asyncio.Event()
    stop_on_signals(stop)
    async with AsyncExitStack() as stack:
        server = await _serve(stack, port, clock, await _owner_code(data, clock))
        settings = _settings(server, data)
        async with app.opened(settings) as database:
            with alone(database):  # not under the hands of another demo
                await _watch_only(database, server.portal_url, clock)
        say(f"Trang thử: {server.url}  (Ctrl-C để dừng)", style="bold")
        say(f"Dữ liệu: {data}")
        if browser:
            await asyncio.to_thread(_show, server.url)
        await app.run(settings, clock=clock, stop=stop)


async def _owner_code(data: Path, clock: Clock) -> str:
    """For the phone of the office's admin; "" when the data has an owner already."""
    async with app.opened(exactly(database_url=_database_url(data))) as database:
        with alone(database):  # another demo's code stays as it is
            return await _fresh_code(database, clock)


async def _fresh_code(database: Database, clock: Clock) -> str:
    async with database.transaction() as tx:
        if await tx.subscribers.has_role(Role.OWNER):
            return ""
        fresh = new_owner_code()
        await tx.owner_codes.replace(
            salt=fresh.salt,
            code_hash=fresh.code_hash,
            expires_at=clock.now() + CODE_LIFETIME,
            tries=OWNER_CODE_TRIES,
        )
    return fresh.code


async def _serve(
    stack: AsyncExitStack, port: int | None, clock: Clock, owner_code: str
) -> RehearsalServer:
    """On the port asked for; on the usual one, or any free one, when none was."""

    def on(port: int) -> RehearsalServer:
        return RehearsalServer(now=clock.now, port=port, owner_code=owner_code)

    if port is not None:
        try:
            return await stack.enter_async_context(on(port))
        except PermissionError as error:
            raise Refused(f"Cổng {port} không dùng được: {reason(error)}.") from error
    try:
        return await stack.enter_async_context(on(USUAL_PORT))
    except PortTaken:
        return await stack.enter_async_context(on(0))


def _show(url: str) -> None:
    """In a window. A browser for terminals would take this one, and wait to be closed."""
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return  # the address is on the screen
    if type(browser) is not webbrowser.GenericBrowser:
        browser.open(url)


def _database_url(data: Path) -> str:
    return f"sqlite+aiosqlite:///{data / DATABASE}"


def _settings(server: RehearsalServer, data: Path) -> Settings:
    return exactly(
        office=OFFICE,
        contact="Văn phòng Đảng ủy xã",
        database_url=_database_url(data),
        telegram_token=REHEARSAL_TOKEN,
        telegram_api_url=server.api_url,
        zalo_tokens=" ".join(server.zalo.bots),
        zalo_api_url=server.zalo_api_url,
        zalo_answers_a_day=10_000,  # one may play all day
        other_platform_after_minutes=1,  # one may see it take over
        poll_interval_seconds=POLL_SECONDS,
        fetch_allowed_hosts=urlsplit(server.portal_url).netloc,
        fetch_gap_seconds=0,  # one may look on
        quiet_from_hour=0,  # one may play at night
        quiet_to_hour=0,
    )


async def _watch_only(database: Database, url: str, clock: Clock) -> None:
    """The sample portal is the one source, at the port of this run."""
    async with database.transaction() as tx:
        sources = await tx.sources.all()
        for source in sources:
            if source.url != url:
                await tx.sources.remove(source.id, clock.now())
        if all(source.url != url for source in sources):
            topics = {topic.slug: topic.id for topic in await tx.topics.all()}
            new = NewSource(
                name="Cổng thông tin xã Tân Lập",
                url=url,
                kind=SourceKind.LIFERAY,
                topics={category: topics[slug] for category, slug in CATEGORIES.items()},
            )
            await tx.sources.add(new, clock.now())
