"""Two processes on one PostgreSQL do the same thing at the same moment: it is done once."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import TypeVar

import pytest
from sqlalchemy import text

from jobs.elsewhere import join_elsewhere
from jobs.fan_out import fan_out_ready
from jobs.held_news import compose_held
from jobs.quota import Quota
from jobs.thrift import month_of
from storage.database import Database, Transaction
from storage.problems import AlreadyThere
from storage.records import (
    ArticleContent,
    ArticleKey,
    BroadcastState,
    BulletinKind,
    ChatKind,
    Choice,
    Claim,
    DeliveryState,
    Ending,
    KeyKind,
    Limits,
    NewArticle,
    NewSource,
    Outcome,
    PageState,
    Platform,
    SourceKind,
)
from tests.jobs.rig import ManualClock
from tests.samples import (
    NOW,
    a_bot,
    a_bulletin,
    a_source,
    a_subscriber,
    an_article,
    at,
    claimed,
    sent_part,
)

Answer = TypeVar("Answer")
Do = Callable[[Transaction], Awaitable[Answer]]

_WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
_KEY = ArticleKey(kind=KeyKind.URL, value="https://tanlap.example/1")


async def at_once(database: Database, first: Do[Answer], second: Do[Answer]) -> list[Answer]:
    """`second` begins when `first` is done but not kept yet, and ends after it."""
    async with database.transaction() as tx:
        one = await first(tx)
        other = asyncio.create_task(_in_its_own(database, second))
        await _until_it_waits(database, other)
    return [one, await other]


async def _in_its_own(database: Database, do: Do[Answer]) -> Answer:
    async with database.transaction() as tx:
        return await do(tx)


async def _until_it_waits(database: Database, other: asyncio.Task[Answer]) -> None:
    """For a lock, or has ended without."""
    async with asyncio.timeout(30), database.engine.connect() as connection:
        while not await connection.scalar(_WAITING):
            if (await asyncio.wait([other], timeout=0))[0]:
                break


async def test_who_joins_twice_is_one_subscriber(postgresql: Database) -> None:
    bot_id = await a_bot(postgresql)

    async def join(tx: Transaction) -> tuple[int, bool]:
        where = at(bot_id, "5001")
        who = await tx.subscribers.add(where, kind=ChatKind.PERSON, name="Mẫu", now=NOW)
        return who, await tx.subscribers.activate(who, consent_version=1, now=NOW)

    (one, is_new), (same, is_new_again) = await at_once(postgresql, join, join)
    assert (one, is_new, is_new_again) == (same, True, False)
    async with postgresql.transaction() as tx:
        assert (await tx.subscribers.counts())[ChatKind.PERSON] == 1
        assert len(await tx.subscribers.chats(one)) == 1


async def test_who_begins_two_notices_has_one_draft(postgresql: Database) -> None:
    author = await a_subscriber(postgresql, at(await a_bot(postgresql), "1"))
    drafts = await at_once(
        postgresql,
        lambda tx: tx.broadcasts.start(author, NOW),
        lambda tx: tx.broadcasts.start(author, NOW),
    )
    async with postgresql.transaction() as tx:
        states = [
            broadcast.state for each in drafts if (broadcast := await tx.broadcasts.get(each))
        ]
    assert states == [BroadcastState.DROPPED, BroadcastState.WRITING]


async def _ready(database: Database, words: str = "Kính mời họp.") -> int:
    async with database.transaction() as tx:
        draft = await tx.broadcasts.start(None, NOW)
        await tx.broadcasts.write(draft, text=words, spans=(), attachment=None, now=NOW)
    return draft


async def test_a_notice_is_confirmed_once(postgresql: Database) -> None:
    draft = await _ready(postgresql)
    answers = await at_once(
        postgresql,
        lambda tx: tx.broadcasts.confirm(draft, NOW),
        lambda tx: tx.broadcasts.confirm(draft, NOW),
    )
    assert answers == [True, False]


async def test_what_is_held_to_be_sent_is_not_changed_meanwhile(postgresql: Database) -> None:
    draft = await _ready(postgresql)

    async def send(tx: Transaction) -> bool:
        held = await tx.broadcasts.hold(draft)
        assert held is not None
        return await tx.broadcasts.confirm(draft, NOW)

    answers = await at_once(
        postgresql,
        send,
        lambda tx: tx.broadcasts.write(draft, text="Khác", spans=(), attachment=None, now=NOW),
    )
    assert answers == [True, False]


async def test_the_same_words_are_not_sent_by_two_who_asked_at_once(postgresql: Database) -> None:
    words = "Kính mời họp."
    drafts = [await _ready(postgresql, words) for _ in range(2)]
    bulletin = await a_bulletin(postgresql)

    def send_unless_sent(draft: int) -> Do[bool]:
        async def send(tx: Transaction) -> bool:
            if await tx.broadcasts.last_sent(words, NOW - timedelta(days=1)):
                return False
            await tx.broadcasts.confirm(draft, NOW)
            await tx.broadcasts.became(
                draft, bulletin, status_chat_id=None, status_message_id="", now=NOW
            )
            return True

        return send

    answers = await at_once(postgresql, *map(send_unless_sent, drafts))
    assert answers == [True, False]


async def test_a_code_has_its_last_try_once_and_is_used_once(postgresql: Database) -> None:
    async with postgresql.transaction() as tx:
        await tx.owner_codes.replace(
            salt="a", code_hash="b", expires_at=NOW + timedelta(days=1), tries=1
        )
        code = await tx.owner_codes.open(NOW)
    assert code is not None
    tried = await at_once(
        postgresql,
        lambda tx: tx.owner_codes.count_try(code.id, NOW),
        lambda tx: tx.owner_codes.count_try(code.id, NOW),
    )
    used = await at_once(
        postgresql,
        lambda tx: tx.owner_codes.mark_used(code.id, NOW),
        lambda tx: tx.owner_codes.mark_used(code.id, NOW),
    )
    assert (tried, used) == ([True, False], [True, False])


async def test_of_two_fresh_codes_only_the_second_is_open(postgresql: Database) -> None:
    def replace(salt: str) -> Do[None]:
        return lambda tx: tx.owner_codes.replace(
            salt=salt, code_hash="x", expires_at=NOW + timedelta(days=1), tries=5
        )

    await at_once(postgresql, replace("one"), replace("two"))
    async with postgresql.transaction() as tx:
        code = await tx.owner_codes.open(NOW)
        assert code is not None
        assert code.salt == "two"
        await tx.owner_codes.mark_used(code.id, NOW)
        assert await tx.owner_codes.open(NOW) is None


async def test_the_newer_of_two_questions_is_open(postgresql: Database) -> None:
    bot_id = await a_bot(postgresql)

    def ask(label: str) -> Do[None]:
        return lambda tx: tx.questions.ask(
            bot_id,
            "1",
            "1",
            choices=[Choice(label=label, data="x")],
            expires_at=NOW + timedelta(hours=1),
        )

    await at_once(postgresql, ask("one"), ask("two"))
    async with postgresql.transaction() as tx:
        (choice,) = await tx.questions.open(bot_id, "1", "1", NOW)
    assert choice.label == "two"


async def test_an_update_may_be_marked_by_two(postgresql: Database) -> None:
    bot_id = await a_bot(postgresql)
    await at_once(
        postgresql,
        lambda tx: tx.questions.mark_seen(bot_id, ["7"], NOW),
        lambda tx: tx.questions.mark_seen(bot_id, ["7", "8"], NOW),
    )
    async with postgresql.transaction() as tx:
        assert await tx.questions.was_seen(bot_id, "8")


async def test_the_digests_of_an_hour_are_composed_once(postgresql: Database) -> None:
    begun = await at_once(
        postgresql,
        lambda tx: tx.digest_runs.begin("2026-11-12", 7, NOW),
        lambda tx: tx.digest_runs.begin("2026-11-12", 7, NOW),
    )
    assert begun == [True, False]


async def test_an_article_on_two_lists_is_stored_once(postgresql: Database) -> None:
    sources = [await a_source(postgresql, f"https://{name}.example/") for name in "ab"]

    def put(source_id: int) -> Do[int]:
        async def look_and_add(tx: Transaction) -> int:
            known = await tx.articles.with_any_key([_KEY])
            if known:
                return next(iter(known))
            article = await tx.articles.add(
                NewArticle(title="Ra quân", url=_KEY.value),
                source_id=source_id,
                topic_ids=[1],
                is_baseline=False,
                now=NOW,
            )
            await tx.articles.add_keys(article, [_KEY])
            return article

        return look_and_add

    one, same = await at_once(postgresql, *map(put, sources))
    assert one == same


async def test_a_bulletin_is_given_out_once_and_not_when_it_was_stopped(
    postgresql: Database,
) -> None:
    bulletin = await a_bulletin(postgresql)
    given_out = await at_once(
        postgresql,
        lambda tx: tx.bulletins.mark_fanned_out(bulletin, NOW),
        lambda tx: tx.bulletins.mark_fanned_out(bulletin, NOW),
    )
    other = await a_bulletin(postgresql, key="other")
    stopped = await at_once(
        postgresql,
        lambda tx: tx.bulletins.cancel(other, NOW),
        lambda tx: tx.bulletins.mark_fanned_out(other, NOW),
    )
    assert (given_out, stopped) == ([True, False], [True, False])


async def test_of_two_who_decide_on_late_news_one_finds_it(postgresql: Database) -> None:
    await a_bulletin(postgresql)
    later = NOW + timedelta(days=4)

    async def decide(tx: Transaction) -> int:
        late = await tx.bulletins.late(later, since=NOW - timedelta(days=1))
        await tx.bulletins.mark_offered([each.bulletin_id for each in late], later)
        return len(late)

    assert await at_once(postgresql, decide, decide) == [1, 0]


async def test_of_two_who_stop_a_notice_one_has_stopped_it(postgresql: Database) -> None:
    bulletin = await a_bulletin(postgresql)
    stopped = await at_once(
        postgresql,
        lambda tx: tx.bulletins.cancel(bulletin, NOW),
        lambda tx: tx.bulletins.cancel(bulletin, NOW),
    )
    assert stopped == [True, False]


async def test_a_source_is_added_once(postgresql: Database) -> None:
    new = NewSource(name="Cổng", url="https://a.example/", kind=SourceKind.FEED, topics={"": 1})

    async def add(tx: Transaction) -> bool:
        try:
            await tx.sources.add(new, NOW)
        except AlreadyThere:
            return False
        return True

    assert await at_once(postgresql, add, add) == [True, False]


async def test_a_summary_and_a_bulletin_are_added_once(postgresql: Database) -> None:
    source = await a_source(postgresql)
    async with postgresql.transaction() as tx:
        version = await an_article(tx, source)
    await at_once(
        postgresql,
        lambda tx: tx.articles.add_summary(version, text="Một.", how="lead", now=NOW),
        lambda tx: tx.articles.add_summary(version, text="Hai.", how="lead", now=NOW),
    )
    async with postgresql.transaction() as tx:
        assert len(await tx.articles.not_in_a_bulletin(since=NOW - timedelta(days=1))) == 1


async def test_a_bot_and_an_alarm_are_there_once(postgresql: Database) -> None:
    bots = await at_once(
        postgresql,
        lambda tx: tx.bots.register(Platform.TELEGRAM, "777", "Một"),
        lambda tx: tx.bots.register(Platform.TELEGRAM, "777", "Hai"),
    )
    await at_once(
        postgresql,
        lambda tx: tx.alarms.raise_("stuck", "1", "Kẹt.", NOW),
        lambda tx: tx.alarms.raise_("stuck", "1", "Kẹt.", NOW),
    )
    async with postgresql.transaction() as tx:
        assert len(await tx.alarms.all()) == 1
    assert bots[0].id == bots[1].id


async def _in_hand(database: Database) -> tuple[int, int, Claim]:
    """Subscriber, process and what it is about to send him."""
    bot_id = await a_bot(database)
    subscriber = await a_subscriber(database, at(bot_id, "1"))
    await a_bulletin(database)
    await fan_out_ready(database, NOW)
    process, (claim,) = await claimed(database, bot_id)
    return subscriber, process, claim


async def test_what_arrived_is_recorded_although_he_is_being_erased(postgresql: Database) -> None:
    subscriber, process, claim = await _in_hand(postgresql)
    part = sent_part(claim)
    sent = Outcome(delivery_id=claim.id, ending=Ending.SENT, at=NOW)

    async def erase(tx: Transaction) -> None:
        await tx.subscribers.erase(subscriber, NOW)

    await at_once(
        postgresql,
        erase,
        lambda tx: tx.claims(lambda in_hand: in_hand.record(process, [part], [sent])),
    )
    async with postgresql.transaction() as tx:
        (message,) = await tx.outbox.messages(claim.id)
        assert await tx.outbox.counts() == {DeliveryState.SENT: 1}
    assert (message.chat_id, message.platform_message_id) == (None, "1")


@pytest.mark.parametrize("cancels", [True, False], ids=["as /xoadulieu", "the rows alone"])
async def test_who_is_being_erased_is_not_claimed(postgresql: Database, *, cancels: bool) -> None:
    bot_id = await a_bot(postgresql)
    subscriber = await a_subscriber(postgresql, at(bot_id, "1"))
    await a_bulletin(postgresql)
    await fan_out_ready(postgresql, NOW)

    async def erase(tx: Transaction) -> list[Claim]:
        if cancels:
            await tx.deliveries.cancel_for(subscriber, NOW)
        await tx.subscribers.erase(subscriber, NOW)
        return []

    async def claim(tx: Transaction) -> list[Claim]:
        process = await tx.processes.begin("another", NOW, ttl=timedelta(minutes=1))
        return await tx.claims(
            lambda in_hand: in_hand.claim(process, bot_id, 9, now=NOW, least_urgent=2)
        )

    assert await at_once(postgresql, erase, claim) == [[], []]
    async with postgresql.transaction() as tx:
        assert list(await tx.outbox.counts()) == [DeliveryState.CANCELLED]


async def test_the_same_news_of_two_sources_is_joined_when_both_are_read_at_once(
    postgresql: Database,
) -> None:
    content = ArticleContent(
        title="Xã Tân Lập ra quân làm đường",
        lead="Sáng nay, hơn một trăm người dân xã Tân Lập ra quân làm đường giao thông nông thôn"
        " tại ấp Cái Sao, với sự tham gia của cán bộ, hội viên các đoàn thể.",
        paragraphs=(),
        credit="",
        image_url="",
    )
    sources = [await a_source(postgresql, f"https://{name}.example/") for name in "ab"]
    articles = []
    async with postgresql.transaction() as tx:
        for source_id in sources:
            new = NewArticle(title=content.title, url=f"https://tanlap.example/{source_id}")
            article_id = await tx.articles.add(
                new, source_id=source_id, topic_ids=[1], is_baseline=False, now=NOW
            )
            await tx.articles.record_text(
                article_id, content, content_hash="1", state=PageState.READ, now=NOW
            )
            articles.append(article_id)
    one, other = (
        partial(
            join_elsewhere,
            article_id=article_id,
            content=content,
            source_id=source_id,
            came_at=NOW,
        )
        for article_id, source_id in zip(articles, sources, strict=True)
    )
    assert await at_once(postgresql, one, other) == [False, True]


async def test_of_two_processes_that_begin_at_once_one_has_the_duty(postgresql: Database) -> None:
    async def begin(tx: Transaction) -> bool:
        number = await tx.processes.begin("a machine", NOW, ttl=timedelta(seconds=10))
        return bool(await tx.processes.take(number, ["stage:poll"], NOW))

    assert await at_once(postgresql, begin, begin) == [True, False]


async def test_two_processes_do_not_spend_the_same_message_of_a_quota(
    postgresql: Database,
) -> None:
    """One is left above the reserve: one delivery of the two is claimed."""
    bot_id = await a_bot(postgresql)
    clock = ManualClock()
    for number in "12":
        await a_subscriber(postgresql, at(bot_id, number))
    await a_bulletin(postgresql)
    await fan_out_ready(postgresql, NOW)
    async with postgresql.transaction() as tx:
        await tx.quotas.set_limits(bot_id, Limits(messages=10, people=9, groups=9))
        await tx.quotas.count(bot_id, month_of(clock.now()), sent=4)

    async def claim(tx: Transaction) -> int:
        quota = Quota(database=postgresql, bot_id=bot_id, clock=clock)
        most, least_urgent = await quota.allow(tx, most=9, least_urgent=9)
        process = await tx.processes.begin("test", NOW, ttl=timedelta(minutes=1))
        claims = await tx.claims(
            lambda in_hand: in_hand.claim(
                process, bot_id, most, now=clock.now(), least_urgent=least_urgent
            )
        )
        return len(claims)

    assert await at_once(postgresql, claim, claim) == [1, 0]


async def test_what_is_just_being_put_in_a_digest_goes_no_other_way(postgresql: Database) -> None:
    first, second = await a_bot(postgresql), await a_bot(postgresql, "9")
    who = await a_subscriber(postgresql, at(first, "1"))
    await a_bulletin(postgresql)
    await fan_out_ready(postgresql, NOW)
    async with postgresql.transaction() as tx:
        assert await tx.held.hold_back(first, [BulletinKind.ARTICLE], NOW) == 1
    async with postgresql.engine.begin() as connection:
        await connection.execute(
            text(
                "INSERT INTO chat (subscriber_id, platform, bot_id, address, thread, kind,"
                " reachability) VALUES (:who, 'telegram', :bot, '2', '', 'person', 'ok')"
            ),
            {"who": who, "bot": second},
        )

    async def look(tx: Transaction) -> int:
        return len(await tx.held.all())

    async def move(tx: Transaction) -> int:
        return await tx.deliveries.take_over([first], NOW, held_by=[first])

    assert await at_once(postgresql, look, move) == [1, 0]


async def test_two_processes_tell_held_news_once(postgresql: Database) -> None:
    bot_id = await a_bot(postgresql)
    await a_subscriber(postgresql, at(bot_id, "1"))
    await a_bulletin(postgresql)
    await fan_out_ready(postgresql, NOW)
    async with postgresql.transaction() as tx:
        await tx.held.hold_back(bot_id, [BulletinKind.ARTICLE], NOW)

    async def tell(tx: Transaction) -> int:
        return await compose_held(tx, NOW)

    assert await at_once(postgresql, tell, tell) == [1, 0]
