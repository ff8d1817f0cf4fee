"""Photos, documents and albums: what the bot sends, changes and fetches."""

import json
from typing import Any

import httpx
import pytest
import telegram
from telegram.error import BadRequest

from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.telegram import samples
from bot.rehearsal.telegram.cast import GROUP_ID, MEMBER, OFFICE_ADMIN, REHEARSAL_TOKEN
from bot.rehearsal.telegram.files import FileKind, StoredFile
from bot.rehearsal.telegram.pictures import plain_png, size_of
from tests.bot.rehearsal.conftest import NOW, Ask

PDF = b"%PDF-1.7 mau"
BOLD = {"type": "bold"}
MIB = 1 << 20


@pytest.fixture
def photo(server: RehearsalServer) -> StoredFile:
    return server.people.photo()


@pytest.fixture
def document(server: RehearsalServer) -> StoredFile:
    return server.people.document()


def only(server: RehearsalServer, chat: int = MEMBER.id) -> Any:  # noqa: ANN401 - asserted on
    [message] = server.telegram.from_bot(chat)
    return message


async def test_a_photo_is_sent_by_its_id(
    bot: telegram.Bot, server: RehearsalServer, photo: StoredFile
) -> None:
    message = await bot.send_photo(
        MEMBER.id,
        photo.id,
        caption="📰 Hội nghị",
        caption_entities=[telegram.MessageEntity("bold", 3, 8)],
    )
    assert message.parse_caption_entities() == {message.caption_entities[0]: "Hội nghị"}
    small, full = message.photo
    assert (full.file_id, full.width, full.height) == (photo.id, 1280, 854)
    assert (small.width, small.height, small.file_id != photo.id) == (90, 60, True)
    assert (only(server).media.file, only(server).text) == (photo, "📰 Hội nghị")
    assert server.telegram.texts(MEMBER.id) == ["📰 Hội nghị"]


async def test_a_photo_is_uploaded(bot: telegram.Bot, server: RehearsalServer) -> None:
    picture = plain_png(320, 200)
    message = await bot.send_photo(MEMBER.id, picture)
    assert (message.photo[-1].width, message.photo[-1].height) == (320, 200)
    assert (only(server).media.file.content, message.caption) == (picture, None)


async def test_a_document_keeps_its_name(bot: telegram.Bot, server: RehearsalServer) -> None:
    name = "Kế hoạch số 12.pdf"
    message = await bot.send_document(MEMBER.id, PDF, filename=name)
    assert message.document is not None
    assert (message.document.file_name, message.document.mime_type) == (name, "application/pdf")
    assert message.document.file_size == len(PDF)
    again = await bot.send_document(GROUP_ID, message.document.file_id, caption="Kế hoạch")
    assert again.document == message.document
    assert only(server, GROUP_ID).text == "Kế hoạch"


async def test_a_file_of_many_megabytes_is_taken(bot: telegram.Bot) -> None:
    message = await bot.send_document(MEMBER.id, b"\r\n--x" * (4 * MIB), filename="lon.bin")
    assert message.document is not None
    assert message.document.file_size == 20 * MIB


async def test_an_album_is_one_group_of_messages(
    bot: telegram.Bot, server: RehearsalServer, photo: StoredFile
) -> None:
    first, second = await bot.send_media_group(
        MEMBER.id,
        [
            telegram.InputMediaPhoto(photo.id, caption="Hội nghị"),
            telegram.InputMediaPhoto(plain_png(100, 100)),
        ],
    )
    assert first.media_group_id == second.media_group_id is not None
    assert (first.caption, second.caption) == ("Hội nghị", None)
    sent = [message.media for message in server.telegram.from_bot(MEMBER.id)]
    assert [media.file.width for media in sent if media is not None] == [1280, 100]
    assert len(server.telegram.sent) == 2


async def test_an_album_goes_out_at_once_and_is_counted_whole(
    ask: Ask, server: RehearsalServer, photo: StoredFile
) -> None:
    media = [{"type": "photo", "media": photo.id}] * 10
    assert (await ask("sendMediaGroup", chat_id=MEMBER.id, media=media))[0] == 200
    status, answer = await ask("sendPhoto", chat_id=MEMBER.id, photo=photo.id)
    assert (status, answer["parameters"]) == (429, {"retry_after": 8})
    assert server.telegram.traffic.messages.total == 10


async def test_a_caption_is_edited(bot: telegram.Bot, photo: StoredFile) -> None:
    message = await bot.send_photo(MEMBER.id, photo.id, caption="Cũ")
    edited = await message.edit_caption("Mới")
    assert isinstance(edited, telegram.Message)
    assert (edited.caption, edited.photo[-1].file_id) == ("Mới", photo.id)
    with pytest.raises(BadRequest, match="Message is not modified"):
        await message.edit_caption("Mới")
    with pytest.raises(BadRequest, match="There is no text in the message to edit"):
        await message.edit_text("Mới")
    text = await bot.send_message(MEMBER.id, "Tin")
    with pytest.raises(BadRequest, match="There is no caption in the message to edit"):
        await text.edit_caption("Mới")


async def test_media_is_put_in_place_of_other_media_and_of_a_text(
    bot: telegram.Bot, photo: StoredFile, document: StoredFile
) -> None:
    message = await bot.send_message(MEMBER.id, "Tin")
    edited = await message.edit_media(telegram.InputMediaPhoto(photo.id, caption="Ảnh"))
    assert isinstance(edited, telegram.Message)
    assert (edited.text, edited.caption) == (None, "Ảnh")
    edited = await message.edit_media(telegram.InputMediaDocument(document.id))
    assert isinstance(edited, telegram.Message)
    assert (edited.photo, edited.caption) == ((), None)
    assert edited.document is not None
    assert edited.document.file_name == samples.DOCUMENT_NAME
    with pytest.raises(BadRequest, match="Message is not modified"):
        await message.edit_media(telegram.InputMediaDocument(document.id))


async def test_an_album_of_photos_stays_one(
    bot: telegram.Bot, photo: StoredFile, document: StoredFile
) -> None:
    media = [telegram.InputMediaPhoto(photo.id)] * 2
    first, _ = await bot.send_media_group(MEMBER.id, media)
    with pytest.raises(BadRequest, match="Can't change media type in the album"):
        await first.edit_media(telegram.InputMediaDocument(document.id))


async def test_the_bot_fetches_what_was_sent_to_it(
    bot: telegram.Bot, server: RehearsalServer, http: httpx.AsyncClient
) -> None:
    server.people.send(OFFICE_ADMIN, server.people.document())
    [update] = await bot.get_updates()
    assert update.message is not None
    assert update.message.document is not None
    file = await bot.get_file(update.message.document.file_id)
    assert bytes(await file.download_as_bytearray()) == samples.document()
    assert file.file_path is not None
    for wrong in (file.file_path.replace(REHEARSAL_TOKEN, "7:x"), f"{file.file_path}x"):
        assert (await http.get(wrong)).status_code == 404


async def test_what_is_larger_than_20_mb_is_not_given_out(
    bot: telegram.Bot, server: RehearsalServer
) -> None:
    just, over = (server.people.document("x.zip", size_bytes=n) for n in (20 * MIB, 20 * MIB + 1))
    file = await bot.get_file(just.id)
    assert len(await file.download_as_bytearray()) == file.file_size == 20 * MIB
    with pytest.raises(BadRequest, match="File is too big"):
        await bot.get_file(over.id)
    with pytest.raises(BadRequest, match="Wrong file_id or the file is temporarily unavailable"):
        await bot.get_file("nothing")


async def test_a_large_file_holds_no_memory(server: RehearsalServer) -> None:
    file = server.people.document(samples.LARGE_NAME, size_bytes=samples.LARGE_BYTES)
    assert (file.size, len(file.content) < 100_000) == (25 * MIB, True)
    assert sum(map(len, file.chunks())) == 25 * MIB


async def test_the_id_of_a_sample_is_the_same_in_every_run(
    photo: StoredFile, server: RehearsalServer
) -> None:
    later = RehearsalServer(now=lambda: NOW.replace(minute=30))
    assert later.people.photo().id == photo.id
    other_bot = RehearsalServer(now=lambda: NOW, token="7000000002:x")  # noqa: S106
    assert other_bot.people.photo().id != server.people.photo().id
    assert other_bot.people.photo().unique_id == photo.unique_id


async def test_a_message_is_deleted(bot: telegram.Bot, server: RehearsalServer) -> None:
    message = await bot.send_message(MEMBER.id, "Tin")
    written = server.people.write(MEMBER, "Xin chào")
    assert await bot.delete_message(MEMBER.id, message.message_id)
    assert await bot.delete_message(MEMBER.id, written.id)
    assert server.telegram.messages(MEMBER.id) == []
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await bot.delete_message(MEMBER.id, message.message_id)


@pytest.mark.parametrize(
    ("method", "given", "reason"),
    [
        pytest.param("sendPhoto", {}, "there is no photo in the request", id="no photo"),
        pytest.param("sendDocument", {}, "there is no document in the request", id="no document"),
        pytest.param(
            "sendPhoto",
            {"photo": "AgACx"},
            "wrong file identifier/HTTP URL specified",
            id="unknown file",
        ),
        pytest.param(
            "sendPhoto",
            {"photo": "https://vidu.example/anh.jpg"},
            "failed to get HTTP URL content",
            id="file of the web",
        ),
        pytest.param(
            "sendPhoto",
            {"photo": "DOCUMENT"},
            "can't use file of type Document as Photo",
            id="document as photo",
        ),
        pytest.param(
            "sendDocument",
            {"document": "PHOTO"},
            "can't use file of type Photo as Document",
            id="photo as document",
        ),
        pytest.param(
            "sendPhoto",
            {"photo": "PHOTO", "caption": "📰" * 512 + "a"},
            "message caption is too long",
            id="caption of 1025 units",
        ),
        pytest.param(
            "sendPhoto",
            {
                "photo": "PHOTO",
                "caption": "Tin",
                "caption_entities": [BOLD | {"offset": 3, "length": 1}],
            },
            "entity begins after the end of the text at UTF-16 offset 3",
            id="entity after the caption",
        ),
        pytest.param(
            "sendPhoto",
            {"photo": "PHOTO", "parse_mode": "HTML"},
            "unsupported parse_mode",
            id="markup",
        ),
        pytest.param("sendMediaGroup", {}, "there are no messages to send", id="no album"),
        pytest.param(
            "sendMediaGroup",
            {"media": [{"type": "photo", "media": "PHOTO"}]},
            "media must include 2-10 items",
            id="album of one",
        ),
        pytest.param(
            "sendMediaGroup",
            {"media": [{"type": "photo", "media": "PHOTO"}] * 11},
            "too many messages to send as an album",
            id="album of eleven",
        ),
        pytest.param(
            "sendMediaGroup",
            {
                "media": [
                    {"type": "photo", "media": "PHOTO"},
                    {"type": "document", "media": "DOCUMENT"},
                ]
            },
            "document can't be mixed with other media types",
            id="album of two kinds",
        ),
        pytest.param(
            "sendMediaGroup",
            {"media": [{"type": "photo", "media": "PHOTO", "caption": "a" * 1025}] * 2},
            "message caption is too long",
            id="long caption in an album",
        ),
        pytest.param(
            "sendMediaGroup",
            {"media": [{"type": "video", "media": "PHOTO"}] * 2},
            "the rehearsal shows photos and documents only",
            id="video",
        ),
        pytest.param(
            "sendMediaGroup",
            {"media": ["PHOTO"] * 2},
            "can't parse InputMedia: expected an Object",
            id="album of strings",
        ),
    ],
)
async def test_what_cannot_be_sent(
    ask: Ask, server: RehearsalServer, method: str, given: dict[str, Any], reason: str
) -> None:
    ids = {"PHOTO": server.people.photo().id, "DOCUMENT": server.people.document().id}
    text = json.dumps(given)
    for word, file_id in ids.items():
        text = text.replace(word, file_id)
    status, answer = await ask(method, chat_id=MEMBER.id, **json.loads(text))
    assert (status, answer["description"]) == (400, f"Bad Request: {reason}")
    assert server.telegram.sent == []


async def test_the_longest_caption_is_taken(ask: Ask, photo: StoredFile) -> None:
    sent = await ask("sendPhoto", chat_id=MEMBER.id, photo=photo.id, caption="📰" * 512)
    assert sent[0] == 200


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(PDF, "IMAGE_PROCESS_FAILED", id="no picture"),
        pytest.param(b"", "file must be non-empty", id="empty"),
        pytest.param(plain_png(2100, 100), "PHOTO_INVALID_DIMENSIONS", id="a strip"),
        pytest.param(
            plain_png(10, 10) + bytes(10 * MIB),
            f"file of size {10 * MIB + 76} bytes is too big for a photo; "
            "the maximum size is 10485760 bytes",
            id="over 10 MB",
        ),
    ],
)
async def test_what_is_no_photo(http: httpx.AsyncClient, content: bytes, reason: str) -> None:
    answer = await http.post(
        f"/bot{REHEARSAL_TOKEN}/sendPhoto",
        data={"chat_id": str(MEMBER.id)},
        files={"photo": ("anh.png", content)},
    )
    assert answer.json()["description"] == f"Bad Request: {reason}"


async def test_an_upload_over_50_mb_is_refused(http: httpx.AsyncClient) -> None:
    answer = await http.post(
        f"/bot{REHEARSAL_TOKEN}/sendDocument",
        data={"chat_id": str(MEMBER.id)},
        files={"document": ("lon.bin", bytes(51 * MIB))},
    )
    refused = {"ok": False, "error_code": 413, "description": "Request Entity Too Large"}
    assert (answer.status_code, answer.json()) == (413, refused)


@pytest.mark.parametrize(
    ("picture", "size"),
    [
        pytest.param(plain_png(7, 9), (7, 9), id="PNG"),
        pytest.param(samples.picture(), (1280, 854), id="JPEG"),
        pytest.param(samples.picture()[:20], None, id="cut JPEG"),
        pytest.param(PDF, None, id="PDF"),
    ],
)
def test_the_size_of_a_picture(picture: bytes, size: tuple[int, int] | None) -> None:
    assert size_of(picture) == size


def test_files_are_named_by_what_they_are(server: RehearsalServer) -> None:
    files = server.telegram.files
    assert files.add_document("a.pdf", PDF) is files.add_document("a.pdf", PDF)
    kinds = {file.kind for file in (server.people.photo(), server.people.document())}
    assert kinds == {FileKind.PHOTO, FileKind.DOCUMENT}
