"""/nguon: a source is tried, seen and added in chat; a flood is sent or dropped there."""

import pytest

from storage.database import Database
from storage.records import NewArticle, Role, Sample, SourceKind, TrialState
from storage.source_trials import TrialResult
from tests.bot.commands.phone import BUTTONS_ONLY, Phone, Town
from tests.bot.commands.stored import give_role
from tests.samples import NOW, a_source

URL = "https://tanlap.example/tin-tuc"
FOUND = TrialResult(
    found_url="https://tanlap.example/rss",
    kind=SourceKind.FEED,
    name="Cổng thông tin xã Tân Lập",
    listed=12,
    samples=[
        Sample(title="Ra quân làm đường", day="12/11/2026", words="Sáng nay, xã ra quân."),
        Sample(title="Lịch tiếp công dân", day="", words=""),
    ],
)


@pytest.fixture
async def admin(town: Town, database: Database) -> Phone:
    phone = town.person()
    await give_role(database, phone, Role.ADMIN)
    return phone


async def looked(database: Database, result: TrialResult) -> None:
    """What the stage does meanwhile."""
    async with database.transaction() as tx:
        for trial in await tx.sources.trials_waiting(9):
            await tx.sources.record_trial(trial.id, result)


async def test_an_address_is_tried_shown_and_added(admin: Phone, database: Database) -> None:
    assert URL in await admin.say(f"/nguon {URL}")
    assert "Chưa xong" in await admin.press("Xem kết quả")
    await looked(database, FOUND)
    shown = await admin.press("Xem kết quả")
    for part in ("12\u00a0tin (nguồn RSS)", "https://tanlap.example/rss", "Ra quân làm đường",
                 "Sáng nay, xã ra quân.", "12/11/2026", "Lịch tiếp công dân"):  # fmt: skip
        assert part in shown
    assert "Cổng thông tin xã Tân Lập" in await admin.press("Kinh tế - xã hội")
    async with database.transaction() as tx:
        (source,) = await tx.sources.all()
        topics = await tx.sources.topics(source.id)
        (entry,) = await tx.audit.newest(1)
    assert (source.url, source.kind) == ("https://tanlap.example/rss", SourceKind.FEED)
    assert topics == {"": 4}
    assert (entry.action, entry.target) == ("source_added", "source:1")
    assert "Chưa đọc lần nào." in await admin.press("Xem các nguồn tin")
    assert "đã được thêm" in await admin.press_data("nguon:save:1:3")


async def test_what_cannot_be_read_says_why_and_what_to_try(
    admin: Phone, database: Database
) -> None:
    await admin.say(f"/nguon {URL}")
    await looked(database, TrialResult(reason="Trang cần JavaScript.", advice="Thử địa chỉ RSS."))
    shown = await admin.press("Xem kết quả")
    assert "Trang cần JavaScript." in shown
    assert "Thử địa chỉ RSS." in shown
    assert "/nguon https://" in shown


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("tanlap.example/tin", "https://tanlap.example/tin"),
        ("HTTP://TanLap.example", "http://tanlap.example/"),
        (f"{URL} nhé", URL),
        (f"{URL}?p_p_id=101&p_p_lifecycle=2", f"{URL}?p_p_id=101&p_p_lifecycle=2"),
    ],
    ids=["without https", "capitals", "a word behind it", "a portlet's feed"],
)
async def test_an_address_is_understood_as_it_is_typed(
    admin: Phone, database: Database, typed: str, url: str
) -> None:
    await admin.say(f"/nguon {typed}")
    async with database.transaction() as tx:
        (trial,) = await tx.sources.trials_waiting(9)
    assert (trial.url, trial.state) == (url, TrialState.WAITING)


@pytest.mark.parametrize("typed", ["tin tức xã", "javascript:alert(1)", "https://a:b@c.example/"])
async def test_what_is_no_address_is_refused(admin: Phone, database: Database, typed: str) -> None:
    assert "không phải địa chỉ" in await admin.say(f"/nguon {typed}")
    async with database.transaction() as tx:
        assert await tx.sources.trials_waiting(9) == []


async def test_a_source_that_is_there_is_not_tried_again(admin: Phone, database: Database) -> None:
    await a_source(database, URL)
    assert "đã có" in await admin.say(f"/nguon {URL}")


@BUTTONS_ONLY
async def test_who_asks_again_forgets_the_first_question(admin: Phone) -> None:
    await admin.say("/nguon cu.example")
    first = admin.seen
    await admin.say("/nguon moi.example")
    assert "không còn" in await admin.press("Xem kết quả", on=first)


async def test_how_to_add_a_source_is_a_button_away(admin: Phone, database: Database) -> None:
    await a_source(database)
    await admin.say("/nguon")
    assert "/nguon https://" in await admin.press("Thêm nguồn tin")


async def test_members_try_no_sources(town: Town, database: Database) -> None:
    member = await town.subscriber()
    assert "quản trị viên" in await member.say(f"/nguon {URL}")
    async with database.transaction() as tx:
        assert await tx.sources.trials_waiting(9) == []


async def a_flood(database: Database) -> int:
    source_id = await a_source(database)
    async with database.transaction() as tx:
        ids = [
            await tx.articles.add(
                NewArticle(title=f"Tin dồn {n}", url=f"https://tanlap.example/{n}"),
                source_id=source_id,
                topic_ids=[1],
                is_baseline=False,
                now=NOW,
            )
            for n in range(21)
        ]
        await tx.articles.hold(ids, NOW)
    return source_id


@BUTTONS_ONLY
@pytest.mark.parametrize(
    ("label", "is_sent"), [("Gửi 21\u00a0tin", True), ("Bỏ 21\u00a0tin", False)]
)
async def test_a_flood_is_settled_once(
    admin: Phone, database: Database, label: str, is_sent: bool
) -> None:
    source_id = await a_flood(database)
    assert "Đang giữ lại 21\u00a0tin" in await admin.say("/nguon")
    shown = await admin.press("Tin giữ lại: Cổng thông tin xã Tân Lập")
    assert "• Tin dồn 0" in shown
    offered = admin.seen
    assert "21\u00a0tin" in await admin.press(label)
    assert "Không còn tin nào bị giữ lại" in await admin.press(label, on=offered)
    async with database.transaction() as tx:
        assert await tx.sources.floods() == []
        article = await tx.articles.get(1)
    assert article is not None
    assert (article.is_baseline, article.released_at is not None) == (not is_sent, is_sent)
    assert article.source_id == source_id
