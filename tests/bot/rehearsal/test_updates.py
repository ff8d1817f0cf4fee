"""How updates reach the bot: order, confirmation, long polls."""

import asyncio

import pytest
import telegram
from telegram.error import Conflict

from bot.rehearsal.impossible import Impossible
from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.telegram.cast import GROUP_ADMIN, GROUP_ID, GROUP_MEMBER, MEMBER


def texts(updates: tuple[telegram.Update, ...]) -> list[str | None]:
    return [update.message.text if update.message else None for update in updates]


async def test_updates_are_kept_until_an_offset_confirms_them(
    bot: telegram.Bot, server: RehearsalServer
) -> None:
    for text in ("một", "hai", "ba"):
        server.people.write(MEMBER, text)
    first = await bot.get_updates()
    assert texts(first) == ["một", "hai", "ba"]
    assert [update.update_id - first[0].update_id for update in first] == [0, 1, 2]
    assert texts(await bot.get_updates(limit=2)) == ["một", "hai"]
    assert texts(await bot.get_updates(offset=first[1].update_id)) == ["hai", "ba"]
    assert texts(await bot.get_updates()) == ["hai", "ba"]


async def test_a_negative_offset_keeps_the_newest(
    bot: telegram.Bot, server: RehearsalServer
) -> None:
    for text in ("một", "hai", "ba"):
        server.people.write(MEMBER, text)
    assert texts(await bot.get_updates(offset=-1)) == ["ba"]
    assert texts(await bot.get_updates()) == ["ba"]


async def waiting_poll(
    bot: telegram.Bot, server: RehearsalServer
) -> asyncio.Task[tuple[telegram.Update, ...]]:
    """A poll that has reached the server and waits there."""
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    while not server.telegram.updates.is_waited_for:  # noqa: ASYNC110 - over HTTP, soon
        await asyncio.sleep(0)
    return poll


async def test_a_long_poll_ends_when_something_happens(
    bot: telegram.Bot, server: RehearsalServer
) -> None:
    poll = await waiting_poll(bot, server)
    assert not poll.done()
    server.people.write(MEMBER, "Xin chào")
    assert texts(await asyncio.wait_for(poll, 25)) == ["Xin chào"]


async def test_a_poll_without_timeout_answers_at_once(bot: telegram.Bot) -> None:
    assert await bot.get_updates(timeout=0) == ()


async def test_the_older_of_two_polls_is_ended(bot: telegram.Bot, server: RehearsalServer) -> None:
    older = await waiting_poll(bot, server)
    async with telegram.Bot(server.telegram.token, base_url=server.api_url) as second:
        newer = asyncio.create_task(second.get_updates(timeout=30))
        with pytest.raises(Conflict, match="terminated by other getUpdates request"):
            await asyncio.wait_for(older, 25)
        server.people.write(MEMBER, "Xin chào")
        assert texts(await asyncio.wait_for(newer, 25)) == ["Xin chào"]


async def test_only_allowed_kinds_are_kept(bot: telegram.Bot, server: RehearsalServer) -> None:
    await bot.get_updates(allowed_updates=["my_chat_member"])
    server.people.write(MEMBER, "Xin chào")
    server.people.block(MEMBER)
    [update] = await bot.get_updates()
    assert update.my_chat_member is not None
    await bot.get_updates(offset=update.update_id + 1, allowed_updates=[])
    server.people.unblock(MEMBER)
    server.people.write(MEMBER, "Xin chào")
    assert len(await bot.get_updates()) == 2


async def test_blocking_and_unblocking_is_told(bot: telegram.Bot, server: RehearsalServer) -> None:
    server.people.write(MEMBER, "/start")
    server.people.block(MEMBER)
    server.people.unblock(MEMBER)
    changes = [update.my_chat_member for update in await bot.get_updates(allowed_updates=[])][1:]
    told = [
        (change.chat.id, change.old_chat_member.status, change.new_chat_member.status)
        for change in changes
        if change is not None
    ]
    assert told == [(MEMBER.id, "member", "kicked"), (MEMBER.id, "kicked", "member")]


async def test_joining_and_leaving_a_group_is_told(
    bot: telegram.Bot, server: RehearsalServer
) -> None:
    server.people.add_bot(GROUP_ADMIN, GROUP_ID)
    server.people.remove_bot(GROUP_ADMIN, GROUP_ID)
    joined, hello, left, goodbye = await bot.get_updates()
    assert joined.my_chat_member is not None
    assert joined.my_chat_member.new_chat_member.status == "member"
    assert hello.message is not None
    assert [who.id for who in hello.message.new_chat_members] == [bot.id]
    assert left.my_chat_member is not None
    assert left.my_chat_member.new_chat_member.status == "kicked"
    assert goodbye.message is not None
    assert goodbye.message.left_chat_member == bot.bot


async def test_an_upgrade_is_told_in_both_chats(
    bot: telegram.Bot, server: RehearsalServer
) -> None:
    server.people.add_bot(GROUP_ADMIN, GROUP_ID)
    new = server.people.upgrade_group(GROUP_ADMIN, GROUP_ID)
    *_, old_says, new_says = await bot.get_updates()
    assert old_says.message is not None
    assert new_says.message is not None
    assert (old_says.message.chat.id, old_says.message.migrate_to_chat_id) == (GROUP_ID, new.id)
    assert new_says.message.chat.type == "supergroup"
    assert (new_says.message.chat.id, new_says.message.migrate_from_chat_id) == (new.id, GROUP_ID)


@pytest.mark.parametrize(
    ("text", "arrives"),
    [
        pytest.param("Chiều nay họp lúc 14 giờ", False, id="ordinary talk"),
        pytest.param("/moinhat", True, id="command"),
        pytest.param("/moinhat@bantin_tanlap_bot", True, id="command to this bot"),
        pytest.param("/moinhat@other_bot", False, id="command to another bot"),
        pytest.param("@bantin_tanlap_bot tin mới", True, id="mention"),
        pytest.param("@ban_khac tin mới", False, id="mention of somebody else"),
    ],
)
async def test_what_the_bot_hears_in_a_group(
    bot: telegram.Bot, server: RehearsalServer, text: str, arrives: bool
) -> None:
    server.people.add_bot(GROUP_ADMIN, GROUP_ID)
    await bot.get_updates(offset=-1)
    before = len(await bot.get_updates())
    server.people.write(GROUP_MEMBER, text, chat=GROUP_ID)
    assert len(await bot.get_updates()) - before == int(arrives)


async def test_a_reply_to_the_bot_is_heard(bot: telegram.Bot, server: RehearsalServer) -> None:
    sent = await bot.send_message(GROUP_ID, "Tin mới")
    server.people.write(GROUP_MEMBER, "Cảm ơn", chat=GROUP_ID, reply_to=sent.message_id)
    [update] = await bot.get_updates()
    assert update.message is not None
    assert update.message.reply_to_message is not None
    assert update.message.reply_to_message.message_id == sent.message_id


async def test_without_privacy_mode_all_talk_is_heard(
    bot: telegram.Bot, server: RehearsalServer
) -> None:
    server.telegram.privacy_mode = False
    await bot.send_message(GROUP_ID, "Tin mới")
    server.people.write(GROUP_MEMBER, "Chiều nay họp", chat=GROUP_ID)
    assert texts(await bot.get_updates()) == ["Chiều nay họp"]


async def test_a_command_is_marked_as_one(bot: telegram.Bot, server: RehearsalServer) -> None:
    server.people.write(MEMBER, "/tim mái ấm")
    [update] = await bot.get_updates()
    assert update.message is not None
    assert list(update.message.parse_entities(["bot_command"]).values()) == ["/tim"]


async def test_people_cannot_do_what_their_program_does_not_offer(
    bot: telegram.Bot, server: RehearsalServer
) -> None:
    with pytest.raises(Impossible, match="no button"):
        server.people.press(MEMBER, "Đồng ý")
    with pytest.raises(Impossible, match="not in the group"):
        server.people.write(MEMBER, "Xin chào", chat=GROUP_ID)
    button = telegram.InlineKeyboardButton("Đọc", url="https://vidu.example")
    markup = telegram.InlineKeyboardMarkup.from_button(button)
    await bot.send_message(MEMBER.id, "Tin", reply_markup=markup)
    with pytest.raises(Impossible, match="opens a link"):
        server.people.press(MEMBER, "Đọc")
    server.people.block(MEMBER)
    with pytest.raises(Impossible, match="blocked"):
        server.people.write(MEMBER, "Xin chào")
