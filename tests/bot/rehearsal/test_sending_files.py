"""What reaches the bot when people send photos, documents and albums, and forward messages."""

import pytest
import telegram

from bot.rehearsal.impossible import Impossible
from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.telegram import samples
from bot.rehearsal.telegram.cast import (
    GROUP_ADMIN,
    GROUP_ID,
    GROUP_MEMBER,
    MEMBER,
    OFFICE_ADMIN,
)


async def told(bot: telegram.Bot) -> list[telegram.Message]:
    return [update.message for update in await bot.get_updates() if update.message is not None]


async def test_a_photo_comes_with_its_caption(bot: telegram.Bot, server: RehearsalServer) -> None:
    bold = {"type": "bold", "offset": 0, "length": 8}
    server.people.send(
        OFFICE_ADMIN, server.people.photo(), caption="Hội nghị xem /tim", entities=[bold]
    )
    [message] = await told(bot)
    assert message.text is None
    assert message.parse_caption_entities() == {
        message.caption_entities[0]: "Hội nghị",
        message.caption_entities[1]: "/tim",
    }
    assert [size.file_size for size in message.photo][-1] == len(samples.picture())


async def test_a_caption_may_be_longer_than_a_bot_may_write(
    bot: telegram.Bot, server: RehearsalServer
) -> None:
    server.people.send(OFFICE_ADMIN, server.people.photo(), caption="a" * 1025)
    [message] = await told(bot)
    assert message.caption == "a" * 1025


async def test_a_document_of_25_mb_is_announced(
    bot: telegram.Bot, server: RehearsalServer
) -> None:
    large = server.people.document(samples.LARGE_NAME, size_bytes=samples.LARGE_BYTES)
    server.people.send(OFFICE_ADMIN, large)
    [message] = await told(bot)
    assert message.document is not None
    assert (message.document.file_name, message.document.file_size) == ("Tệp 25 MB.zip", 26214400)


async def test_an_album_comes_as_messages_of_one_group(
    bot: telegram.Bot, server: RehearsalServer
) -> None:
    server.people.send_album(OFFICE_ADMIN, [server.people.photo()] * 3, caption="Ba ảnh")
    messages = await told(bot)
    assert [message.caption for message in messages] == ["Ba ảnh", None, None]
    assert len({message.media_group_id for message in messages}) == 1
    assert messages[0].media_group_id is not None


async def test_a_forwarded_message_says_who_wrote_it(
    bot: telegram.Bot, server: RehearsalServer
) -> None:
    written = server.people.write(GROUP_MEMBER, "Chiều nay họp", chat=GROUP_ID)
    forwarded = server.people.forward(OFFICE_ADMIN, written)
    server.people.forward(MEMBER, forwarded)
    first, second = await told(bot)
    assert (first.from_user, first.text) == (telegram.User(700002, "", False), "Chiều nay họp")
    for message in (first, second):
        assert isinstance(message.forward_origin, telegram.MessageOriginUser)
        assert message.forward_origin.sender_user.id == GROUP_MEMBER.id


async def test_what_the_bot_sent_can_be_forwarded_with_its_photo(
    bot: telegram.Bot, server: RehearsalServer
) -> None:
    sent = await bot.send_photo(MEMBER.id, server.people.photo().id, caption="Tin")
    server.people.forward(MEMBER, server.telegram.chat(MEMBER.id).messages[sent.message_id])
    [message] = await told(bot)
    assert (message.caption, message.photo) == ("Tin", sent.photo)
    assert isinstance(message.forward_origin, telegram.MessageOriginUser)
    assert message.forward_origin.sender_user.id == bot.id


async def test_a_group_s_photos_reach_the_bot_when_it_is_named(
    bot: telegram.Bot, server: RehearsalServer
) -> None:
    server.people.add_bot(GROUP_ADMIN, GROUP_ID)
    for caption in ("Ảnh họp", "@bantin_tanlap_bot gửi tin"):
        server.people.send(GROUP_MEMBER, server.people.photo(), caption=caption, chat=GROUP_ID)
    assert [message.caption for message in await told(bot)][1:] == ["@bantin_tanlap_bot gửi tin"]


async def test_people_write_with_marks_of_their_own(
    bot: telegram.Bot, server: RehearsalServer
) -> None:
    bold = {"type": "bold", "offset": 0, "length": 9}
    server.people.write(OFFICE_ADMIN, "Thông báo", entities=[bold])
    [message] = await told(bot)
    assert message.parse_entities() == {message.entities[0]: "Thông báo"}


async def test_people_cannot_send_what_their_program_does_not_offer(
    server: RehearsalServer,
) -> None:
    people = server.people
    photo, document = people.photo(), people.document()
    with pytest.raises(Impossible, match="2 to 10"):
        people.send_album(MEMBER, [photo])
    with pytest.raises(Impossible, match="of one kind"):
        people.send_album(MEMBER, [photo, document])
    with pytest.raises(Impossible, match="too long"):
        people.send(MEMBER, photo, caption="a" * 4097)
    with pytest.raises(Impossible, match="IMAGE_PROCESS_FAILED"):
        people.photo(b"GIF89a")
    people.add_bot(GROUP_ADMIN, GROUP_ID)
    [service] = server.telegram.messages(GROUP_ID)
    with pytest.raises(Impossible, match="cannot be forwarded"):
        people.forward(MEMBER, service)
    people.block(MEMBER)
    with pytest.raises(Impossible, match="blocked"):
        people.send(MEMBER, photo)
