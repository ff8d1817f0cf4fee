"""Backup beside the running bot, restore without it, and going on with what was restored."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bot.cli.office import OWNER, Office, an_office
from tests.program import running


@pytest.fixture
async def office(tmp_path: Path, migrated: Path) -> AsyncIterator[Office]:
    async with an_office(tmp_path, migrated) as office:
        yield office


async def test_moved_to_another_folder_it_goes_on_where_it_was(
    office: Office, tmp_path: Path
) -> None:
    async with running(office.folder, office.env) as process:
        await office.until_read()
        process.terminate()
        await process.wait()
    made = await office.bantin("backup", "copy.db")
    assert made.code == 0, made.err
    other = tmp_path / "other"
    other.mkdir()
    shutil.move(office.folder / "copy.db", other)
    url = f"sqlite+aiosqlite:///{other}/bantin.db"
    restored = await office.bantin(
        "restore", f"{other}/copy.db", "--yes", "--moved", database_url=url
    )
    assert restored.code == 0, restored.err
    async with running(office.folder, office.env | {"BANTIN_DATABASE_URL": url}):
        title = office.server.portal.publish().title
        await office.server.telegram.until(
            lambda: bool(office.server.telegram.texts(OWNER.id)), seconds=60
        )
    (text,) = office.server.telegram.texts(OWNER.id)  # the old articles are known
    assert title in text


async def test_what_may_have_gone_out_since_the_backup_is_asked_about_first(
    office: Office,
) -> None:
    async with running(office.folder, office.env) as process:
        await office.until_read()
        assert (await office.bantin("backup", "copy.db")).code == 0
        told = office.server.portal.publish().title
        await _until_told(office, told)
        process.kill()
    restored = await office.bantin("restore", "copy.db", "--yes")
    assert restored.code == 0, restored.err
    assert "/nguon" in restored.out
    async with running(office.folder, office.env):
        await office.until_held()
        await _until_told(office, office.server.portal.publish().title)  # all is as ever
    assert sum(told in text for text in office.server.telegram.texts(OWNER.id)) == 1


async def _until_told(office: Office, title: str) -> None:
    await office.server.telegram.until(
        lambda: any(title in text for text in office.server.telegram.texts(OWNER.id)), seconds=60
    )


async def test_nothing_is_restored_under_a_running_bot(office: Office) -> None:
    await office.bantin("backup", "copy.db")
    async with running(office.folder, office.env):
        await office.until_read()
        refused = await office.bantin("restore", "copy.db", "--yes")
    assert refused.code == 1
    assert "đang chạy" in refused.err


async def test_it_asks_before_it_takes_another_place(office: Office) -> None:
    await office.bantin("backup", "copy.db")
    before = office.path.stat().st_ino
    declined = await office.bantin("restore", "copy.db", answers="\n")
    assert declined.code == 1
    assert "Không thay đổi gì" in declined.err
    assert office.path.stat().st_ino == before
    agreed = await office.bantin("restore", "copy.db", answers="c\n")
    assert agreed.code == 0
    assert office.path.stat().st_ino != before
    kept, *_ = sorted(office.folder.glob("bantin.db.20*"))  # then its -wal
    assert kept.name in agreed.out


@pytest.mark.parametrize("target", ["notes.txt", "nowhere/copy.db"], ids=["taken", "no folder"])
async def test_where_no_copy_can_be_put_it_says_so(office: Office, target: str) -> None:
    (office.folder / "notes.txt").write_text("mine", "utf-8")
    refused = await office.bantin("backup", target)
    assert refused.code == 1
    assert target in refused.err
    assert "Traceback" not in refused.err
    assert (office.folder / "notes.txt").read_text("utf-8") == "mine"
