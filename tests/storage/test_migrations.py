"""The migrations build what the models describe; the records carry what the tables hold."""

import dataclasses
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text

from storage import models, records
from storage.database import Database, open_database
from storage.problems import DatabaseProblem
from storage.upgrade import upgrade


async def test_the_migrations_build_exactly_what_the_models_describe(database: Database) -> None:
    def differences(connection: Connection) -> object:
        return compare_metadata(MigrationContext.configure(connection), models.Base.metadata)

    async with database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


@pytest.mark.parametrize(
    ("record", "row"),
    [
        (records.Source, models.SourceRow),
        (records.Article, models.ArticleRow),
        (records.ArticleVersion, models.ArticleVersionRow),
        (records.Summary, models.SummaryRow),
        (records.Topic, models.TopicRow),
        (records.Organisation, models.OrganisationRow),
        (records.Bulletin, models.BulletinRow),
        (records.Broadcast, models.BroadcastRow),
        (records.Bot, models.BotRow),
        (records.Subscriber, models.SubscriberRow),
        (records.Chat, models.ChatRow),
        (records.Delivery, models.DeliveryRow),
        (records.Message, models.MessageRow),
        (records.OwnerCode, models.OwnerCodeRow),
        (records.AuditEntry, models.AuditRow),
    ],
    ids=lambda each: each.__name__,
)
def test_a_record_has_the_columns_of_its_table(record: type, row: type[models.Base]) -> None:
    fields = {field.name for field in dataclasses.fields(record)}
    assert fields == set(row.__table__.columns.keys())


async def test_upgrading_twice_changes_nothing(database: Database) -> None:
    before, after = await upgrade(database)
    assert before == after


async def test_a_database_of_a_newer_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    database = open_database(f"sqlite+aiosqlite:///{tmp_path}/bantin.db")
    await upgrade(database)
    async with database.engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseProblem, match="mới hơn"):
        await upgrade(database)
    async with database.engine.connect() as connection:
        assert await connection.scalar(text("SELECT version_num FROM alembic_version")) == "9999"
    await database.close()


async def test_an_office_starts_with_topics_and_organisations(database: Database) -> None:
    async with database.transaction() as tx:
        assert next(topic.slug for topic in await tx.topics.all()) == "tin-tuc"
        organisations = {each.id: each.name for each in await tx.organisations.all()}
        aliases = await tx.organisations.aliases()
    assert organisations[aliases["pn"]] == "Hội Liên hiệp Phụ nữ"
    assert len(organisations) == 8


async def test_a_database_of_the_first_version_keeps_what_it_holds(tmp_path: Path) -> None:
    database = open_database(f"sqlite+aiosqlite:///{tmp_path}/bantin.db")

    def first_version(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", "storage:migrations")
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(
            text(
                "INSERT INTO subscriber (kind, state, name, role, created_at)"
                " VALUES ('person', 'active', 'Trần Văn Mẫu', 'owner', '2026-11-12 01:30:00')"
            )
        )

    async with database.engine.begin() as connection:
        await connection.run_sync(first_version)
    assert await upgrade(database) == ("0001", "0002")
    async with database.transaction() as tx:
        kept = await tx.subscribers.get(1)
    await database.close()
    assert (kept.name, kept.role, kept.digest_hour) == ("Trần Văn Mẫu", records.Role.OWNER, None)
