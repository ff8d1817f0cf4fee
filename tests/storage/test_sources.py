"""Sources and articles as they are stored, and how they came from an older database."""

from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from storage.database import Database, open_database
from storage.records import (
    ArticleContent,
    ArticleKey,
    KeyKind,
    NewArticle,
    NewSource,
    PageState,
    SourceKind,
)
from storage.upgrade import upgrade
from tests.samples import NOW, a_source, an_article

KEY = ArticleKey(kind=KeyKind.URL, value="tanlap.example/1")
DAY = timedelta(days=1)
_ROWS_OF_THE_SECOND_VERSION = (
    """INSERT INTO source (name, url, kind, etag, last_modified, next_visit_at, health,
    health_reason, failures, created_at) VALUES ('Cổng', 'https://tanlap.example/', 'feed',
    '', '', '2026-11-12 01:30:00', 'gone', '', 2, '2026-11-01 01:30:00')""",
    """INSERT INTO article (source_id, url, title, lead, image_url, precision, is_baseline,
    page_state, page_attempts, page_reason, first_seen_at) VALUES (1,
    'https://tanlap.example/1', 'Tin', '', '', 'none', 0, 'read', 0, '',
    '2026-11-12 01:30:00')""",
    "INSERT INTO article_key VALUES ('url', 'tanlap.example/1', 1)",
)


async def test_articles_and_their_keys_survive_the_new_tables(tmp_path: Path) -> None:
    database = open_database(f"sqlite+aiosqlite:///{tmp_path}/bantin.db")

    def second_version(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", "storage:migrations")
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        for statement in _ROWS_OF_THE_SECOND_VERSION:
            connection.execute(text(statement))

    async with database.engine.begin() as connection:
        await connection.run_sync(second_version)
    await upgrade(database)
    async with database.transaction() as tx:
        assert await tx.articles.with_any_key([KEY]) == {1: (KEY,)}
        (source,) = await tx.sources.all()
    await database.close()
    assert (source.listed, source.last_new_at, source.config) == (1, NOW, {})
    assert source.ill_since is not None


async def test_what_a_source_needs_is_kept(database: Database) -> None:
    new = NewSource(
        name="Cổng", url="https://tanlap.example/", kind=SourceKind.HTML_LIST, topics={"": 1},
        config={"rules": {"item": ".tin", "drop": ["nav"]}}, extra_ca="PEM", is_insecure=True,
    )  # fmt: skip
    async with database.transaction() as tx:
        stored = await tx.sources.add(new, NOW)
    async with database.transaction() as tx:
        source = await tx.sources.get(stored.id)
        assert source is not None
        assert (source.config, source.extra_ca, source.is_insecure) == (new.config, "PEM", True)
        await tx.sources.trust(stored.id, extra_ca="", is_insecure=False)
        source = await tx.sources.get(stored.id)
    assert source is not None
    assert (source.extra_ca, source.is_insecure) == ("", False)


async def test_an_address_that_another_source_has_is_not_moved_to(database: Database) -> None:
    first = await a_source(database)
    await a_source(database, "https://moi.example/")
    async with database.transaction() as tx:
        assert not await tx.sources.move(first, "https://moi.example/")
        assert await tx.sources.move(first, "https://khac.example/")
    async with database.transaction() as tx:
        assert [each.url for each in await tx.sources.all()] == [
            "https://khac.example/", "https://moi.example/"
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("address", "trusted"),
    [("https://tanlap.example/moi", ("PEM", True)), ("https://khac.example/", ("", False))],
    ids=["same server", "another"],
)
async def test_an_admins_word_on_a_certificate_is_of_one_server(
    database: Database, address: str, trusted: tuple[str, bool]
) -> None:
    source_id = await a_source(database)
    async with database.transaction() as tx:
        await tx.sources.trust(source_id, extra_ca="PEM", is_insecure=True)
        assert await tx.sources.move(source_id, address)
        source = await tx.sources.get(source_id)
    assert source is not None
    assert (source.extra_ca, source.is_insecure) == trusted


async def test_a_key_outlives_its_article(database: Database) -> None:
    source_id = await a_source(database)
    title_day = ArticleKey(kind=KeyKind.TITLE_DAY, value="1/tin/2026-11-12")
    async with database.transaction() as tx:
        article = await tx.articles.add(
            NewArticle(title="Tin", url="https://tanlap.example/1"),
            source_id=source_id, topic_ids=[1], is_baseline=False, now=NOW,
        )  # fmt: skip
        await tx.articles.add_keys(article, [KEY, title_day])
        assert await tx.articles.purged([KEY, title_day]) == set()
        assert await tx.articles.forget(before=NOW) == 0
        assert await tx.articles.forget(before=NOW + DAY) == 1
        assert await tx.articles.purged([KEY, title_day]) == {KEY}
        assert await tx.articles.with_any_key([KEY]) == {}


async def test_two_versions_of_an_article_are_one_piece_of_news(database: Database) -> None:
    source_id = await a_source(database)
    async with database.transaction() as tx:
        first = await an_article(tx, source_id, title="Tin")
        content = ArticleContent(
            title="Tin đã sửa", lead="", paragraphs=(), credit="", image_url=""
        )
        assert await tx.articles.add_version(1, content, content_hash="b", now=NOW)
        assert not await tx.articles.add_version(1, content, content_hash="b", now=NOW)
        assert await tx.articles.not_in_a_bulletin(since=NOW - DAY) == []  # until it is summarised
        (version,) = await tx.articles.without_summary(9)
        await tx.articles.add_summary(version.id, text="", how="lead", now=NOW + DAY)
        (news,) = await tx.articles.not_in_a_bulletin(since=NOW - DAY)
        (shown,) = await tx.articles.latest(9)
    assert (news.version_id, news.title) == (version.id, "Tin đã sửa")
    assert news.version_id != first
    assert shown == news
    assert news.summarised_at == NOW


async def test_a_text_is_settled_once(database: Database) -> None:
    source_id = await a_source(database)
    async with database.transaction() as tx:
        await an_article(tx, source_id, title="Tin")
        content = ArticleContent(title="Khác", lead="", paragraphs=(), credit="", image_url="")
        assert not await tx.articles.record_text(
            1, content, content_hash="x", state=PageState.READ, now=NOW
        )
        newest = await tx.articles.newest_version(1)
    assert newest is not None
    assert (newest.n, newest.title) == (1, "Tin")
