"""The benchmarks' Bot API: what it takes, refuses and counts. Not how fast it is."""

import json

import pytest

from bot.platforms.telegram.bot import open_bot, who_am_i
from bot.platforms.telegram.messenger import TelegramMessenger
from jobs.messenger import Address, MaybeSent, Part, SendError, Unreachable
from jobs.rich_text import RichText
from storage.records import Platform
from tests.bench.api_server import Api, Behaviour
from tests.bench.arrivals import Arrivals
from tests.bench.in_flight import TOKEN
from tests.bench.sending import api_server, asked

TO = Address(platform=Platform.TELEGRAM, chat="7")
PART = Part(text=RichText("Mời họp"))


def arrivals(*moments: float) -> Arrivals:
    found = Arrivals()
    for moment in moments:
        found.note(moment)
    return found


@pytest.mark.parametrize(
    ("moments", "worst"),
    [((), 0), ((5,), 1), ((0, 1, 2), 1), ((0, 0.5, 0.999, 1), 3), ((0, 0.9, 1, 1.1, 1.8), 4)],
    ids=str,
)
def test_the_worst_second_is_any_second(moments: tuple[float, ...], worst: int) -> None:
    assert arrivals(*moments).worst_second() == worst


def test_the_mean_is_over_the_gaps() -> None:
    assert arrivals(10, 10.5, 11).mean_per_second == 2


def test_an_enforced_limit_answers_429_and_takes_nothing() -> None:
    api = Api(Behaviour(per_second=2))

    statuses = [(api.take("sendMessage", {"chat_id": 7, "text": "a"}) or (0,))[0] for _ in "123"]

    assert statuses == [200, 200, 429]
    assert api.figures()["accepted"] == 2


BEHAVIOURS: dict[str, tuple[dict[str, float], type[SendError], int]] = {
    "fails": ({"share_failed": 1}, Unreachable, 1),
    "never answers": ({"share_unanswered": 1, "unanswered_ms": 0}, MaybeSent, 2),
}


@pytest.mark.parametrize(("behaviour", "meaning", "copies"), BEHAVIOURS.values(), ids=BEHAVIOURS)
async def test_the_bot_talks_to_it_and_it_remembers_what_it_accepted(
    behaviour: dict[str, float], meaning: type[SendError], copies: int
) -> None:
    async with (
        api_server("--per-second", "1000") as url,
        open_bot(TOKEN, api_url=f"{url}/bot") as bot,
    ):
        assert (await who_am_i(bot)).username == "bantin_bench_bot"
        first = await TelegramMessenger(bot).send(TO, PART)
        await asked(f"{url}/behave", json.dumps(behaviour))
        with pytest.raises(meaning):
            await TelegramMessenger(bot).send(TO, PART)
        figures = await asked(f"{url}/figures")
        counts = await asked(f"{url}/counts")

    assert first == "1"
    assert (figures["chats"], figures["accepted"], figures["doubled"]) == (1, copies, copies - 1)
    assert [list(texts.values()) for texts in counts.values()] == [[copies]]
