"""How fast a bot may write, and what a test can read of how fast it did."""

import pytest
import telegram
from telegram.error import RetryAfter

from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.telegram.cast import MEMBER, REHEARSAL_TOKEN
from bot.rehearsal.telegram.limits import Limits, Pace, Traffic
from tests.bot.rehearsal.conftest import NOW, Ask


def sends(pace: Pace, times: list[float], *, is_group: bool = False) -> list[int]:
    return [pace.wait_seconds(1, is_group=is_group, at=at) for at in times]


def test_one_chat_gets_a_short_burst_then_one_a_second() -> None:
    pace = Pace(Limits())
    assert sends(pace, [0, 0, 0, 0, 0.5]) == [0, 0, 0, 1, 1]
    assert sends(pace, [1, 2, 3, 4]) == [0, 0, 0, 0]


def test_a_group_gets_no_more_than_it_should_in_a_minute() -> None:
    pace = Pace(Limits(slack=0))
    at_first = [3 * number for number in range(20)]
    assert sends(pace, [float(at) for at in at_first], is_group=True) == [0] * 20
    assert sends(pace, [59], is_group=True) == [1]
    assert sends(pace, [60], is_group=True) == [0]


def test_all_chats_together_get_no_more_than_the_bot_may_send() -> None:
    pace = Pace(Limits(per_second=30, slack=0.2))
    waits = [pace.wait_seconds(chat, is_group=False, at=chat / 1000) for chat in range(40)]
    assert waits == [0] * 36 + [1] * 4
    assert pace.wait_seconds(99, is_group=False, at=1) == 0


def test_the_busiest_second_is_known_by_chat_and_by_method() -> None:
    traffic = Traffic()
    for chat, at in [(1, 0.0), (2, 0.2), (1, 0.9), (1, 1.1), (2, 3.0)]:
        traffic.note_message(chat, at)
    assert traffic.most_in_any_second() == 3
    assert traffic.most_in_any_second(chat=1) == 2
    assert traffic.most_in_any_second(chat=2) == 1
    assert traffic.messages.total == 5
    assert traffic.most_in_any_second(method="sendMessage") == 0


@pytest.mark.filterwarnings("ignore:.*PTB_TIMEDELTA.*")  # how the wait is typed, not what it is
async def test_who_writes_too_fast_is_told_how_long_to_wait(
    bot: telegram.Bot, server: RehearsalServer
) -> None:
    for number in range(3):
        await bot.send_message(MEMBER.id, f"Tin {number}")
    with pytest.raises(RetryAfter, match=r"Flood control exceeded\. Retry in 0:00:01"):
        await bot.send_message(MEMBER.id, "Tin nữa")
    assert len(server.telegram.sent) == 3
    assert server.telegram.traffic.refused == {429: 1}
    assert server.telegram.traffic.most_in_any_second(chat=MEMBER.id) == 3
    assert server.telegram.traffic.methods["sendMessage"].total == 4


async def test_the_answer_to_haste_is_worded_as_the_real_one(ask: Ask) -> None:
    for number in range(3):
        await ask("sendMessage", chat_id=MEMBER.id, text=f"Tin {number}")
    status, answer = await ask("sendMessage", chat_id=MEMBER.id, text="Tin nữa")
    assert (status, answer) == (
        429,
        {
            "ok": False,
            "error_code": 429,
            "description": "Too Many Requests: retry after 1",
            "parameters": {"retry_after": 1},
        },
    )


async def test_limits_can_be_switched_off() -> None:
    async with (
        RehearsalServer(now=lambda: NOW, limits=None) as server,
        telegram.Bot(REHEARSAL_TOKEN, base_url=server.api_url) as bot,
    ):
        for number in range(10):
            await bot.send_message(MEMBER.id, f"Tin {number}")
        assert server.telegram.traffic.messages.total == 10


async def test_sent_messages_are_kept_in_order(bot: telegram.Bot, server: RehearsalServer) -> None:
    for text in ("một", "hai"):
        await bot.send_message(MEMBER.id, text)
    first, second = server.telegram.sent
    assert (first.message.text, second.message.text) == ("một", "hai")
    assert first.at <= second.at
