"""Whom a bot hears: 50 people, three groups, and in a group only who speaks to it."""

from dataclasses import replace

import httpx
import pytest

from bot.rehearsal.impossible import Impossible
from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.zalo.cast import GROUP_ID, GROUP_MEMBER, GROUP_OWNER, MEMBER
from bot.rehearsal.zalo.knobs import Knobs
from bot.rehearsal.zalo.records import ChatKind, MessageKind, Person, Standing
from tests.bot.rehearsal.conftest import NOW
from tests.bot.rehearsal.zalo.conftest import Ask
from tests.bot.rehearsal.zalo.test_updates import texts

HANH = Person(id="aa22", name="Ngô Thị Hạnh")
TWO_TOKENS = ("1:first", "2:second")


async def test_a_group_is_heard_only_when_it_speaks_to_the_bot(
    ask: Ask, server: RehearsalServer
) -> None:
    people = server.zalo_people
    talk = people.write(GROUP_MEMBER, "Chiều nay họp", chat=GROUP_ID)
    people.write(GROUP_MEMBER, "tin mới", chat=GROUP_ID, mention=True)
    await ask("sendMessage", chat_id=GROUP_ID, text="Tin")
    posted = server.zalo.messages(GROUP_ID)[-1]
    people.write(GROUP_OWNER, "cảm ơn", chat=GROUP_ID, reply_to=posted.id)
    people.write(GROUP_OWNER, "ai đi họp", chat=GROUP_ID, reply_to=talk.id)
    assert await texts(ask) == [f"{server.zalo.bot.mention} tin mới", "cảm ơn"]
    assert server.zalo.texts(GROUP_ID) == ["Tin"]


async def test_a_group_message_says_who_and_where(ask: Ask, server: RehearsalServer) -> None:
    server.zalo_people.write(GROUP_MEMBER, "tin mới", chat=GROUP_ID, mention=True)
    _, answer = await ask("getUpdates", timeout=0)
    message = answer["result"]["message"]
    assert message["from"]["id"] == GROUP_MEMBER.id
    assert message["chat"] == {"id": GROUP_ID, "chat_type": "GROUP"}


async def test_a_picture_in_a_group_needs_the_mention_in_its_caption(
    ask: Ask, server: RehearsalServer
) -> None:
    caption = f"{server.zalo.bot.mention} ảnh"
    for words in ("ảnh", caption):
        server.zalo_people.send(
            GROUP_OWNER, MessageKind.IMAGE, "https://vidu.example/1", caption=words, chat=GROUP_ID
        )
    assert (await ask("getUpdates", timeout=0))[1]["result"]["message"]["caption"] == caption
    assert (await ask("getUpdates", timeout=0))[0] == 408


async def test_the_bot_never_hears_of_the_51st_person(ask: Ask, server: RehearsalServer) -> None:
    server.zalo.knobs = Knobs(most_people=2)
    for number in range(3):
        server.zalo_people.write(Person(id=f"p{number}", name="Hội viên"), f"chào {number}")
    assert await texts(ask) == ["chào 0", "chào 1"]
    assert server.zalo.bot.count(ChatKind.PRIVATE) == 2
    assert (await ask("sendMessage", chat_id="p2", text="Tin"))[0] == 400
    server.zalo_people.write(Person(id="p0", name="Hội viên"), "lại chào")
    assert await texts(ask) == ["lại chào"]


async def test_who_may_be_known_from_an_earlier_run_is_heard_while_there_is_room(
    ask: Ask, server: RehearsalServer
) -> None:
    server.zalo.knobs = Knobs(most_people=1)
    server.zalo_people.write(MEMBER, "trước")
    server.zalo_people.write(GROUP_OWNER, "sau")
    assert await texts(ask) == ["trước"]
    assert (await ask("sendMessage", chat_id=GROUP_OWNER.id, text="Tin"))[0] == 400


async def test_a_bot_joins_three_groups_and_is_told_of_none(
    ask: Ask, server: RehearsalServer
) -> None:
    world = server.zalo
    for number in range(4):
        world.add_group(f"g{number}", "Nhóm", [GROUP_OWNER], standing=Standing.STRANGER)
    assert (await ask("sendMessage", chat_id="g0", text="Tin"))[0] == 400
    for number in range(3):
        server.zalo_people.add_bot(GROUP_OWNER, f"g{number}")
    with pytest.raises(Impossible):
        server.zalo_people.add_bot(GROUP_OWNER, "g3")
    assert (await ask("sendMessage", chat_id="g0", text="Tin"))[0] == 200
    assert (await ask("getUpdates", timeout=0))[0] == 408
    server.zalo_people.remove_bot(GROUP_OWNER, "g0")
    assert (await ask("sendMessage", chat_id="g0", text="Tin"))[0] == 400
    server.zalo_people.write(GROUP_OWNER, "tin", chat="g0", mention=True)
    assert (await ask("getUpdates", timeout=0))[0] == 408


async def test_an_account_without_groups_can_join_none(ask: Ask, server: RehearsalServer) -> None:
    server.zalo.knobs = Knobs(can_join_groups=False)
    assert not (await ask("getMe"))[1]["result"]["can_join_groups"]
    server.zalo.add_group("g0", "Nhóm", [GROUP_OWNER], standing=Standing.STRANGER)
    with pytest.raises(Impossible):
        server.zalo_people.add_bot(GROUP_OWNER, "g0")


async def test_only_the_owner_brings_the_bot_into_a_group(server: RehearsalServer) -> None:
    with pytest.raises(Impossible):
        server.zalo_people.add_bot(GROUP_MEMBER, GROUP_ID)
    with pytest.raises(Impossible):
        server.zalo_people.write(MEMBER, "chào", chat=GROUP_ID)


@pytest.mark.parametrize(
    ("knobs", "code"),
    [
        pytest.param(Knobs(), 400, id="400"),
        pytest.param(Knobs(gone_code=404, gone_words="Not Found"), 404, id="404"),
    ],
)
async def test_who_blocks_the_bot_is_announced_by_nothing_but_refusals(
    ask: Ask, server: RehearsalServer, knobs: Knobs, code: int
) -> None:
    server.zalo.knobs = knobs
    server.zalo_people.write(MEMBER, "chào")
    server.zalo_people.block(MEMBER)
    assert await texts(ask) == ["chào"]
    status, answer = await ask("sendMessage", chat_id=MEMBER.id, text="Tin")
    assert (status, answer["description"]) == (code, knobs.gone_words)
    with pytest.raises(Impossible):
        server.zalo_people.write(MEMBER, "chào")
    server.zalo_people.unblock(MEMBER)
    assert (await ask("sendMessage", chat_id=MEMBER.id, text="Tin"))[0] == 200


async def test_each_token_is_a_bot_with_its_own_chats_and_quota() -> None:
    async with (
        RehearsalServer(now=lambda: NOW, zalo_tokens=TWO_TOKENS) as server,
        httpx.AsyncClient(base_url=server.url) as http,
    ):
        first, second = server.zalo.bots.values()
        server.zalo_people.write(HANH, "chào", bot=second)
        said = {"chat_id": HANH.id, "text": "Tin"}
        answers = [
            await http.post(f"/zalo/bot{bot.token}/sendMessage", json=said)
            for bot in (first, second)
        ]
    assert [answer.status_code for answer in answers] == [400, 200]
    assert (server.zalo.used(first), server.zalo.used(second)) == (0, 2)
    assert (first.id, second.id) == ("1", "2")
    assert first.mention != second.mention


@pytest.mark.parametrize(
    ("knobs", "taken"),
    [
        pytest.param(Knobs(monthly_messages=3), 2, id="both directions"),
        pytest.param(Knobs(monthly_messages=3, counts_received=False), 3, id="sent alone"),
    ],
)
async def test_the_quota_of_a_month_is_error_429(
    ask: Ask, server: RehearsalServer, knobs: Knobs, taken: int
) -> None:
    server.zalo.knobs = knobs
    server.zalo_people.write(MEMBER, "chào")
    answers = [await ask("sendMessage", chat_id=MEMBER.id, text="Tin") for _ in range(taken + 1)]
    assert [status for status, _ in answers] == [200] * taken + [429]
    assert answers[-1][1] == {
        "ok": False,
        "description": "Quota exceeded",
        "error_code": 429,
    }
    server.zalo.now = lambda: NOW.replace(month=12)
    assert (await ask("sendMessage", chat_id=MEMBER.id, text="Tin"))[0] == 200


async def test_knobs_may_turn_while_it_runs(ask: Ask, server: RehearsalServer) -> None:
    server.zalo.knobs = replace(server.zalo.knobs, monthly_messages=0)
    assert (await ask("sendMessage", chat_id=MEMBER.id, text="Tin"))[0] == 429
