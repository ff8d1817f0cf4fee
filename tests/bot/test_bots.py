"""The office's bots together: any number on Zalo, with or without Telegram, each by itself."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot.app import run
from bot.bots.office_bot import CannotStart
from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.telegram import cast as telegram_cast
from bot.rehearsal.zalo.account import Account
from bot.rehearsal.zalo.cast import GROUP_MEMBER, GROUP_OWNER, MEMBER
from bot.rehearsal.zalo.knobs import Updates, WebhookBody
from bot.rehearsal.zalo.records import Person
from bot.settings import Settings, exactly
from jobs.clock import SystemClock
from storage.database import open_database
from storage.records import Alarm, Platform
from tests.ports import a_free_port

CLOCK = SystemClock()
TOKENS = ("8000000001:mot-ma-de-thu", "8000000002:hai-ma-de-thu")
WRONG = "8000000009:sai-ma-de-thu"


@pytest.fixture
async def server() -> AsyncIterator[RehearsalServer]:
    async with RehearsalServer(now=CLOCK.now, zalo_tokens=TOKENS, limits=None) as server:
        yield server


def settings_of(folder: Path, server: RehearsalServer, **own: object) -> Settings:
    return exactly(
        database_url=f"sqlite+aiosqlite:///{folder}/bantin.db",
        zalo_api_url=server.zalo_api_url,
        telegram_api_url=server.api_url,
        **own,
    )


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[None]:
    """Ended in order; raises what ended it before."""
    stop = asyncio.Event()
    task = asyncio.create_task(run(settings, clock=CLOCK, stop=stop))
    try:
        yield
    finally:
        stop.set()
        await task


async def alarms(settings: Settings) -> list[Alarm]:
    database = open_database(settings.database_url.get_secret_value())
    try:
        async with database.transaction() as tx:
            return await tx.alarms.all()
    finally:
        await database.close()


async def an_alarm(settings: Settings) -> Alarm:
    """As soon as it is raised. Raises TimeoutError."""
    async with asyncio.timeout(60):
        while not (found := await alarms(settings)):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.02)
    return found[0]


def made_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def answered(
    server: RehearsalServer, person: Person = MEMBER, bot: Account | None = None
) -> None:
    bot = bot or server.zalo.bot
    server.zalo_people.write(person, "Xin chào", bot=bot)
    await server.zalo.until(lambda: bool(bot.texts(person.id)))


async def test_an_office_may_be_on_zalo_alone(tmp_path: Path, server: RehearsalServer) -> None:
    async with running(settings_of(tmp_path, server, zalo_tokens=TOKENS[0])):
        await answered(server)

    assert "Bản tin" in server.zalo.texts(MEMBER.id)[0]
    assert not server.telegram.traffic.methods


async def test_each_bot_answers_its_own_people(tmp_path: Path, server: RehearsalServer) -> None:
    settings = settings_of(
        tmp_path, server, zalo_tokens=" ".join(TOKENS), telegram_token=server.telegram.token
    )
    first, second = server.zalo.bots.values()
    async with running(settings):
        server.people.write(telegram_cast.MEMBER, "Xin chào")
        await answered(server, MEMBER, first)
        await answered(server, GROUP_MEMBER, second)
        telegram = server.telegram
        await telegram.until(lambda: bool(telegram.texts(telegram_cast.MEMBER.id)))


@pytest.mark.parametrize("tokens", ["", TOKENS[0]], ids=["Telegram alone", "both"])
async def test_linking_is_in_the_menu_of_an_office_that_is_on_both(
    tmp_path: Path, server: RehearsalServer, tokens: str
) -> None:
    settings = settings_of(
        tmp_path, server, telegram_token=server.telegram.token, zalo_tokens=tokens
    )
    who = telegram_cast.MEMBER.id
    async with running(settings), asyncio.timeout(20):
        while not (  # noqa: ASYNC110 - nobody tells
            seen := server.telegram.menus.seen_by(who, server.telegram.chat(who))
        ):
            await asyncio.sleep(0.05)
    assert ("lienket" in {each["command"] for each in seen}) is bool(tokens)


@pytest.mark.parametrize("body", WebhookBody)
async def test_zalo_may_call_instead_of_being_asked(
    tmp_path: Path, server: RehearsalServer, body: WebhookBody
) -> None:
    server.zalo.knobs = replace(server.zalo.knobs, webhook_body=body)
    port = a_free_port()
    settings = settings_of(
        tmp_path,
        server,
        zalo_tokens=" ".join(TOKENS),
        zalo_webhook_url=f"http://127.0.0.1:{port}/ban-tin/",
        zalo_webhook_secret="mot-bi-mat-dai",  # noqa: S106 - opens nothing
        web_listen=f"127.0.0.1:{port}",
    )
    first, second = server.zalo.bots.values()
    async with running(settings):
        await answered(server, MEMBER, first)
        await answered(server, GROUP_MEMBER, second)

    assert first.webhook.url == f"http://127.0.0.1:{port}/ban-tin/zalo/8000000001"
    assert server.zalo.calls["getUpdates"] == 0


async def test_an_address_that_is_taken_is_told(tmp_path: Path, server: RehearsalServer) -> None:
    settings = settings_of(
        tmp_path,
        server,
        zalo_tokens=TOKENS[0],
        zalo_webhook_url="http://127.0.0.1:9",
        zalo_webhook_secret="mot-bi-mat-dai",  # noqa: S106 - opens nothing
        web_listen=f"127.0.0.1:{server.port}",
    )

    with pytest.raises(CannotStart, match="web_listen"):
        await run(settings, clock=CLOCK, stop=asyncio.Event())


REFUSED = {
    "one of two on Zalo": {"zalo_tokens": f"{WRONG} {TOKENS[0]}"},
    "the one on Telegram": {"zalo_tokens": TOKENS[0], "telegram_token": f"123456:{'x' * 35}"},
}


@pytest.mark.parametrize("own", REFUSED.values(), ids=REFUSED)
async def test_a_refused_token_stops_its_own_bot_alone_and_is_told(
    tmp_path: Path, server: RehearsalServer, own: dict[str, str]
) -> None:
    settings = settings_of(tmp_path, server, **own)
    async with running(settings):
        await answered(server)
        alarm = await an_alarm(settings)

    assert alarm.kind == "token_refused"
    assert "không nhận mã" in alarm.text


async def test_the_alarm_is_over_when_the_token_is_taken(
    tmp_path: Path, server: RehearsalServer
) -> None:
    wrong = TOKENS[1] + "x"
    settings = settings_of(tmp_path, server, zalo_tokens=f"{TOKENS[0]} {wrong}")
    async with running(settings):
        await answered(server)
        await an_alarm(settings)

    second = list(server.zalo.bots.values())[1]
    async with running(settings_of(tmp_path, server, zalo_tokens=" ".join(TOKENS))):
        await answered(server, GROUP_MEMBER, second)

    assert await alarms(settings) == []


async def test_when_no_bot_is_left_the_program_ends_and_says_why(
    tmp_path: Path, server: RehearsalServer, caplog: pytest.LogCaptureFixture
) -> None:
    settings = settings_of(
        tmp_path, server, zalo_tokens=WRONG, telegram_token=f"123456:{'x' * 35}"
    )

    with pytest.raises(CannotStart) as caught:
        async with asyncio.timeout(60):
            await run(settings, clock=CLOCK, stop=asyncio.Event())

    assert "Telegram không nhận mã bot này" in str(caught.value)
    assert "Zalo không nhận mã của bot 8000000009" in str(caught.value)
    assert WRONG.partition(":")[2] not in str(caught.value) + caplog.text


async def test_what_zalo_hands_out_again_is_answered_once_also_after_a_restart(
    tmp_path: Path, server: RehearsalServer
) -> None:
    server.zalo.knobs = replace(server.zalo.knobs, updates=Updates.REPLAY)
    settings = settings_of(tmp_path, server, zalo_tokens=TOKENS[0])
    async with running(settings):
        await answered(server)
        await answered(server, GROUP_MEMBER)  # by then the first is marked

    async with running(settings):
        await answered(server, GROUP_OWNER)

    assert len(server.zalo.texts(MEMBER.id)) == 1


async def test_without_any_bot_it_does_not_start(tmp_path: Path, server: RehearsalServer) -> None:
    with pytest.raises(CannotStart, match=r"telegram_token.*zalo_tokens"):
        await run(settings_of(tmp_path, server), clock=CLOCK, stop=asyncio.Event())

    assert made_in(tmp_path) == []


async def test_each_bot_has_its_row_and_its_limits(
    tmp_path: Path, server: RehearsalServer
) -> None:
    settings = settings_of(
        tmp_path, server, zalo_tokens=" ".join(TOKENS), zalo_monthly_messages=100, zalo_people=9
    )
    async with running(settings):
        await answered(server)

    database = open_database(settings.database_url.get_secret_value())
    async with database.transaction() as tx:
        bots = await tx.bots.all()
    await database.close()
    assert [(bot.platform, bot.account) for bot in bots] == [
        (Platform.ZALO, "8000000001"),
        (Platform.ZALO, "8000000002"),
    ]
