"""What each way to fail means, through PTB and a server that fails on purpose."""

import json
from contextlib import AbstractAsyncContextManager
from datetime import timedelta

import pytest

from bot.platforms.errors import MessageGone
from bot.platforms.telegram.bot import TelegramBot, open_bot
from bot.platforms.telegram.messenger import TelegramMessenger
from jobs.messenger import (
    Address,
    ChatGone,
    ChatMoved,
    MaybeSent,
    Part,
    Rejected,
    SendError,
    Throttled,
    TokenRefused,
    Unreachable,
)
from jobs.rich_text import RichText
from storage.records import ChatKind, Platform
from tests.bot.platforms.wire import (
    Act,
    accepts,
    closes,
    echoes,
    floods,
    hangs,
    raw,
    resets,
    says,
    shows,
    wire,
)

TOKEN = "123456:a-token-nobody-may-read"  # noqa: S105
TEXT = "Lời nhắn không ai được thấy"
TO = Address(platform=Platform.TELEGRAM, chat="-100", kind=ChatKind.GROUP)
PART = Part(text=RichText(TEXT))


async def failure_of(act: Act) -> SendError:
    async with wire(act) as api, a_bot(api.url) as bot:
        with pytest.raises(SendError) as caught:
            await TelegramMessenger(bot).send(TO, PART)
    return caught.value


def a_bot(url: str) -> AbstractAsyncContextManager[TelegramBot]:
    return open_bot(TOKEN, api_url=url, answer_within=timedelta(seconds=1))


CHAT_GONE = [
    (403, "Forbidden: bot was blocked by the user"),
    (403, "Forbidden: user is deactivated"),
    (403, "Forbidden: bot was kicked from the supergroup chat"),
    (403, "Forbidden: bot is not a member of the supergroup chat"),
    (403, "Forbidden: bot can't initiate conversation with a user"),
    (403, "Forbidden: the group chat was deleted"),
    (400, "Bad Request: chat not found"),
    (400, "Bad Request: PEER_ID_INVALID"),
    (400, "Bad Request: group chat was deactivated"),
    (400, "Bad Request: not enough rights to send text messages to the chat"),
    (400, "Bad Request: have no rights to send a message"),
    (400, "Bad Request: need administrator rights in the channel chat"),
    (400, "Bad Request: CHAT_WRITE_FORBIDDEN"),
    (400, "Bad Request: CHAT_SEND_PLAIN_FORBIDDEN"),
    (400, "Bad Request: message thread not found"),
    (400, "Bad Request: TOPIC_CLOSED"),
]


@pytest.mark.parametrize(("status", "description"), CHAT_GONE, ids=[text for _, text in CHAT_GONE])
async def test_a_chat_that_takes_no_more_is_gone(status: int, description: str) -> None:
    assert type(await failure_of(says(status, description))) is ChatGone


async def test_a_group_that_became_a_supergroup_says_its_new_address() -> None:
    description = "Bad Request: group chat was upgraded to a supergroup chat"

    error = await failure_of(says(400, description, migrate_to_chat_id=-1001234))

    assert isinstance(error, ChatMoved)
    assert error.address == "-1001234"


@pytest.mark.parametrize("switch", ["true", "false"])
async def test_too_fast_says_how_long_to_wait(
    switch: str, monkeypatch: pytest.MonkeyPatch, recwarn: pytest.WarningsRecorder
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", switch)  # PTB's own: seconds come as int or timedelta

    error = await failure_of(says(429, "Too Many Requests: retry after 17", retry_after=17))

    assert isinstance(error, Throttled)
    assert error.wait == timedelta(seconds=17)
    assert not error.whole_bot
    assert len(recwarn) == (switch == "false")


async def test_too_fast_without_a_time_waits_a_little() -> None:
    error = await failure_of(says(429, "Too Many Requests: retry later"))

    assert isinstance(error, Throttled)
    assert error.wait > timedelta(0)


REJECTED = [
    (400, "Bad Request: message is too long"),
    (400, "Bad Request: message text is empty"),
    (400, "Bad Request: BUTTON_DATA_INVALID"),
    (400, "Bad Request: can't parse entities: unexpected end of name token"),
    (400, "Bad Request: message caption is too long"),
    (400, "Bad Request: wrong file identifier/HTTP URL specified"),
    (400, "Bad Request: wrong remote file identifier specified: Wrong string length"),
    (400, "Bad Request: wrong file_id or the file is temporarily unavailable"),
    (400, "Bad Request: can't use file of type Document as Photo"),
    # a group that takes texts, but no photos or documents
    (400, "Bad Request: not enough rights to send photos to the chat"),
    (400, "Bad Request: not enough rights to send documents to the chat"),
    (400, "Bad Request: CHAT_SEND_MEDIA_FORBIDDEN"),
    (403, "Forbidden: CHAT_SEND_PHOTOS_FORBIDDEN"),
    (413, "Request Entity Too Large"),
]


@pytest.mark.parametrize(("status", "description"), REJECTED, ids=[text for _, text in REJECTED])
async def test_what_is_never_accepted_is_rejected(status: int, description: str) -> None:
    assert type(await failure_of(says(status, description))) is Rejected


@pytest.mark.parametrize(
    "act", [says(401, "Unauthorized"), says(404, "Not Found")], ids=["401", "404"]
)
async def test_a_refused_token_is_told_apart_and_loses_nothing(act: Act) -> None:
    error = await failure_of(act)

    assert type(error) is TokenRefused
    assert isinstance(error, Unreachable)


NOT_DELIVERED = {
    "500 from Telegram": says(500, "Internal Server Error"),
    "502 with a page": shows(502, "<html>502 Bad Gateway</html>"),
    "503": shows(503, "busy"),
    "a redirect to a blocked page": shows(302, ""),
    "a proxy wants a password": shows(407, "who are you"),
}


@pytest.mark.parametrize("act", NOT_DELIVERED.values(), ids=NOT_DELIVERED)
async def test_what_was_not_delivered_is_unreachable(act: Act) -> None:
    assert type(await failure_of(act)) is Unreachable


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/bot", "ftp://127.0.0.1/bot"])
async def test_what_never_left_is_unreachable(url: str) -> None:
    async with a_bot(url) as bot:
        with pytest.raises(Unreachable) as caught:
            await TelegramMessenger(bot).send(TO, PART)

    assert type(caught.value) is Unreachable


@pytest.mark.parametrize("status", [400, 401, 403, 404])
@pytest.mark.parametrize("body", ["<h1>No</h1>", '{"error": "denied"}', '["denied"]'])
async def test_a_page_that_is_not_from_telegram_blames_no_chat_and_no_token(
    status: int, body: str
) -> None:
    assert type(await failure_of(shows(status, body))) is Unreachable


MAYBE_SENT = {
    "no answer in time": hangs,
    "reset": resets,
    "closed without an answer": closes,
    "half an answer": raw(b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{", then=closes),
    "without end": floods,
    "a gateway waited in vain": shows(504, "<html>504</html>"),
    "200 with a page": shows(200, "<h1>It works!</h1>"),
    "200 with nothing": shows(200, ""),
    "200 with other JSON": shows(200, "[]"),
    "200 without a result": says(200, "?"),
    "200 that is no message": shows(200, json.dumps({"ok": True, "result": {"id": 5}})),
    "200 without a number": shows(200, '{"ok": true, "result": {"message_id": "?"}}'),
    "200 that says true": shows(200, json.dumps({"ok": True, "result": True})),
}


@pytest.mark.parametrize("act", MAYBE_SENT.values(), ids=MAYBE_SENT)
async def test_what_was_not_answered_may_have_been_sent(act: Act) -> None:
    assert type(await failure_of(act)) is MaybeSent


@pytest.mark.parametrize("is_new", [True, False], ids=["send", "edit"])
async def test_text_that_is_no_unicode_is_rejected_before_it_leaves(is_new: bool) -> None:
    part = Part(text=RichText("nửa \ud83d"))
    async with wire(accepts()) as api, a_bot(api.url) as bot:
        messenger = TelegramMessenger(bot)
        with pytest.raises(Rejected):
            await (messenger.send(TO, part) if is_new else messenger.edit(TO, "5", part))

    assert api.asked == []


@pytest.mark.parametrize(
    "description",
    [
        "Bad Request: message to edit not found",
        "Bad Request: MESSAGE_ID_INVALID",
        "Bad Request: there is no text in the message to edit",
    ],
)
async def test_an_edit_tells_that_its_message_is_gone(description: str) -> None:
    async with wire(says(400, description)) as api, a_bot(api.url) as bot:
        with pytest.raises(MessageGone):
            await TelegramMessenger(bot).edit(TO, "5", PART)


async def test_an_edit_that_changes_nothing_is_done() -> None:
    description = (
        "Bad Request: message is not modified: specified new message content and reply markup "
        "are exactly the same as a current content and reply markup of the message"
    )

    async with wire(says(400, description)) as api, a_bot(api.url) as bot:
        await TelegramMessenger(bot).edit(TO, "5", PART)


LEAKS = {
    "a proxy's page": echoes(403),
    "a page with 200": echoes(200),
    "a page with 502": echoes(502),
    "a page with 504": echoes(504),
    "no answer": closes,
    "a bad button": says(
        400, f"Bad Request: inline keyboard button URL 'https://a.vn/{TEXT}' is invalid: Wrong"
    ),
    "a bad token": says(400, f"Bad Request: {TOKEN} and https://a.vn/bot{TOKEN}/sendMessage"),
}


@pytest.mark.parametrize("act", LEAKS.values(), ids=LEAKS)
async def test_what_is_raised_and_logged_holds_no_token_no_text_and_no_address(
    act: Act, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    caplog.set_level("WARNING", logger="telegram")  # as bot.logs does: DEBUG holds texts

    error = await failure_of(act)

    assert error.__suppress_context__  # else a traceback shows PTB's own text
    told = str(error) + repr(error) + caplog.text
    for secret in (TEXT, "a-token-nobody-may-read", "a.vn", "127.0.0.1"):
        assert secret not in told
