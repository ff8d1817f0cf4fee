"""The front desk: what is understood, what is left alone, where it may write."""

from datetime import timedelta

import pytest

from bot.commands.command import Office
from bot.commands.registry import COMMANDS
from storage.database import Database
from storage.records import Reachability, SubscriberState
from tests.bot.commands.phone import BUTTONS_ONLY, TYPED_ONLY, Phone, Town, buttons_of
from tests.bot.commands.stored import stored


async def _reachability(database: Database, phone: Phone) -> Reachability:
    found = await stored(database, phone)
    assert found is not None
    return found[0].reachability


async def _group(town: Town, thread: str = "") -> Phone:
    admin = town.group_admin()
    admin.thread = thread
    await admin.say("/dangky")
    await admin.press("Đồng ý nhận tin")
    return admin


@BUTTONS_ONLY
async def test_unknown_words_get_a_hint_with_something_to_press(
    town: Town, database: Database
) -> None:
    phone = town.person()
    assert "chưa hiểu" in await phone.say("chiều nay họp lúc mấy giờ")
    assert phone.labels == ["Xem tin mới nhất", "Đăng ký nhận tin", "Xem hướng dẫn"]
    assert await stored(database, phone) is None


@TYPED_ONLY
@pytest.mark.parametrize("words", ["xin chào", "alo", "chiều nay họp lúc mấy giờ", "👍", ""])
async def test_where_nothing_tells_that_somebody_is_new_his_first_words_do(
    town: Town, database: Database, words: str
) -> None:
    phone = town.person()
    assert (await phone.say(words)).startswith("Đây là Bản tin")
    assert phone.labels == ["Đồng ý", "Không"]
    assert await stored(database, phone) is None
    assert (await phone.say("có")).startswith("Đã đăng ký nhận tin.")


async def test_a_subscriber_is_not_offered_to_subscribe(town: Town) -> None:
    phone = await town.subscriber()
    town.clock.pass_time(timedelta(minutes=15))
    await phone.say("abc")
    assert phone.labels == ["Xem tin mới nhất", "Cài đặt nhận tin", "Xem hướng dẫn"]


async def test_a_mistyped_command_is_suggested_first(town: Town) -> None:
    phone = town.person()
    assert "“Đăng ký nhận tin”" in await phone.say("/dangki")
    assert phone.labels == ["Đăng ký nhận tin", "Xem tin mới nhất", "Xem hướng dẫn"]
    assert (await phone.say("1")).startswith("Đây là Bản tin")


@BUTTONS_ONLY
async def test_a_picture_is_answered_in_words(town: Town) -> None:
    assert (await town.person().say("")).startswith("Bản tin chỉ đọc được chữ.")


@pytest.mark.parametrize("text", ["hay quá", "cảm ơn", "/weather", "có gì mới", "5", "👍", ""])
async def test_ordinary_talk_in_a_group_gets_no_answer(town: Town, text: str) -> None:
    admin = await _group(town)
    await admin.say("/huy")
    assert await admin.say(text) == ""


@BUTTONS_ONLY
async def test_an_old_button_says_that_it_is_old(town: Town) -> None:
    phone, member = town.person(), town.group_member()
    assert (await phone.press_data("binhchon:3")).startswith("Nút này không còn dùng được.")
    assert phone.toast
    assert phone.seen is not None
    assert not phone.seen.edit
    assert await member.press_data("binhchon:3") == ""
    assert member.toast


async def test_every_button_leads_to_a_command(town: Town) -> None:
    phone = await town.subscriber()
    names = {command.name for command in COMMANDS}
    for text in ("/start", "/dangky x", "/chuyenmuc", "/caidat", "/huy", "/xoadulieu", "abc"):
        await phone.say(text)
        assert phone.seen is not None
        assert {button.data.partition(":")[0] for button in buttons_of(phone.seen)} <= names


async def test_a_typed_answer_is_taken_for_a_quarter_of_an_hour(town: Town) -> None:
    phone = await town.subscriber()
    await phone.say("/huy")
    town.clock.pass_time(timedelta(minutes=14))
    assert await phone.say("không") == "Vẫn nhận tin như trước."
    await phone.say("/huy")
    town.clock.pass_time(timedelta(minutes=15))
    assert "chưa hiểu" in await phone.say("có")


async def test_a_strangers_question_is_forgotten_too(town: Town, database: Database) -> None:
    phone = town.person()
    await phone.say("/start")
    town.clock.pass_time(timedelta(minutes=15))
    assert "chưa hiểu" in await phone.say("đồng ý")
    assert await stored(database, phone) is None


async def test_only_the_newest_question_is_open(town: Town) -> None:
    phone = await town.subscriber()
    await phone.say("/xoadulieu")
    await phone.say("/trogiup")
    assert "chưa hiểu" in await phone.say("có")


async def test_a_question_outlives_a_restart(
    town: Town, database: Database, office: Office
) -> None:
    phone = await town.subscriber()
    await phone.say("/huy")
    phone.desk = town.new_desk(database, office)
    assert (await phone.say("có")).startswith("Đã dừng nhận tin.")


async def test_after_a_restart_a_strangers_yes_needs_the_question_again(
    town: Town, database: Database, office: Office
) -> None:
    phone = town.person()
    await phone.say("/start")
    phone.desk = town.new_desk(database, office)
    await phone.say("có")
    assert await stored(database, phone) is None


async def test_a_command_goes_before_an_open_question(town: Town) -> None:
    phone = await town.subscriber()
    await phone.say("/xoadulieu")
    assert (await phone.say("dữ liệu")).startswith("Dữ liệu đang lưu:")


async def test_who_blocks_the_bot_keeps_his_choices_and_may_return(
    town: Town, database: Database
) -> None:
    phone = await town.subscriber()
    await town.desk.left(phone.address)
    assert await _reachability(database, phone) is Reachability.GONE
    await town.desk.returned(phone.address)
    assert await _reachability(database, phone) is Reachability.OK
    assert "đang nhận tin" in await phone.say("/caidat")


async def test_who_writes_can_be_written_to(town: Town, database: Database) -> None:
    phone = await town.subscriber()
    await town.desk.left(phone.address)
    await phone.say("xin chào")
    assert await _reachability(database, phone) is Reachability.OK


async def test_leaving_and_returning_of_strangers_stores_nothing(
    town: Town, database: Database
) -> None:
    phone = town.person()
    await town.desk.left(phone.address)
    await town.desk.returned(phone.address)
    assert await stored(database, phone) is None


async def test_a_group_leaves_with_all_its_threads_and_one_returns_alone(
    town: Town, database: Database
) -> None:
    whole, thread = await _group(town), await _group(town, thread="12")
    await town.desk.left(whole.address)
    assert await _reachability(database, thread) is Reachability.GONE
    await town.desk.returned(thread.address)
    assert await _reachability(database, thread) is Reachability.OK
    assert await _reachability(database, whole) is Reachability.GONE
    await town.desk.returned(whole.address)
    assert await _reachability(database, whole) is Reachability.OK


async def test_a_group_that_became_a_supergroup_keeps_its_subscription(town: Town) -> None:
    admin = await _group(town)
    old, new_chat = admin.address, "-100999"
    await town.desk.moved(old, new_chat)
    await town.desk.moved(old, new_chat)
    admin.group = new_chat
    assert "đang nhận tin" in await admin.say("/caidat")


async def test_a_group_that_adds_the_bot_again_is_told_how_it_stands(
    town: Town, database: Database
) -> None:
    admin = await _group(town)
    await town.desk.left(admin.address)
    assert (await admin.join()).startswith("Nhóm này đang nhận Bản tin")
    assert await _reachability(database, admin) is Reachability.OK


async def test_an_update_is_known_once_it_was_marked(town: Town) -> None:
    assert not await town.desk.seen("7")
    await town.desk.mark_seen(["7", "8"])
    await town.desk.mark_seen(["7"])
    assert await town.desk.seen("7")
    assert not await town.desk.seen("9")


@pytest.mark.parametrize(
    "data",
    [
        "dangky:org=abc",
        "dangky:yes=zzz",
        f"dangky:org={'9' * 23}",
        "chuyenmuc:?1",
        "chuyenmuc:+99",
        "huy:maybe",
        "thongbao:send:x:y",
        "khong-co:1",
        ":",
    ],
)
async def test_a_button_that_is_none_of_ours_changes_nothing(
    town: Town, database: Database, data: str
) -> None:
    member = await town.subscriber()
    async with database.transaction() as tx:
        topics = await tx.subscribers.topics(1)
    await member.press_data(data)
    async with database.transaction() as tx:
        assert await tx.subscribers.topics(1) == topics
        subscriber = await tx.subscribers.get(1)
    assert (subscriber.state, subscriber.organisation_id) == (SubscriberState.ACTIVE, None)
