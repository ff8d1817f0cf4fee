"""Small rows for tests: each says only what matters to the test that asks."""

from datetime import UTC, datetime, timedelta

from storage.database import Database, Transaction
from storage.records import (
    ArticleContent,
    Audience,
    AudienceRule,
    BulletinKind,
    ChatKind,
    Claim,
    Ending,
    NewArticle,
    NewBulletin,
    NewSource,
    Outcome,
    PageState,
    Platform,
    Reason,
    SentPart,
    SourceKind,
    Urgency,
)
from storage.repositories.subscribers import ChatAddress

NOW = datetime(2026, 11, 12, 1, 30, tzinfo=UTC)  # 08:30 in Viet Nam
ACCOUNT = "777000111"


async def a_bot(database: Database, account: str = ACCOUNT) -> int:
    async with database.transaction() as tx:
        return (await tx.bots.register(Platform.TELEGRAM, account, "Bản tin")).id


def at(bot_id: int, address: str, thread: str = "") -> ChatAddress:
    return ChatAddress(platform=Platform.TELEGRAM, bot_id=bot_id, address=address, thread=thread)


async def a_subscriber(
    database: Database, where: ChatAddress, *, kind: ChatKind = ChatKind.PERSON
) -> int:
    """Active, follows every topic."""
    async with database.transaction() as tx:
        return await joined(tx, where, kind=kind)


async def joined(tx: Transaction, where: ChatAddress, *, kind: ChatKind = ChatKind.PERSON) -> int:
    """`a_subscriber`, as one of many."""
    subscriber = await tx.subscribers.add(where, kind=kind, name="Trần Văn Mẫu", now=NOW)
    await tx.subscribers.activate(subscriber, consent_version=1, now=NOW)
    await tx.subscribers.follow(subscriber, [topic.id for topic in await tx.topics.all()])
    return subscriber


async def a_source(
    database: Database,
    url: str = "https://tanlap.example/tin-tuc",
    kind: SourceKind = SourceKind.LIFERAY,
) -> int:
    async with database.transaction() as tx:
        new = NewSource(name="Cổng thông tin xã Tân Lập", url=url, kind=kind, topics={"": 1})
        return (await tx.sources.add(new, NOW)).id


async def an_article(
    tx: Transaction,
    source_id: int,
    *,
    title: str = "Xã Tân Lập ra quân",
    summary: str = "Tóm tắt.",
    now: datetime = NOW,
) -> int:
    """With text and summary; the version's id."""
    article = await tx.articles.add(
        NewArticle(title=title, url=f"https://tanlap.example/{title}"),
        source_id=source_id,
        topic_ids=[1],
        is_baseline=False,
        now=now,
    )
    content = ArticleContent(title=title, lead="", paragraphs=(), credit="", image_url="")
    await tx.articles.record_text(
        article, content, content_hash=title, state=PageState.READ, now=now
    )
    version = (await tx.articles.without_summary(100))[-1].id
    await tx.articles.add_summary(version, text=summary, how="lead", line=summary, now=now)
    return version


async def a_bulletin(
    database: Database,
    *,
    key: str = "k",
    audience: tuple[Audience, ...] | None = None,
    urgency: Urgency = Urgency.ORDINARY,
) -> int:
    """One article for everybody, not fanned out."""
    source_id = await a_source(database, f"https://{key}.example/")
    async with database.transaction() as tx:
        version = await an_article(tx, source_id, title=f"Tin {key}")
        bulletin = await tx.bulletins.add(
            NewBulletin(
                kind=BulletinKind.ARTICLE,
                content_key=key,
                code=f"ABC-{key}",
                urgency=urgency,
                not_before=NOW,
                expires_at=NOW + timedelta(days=3),
                version_ids=(version,),
                audience=audience or (Audience(rule=AudienceRule.ALL),),
            ),
            NOW,
        )
    assert bulletin is not None
    return bulletin


async def claimed(
    database: Database, bot_id: int, *, now: datetime = NOW
) -> tuple[int, list[Claim]]:
    """By a process of its own, whose number comes first."""
    async with database.transaction() as tx:
        process = await tx.processes.begin("test", now, ttl=timedelta(minutes=1))
        claims = await tx.claims(
            lambda in_hand: in_hand.claim(process, bot_id, 999, now=now, least_urgent=2)
        )
    return process, claims


def sent_part(claim: Claim, now: datetime = NOW) -> SentPart:
    """The next of its parts, accepted by the platform."""
    return SentPart(
        delivery_id=claim.id,
        part=claim.parts_sent,
        chat_id=claim.chat.id,
        platform_message_id="1",
        version_id=None,
        at=now,
    )


async def end_all(
    database: Database, bot_id: int, reason: Reason | None = None, *, now: datetime = NOW
) -> None:
    """Whatever waits for this bot is sent, or fails for the reason."""
    process, claims = await claimed(database, bot_id, now=now)
    ending = Ending.FAILED if reason else Ending.SENT
    outcomes = [
        Outcome(delivery_id=each.id, ending=ending, reason=reason, at=now) for each in claims
    ]
    async with database.transaction() as tx:
        await tx.claims(lambda in_hand: in_hand.record(process, [], outcomes))
        await tx.processes.end(process, now)
