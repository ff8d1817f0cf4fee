"""The migrations build what the models describe; the records carry what the tables hold."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator
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
from storage.upgrade import upgrade, versions
from tests.postgres import Postgres
from tests.samples import NOW


@pytest.fixture(params=["sqlite", "postgresql"])
async def empty(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """Nothing is in it, no tables either."""
    if request.param == "sqlite":
        database = open_database(f"sqlite+aiosqlite:///{tmp_path}/empty.db")
        yield database
        await database.close()
        return
    server: Postgres = request.getfixturevalue("postgres_server")
    database = open_database(await server.create(tmp_path.name, template="template0"))
    yield database
    await database.close()
    await server.drop(tmp_path.name)


async def test_the_migrations_build_exactly_what_the_models_describe(database: Database) -> None:
    def differences(connection: Connection) -> object:
        return compare_metadata(MigrationContext.configure(connection), models.Base.metadata)

    async with database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


@pytest.mark.parametrize(
    ("record", "row"),
    [
        (records.Source, models.SourceRow),
        (records.KeptPage, models.SourcePageRow),
        (records.Trial, models.SourceTrialRow),
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
        (records.LinkCode, models.LinkCodeRow),
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


async def test_a_database_of_a_newer_program_is_refused_and_left_alone(empty: Database) -> None:
    await upgrade(empty)
    async with empty.engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseProblem, match="mới hơn"):
        await upgrade(empty)
    async with empty.engine.connect() as connection:
        assert await connection.scalar(text("SELECT version_num FROM alembic_version")) == "9999"


async def test_processes_that_start_at_the_same_moment_build_it_once(
    postgres_server: Postgres, tmp_path: Path
) -> None:
    url = await postgres_server.create(tmp_path.name, template="template0")
    databases = [open_database(url) for _ in range(3)]
    built = await asyncio.gather(*map(upgrade, databases))
    for database in databases:
        await database.close()
    await postgres_server.drop(tmp_path.name)
    assert sorted(before or "" for before, _ in built) == ["", versions()[0], versions()[0]]


async def test_an_office_starts_with_topics_and_organisations(database: Database) -> None:
    async with database.transaction() as tx:
        assert next(topic.slug for topic in await tx.topics.all()) == "tin-tuc"
        organisations = {each.id: each.name for each in await tx.organisations.all()}
        aliases = await tx.organisations.aliases()
    assert organisations[aliases["pn"]] == "Hội Liên hiệp Phụ nữ"
    assert len(organisations) == 8


_FIRST_OFFICE = (
    "INSERT INTO bot (id, platform, account, name) VALUES (7, 'telegram', '777', 'Bản tin')",
    (
        "INSERT INTO subscriber (id, kind, state, name, role, created_at)"
        " VALUES (1, 'person', 'active', 'Trần Văn Mẫu', 'owner', '2026-11-12 01:30:00')"
    ),
    (
        "INSERT INTO chat (id, subscriber_id, platform, bot_id, address, thread, kind,"
        " reachability) VALUES (3, 1, 'telegram', 7, '5001', '', 'person', 'ok')"
    ),
    (
        "INSERT INTO source (id, name, url, kind, etag, last_modified, next_visit_at, health,"
        " health_reason, failures, created_at) VALUES (4, 'Cổng', 'https://tanlap.example/',"
        " 'feed', '', '', '2026-11-12 01:30:00', 'ok', '', 0, '2026-11-12 01:30:00')"
    ),
    "INSERT INTO source_topic (source_id, category, topic_id) VALUES (4, '', 1)",
    (
        "INSERT INTO article (id, source_id, url, title, lead, image_url, precision, is_baseline,"
        " page_state, page_attempts, page_reason, first_seen_at) VALUES (6, 4,"
        " 'https://tanlap.example/1', 'Ra quân', '', '', 'none', false, 'read', 0, '',"
        " '2026-11-12 01:30:00')"
    ),
    "INSERT INTO article_key (kind, value, article_id) VALUES ('guid', '4/1', 6)",
    "INSERT INTO article_topic (article_id, topic_id) VALUES (6, 1)",
    (
        "INSERT INTO article_version (id, article_id, n, title, lead, paragraphs, credit,"
        " image_url, content_hash, seen_at) VALUES (8, 6, 1, 'Ra quân', '', '[\"Một.\"]', '',"
        " '', 'x', '2026-11-12 01:30:00')"
    ),
    (
        "INSERT INTO summary (id, version_id, text, how, created_at)"
        " VALUES (2, 8, 'Tóm tắt.', 'lead', '2026-11-12 01:30:00')"
    ),
    (
        "INSERT INTO bulletin (id, kind, content_key, code, urgency, not_before, expires_at,"
        " created_at) VALUES (5, 'article', 'k', 'ABC-DEF', 'urgent', '2026-11-12 01:30:00',"
        " '2026-11-15 01:30:00', '2026-11-12 01:30:00')"
    ),
    (
        "INSERT INTO delivery (id, bulletin_id, subscriber_id, state, attempts, unsure_count,"
        " not_before, changed_at)"
        " VALUES (9, 5, 1, 'queued', 0, 0, '2026-11-12 01:30:00', '2026-11-12 01:30:00')"
    ),
    "INSERT INTO bulletin_article (bulletin_id, position, version_id) VALUES (5, 0, 8)",
    "INSERT INTO bulletin_audience (bulletin_id, rule, value) VALUES (5, 'all', '')",
    (
        "INSERT INTO message (id, delivery_id, part, chat_id, platform_message_id, sent_at)"
        " VALUES (1, 9, 0, 3, '55', '2026-11-12 01:30:00')"
    ),
)


async def test_a_database_of_the_first_version_keeps_what_it_holds(empty: Database) -> None:
    def first_version(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", "storage:migrations")
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for statement in _FIRST_OFFICE:
            connection.execute(text(statement))

    async with empty.engine.begin() as connection:
        await connection.run_sync(first_version)
    assert await upgrade(empty) == ("0001", versions()[0])
    async with empty.transaction() as tx:
        kept = await tx.subscribers.get(1)
        (delivery,) = await tx.outbox.of_bulletin(5)
        (message,) = await tx.outbox.messages(delivery.id)
        (article,) = await tx.articles.of_bulletin(5)
    assert (kept.name, kept.role, kept.digest_hour) == ("Trần Văn Mẫu", records.Role.OWNER, None)
    assert kept.created_at == NOW
    assert (delivery.bot_id, delivery.priority) == (7, 0)
    assert (message.platform_message_id, message.chat_id) == ("55", 3)
    assert (article.title, article.summary, article.source_name) == ("Ra quân", "Tóm tắt.", "Cổng")
