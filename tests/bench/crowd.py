"""An office with many subscribers, made in a moment."""

from datetime import timedelta

from sqlalchemy import text

from jobs.clock import SystemClock
from storage.database import Database
from storage.records import Audience, AudienceRule, BulletinKind, NewBulletin, Urgency
from tests.samples import a_bot, a_source, an_article

FIRST_CHAT = 800_000_000
_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :number)"


async def fill(database: Database, number: int) -> int:
    """So many active people who follow everything. The bot's id."""
    bot_id = await a_bot(database, account="42")
    now = SystemClock().now()
    values = {"number": number, "bot": bot_id, "first": FIRST_CHAT}
    at = now.replace(tzinfo=None).isoformat(" ") if database.is_sqlite else now
    moment = ":at" if database.is_sqlite else "CAST(:at AS TIMESTAMPTZ)"
    async with database.engine.begin() as connection:
        await connection.execute(
            text(
                f"INSERT INTO subscriber (id, kind, state, name, role, created_at) {_NUMBERS} "  # noqa: S608 - no outside text
                f"SELECT i, 'person', 'active', 'Người ' || i, 'member', {moment} FROM n"
            ),
            values | {"at": at},
        )
        await connection.execute(
            text(
                "INSERT INTO chat (id, subscriber_id, platform, bot_id, address, thread, kind, "  # noqa: S608 - see above
                f"reachability) {_NUMBERS} SELECT i, i, 'telegram', CAST(:bot AS INTEGER), "
                "CAST(CAST(:first AS INTEGER) + i AS TEXT), '', 'person', 'ok' FROM n"
            ),
            values,
        )
        await connection.execute(
            text(
                "INSERT INTO subscription (subscriber_id, topic_id) "
                "SELECT subscriber.id, topic.id FROM subscriber CROSS JOIN topic"
            )
        )
        await connection.execute(text("ANALYZE"))
    return bot_id


async def a_ready_bulletin(database: Database, key: str = "k") -> int:
    """One article for who follows its topic, not fanned out."""
    now = SystemClock().now()
    source_id = await a_source(database, f"https://{key}.example/")
    async with database.transaction() as tx:
        version = await an_article(
            tx,
            source_id,
            title=f"Xã Tân Lập ra quân làm đường hoa ({key})",
            summary="Sáng 12/11, xã Tân Lập ra quân làm 3 km đường hoa, 120 hội viên tham gia.",
        )
        bulletin_id = await tx.bulletins.add(
            NewBulletin(
                kind=BulletinKind.ARTICLE,
                content_key=key,
                code=f"ABC-{key}",
                urgency=Urgency.ORDINARY,
                not_before=now,
                expires_at=now + timedelta(days=3),
                version_ids=(version,),
                audience=(Audience(rule=AudienceRule.TOPIC, value="1"),),
            ),
            now,
        )
    assert bulletin_id is not None
    return bulletin_id
