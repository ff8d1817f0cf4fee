"""A group on Zalo: nobody tells who administers it, and much that is said there is talk."""

import pytest

from bot.commands.rights import FOR_WHO_SET_IT_UP
from storage.database import Database
from storage.records import Role, SubscriberState
from tests.bot.commands.phone import GROUP, TYPED_ONLY, Phone, Town, ZaloPhone
from tests.bot.commands.stored import audit, give_role, stored, subscriber_of
from tests.samples import NOW

pytestmark = TYPED_ONLY

REFUSED = f"{FOR_WHO_SET_IT_UP} Liên hệ: đồng chí Mẫu, 0900 000 000."
CHANGES = ("/dangky hội nông dân", "/huy", "/xoadulieu", "/chuyenmuc", "/gionhan")
TALK = (
    *("đăng ký xe đưa đón ai đi không", "đăng ký", "nhận tin rồi nhé", "dừng", "thôi", "dk pn"),
    *("theo dõi giúp tình hình mưa lũ", "nguồn tin này ở đâu vậy", "ghi danh cho cháu với"),
)


def on_zalo(town: Town, *, person: str = "", group: str = GROUP) -> Phone:
    """In the group, unless told otherwise."""
    return ZaloPhone(
        desk=town.desk,
        bot_id=town.bot_id,
        person=person or f"6ede{next(town.people)}",
        group=group,
        is_chat_admin=None,
        buttons=False,
    )


@pytest.fixture
async def founder(town: Town) -> Phone:
    """Who has subscribed the group, in it. He receives himself, too."""
    himself = on_zalo(town, group="")
    await himself.say("/dangky")
    await himself.press("Đồng ý")
    founder = on_zalo(town, person=himself.person)
    await founder.say("/dangky")
    await founder.press("Đồng ý nhận tin")
    return founder


async def test_anybody_may_set_it_up_once(town: Town, founder: Phone, database: Database) -> None:
    assert (await subscriber_of(database, founder)).state is SubscriberState.ACTIVE
    assert await on_zalo(town).say("/dangky") == REFUSED


async def test_who_asks_in_a_group_and_has_not_consented_himself_is_not_stored(
    town: Town, founder: Phone, database: Database
) -> None:
    stranger = on_zalo(town)
    for phone, is_stored in ((founder, True), (stranger, False)):
        await phone.say("/start")
        async with database.transaction() as tx:
            asked = await tx.questions.open(phone.bot_id, GROUP, phone.person, NOW)
        assert bool(asked) is is_stored
        assert "chưa có tin nào" in await phone.press("Xem tin mới nhất")


@pytest.mark.parametrize("change", CHANGES)
async def test_then_the_others_change_nothing(
    town: Town, founder: Phone, database: Database, change: str
) -> None:
    before = await subscriber_of(database, founder)
    member = on_zalo(town)
    assert await member.say(change) == REFUSED
    assert await member.say("1") == ""
    assert await subscriber_of(database, founder) == before


@pytest.mark.parametrize("change", CHANGES)
async def test_who_set_it_up_changes_it(founder: Phone, change: str) -> None:
    assert FOR_WHO_SET_IT_UP not in await founder.say(change)


async def test_who_answers_for_organisations_changes_it(
    town: Town, founder: Phone, database: Database
) -> None:
    head = on_zalo(town, group="")
    await give_role(database, head, Role.HEAD)
    assert FOR_WHO_SET_IT_UP not in await on_zalo(town, person=head.person).say("/huy")
    assert (await subscriber_of(database, founder)).state is SubscriberState.ACTIVE


async def test_a_stranger_who_set_it_up_is_known_again(town: Town, database: Database) -> None:
    stranger = on_zalo(town)
    await stranger.say("/dangky")
    await stranger.press("Đồng ý nhận tin")
    assert (await subscriber_of(database, stranger)).state is SubscriberState.ACTIVE
    assert (await on_zalo(town).say("/huy")).startswith(FOR_WHO_SET_IT_UP)
    for entry in await audit(database):
        assert stranger.person not in repr(entry)
    await stranger.say("/huy")
    assert (await stranger.press("Có, dừng nhận tin")).startswith("Đã dừng nhận tin.")


@pytest.mark.parametrize("words", ["", "xin chào", "hôm nay có tin gì"])
async def test_who_calls_it_by_name_before_is_told_what_it_is(
    town: Town, founder: Phone, words: str
) -> None:
    assert await founder.say(words) == ""
    await founder.say("/huy")
    await founder.press("Có, dừng nhận tin")
    answer = await on_zalo(town).say(words)
    assert answer.startswith("Đây là Bản tin")
    assert "Việc này do trưởng nhóm quyết định." in answer


@pytest.mark.parametrize("talk", TALK)
async def test_talk_that_quotes_the_bot_is_no_command(
    town: Town, founder: Phone, database: Database, talk: str
) -> None:
    before = await subscriber_of(database, founder)
    assert [await on_zalo(town).quote(talk), await founder.quote(talk)] == ["", ""]
    assert await subscriber_of(database, founder) == before


async def test_before_it_is_set_up_talk_sets_nothing_up(town: Town, database: Database) -> None:
    member = on_zalo(town)
    assert [await member.quote(each) for each in TALK] == [""] * len(TALK)
    assert await stored(database, member) is None


async def test_a_quote_may_ask_for_the_news_and_answer_a_question(founder: Phone) -> None:
    assert "chưa có tin nào" in await founder.quote("tin mới")
    await founder.say("/huy")
    assert (await founder.quote("có")).startswith("Đã dừng nhận tin.")
