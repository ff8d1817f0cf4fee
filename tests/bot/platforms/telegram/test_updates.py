"""Receiving over HTTP from the rehearsal Telegram: order, patience, and nothing lost by a kill."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.commands.command import Incoming, Reply
from bot.platforms.telegram.bot import TelegramBot, open_bot
from bot.rehearsal.faults import FaultKind
from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.telegram.cast import GROUP_ADMIN, GROUP_ID, GROUP_MEMBER, MEMBER, OFFICE_ADMIN
from bot.rehearsal.telegram.faults import Fault
from bot.rehearsal.telegram.records import Person
from jobs.clock import SystemClock
from jobs.messenger import Address, Button, TokenRefused
from jobs.rich_text import RichText
from tests.bot.platforms.rig import APOLOGY, QUICK, LeapingClock, Notes, echo
from tests.bot.platforms.telegram.rig import a_receiver, receiving


class Gate:
    """An answer that waits until it is let through."""

    def __init__(self, *words: str) -> None:
        self.words = words
        self.opened = asyncio.Event()

    async def __call__(self, incoming: Incoming) -> Reply | None:
        if incoming.text in self.words:
            await self.opened.wait()
        return await echo(incoming)


async def confirmed(server: RehearsalServer) -> None:
    """Returns when Telegram keeps no update for the bot any more."""
    async with asyncio.timeout(60):
        while len(server.telegram.updates):  # noqa: ASYNC110 - the rehearsal tells nobody
            await asyncio.sleep(0)


async def answers(server: RehearsalServer, chat: int, *texts: str) -> None:
    await server.telegram.until(lambda: server.telegram.texts(chat) == list(texts))


async def test_who_writes_is_answered(
    server: RehearsalServer, bot: TelegramBot, clock: LeapingClock
) -> None:
    async with receiving(bot, Notes(), clock):
        server.people.write(MEMBER, "Xin chào")

        await answers(server, MEMBER.id, "Đã nhận: Xin chào")
        await confirmed(server)


async def test_what_was_written_while_the_bot_was_away_is_answered_in_order(
    server: RehearsalServer, bot: TelegramBot, clock: LeapingClock
) -> None:
    for number in range(5):
        server.people.write(MEMBER, f"Tin {number}")

    async with receiving(bot, Notes(), clock):
        await answers(server, MEMBER.id, *(f"Đã nhận: Tin {number}" for number in range(5)))


async def test_the_next_message_of_a_chat_waits_for_the_one_before(
    server: RehearsalServer, bot: TelegramBot, clock: LeapingClock
) -> None:
    gate = Gate("một")
    notes = Notes(gate)
    async with receiving(bot, notes, clock):
        for text in ("một", "hai", "ba"):
            server.people.write(MEMBER, text)
        server.people.write(OFFICE_ADMIN, "khác")
        await answers(server, OFFICE_ADMIN.id, "Đã nhận: khác")

        assert [said for said in notes.told if said != "khác"] == ["một"]

        gate.opened.set()
        await answers(server, MEMBER.id, "Đã nhận: một", "Đã nhận: hai", "Đã nhận: ba")


async def test_a_slow_chat_does_not_hold_up_the_others(
    server: RehearsalServer, bot: TelegramBot, clock: LeapingClock
) -> None:
    gate = Gate("chậm")
    async with receiving(bot, Notes(gate), clock):
        server.people.write(MEMBER, "chậm")
        for number in range(3):  # each comes in another answer of Telegram
            server.people.write(OFFICE_ADMIN, f"{number}")
            await answers(server, OFFICE_ADMIN.id, *(f"Đã nhận: {n}" for n in range(number + 1)))

        assert server.telegram.texts(MEMBER.id) == []

        gate.opened.set()
        await answers(server, MEMBER.id, "Đã nhận: chậm")
        await confirmed(server)


async def test_who_hammers_is_heard_but_not_answered_each_time_and_holds_up_nobody(
    server: RehearsalServer, bot: TelegramBot
) -> None:
    notes = Notes()
    hammered = [f"{number}" for number in range(150)]
    async with receiving(bot, notes, SystemClock()):  # one answer a second to a chat
        for text in hammered:
            server.people.write(MEMBER, text)
        server.people.write(OFFICE_ADMIN, "Xin chào")

        await answers(server, OFFICE_ADMIN.id, "Đã nhận: Xin chào")
        await confirmed(server)

    assert [said for said in notes.told if said != "Xin chào"] == hammered
    assert len(server.telegram.texts(MEMBER.id)) < 20


async def test_a_message_is_not_confirmed_before_it_was_handled(
    server: RehearsalServer, bot: TelegramBot, clock: LeapingClock
) -> None:
    notes = Notes(Gate("một"))
    async with receiving(bot, notes, clock):
        server.people.write(MEMBER, "một")
        server.people.write(OFFICE_ADMIN, "hai")
        await answers(server, OFFICE_ADMIN.id, "Đã nhận: hai")
        server.people.write(OFFICE_ADMIN, "ba")
        await notes.until(lambda: len(notes.marked) == 2)

    notes.reply = echo
    async with receiving(bot, notes, clock):
        await answers(server, MEMBER.id, "Đã nhận: một")
        await confirmed(server)

    assert sorted(notes.told) == ["ba", "hai", "một", "một"]
    assert server.telegram.texts(OFFICE_ADMIN.id) == ["Đã nhận: hai", "Đã nhận: ba"]


class DiesAfterMarking(Notes):
    async def mark_seen(self, updates: Sequence[str]) -> None:
        await super().mark_seen(updates)
        await asyncio.Event().wait()


async def test_what_comes_again_after_a_kill_is_handled_once(
    server: RehearsalServer, bot: TelegramBot, clock: LeapingClock
) -> None:
    dying, living = DiesAfterMarking(), Notes()
    patient = replace(QUICK, reply=timedelta(minutes=1))
    async with receiving(bot, dying, clock, patient):
        server.people.write(MEMBER, "Xin chào")
        await dying.until(lambda: bool(dying.marked))
    assert len(server.telegram.updates) == 1

    living.marked = dying.marked
    async with receiving(bot, living, clock):
        await confirmed(server)

    assert living.told == []
    assert server.telegram.texts(MEMBER.id) == ["Đã nhận: Xin chào"]


class MarksAtTheThirdTry(Notes):
    failures = 2

    async def mark_seen(self, updates: Sequence[str]) -> None:
        if self.failures:
            self.failures -= 1
            raise OSError("the disk is full")
        await super().mark_seen(updates)


async def test_marking_is_tried_until_it_works(
    server: RehearsalServer, bot: TelegramBot, clock: LeapingClock
) -> None:
    notes = MarksAtTheThirdTry()
    async with receiving(bot, notes, clock):
        server.people.write(MEMBER, "Xin chào")
        await confirmed(server)

    assert notes.told == ["Xin chào"]
    assert len(notes.marked) == 1


async def fail(incoming: Incoming) -> Reply | None:
    if incoming.text == "Tốt":
        return await echo(incoming)
    raise ValueError(f"{incoming.person_name} said {incoming.text}")


async def test_a_failure_is_told_to_the_person_and_stops_nobody(
    server: RehearsalServer, bot: TelegramBot, clock: LeapingClock
) -> None:
    async with receiving(bot, Notes(fail), clock):
        server.people.write(MEMBER, "Hỏng")
        server.people.write(MEMBER, "Tốt")

        await answers(server, MEMBER.id, APOLOGY, "Đã nhận: Tốt")
        await confirmed(server)


async def test_a_handler_that_hangs_is_stopped_and_excused(
    server: RehearsalServer, bot: TelegramBot, clock: LeapingClock
) -> None:
    limits = replace(QUICK, handler=timedelta(milliseconds=20))
    async with receiving(bot, Notes(Gate("Treo")), clock, limits):
        server.people.write(MEMBER, "Treo")

        await answers(server, MEMBER.id, APOLOGY)
        await confirmed(server)


async def with_button(incoming: Incoming) -> Reply | None:
    if incoming.data:
        raise ValueError(incoming.data)
    return Reply(text=RichText("Chọn"), buttons=((Button(label="Bấm", data="x"),),))


async def test_a_failure_behind_a_button_is_told_on_the_button(
    server: RehearsalServer, bot: TelegramBot, clock: LeapingClock
) -> None:
    async with receiving(bot, Notes(with_button), clock):
        server.people.write(MEMBER, "Xin chào")
        await answers(server, MEMBER.id, "Chọn")
        query = server.people.press(MEMBER, "Bấm")
        await server.telegram.until(lambda: query in server.telegram.answers)

    assert server.telegram.answers[query].text == APOLOGY
    assert server.telegram.answers[query].show_alert


async def test_no_word_and_no_name_and_no_token_is_logged(
    server: RehearsalServer,
    bot: TelegramBot,
    clock: LeapingClock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG")
    for chatty in ("httpx", "httpcore", "telegram", "uvicorn"):  # as bot.logs does
        caplog.set_level("WARNING", logger=chatty)
    server.telegram.faults.add(Fault(kind=FaultKind.BAD_GATEWAY, method="getUpdates", times=1))
    server.telegram.faults.add(Fault(kind=FaultKind.GARBAGE, method="sendMessage", times=1))
    async with receiving(bot, Notes(fail), clock):
        server.people.write(MEMBER, "Bí mật")
        await confirmed(server)
        server.people.write(MEMBER, "Tốt")
        await answers(server, MEMBER.id, APOLOGY, "Đã nhận: Tốt")

    assert "an update was not handled: ValueError" in caplog.text
    for secret in (server.telegram.token, "Bí mật", "Tốt", MEMBER.first_name, "Đã nhận"):
        assert secret not in caplog.text


TROUBLES = [FaultKind.BAD_GATEWAY, FaultKind.ERROR, FaultKind.DOWN, FaultKind.GARBAGE]


@pytest.mark.parametrize("kind", TROUBLES)
async def test_receiving_outlives_a_bad_connection(
    server: RehearsalServer, bot: TelegramBot, clock: LeapingClock, kind: FaultKind
) -> None:
    server.telegram.faults.add(Fault(kind=kind, code=500, times=3))
    async with receiving(bot, Notes(), clock):
        server.people.write(MEMBER, "Xin chào")

        await answers(server, MEMBER.id, "Đã nhận: Xin chào")

    assert clock.seconds >= 1000 + 1 + 2 + 4


async def test_a_refused_token_stops_receiving(
    server: RehearsalServer, clock: LeapingClock
) -> None:
    async with open_bot("123456:wrong", api_url=server.api_url) as bot:
        with pytest.raises(TokenRefused, match="token"):
            async with asyncio.timeout(60):
                await a_receiver(bot, Notes(), clock).run()


async def test_a_token_that_is_revoked_later_stops_receiving(
    server: RehearsalServer, bot: TelegramBot, clock: LeapingClock
) -> None:
    running = asyncio.create_task(a_receiver(bot, Notes(), clock).run())
    server.people.write(MEMBER, "Xin chào")
    await answers(server, MEMBER.id, "Đã nhận: Xin chào")

    server.telegram.token = "123456:another"  # noqa: S105
    server.people.write(MEMBER, "Còn đó không")

    with pytest.raises(TokenRefused):
        await asyncio.wait_for(running, 60)


async def test_blocking_and_coming_back_is_told(
    server: RehearsalServer, bot: TelegramBot, clock: LeapingClock
) -> None:
    notes = Notes()
    async with receiving(bot, notes, clock):
        server.people.write(MEMBER, "Xin chào")
        await answers(server, MEMBER.id, "Đã nhận: Xin chào")
        server.people.block(MEMBER)
        server.people.unblock(MEMBER)
        await notes.until(lambda: len(notes.told) == 3)

    assert notes.told == ["Xin chào", f"left {MEMBER.id}", f"returned {MEMBER.id}"]


async def test_a_group_that_is_joined_moved_and_left_is_told(
    server: RehearsalServer, bot: TelegramBot, clock: LeapingClock
) -> None:
    notes = Notes()
    async with receiving(bot, notes, clock):
        server.people.remove_bot(GROUP_ADMIN, GROUP_ID)
        server.people.add_bot(GROUP_ADMIN, GROUP_ID)
        await server.telegram.until(lambda: len(server.telegram.texts(GROUP_ID)) == 1)
        new = server.people.upgrade_group(GROUP_ADMIN, GROUP_ID)
        await notes.until(lambda: len(notes.told) == 5)

    moved = f"moved {GROUP_ID} to {new.id}"
    assert notes.told == [
        f"left {GROUP_ID}",
        f"returned {GROUP_ID}",
        f"joined {GROUP_ID} by {GROUP_ADMIN.id}",
        moved,
        moved,
    ]


class ForgetsAtFirst(Notes):
    failures = 1

    async def left(self, address: Address) -> None:
        if self.failures:
            self.failures -= 1
            raise OSError("the database is locked")
        await super().left(address)


async def test_what_nobody_will_say_again_is_tried_again(
    server: RehearsalServer, bot: TelegramBot, clock: LeapingClock
) -> None:
    notes = ForgetsAtFirst()
    async with receiving(bot, notes, clock):
        server.people.block(MEMBER)
        await notes.until(lambda: notes.told == [f"left {MEMBER.id}"])


async def test_ordinary_talk_in_a_group_is_not_heard(
    server: RehearsalServer, bot: TelegramBot, clock: LeapingClock
) -> None:
    server.telegram.privacy_mode = False
    notes = Notes()
    async with receiving(bot, notes, clock):
        server.people.write(GROUP_MEMBER, "Chiều nay họp nhé", chat=GROUP_ID)
        server.people.write(GROUP_MEMBER, f"/tin@{server.telegram.bot.username}", chat=GROUP_ID)
        await answers(server, GROUP_ID, "Đã nhận: /tin")
        await confirmed(server)

    assert notes.told == ["/tin"]


@pytest.mark.parametrize(
    ("person", "is_admin"), [(GROUP_ADMIN, True), (GROUP_MEMBER, False)], ids=["admin", "member"]
)
async def test_who_administers_a_group_is_asked_of_telegram_once_a_minute(
    server: RehearsalServer,
    bot: TelegramBot,
    clock: LeapingClock,
    person: Person,
    is_admin: bool,
) -> None:
    async def tell(incoming: Incoming) -> Reply | None:
        assert incoming.is_chat_admin is not None
        return Reply(text=RichText(str(await incoming.is_chat_admin())))

    def asked() -> int:
        return server.telegram.traffic.methods["getChatMember"].total

    async with receiving(bot, Notes(tell), clock):
        server.people.write(person, "/a", chat=GROUP_ID)
        server.people.write(person, "/b", chat=GROUP_ID)
        await answers(server, GROUP_ID, str(is_admin), str(is_admin))
        assert asked() == 1

        clock.seconds += 61
        server.people.write(person, "/c", chat=GROUP_ID)
        await answers(server, GROUP_ID, *[str(is_admin)] * 3)
        assert asked() == 2


async def test_nobody_is_called_no_admin_because_telegram_does_not_answer(
    server: RehearsalServer, bot: TelegramBot, clock: LeapingClock
) -> None:
    async def tell(incoming: Incoming) -> Reply | None:
        assert incoming.is_chat_admin is not None
        return Reply(text=RichText(str(await incoming.is_chat_admin())))

    server.telegram.faults.add(Fault(kind=FaultKind.BAD_GATEWAY, method="getChatMember"))
    async with receiving(bot, Notes(tell), clock):
        server.people.write(GROUP_ADMIN, "/a", chat=GROUP_ID)

        await answers(server, GROUP_ID, APOLOGY)
