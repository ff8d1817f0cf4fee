"""The doctor: what it finds, what it advises, its exit code; it disturbs nobody."""

import json
import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.cli.checks.finding import Level
from bot.rehearsal.faults import FaultKind
from bot.rehearsal.portal.portal import PortalFault
from bot.rehearsal.telegram.cast import MEMBER
from bot.rehearsal.telegram.faults import Fault
from tests.bot.cli.office import Office, an_office
from tests.program import Ended, bantin, environment, log_of, running
from tests.samples import NOW
from tests.web import answer, web_server


@pytest.fixture
async def office(tmp_path: Path, migrated: Path) -> AsyncIterator[Office]:
    async with an_office(tmp_path, migrated) as office:
        yield office


async def check(office: Office, **settings: str) -> dict[str, list[dict[str, str]]]:
    """What each check found."""
    ended = await office.bantin("check", "--json", **settings)
    return found_in(ended)


def found_in(ended: Ended) -> dict[str, list[dict[str, str]]]:
    answer: dict[str, Any] = json.loads(ended.out)
    found: dict[str, list[dict[str, str]]] = {}
    for each in answer["checks"]:
        found.setdefault(each["check"], []).append(each)
    worst = max(Level[each["level"].upper()] for each in answer["checks"])
    assert answer["level"] == worst.name.lower()
    assert ended.code == worst.value
    return found


async def test_when_all_is_well_it_says_so_and_ends_with_0(office: Office) -> None:
    async with running(office.folder, office.env):
        await office.until_read()
        ended = await office.bantin("check")
    assert ended.code == 0, ended.out
    assert "Tất cả đều tốt." in ended.out
    signs = {line[0] for line in ended.out.splitlines()[:-1]}
    assert signs == {"✓"}


async def test_a_running_bot_is_not_disturbed(office: Office) -> None:
    async with running(office.folder, office.env):
        await office.until_read()
        found = await check(office)
        office.server.people.write(MEMBER, "/start")
        await office.server.telegram.until(
            lambda: bool(office.server.telegram.texts(MEMBER.id)), seconds=30
        )
    assert found["program"][0]["level"] == "ok"
    assert "other program" not in log_of(office.folder).read_text()


async def test_it_takes_no_update_away(office: Office) -> None:
    office.server.people.write(MEMBER, "/start")
    found = await check(office)
    assert "1 tin nhắn đang chờ" in found["inbox"][0]["found"]
    async with httpx.AsyncClient(timeout=60) as client:
        url = f"{office.server.api_url}{office.server.telegram.token}/getUpdates"
        assert len((await client.get(url)).json()["result"]) == 1


async def test_a_bot_that_does_not_run_is_critical(office: Office) -> None:
    found = await check(office)
    (program,) = found["program"]
    assert program["level"] == "critical"
    assert "bantin run" in program["advice"]


async def test_a_token_that_telegram_refuses_is_critical_and_is_not_shown(office: Office) -> None:
    token = "12345:" + "x" * 35
    ended = await office.bantin("check", telegram_token=token)
    assert ended.code == 2
    assert "✗ Bot Telegram: Telegram không nhận mã bot này." in ended.out
    assert "xxxxx" not in ended.out + ended.err


async def test_a_webhook_that_takes_the_messages_is_critical(office: Office) -> None:
    async with web_server() as web, httpx.AsyncClient(timeout=60) as client:
        url = f"{office.server.api_url}{office.server.telegram.token}/setWebhook"
        hook = {"url": f"{web.url}/secret-path"}
        assert (await client.post(url, json=hook)).json()["ok"]
        found = await check(office)
    (inbox,) = found["inbox"]
    assert inbox["level"] == "critical"
    assert "127.0.0.1" in inbox["found"]
    assert "secret-path" not in inbox["found"]


async def test_without_telegram_and_proxy_it_ends_and_shows_no_password(office: Office) -> None:
    proxy = "socks5://user:hidden-word@127.0.0.1:9"  # port 9 discards: nobody listens
    ended = await office.bantin("check", "--json", telegram_proxy=proxy)
    found = found_in(ended)
    assert found["telegram"][0]["level"] == "critical"
    assert "127.0.0.1:9" in found["proxy"][0]["found"]
    assert found["clock"][0]["level"] == "ok"  # a source was asked
    assert "hidden-word" not in ended.out + ended.err


async def test_telegram_out_of_order_is_critical_and_not_the_tokens_fault(office: Office) -> None:
    office.server.telegram.faults.add(Fault(kind=FaultKind.BAD_GATEWAY))
    found = await check(office)
    (telegram,) = found["telegram"]
    assert "không kết nối được" in telegram["found"]
    assert "telegram_proxy" in telegram["advice"]


async def test_a_source_that_cannot_be_read_is_told_with_the_reason(office: Office) -> None:
    office.server.portal.break_down(PortalFault.LAYOUT_CHANGED)
    found = await check(office)
    (source,) = found["sources"]
    assert source["level"] != "ok"
    assert "không tìm thấy danh sách" in source["found"]
    assert "bantin source test 1" in source["advice"]


async def test_no_source_is_a_warning(office: Office) -> None:
    async with office.database() as database, database.transaction() as tx:
        await tx.sources.remove(1, NOW)
    found = await check(office)
    assert [each["level"] for each in found["sources"]] == ["warning"]


async def test_files_that_others_can_read_are_named_with_what_to_type(office: Office) -> None:
    office.path.chmod(0o644)
    (office.folder / "bantin.toml").write_text("", "utf-8")
    (office.folder / "bantin.toml").chmod(0o640)
    found = await check(office)
    advice = " ".join(each["advice"] for each in found["files"])
    assert "chmod 600 bantin.toml" in advice
    assert f"chmod 600 {office.path}" in advice


async def test_what_the_program_writes_itself_nobody_else_can_read(office: Office) -> None:
    office.path.unlink()
    await office.bantin("upgrade")
    found = await check(office)
    assert [each["level"] for each in found["files"]] == ["ok"]


async def test_a_database_that_is_broken_is_critical(office: Office) -> None:
    content = bytearray(office.path.read_bytes())
    content[4096 * 3 :] = b"\xff" * (len(content) - 4096 * 3)
    office.path.write_bytes(content)
    found = await check(office)
    worst = {each["level"] for name in ("database", "damage") for each in found.get(name, [])}
    assert "critical" in worst
    assert "bantin restore" in json.dumps(found, ensure_ascii=False)


@pytest.mark.parametrize(
    ("version", "said"),
    [("0001", "bantin upgrade"), ("9999", "phiên bản bantin mới nhất")],
    ids=["older", "newer"],
)
async def test_a_database_of_another_version_is_critical_and_stays_as_it_is(
    office: Office, version: str, said: str
) -> None:
    with closing(sqlite3.connect(office.path, isolation_level=None)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (version,))
    found = await check(office)
    (database,) = found["database"]
    assert database["level"] == "critical"
    assert said in database["advice"]
    assert "deliveries" not in found
    with closing(sqlite3.connect(office.path)) as connection:
        assert connection.execute("SELECT * FROM alembic_version").fetchall() == [(version,)]


async def test_in_an_empty_folder_it_creates_nothing(tmp_path: Path) -> None:
    async with web_server() as web:  # answers nothing that was not told
        env = environment(tmp_path, telegram_api_url=f"{web.url}/bot")
        ended = await bantin("check", folder=tmp_path, env=env)
    assert ended.code == 2
    assert "bantin init" in ended.out
    assert "Traceback" not in ended.err
    assert os.listdir(tmp_path) == []  # noqa: PTH208 - pathlib's would block here


async def test_settings_that_are_wrong_are_critical(tmp_path: Path) -> None:
    (tmp_path / "bantin.toml").write_text('ofice = "x"', "utf-8")
    ended = await bantin("check", folder=tmp_path)
    assert ended.code == 2
    assert "ofice" in ended.out


async def test_a_clock_that_is_slow_is_a_warning(office: Office) -> None:
    async with web_server() as web:
        ahead = datetime.now(UTC) + timedelta(days=3)  # noqa: TID251 - the program reads it too
        date = ahead.strftime("%a, %d %b %Y %H:%M:%S GMT")
        web.answers["/"] = answer("302 Found", Date=date)
        found = await check(office, telegram_api_url=f"{web.url}/bot")
    (clock,) = found["clock"]
    assert clock["level"] == "warning"
    assert "chậm 3 ngày" in clock["found"]


async def test_a_zalo_bot_is_looked_at_too(office: Office) -> None:
    (token,) = office.server.zalo.bots
    found = await check(office, zalo_tokens=token, zalo_api_url=office.server.zalo_api_url)
    known, polled = found["zalo"]
    assert known["level"] == "ok"
    assert "8000000001" in known["found"]
    assert polled["level"] == "warning"
    assert "zalo_webhook_url" in polled["advice"]


async def test_a_webhook_that_zalo_does_not_call_is_critical(office: Office) -> None:
    (token,) = office.server.zalo.bots
    _, unheard = (
        await check(
            office,
            zalo_tokens=token,
            zalo_api_url=office.server.zalo_api_url,
            zalo_webhook_url="https://bantin.tanlap.example",
            zalo_webhook_secret="mot-bi-mat-dai",  # noqa: S106 - opens nothing
        )
    )["zalo"]
    assert unheard["level"] == "critical"
    assert "bantin.tanlap.example" in unheard["found"]
    assert "tên miền" in unheard["advice"]


async def test_a_zalo_token_that_is_refused_is_critical_and_not_shown(office: Office) -> None:
    token = "8000000001:not-the-one-that-was-given"  # noqa: S105 - opens nothing
    ended = await office.bantin(
        "check", "--json", zalo_tokens=token, zalo_api_url=office.server.zalo_api_url
    )
    (refused,) = found_in(ended)["zalo"]
    assert refused["level"] == "critical"
    assert "8000000001" in refused["found"]
    assert token not in ended.out + ended.err
