"""The one-time code that makes the first owner."""

import asyncio
import re
from datetime import timedelta

import pytest

from bot.commands.command import Office
from bot.commands.owner import OWNER_CODE_LIFETIME, OWNER_CODE_TRIES, new_owner_code
from storage.database import Database
from storage.records import Role, SubscriberState
from tests.bot.commands.phone import TYPED_ONLY, Phone, Town
from tests.bot.commands.stored import audit, stored, subscriber_of

WRONG = "ABCD-2345"
NOT_UNDERSTOOD = "chưa hiểu"
ENDED = "không còn hiệu lực"


@pytest.fixture
async def code(town: Town, database: Database) -> str:
    """As `bantin init` would show it."""
    new = new_owner_code()
    async with database.transaction() as tx:
        await tx.owner_codes.replace(
            salt=new.salt,
            code_hash=new.code_hash,
            expires_at=town.clock.now() + OWNER_CODE_LIFETIME,
            tries=OWNER_CODE_TRIES,
        )
    return new.code


async def _role(database: Database, phone: Phone) -> Role | None:
    found = await stored(database, phone)
    return found[1].role if found else None


def test_a_code_is_readable_and_its_hash_does_not_show_it() -> None:
    codes = [new_owner_code() for _ in range(5)]
    assert len({each.code for each in codes}) == 5
    for each in codes:
        assert re.fullmatch(r"[A-Z2-9]{4}-[A-Z2-9]{4}", each.code)
        assert not set(each.code) & set("ILO01")
        assert each.code.replace("-", "").lower() not in each.code_hash.lower()


@pytest.mark.parametrize("change", [str, str.lower, lambda code: f" {code.replace('-', ' ')} "])
async def test_the_right_code_makes_an_owner(
    town: Town, database: Database, code: str, change: type[str]
) -> None:
    phone = town.person()
    answer = await phone.say(change(code))
    assert "người quản lý hệ thống" in answer
    assert "/nguon" in answer
    assert phone.labels == ["Đồng ý", "Không"]
    subscriber = await subscriber_of(database, phone)
    assert subscriber.role is Role.OWNER
    assert subscriber.state is SubscriberState.INACTIVE
    assert subscriber.consent_version is None
    [entry] = await audit(database)
    assert (entry.action, entry.actor_id, entry.detail) == (
        "role_changed",
        subscriber.id,
        "owner",
    )


@TYPED_ONLY
async def test_the_new_owner_is_told_however_often_he_was_answered_that_day(
    town: Town, office: Office, code: str
) -> None:
    phone = town.person()
    for _ in range(office.answers_a_day + 5):
        await phone.say("trợ giúp")
    assert "người quản lý hệ thống" in await phone.say(code)


async def test_the_new_owner_may_subscribe_or_not(
    town: Town, database: Database, code: str
) -> None:
    phone = town.person()
    await phone.say(code)
    assert await phone.press("Không") == (
        "Bản tin sẽ không gửi tin.\n\nKhi nào muốn nhận tin, chỉ cần gửi /dangky. "
        "Chưa đăng ký vẫn xem được tin bằng /moinhat."
    )
    await phone.say("/dangky")
    await phone.press("Đồng ý")
    subscriber = await subscriber_of(database, phone)
    assert (subscriber.state, subscriber.role) == (SubscriberState.ACTIVE, Role.OWNER)


async def test_a_subscriber_who_becomes_owner_is_not_asked_again(
    town: Town, database: Database, code: str
) -> None:
    phone = await town.subscriber()
    await phone.say(code)
    assert phone.labels == []
    assert await _role(database, phone) is Role.OWNER


async def test_after_five_wrong_codes_the_right_one_no_longer_works(
    town: Town, database: Database, code: str
) -> None:
    phone = town.person()
    for _ in range(OWNER_CODE_TRIES):
        assert (await phone.say(WRONG)).startswith("Mã không đúng.")
    assert ENDED in await phone.say(code)
    assert await stored(database, phone) is None


async def test_a_fifth_try_that_is_right_counts(town: Town, database: Database, code: str) -> None:
    phone = town.person()
    for _ in range(OWNER_CODE_TRIES - 1):
        await phone.say(WRONG)
    await phone.say(code)
    assert await _role(database, phone) is Role.OWNER


async def test_an_expired_code_sends_one_back_to_init(
    town: Town, database: Database, code: str
) -> None:
    town.clock.pass_time(OWNER_CODE_LIFETIME)
    phone = town.person()
    answer = await phone.say(code)
    assert ENDED in answer
    assert "bantin init" in answer
    assert await stored(database, phone) is None
    town.clock.pass_time(timedelta(days=1))
    answer = await phone.say(code)
    assert (NOT_UNDERSTOOD if town.buttons else "Đây là Bản tin") in answer


async def test_a_used_code_makes_no_second_owner(
    town: Town, database: Database, code: str
) -> None:
    first, second = town.person(), town.person()
    await first.say(code)
    assert ENDED in await second.say(code)
    assert await stored(database, second) is None
    assert "đã là người quản lý hệ thống" in await first.say(code)


async def test_of_two_at_the_same_time_one_becomes_owner(
    town: Town, database: Database, code: str
) -> None:
    first, second = town.person(), town.person()
    answers = await asyncio.gather(first.say(code), second.say(code))
    assert sorted(ENDED in answer for answer in answers) == [False, True]
    roles = [await _role(database, phone) for phone in (first, second)]
    assert set(roles) == {None, Role.OWNER}


async def test_no_more_than_five_tries_at_the_same_time(town: Town, code: str) -> None:
    phones = [town.person() for _ in range(8)]
    answers = await asyncio.gather(*(phone.say(WRONG) for phone in phones))
    assert code
    assert sum(answer.startswith("Mã không đúng.") for answer in answers) == OWNER_CODE_TRIES


async def test_a_code_in_a_group_is_never_tried(town: Town, database: Database, code: str) -> None:
    phone = town.person()
    in_group = town.in_group(phone, is_chat_admin=True)
    assert "không dùng được trong nhóm" in await in_group.say(code)
    assert await stored(database, phone) is None
    async with database.transaction() as tx:
        still_open = await tx.owner_codes.open(town.clock.now())
    assert still_open is not None
    assert still_open.tries_left == OWNER_CODE_TRIES


async def test_without_a_code_such_text_is_just_words(town: Town) -> None:
    answer = await town.person().say(WRONG)
    assert (NOT_UNDERSTOOD if town.buttons else "Đây là Bản tin") in answer
    assert await town.group_member().say(WRONG) == ""


@pytest.mark.parametrize("text", ["chuc mung", "0912 345 678", "23456789", "ABCD-234", "K7M-3RD"])
async def test_ordinary_words_and_numbers_use_up_no_try(
    town: Town, database: Database, code: str, text: str
) -> None:
    await town.person().say(text)
    async with database.transaction() as tx:
        still_open = await tx.owner_codes.open(town.clock.now())
    assert code
    assert still_open is not None
    assert still_open.tries_left == OWNER_CODE_TRIES
