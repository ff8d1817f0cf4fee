"""/lienket: a code from one platform, typed on the other, makes one person of two chats."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.commands.command import Office
from bot.commands.dispatch import FrontDesk
from bot.commands.link_code import LINK_CODE_LIFETIME, LINK_CODE_TRIES
from bot.commands.owner import OWNER_CODE_LIFETIME, OWNER_CODE_TRIES, new_owner_code
from jobs.fan_out import fan_out_ready
from jobs.tidy import tidy
from storage.database import Database
from storage.records import (
    DeliveryState,
    Platform,
    Reachability,
    Reason,
    Role,
    SubscriberState,
)
from tests.bot.commands.phone import Phone, StoppedClock, ZaloPhone
from tests.bot.commands.stored import (
    actions,
    audit,
    give_role,
    organisation_of,
    stored,
    subscriber_of,
    topics_of,
)
from tests.samples import NOW, a_bot, a_bulletin

WRONG = "ABCD-2345"
NOT_RIGHT = "Mã không đúng hoặc không còn hiệu lực."


@dataclass(slots=True)
class TwoTowns:
    """The same office on both platforms."""

    database: Database
    clock: StoppedClock
    telegram_desk: FrontDesk
    zalo_desk: FrontDesk
    telegram_bot: int
    zalo_bot: int

    def on_telegram(self, person: str = "5001", name: str = "Trần Văn Mẫu") -> Phone:
        return Phone(desk=self.telegram_desk, bot_id=self.telegram_bot, person=person, name=name)

    def on_zalo(self, person: str = "6ede9a", name: str = "Mẫu Zalo", group: str = "") -> Phone:
        return ZaloPhone(
            desk=self.zalo_desk,
            bot_id=self.zalo_bot,
            person=person,
            name=name,
            group=group,
            is_chat_admin=None,
            buttons=False,
        )

    async def linked(self) -> tuple[Phone, Phone]:
        """One person, who received on Telegram first."""
        telegram, zalo = self.on_telegram(), self.on_zalo()
        await subscribe(telegram)
        await link(telegram, zalo)
        return telegram, zalo

    async def fan_out(self, key: str = "k") -> int:
        bulletin = await a_bulletin(self.database, key=key)
        await fan_out_ready(self.database, NOW)
        return bulletin

    async def goes_to(self, bulletin: int) -> list[str]:
        """Where it waits to be sent."""
        names = {self.telegram_bot: "Telegram", self.zalo_bot: "Zalo"}
        async with self.database.transaction() as tx:
            return [
                names[each.bot_id]
                for each in await tx.outbox.of_bulletin(bulletin)
                if each.state is DeliveryState.QUEUED
            ]


@pytest.fixture
async def towns(database: Database, office: Office) -> TwoTowns:
    clock = StoppedClock()
    telegram = await a_bot(database)
    async with database.transaction() as tx:
        zalo = (await tx.bots.register(Platform.ZALO, "12345689", "Bản tin")).id
    desks = [
        FrontDesk(database=database, office=office, clock=clock, bot_id=bot_id, buttons=has)
        for bot_id, has in ((telegram, True), (zalo, False))
    ]
    return TwoTowns(
        database=database,
        clock=clock,
        telegram_desk=desks[0],
        zalo_desk=desks[1],
        telegram_bot=telegram,
        zalo_bot=zalo,
    )


async def subscribe(phone: Phone) -> None:
    await phone.say("/dangky")
    await phone.press("Đồng ý")
    await phone.press("Bỏ qua")


async def code_of(phone: Phone) -> str:
    answer = await phone.say("liên kết")
    assert answer.startswith("Mã liên kết: ")
    return answer.splitlines()[0].removeprefix("Mã liên kết: ")


async def link(first: Phone, second: Phone) -> str:
    await second.say(await code_of(first))
    return await second.say("có")


async def test_a_stranger_on_zalo_becomes_the_subscriber_of_telegram(
    towns: TwoTowns, database: Database
) -> None:
    telegram, zalo = towns.on_telegram(), towns.on_zalo()
    await subscribe(telegram)
    code = await code_of(telegram)
    question = await zalo.say(code)
    assert "với Telegram của “Trần Văn Mẫu”?" in question
    assert await stored(database, zalo) is None
    answer = await zalo.say("có")
    assert answer.startswith("Đã liên kết Telegram và Zalo.\n\nTin gửi tới: Telegram\n")
    assert await subscriber_of(database, zalo) == await subscriber_of(database, telegram)
    assert await actions(database) == ["subscribed", "linked"]


@pytest.mark.parametrize("change", [str, str.lower, lambda code: code.replace("-", " ")])
async def test_a_code_from_zalo_is_typed_on_telegram_however_it_is_written(
    towns: TwoTowns, database: Database, change: type[str]
) -> None:
    telegram, zalo = towns.on_telegram(), towns.on_zalo()
    await subscribe(zalo)
    await telegram.say(change(await code_of(zalo)))
    await telegram.press("Có, liên kết")
    assert (await subscriber_of(database, telegram)).name == "Mẫu Zalo"


@pytest.mark.parametrize("said", ["/start {}", "/lienket {}", "lien ket {}"])
async def test_a_code_may_come_behind_a_command_or_with_a_link(
    towns: TwoTowns, database: Database, said: str
) -> None:
    telegram, zalo = towns.on_telegram(), towns.on_zalo()
    await subscribe(zalo)
    await telegram.say(said.format(await code_of(zalo)))
    await telegram.press("Có, liên kết")
    assert (await subscriber_of(database, telegram)).name == "Mẫu Zalo"


async def test_a_code_is_answered_however_often_he_was_answered_that_day(
    towns: TwoTowns, database: Database, office: Office
) -> None:
    telegram, zalo = towns.on_telegram(), towns.on_zalo()
    await subscribe(telegram)
    for _ in range(office.answers_a_day + 5):
        await zalo.say("trợ giúp")
    assert (await link(telegram, zalo)).startswith("Đã liên kết Telegram và Zalo.")
    assert await subscriber_of(database, zalo) == await subscriber_of(database, telegram)


async def test_two_subscribers_become_one_with_all_that_both_had(
    towns: TwoTowns, database: Database
) -> None:
    telegram, zalo = towns.on_telegram(), towns.on_zalo()
    await subscribe(telegram)
    await subscribe(zalo)
    older = await subscriber_of(database, telegram)
    await give_role(database, zalo, Role.EDITOR)
    await zalo.say("dk pn")
    async with database.transaction() as tx:
        await tx.subscribers.unfollow(older.id, 2)
    newer = await subscriber_of(database, zalo)
    question = await zalo.say(await code_of(telegram))
    assert "Quyền “người soạn tin” dùng được ở cả hai nơi." in question
    await zalo.say("có")
    one = await subscriber_of(database, telegram)
    assert one == await subscriber_of(database, zalo)
    assert (one.id, one.role, one.state) == (older.id, Role.EDITOR, SubscriberState.ACTIVE)
    assert one.consented_at == older.consented_at
    assert await organisation_of(database, telegram) == "Hội Liên hiệp Phụ nữ"
    assert len(await topics_of(database, telegram)) == 5
    entry = (await audit(database))[-1]
    assert (entry.action, entry.target) == ("linked", f"subscriber:{older.id}")
    assert entry.detail == f"subscriber:{newer.id}"
    assert "soạn" in await telegram.say("/dulieu")


async def test_who_left_on_one_platform_and_receives_on_the_other_still_receives_there(
    towns: TwoTowns, database: Database
) -> None:
    telegram, zalo = towns.on_telegram(), towns.on_zalo()
    await subscribe(telegram)
    await telegram.say("/huy")
    await telegram.press("Có, dừng nhận tin")
    await subscribe(zalo)
    async with database.transaction() as tx:
        await tx.subscribers.unfollow((await tx.subscribers.with_role(Role.MEMBER))[-1][0].id, 3)
    await link(telegram, zalo)
    one = await subscriber_of(database, telegram)
    assert (one.state, one.ended_at) == (SubscriberState.ACTIVE, None)
    assert one.preferred_platform is Platform.ZALO
    assert len(await topics_of(database, zalo)) == 4
    assert await towns.goes_to(await towns.fan_out()) == ["Zalo"]


async def test_a_bulletin_goes_to_one_platform_until_another_is_chosen(
    towns: TwoTowns, database: Database
) -> None:
    telegram, zalo = await towns.linked()
    waits = await towns.fan_out("a")
    assert await towns.goes_to(waits) == ["Telegram"]
    await telegram.say("/lienket")
    assert telegram.labels == ["✓ Nhận tin ở Telegram", "Nhận tin ở Zalo", "Bỏ liên kết"]
    answer = await telegram.press("Nhận tin ở Zalo")
    assert "Tin gửi tới: Zalo\nNhận thay khi cần: Telegram" in answer
    assert await towns.goes_to(waits) == ["Zalo"]
    assert await towns.goes_to(await towns.fan_out("b")) == ["Zalo"]
    assert "Tin gửi tới: Zalo\nNhận thay khi cần: Telegram" in await telegram.say("/caidat")
    assert (await subscriber_of(database, zalo)).preferred_platform is Platform.ZALO


async def test_a_platform_where_the_bot_was_blocked_is_said_to_be_out_of_reach(
    towns: TwoTowns, database: Database
) -> None:
    telegram, zalo = await towns.linked()
    async with database.transaction() as tx:
        await tx.subscribers.mark_gone(telegram.incoming().where, NOW)
    answer = await zalo.say("/lienket")
    assert "Tin gửi tới: Zalo\nKhông gửi tới được: Telegram" in answer
    assert await towns.goes_to(await towns.fan_out()) == ["Zalo"]


@pytest.mark.parametrize("page", ["/caidat", "/dulieu", "/start"])
async def test_no_page_names_the_chosen_place_when_it_is_out_of_reach(
    towns: TwoTowns, page: str
) -> None:
    telegram, zalo = await towns.linked()
    await telegram.say("/lienket")
    await telegram.press("Nhận tin ở Zalo")
    async with towns.database.transaction() as tx:
        await tx.subscribers.mark_gone(zalo.incoming().where, NOW)
    answer = await telegram.say(page)
    assert "trên Zalo" not in answer
    assert ("Tin gửi tới: Telegram" in answer) is (page != "/start")


async def test_parting_leaves_nothing_of_the_other_chat(
    towns: TwoTowns, database: Database
) -> None:
    telegram, zalo = await towns.linked()
    await telegram.say("/lienket")
    await telegram.press("Nhận tin ở Zalo")
    waits = await towns.fan_out()
    assert "Bỏ liên kết với Zalo?" in await telegram.press("Bỏ liên kết")
    await telegram.press("Không, giữ lại")
    assert await stored(database, zalo) is not None
    await telegram.press("Bỏ liên kết")
    await telegram.press("Có, bỏ liên kết")
    assert await stored(database, zalo) is None
    assert await towns.goes_to(waits) == ["Telegram"]
    one = await subscriber_of(database, telegram)
    assert (one.state, one.preferred_platform) == (SubscriberState.ACTIVE, None)
    assert "không lưu dữ liệu nào" in await zalo.say("/dulieu")
    assert "Mã liên kết" in await telegram.say("/lienket")
    assert (await actions(database))[-1] == "unlinked"


async def test_my_data_are_those_of_all_chats_and_erasing_erases_them_all(
    towns: TwoTowns, database: Database
) -> None:
    telegram, zalo = towns.on_telegram(), towns.on_zalo()
    await subscribe(telegram)
    await subscribe(zalo)
    await link(telegram, zalo)
    answer = await zalo.say("/dulieu")
    for line in (
        "Mã cuộc trò chuyện Telegram: 5001",
        "Mã cuộc trò chuyện Zalo: 6ede9a",
        "Tin gửi tới: Telegram",
        "Nhật ký thao tác: 3\u00a0dòng.",
    ):
        assert line in answer.splitlines()
    assert "Gồm cả các nơi đã liên kết: Telegram, Zalo." in await zalo.say("/xoadulieu")
    await zalo.press("Có, xóa dữ liệu")
    assert await stored(database, telegram) is None
    assert await stored(database, zalo) is None
    async with database.engine.connect() as connection:
        for table in ("chat", "subscription", "question", "link_code WHERE used_at IS NULL"):
            assert await connection.scalar(text(f"SELECT count(*) FROM {table}")) == 0  # noqa: S608
        named = text("SELECT count(*) FROM subscriber WHERE name <> '' OR state <> 'erased'")
        assert await connection.scalar(named) == 0


async def test_a_code_is_stored_as_a_hash_that_codes_given_together_do_not_share(
    towns: TwoTowns, database: Database
) -> None:
    codes = []
    for number in range(3):
        phone = towns.on_telegram(person=str(5001 + number))
        await subscribe(phone)
        codes.append(await code_of(phone))
    async with database.transaction() as tx:
        stored_codes = await tx.link_codes.open("", NOW)
    assert len({each.salt for each in stored_codes}) == 1
    assert len({each.code_hash for each in stored_codes}) == 3
    for code in codes:
        for each in stored_codes:
            assert code.replace("-", "").lower() not in repr(each).lower()
    zalo = towns.on_zalo()
    await zalo.say(codes[1])
    await zalo.say("có")
    assert (await subscriber_of(database, zalo)).id == stored_codes[1].subscriber_id


async def test_of_codes_and_guesses_nothing_stays_for_longer_than_a_day(
    towns: TwoTowns, database: Database
) -> None:
    telegram, zalo = towns.on_telegram(), towns.on_zalo()
    await subscribe(telegram)
    await code_of(telegram)
    await zalo.say(WRONG)
    for hours, rows in ((23, 1), (25, 0)):
        await tidy(database, NOW + timedelta(hours=hours))
        async with database.engine.connect() as connection:
            for table in ("link_code", "link_try"):
                found = await connection.scalar(text(f"SELECT count(*) FROM {table}"))  # noqa: S608
                assert found == rows, table


async def test_a_new_code_makes_the_one_before_worthless(towns: TwoTowns) -> None:
    telegram, zalo = towns.on_telegram(), towns.on_zalo()
    await subscribe(telegram)
    old = await code_of(telegram)
    new = await code_of(telegram)
    assert (await zalo.say(old)).startswith(NOT_RIGHT)
    assert (await zalo.say(new)).startswith("Liên kết cuộc trò chuyện này")


async def test_a_code_works_for_a_quarter_of_an_hour(towns: TwoTowns, database: Database) -> None:
    telegram, zalo = towns.on_telegram(), towns.on_zalo()
    await subscribe(telegram)
    code = await code_of(telegram)
    towns.clock.pass_time(LINK_CODE_LIFETIME)
    assert (await zalo.say(code)).startswith(NOT_RIGHT)
    towns.clock.pass_time(timedelta(days=1))
    assert not (await zalo.say(code)).startswith(NOT_RIGHT)
    assert await stored(database, zalo) is None


async def test_who_types_at_the_last_moment_still_has_time_to_answer(
    towns: TwoTowns, database: Database
) -> None:
    telegram, zalo = towns.on_telegram(), towns.on_zalo()
    await subscribe(telegram)
    code = await code_of(telegram)
    towns.clock.pass_time(LINK_CODE_LIFETIME - timedelta(seconds=1))
    await zalo.say(code)
    towns.clock.pass_time(timedelta(minutes=10))
    await zalo.say("có")
    assert await stored(database, zalo) is not None


async def test_a_code_links_once(towns: TwoTowns, database: Database) -> None:
    telegram, zalo, other = towns.on_telegram(), towns.on_zalo(), towns.on_zalo("7777aa")
    await subscribe(telegram)
    code = await code_of(telegram)
    await zalo.say(code)
    assert (await other.say(code)).startswith(NOT_RIGHT)  # while the first is asked
    await zalo.say("có")
    assert (await other.say(code)).startswith(NOT_RIGHT)
    assert await stored(database, other) is None


async def test_who_says_no_is_not_linked_and_the_code_is_gone(
    towns: TwoTowns, database: Database
) -> None:
    telegram, zalo = towns.on_telegram(), towns.on_zalo()
    await subscribe(telegram)
    code = await code_of(telegram)
    await zalo.say(code)
    assert (await zalo.say("không")).startswith("Không liên kết.")
    assert (await zalo.say(code)).startswith(NOT_RIGHT)
    assert await stored(database, zalo) is None


async def test_of_two_who_answer_at_once_one_links(towns: TwoTowns, database: Database) -> None:
    telegram, zalo = towns.on_telegram(), towns.on_zalo()
    await subscribe(telegram)
    await zalo.say(await code_of(telegram))
    again = towns.on_zalo()
    await asyncio.gather(zalo.press_data("lienket:yes"), again.press_data("lienket:yes"))
    assert await actions(database) == ["subscribed", "linked"]


async def test_a_forged_yes_links_nothing(towns: TwoTowns, database: Database) -> None:
    telegram, zalo = towns.on_telegram(), towns.on_zalo()
    await subscribe(telegram)
    await code_of(telegram)
    assert (await zalo.press_data("lienket:yes")).startswith(NOT_RIGHT)
    assert await stored(database, zalo) is None


async def test_a_chat_that_guesses_is_stopped_and_another_is_not(
    towns: TwoTowns, database: Database
) -> None:
    telegram, zalo, other = towns.on_telegram(), towns.on_zalo(), towns.on_zalo("7777aa")
    await subscribe(telegram)
    code = await code_of(telegram)
    for _ in range(LINK_CODE_TRIES):
        assert (await zalo.say(WRONG)).startswith(NOT_RIGHT)
    assert (await zalo.say(code)).startswith("Đã gửi sai mã nhiều lần.")
    assert await stored(database, zalo) is None
    assert (await other.say(code)).startswith("Liên kết cuộc trò chuyện này")
    towns.clock.pass_time(LINK_CODE_LIFETIME)
    assert (await zalo.say(await code_of(telegram))).startswith("Liên kết cuộc trò chuyện này")


async def test_guesses_at_the_same_time_are_counted_one_by_one(towns: TwoTowns) -> None:
    telegram = towns.on_telegram()
    await subscribe(telegram)
    await code_of(telegram)
    phones = [towns.on_zalo() for _ in range(LINK_CODE_TRIES + 3)]
    answers = await asyncio.gather(*(phone.say(WRONG) for phone in phones))
    assert sum(each.startswith(NOT_RIGHT) for each in answers) == LINK_CODE_TRIES


async def test_a_code_typed_where_it_was_given_is_sent_to_the_other_platform(
    towns: TwoTowns,
) -> None:
    telegram, other = towns.on_telegram(), towns.on_telegram("5002")
    await subscribe(telegram)
    code = await code_of(telegram)
    for phone in (telegram, other):
        answer = await phone.say(code)
        assert answer == "Mã này lấy ở Telegram, nên phải gửi cho Bản tin trên Zalo."
    assert (await towns.on_zalo().say(code)).startswith("Liên kết cuộc trò chuyện này")


async def test_in_a_group_nobody_links(towns: TwoTowns, database: Database) -> None:
    telegram, group = towns.on_telegram(), towns.on_zalo(group="zgr-1")
    await subscribe(telegram)
    code = await code_of(telegram)
    assert "riêng" in await group.say("/lienket")
    assert "không dùng được trong nhóm" in await group.say(code)
    assert await stored(database, group) is None


async def test_who_gives_a_code_away_is_told_which_rights_go_with_it(
    towns: TwoTowns, database: Database
) -> None:
    telegram = towns.on_telegram()
    await subscribe(telegram)
    assert "Quyền" not in await telegram.say("liên kết")
    await give_role(database, telegram, Role.OWNER)
    answer = await telegram.say("liên kết")
    assert "Quyền “người quản lý hệ thống” dùng được ở cả hai nơi.\nKhông đưa mã" in answer


async def test_a_stranger_is_told_to_subscribe_first(towns: TwoTowns) -> None:
    telegram = towns.on_telegram()
    assert "đăng ký nhận tin trước" in await telegram.say("liên kết Zalo")
    assert telegram.labels == ["Đăng ký nhận tin"]


async def test_where_there_is_no_other_platform_nothing_can_be_linked(
    database: Database, office: Office
) -> None:
    bot_id = await a_bot(database)
    desk = FrontDesk(database=database, office=office, clock=StoppedClock(), bot_id=bot_id)
    phone = Phone(desk=desk, bot_id=bot_id)
    await subscribe(phone)
    assert "chưa có ở ứng dụng nào khác" in await phone.say("/lienket")


async def test_the_owners_code_works_beside_a_link_code(
    towns: TwoTowns, database: Database
) -> None:
    telegram, zalo = towns.on_telegram(), towns.on_zalo()
    new = new_owner_code()
    async with database.transaction() as tx:
        await tx.owner_codes.replace(
            salt=new.salt,
            code_hash=new.code_hash,
            expires_at=NOW + OWNER_CODE_LIFETIME,
            tries=OWNER_CODE_TRIES,
        )
    await subscribe(telegram)
    code = await code_of(telegram)
    await zalo.say(code)
    await zalo.say("có")
    assert (await subscriber_of(database, zalo)).role is Role.MEMBER
    await zalo.say(new.code)
    assert (await subscriber_of(database, telegram)).role is Role.OWNER


async def test_a_code_of_who_was_erased_meanwhile_links_nothing(
    towns: TwoTowns, database: Database
) -> None:
    telegram, zalo = towns.on_telegram(), towns.on_zalo()
    await subscribe(telegram)
    await zalo.say(await code_of(telegram))
    await telegram.say("/xoadulieu")
    await telegram.press("Có, xóa dữ liệu")
    assert (await zalo.say("có")).startswith(NOT_RIGHT)
    assert await stored(database, zalo) is None


async def test_leaving_on_either_platform_leaves_both(towns: TwoTowns, database: Database) -> None:
    telegram, zalo = await towns.linked()
    bulletin = await towns.fan_out()
    await zalo.say("huy")
    await zalo.say("có")
    assert (await subscriber_of(database, telegram)).state is SubscriberState.INACTIVE
    async with database.transaction() as tx:
        (delivery,) = await tx.outbox.of_bulletin(bulletin)
    assert (delivery.state, delivery.reason) == (DeliveryState.CANCELLED, Reason.LEFT)


async def test_who_links_back_a_platform_that_he_had_blocked_is_reached_there(
    towns: TwoTowns, database: Database
) -> None:
    _, zalo = await towns.linked()
    async with database.transaction() as tx:
        await tx.subscribers.mark_gone(zalo.incoming().where, NOW)
    await zalo.say("/lienket")
    found = await stored(database, zalo)
    assert found is not None
    assert found[0].reachability is Reachability.OK


HEAD_OF = "Hội Liên hiệp Phụ nữ"


async def the_head(towns: TwoTowns, role: Role = Role.HEAD) -> Phone:
    """Of an organisation, in its group on Zalo."""
    head = towns.on_zalo(person="head01", group="zgr-1")
    own = towns.on_zalo(person="head01")
    await subscribe(own)
    await give_role(towns.database, own, role)
    await head.say("/dangky")
    await head.press("Đồng ý nhận tin")
    await head.press("Chọn tổ chức")
    return head


async def a_woman(phone: Phone) -> Phone:
    await subscribe(phone)
    await phone.say("dk pn")
    return phone


async def test_a_group_on_zalo_may_stand_for_the_members_of_its_organisation(
    towns: TwoTowns, database: Database
) -> None:
    member = await a_woman(towns.on_zalo("6ede01"))
    head = await the_head(towns)
    question = await head.press(HEAD_OF)
    assert f"Nhóm này nhận thay cho từng hội viên của {HEAD_OF}?" in question
    assert head.labels == ["Có, đăng một lần trong nhóm", "Không, vẫn gửi riêng"]
    answer = await head.press("Có, đăng một lần trong nhóm")
    assert "Nhóm này nhận thay cho từng hội viên trên Zalo." in answer
    assert (await subscriber_of(database, head)).stands_for_members
    told = await member.say("/caidat")
    assert "đăng một lần trong nhóm Zalo của tổ chức." in told
    assert (await actions(database))[-1] == "stands_for_members"
    await member.say("/gionhan")
    told = await member.press("17 giờ")
    assert "Thông báo gửi cho cả tổ chức được đăng một lần trong nhóm Zalo" in told


async def test_a_group_that_reads_digests_stands_for_the_members_only_for_notices(
    towns: TwoTowns,
) -> None:
    member = await a_woman(towns.on_zalo("6ede01"))
    head = await the_head(towns)
    await head.say("/gionhan")
    await head.press("17 giờ")
    await head.say("/dangky")
    question = await head.press_data("dangky:org=3")
    assert "thông báo chỉ đăng một lần trong nhóm" in question
    assert "tin vẫn gửi riêng cho từng hội viên, vì nhóm nhận bản tổng hợp" in question
    answer = await head.press("Có, đăng một lần trong nhóm")
    assert "nhận thông báo thay cho từng hội viên trên Zalo; tin vẫn gửi riêng" in answer
    assert "Thông báo gửi cho cả tổ chức được đăng một lần" in await member.say("/caidat")
    await head.say("/gionhan")
    answer = await head.press("Từng tin ngay khi có")
    assert "Nhóm này nhận thay cho từng hội viên trên Zalo." in answer
    assert "Tin gửi cho cả tổ chức được đăng một lần" in await member.say("/caidat")
    await head.say("/gionhan")
    assert "tin vẫn gửi riêng cho từng hội viên" in await head.press("17 giờ")


async def test_a_group_that_names_its_organisation_as_it_joins_is_asked_too(
    towns: TwoTowns, database: Database
) -> None:
    own = towns.on_zalo(person="head01")
    await subscribe(own)
    await give_role(database, own, Role.HEAD)
    group = towns.on_zalo(person="head01", group="zgr-1")
    await group.say("/dangky phụ nữ")
    assert "nhận thay cho từng hội viên" in await group.press("Đồng ý nhận tin")
    await group.press("Có, đăng một lần trong nhóm")
    stands = await subscriber_of(database, group)
    assert (stands.stands_for_members, stands.state) == (True, SubscriberState.ACTIVE)
    await towns.on_zalo(person="6ede77", group="zgr-1").say("/dangky phụ nữ")
    assert (await subscriber_of(database, group)).stands_for_members


async def test_who_says_no_leaves_each_member_his_own(towns: TwoTowns, database: Database) -> None:
    head = await the_head(towns)
    await head.press(HEAD_OF)
    await head.press("Không, vẫn gửi riêng")
    assert not (await subscriber_of(database, head)).stands_for_members


async def test_who_chooses_the_same_organisation_again_may_change_his_mind(
    towns: TwoTowns, database: Database
) -> None:
    head = await the_head(towns)
    await head.press(HEAD_OF)
    await head.press("Có, đăng một lần trong nhóm")
    await head.say("dk pn")
    await head.press("Không, vẫn gửi riêng")
    assert not (await subscriber_of(database, head)).stands_for_members


async def test_another_organisation_is_asked_about_anew(
    towns: TwoTowns, database: Database
) -> None:
    head = await the_head(towns)
    await head.press(HEAD_OF)
    await head.press("Có, đăng một lần trong nhóm")
    await head.say("/dangky")
    await head.press_data("dangky:org=4")
    assert not (await subscriber_of(database, head)).stands_for_members


@pytest.mark.parametrize("role", [Role.MEMBER, Role.EDITOR, Role.APPROVER])
async def test_who_answers_for_no_organisation_cannot_take_its_members_news(
    towns: TwoTowns, database: Database, role: Role
) -> None:
    head = await the_head(towns, role)
    assert "Đã lưu tổ chức." in await head.press(HEAD_OF)
    assert "người phụ trách tổ chức" in await head.press_data("dangky:org=instead")
    assert not (await subscriber_of(database, head)).stands_for_members
    assert await organisation_of(database, head) == HEAD_OF
