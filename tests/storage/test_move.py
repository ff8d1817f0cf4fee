"""Everything goes from one database into another, or nothing does."""

import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, inspect, select, text

from jobs.fan_out import fan_out_ready
from storage.database import Database, open_database
from storage.models import Base, OrganisationRow
from storage.move import Step, move
from storage.problems import DatabaseProblem
from storage.records import Choice, DeliveryState
from storage.single import alone
from storage.upgrade import upgrade
from tests.postgres import TEMPLATE, Postgres
from tests.samples import NOW, a_bot, a_bulletin, a_source, a_subscriber, at, claimed, end_all

FULL = 12  # subscribers


def quietly(_step: Step, _done: int, _total: int) -> None:
    """As nobody watches."""


@pytest.fixture(params=["to postgresql", "to sqlite"])
async def way(
    request: pytest.FixtureRequest, postgres_server: Postgres, tmp_path: Path, migrated: Path
) -> AsyncIterator[tuple[Database, Database]]:
    """A source at the newest version, and a target where nothing is yet."""
    to_sqlite = request.param == "to sqlite"
    file = tmp_path / "moved.db"
    if not to_sqlite:
        shutil.copy(migrated, file)
    template = TEMPLATE if to_sqlite else "template0"
    server_url = await postgres_server.create(tmp_path.name, template=template)
    near, far = open_database(f"sqlite+aiosqlite:///{file}"), open_database(server_url)
    yield (far, near) if to_sqlite else (near, far)
    await near.close()
    await far.close()
    await postgres_server.drop(tmp_path.name)


async def fill(database: Database) -> int:
    """One bulletin was sent, another waits, a third corrects it; the bot."""
    bot_id = await a_bot(database)
    for number in range(FULL):
        await a_subscriber(database, at(bot_id, str(number)))
    await a_bulletin(database, key="sent")
    await fan_out_ready(database, NOW)
    await end_all(database, bot_id)
    waits = await a_bulletin(database, key="waits")
    await fan_out_ready(database, NOW)
    async with database.transaction() as tx:
        draft = await tx.broadcasts.start(1, NOW)
        await tx.broadcasts.write(draft, text="Mời “họp”\n", spans=(), attachment=None, now=NOW)
        choices = [Choice(label="Có", data="x")]
        await tx.questions.ask(bot_id, "1", "1", choices=choices, expires_at=NOW)
        await tx.audit.record("x" * 100, at=NOW + timedelta(microseconds=1), actor_id=1)
        above = await tx.organisations.add("Đảng bộ tỉnh")
        # the child comes before its parent
        child = await tx.audit._session.get_one(OrganisationRow, 1)  # noqa: SLF001 - as nobody can say yet
        child.parent_id = above
    async with database.engine.begin() as connection:
        correcting = text("UPDATE bulletin SET corrects_id = :waits WHERE id < :waits")
        await connection.execute(correcting, {"waits": waits})
    return bot_id


async def rows_in(database: Database) -> dict[str, int]:
    """Of the tables that have any."""
    found: dict[str, int] = {}
    async with database.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            number = await connection.scalar(select(func.count()).select_from(table))
            found |= {table.name: number} if number else {}
    return found


async def test_the_program_goes_on_in_the_other_database(way: tuple[Database, Database]) -> None:
    source, target = way
    bot_id = await fill(source)
    seen: list[tuple[Step, int, int]] = []
    moved = await move(source, target, lambda *told: seen.append(told))
    assert {name: rows for name, rows in moved.items() if rows} == await rows_in(source)
    assert await rows_in(target) == await rows_in(source)
    assert {step: (done, total) for step, done, total in seen} == dict.fromkeys(
        Step, (sum(moved.values()), sum(moved.values()))
    )
    async with target.transaction() as tx:
        counts = await tx.outbox.counts()
        (entry, *_) = await tx.audit.newest(1)
        organisations = await tx.organisations.all()
        kept = await tx.broadcasts.get(1)
        corrected = await tx.bulletins.get(1)
    assert counts == {DeliveryState.SENT: FULL, DeliveryState.QUEUED: FULL}
    assert entry.at == NOW + timedelta(microseconds=1)
    assert organisations[0].parent_id == organisations[-1].id
    assert (corrected.corrects_id, corrected.expires_at) == (2, NOW + timedelta(days=3))
    assert kept is not None
    assert kept.text == "Mời “họp”\n"
    process, claims = await claimed(target, bot_id)
    assert len(claims) == FULL
    assert process == 2  # the first sent the other bulletin
    assert await a_subscriber(target, at(bot_id, "new")) == FULL + 1


async def test_a_number_that_was_given_out_is_not_given_out_again(
    way: tuple[Database, Database],
) -> None:
    source, target = way
    bot_id = await a_bot(source)
    for _ in range(3):
        await end_all(source, bot_id)
    async with source.engine.begin() as connection:
        await connection.execute(text("DELETE FROM process"))
    await move(source, target, quietly)
    assert (await claimed(target, bot_id))[0] == 4


@pytest.mark.parametrize("step", list(Step))
async def test_what_goes_wrong_in_the_middle_leaves_both_as_they_were(
    way: tuple[Database, Database], step: Step
) -> None:
    source, target = way
    await fill(source)
    before = await rows_in(source)

    def fail(now: Step, done: int, total: int) -> None:
        if now is step and done > total / 2:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await move(source, target, fail)
    async with target.engine.connect() as connection:
        assert await connection.run_sync(lambda sync: inspect(sync).get_table_names()) == []
    assert await rows_in(source) == before
    assert sum((await move(source, target, quietly)).values()) == sum(before.values())


async def test_a_target_that_was_prepared_already_may_be_used(
    way: tuple[Database, Database],
) -> None:
    source, target = way
    await fill(source)
    await upgrade(target)
    await move(source, target, quietly)
    assert await rows_in(target) == await rows_in(source)


async def test_a_target_with_anything_in_it_is_left_alone(
    way: tuple[Database, Database],
) -> None:
    source, target = way
    await fill(source)
    await upgrade(target)
    fresh = await rows_in(target)
    await a_bot(target)
    with pytest.raises(DatabaseProblem, match="đã có dữ liệu"):
        await move(source, target, quietly)
    assert await rows_in(target) == {**fresh, "bot": 1}


async def test_a_target_of_another_program_is_left_alone(
    way: tuple[Database, Database],
) -> None:
    source, target = way
    async with target.engine.begin() as connection:
        await connection.execute(text("CREATE TABLE somebody_elses (id INTEGER)"))
    with pytest.raises(DatabaseProblem, match="đã có dữ liệu"):
        await move(source, target, quietly)


async def test_what_was_moved_is_not_moved_into_the_same_place_again(
    way: tuple[Database, Database],
) -> None:
    source, target = way
    await fill(source)
    await move(source, target, quietly)
    moved = await rows_in(target)
    with pytest.raises(DatabaseProblem, match="đã có dữ liệu"):
        await move(source, target, quietly)
    assert await rows_in(target) == moved


async def test_a_source_that_a_program_works_is_not_moved(
    way: tuple[Database, Database],
) -> None:
    source, target = way
    if source.is_sqlite:
        with alone(source), pytest.raises(DatabaseProblem, match="đang chạy"):
            await move(source, target, quietly)
        return
    async with source.transaction() as tx:
        await tx.processes.begin("another", NOW, ttl=timedelta(minutes=1))
    with pytest.raises(DatabaseProblem, match="đang chạy"):
        await move(source, target, quietly)


async def test_a_source_of_an_older_program_is_not_moved(
    way: tuple[Database, Database],
) -> None:
    source, target = way
    async with source.engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    with pytest.raises(DatabaseProblem, match="bantin upgrade"):
        await move(source, target, quietly)


async def test_a_value_the_target_cannot_hold_stops_it_with_a_sentence(
    sqlite: Database, postgres_server: Postgres, tmp_path: Path
) -> None:
    await a_source(sqlite)
    async with sqlite.engine.begin() as connection:
        await connection.execute(text("UPDATE source SET failures = 9999999999"))
    target = open_database(await postgres_server.create(tmp_path.name))
    with pytest.raises(DatabaseProblem, match="source"):
        await move(sqlite, target, quietly)
    await target.close()
    await postgres_server.drop(tmp_path.name)
