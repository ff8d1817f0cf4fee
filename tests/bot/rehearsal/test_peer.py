"""telemelya, a Telegram of other authors: what it answers, ours answers too."""

import os
from collections.abc import AsyncIterator, Iterator
from fnmatch import fnmatchcase
from subprocess import PIPE, Popen
from typing import Any

import httpx
import pytest

from bot.platforms.telegram.bot import open_bot
from bot.platforms.telegram.messenger import TelegramMessenger
from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.telegram.cast import MEMBER
from jobs.messenger import Address, Button, Part
from jobs.rich_text import bold, plain
from storage.records import Attachment, AttachmentKind, Platform
from tests.bot.rehearsal.conftest import NOW
from tests.bot.rehearsal.hook import serving
from tests.clients.conversation import BOLD, TOKEN, YES, Conversation, Json, OurPhone, TheirPhone
from tests.program import ROOT

PYTHON = ROOT / ".venv-telemelya" / "bin" / "python"
SCRIPT = ROOT / "tests" / "clients" / "telemelya_server.py"

# In both answers, of one type, but with a value that each server makes up.
OF_EACH_ITS_OWN = (
    "update_id",
    "message_id",
    "callback_query.id",
    "file_id",
    "file_unique_id",
    "file_path",
    "file_size",
    "width",
    "height",
    "date",
    "result.from.first_name",
    "result.first_name",
    "username",
    "supports_inline_queries",
)

# "call: what differs" -> why ours stays as it is. Client.cpp is that of the real server,
# github.com/tdlib/telegram-bot-api; "documented" is at core.telegram.org/bots/api.
EXCUSED = {
    "*: description is null": "documented: an optional field; it is left out, never null",
    "*: error_code is null": "documented: stands in refusals only",
    "* refused: result is null": "documented: stands in what is not refused",
    "sendPhoto by its id: result.caption is null": "documented: optional; there is no caption",
    **dict.fromkeys(
        (
            "*: result.from.can_join_groups is missing",
            "*: result.from.can_read_all_group_messages is missing",
            "*: result.from.supports_inline_queries is missing",
        ),
        "documented: returned only in getMe",
    ),
    "a photo: message.text is missing": "documented: of text messages only; here it is caption",
    **dict.fromkeys(
        (
            "a pressed button: callback_query.message.from.id is 123456789, not 700001",
            "a pressed button: callback_query.message.from.is_bot is True, not False",
            "a pressed button: callback_query.message.from.first_name is 'Bản tin*', not *",
            "a pressed button: callback_query.message.text is 'Tin mới*', not ''",
        ),
        "documented: the message that has the button, so the bot's; the peer makes one up",
    ),
    "* refused: HTTP status is 400, not 200": "Client.cpp: fail_query's code is the status too",
    "getFile refused: description is 'Bad Request: wrong file_id *', not *": (
        "Client.cpp: words of the real server; the peer has its own"
    ),
    "setWebhook to nothing: *": "documented: an empty URL removes the webhook; the peer refuses",
    **dict.fromkeys(
        (
            "setWebhook again: description is '* already set', not '* was set'",
            "deleteWebhook again: description is '* already deleted', not '* was deleted'",
        ),
        "Client.cpp: process_set_webhook_query; the peer does not look what was before",
    ),
}


@pytest.fixture(scope="module")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a running telemelya. It starts in about three seconds, so once."""
    if not PYTHON.exists():
        in_ci = "CI" in os.environ  # noqa: TID251 - not a setting: says where the tests run
        missing = pytest.fail if in_ci else pytest.skip
        missing("telemelya is not installed in .venv-telemelya, so no peer is compared with")
    folder = tmp_path_factory.mktemp("telemelya")
    log = folder / "log"
    with (
        log.open("wb") as errors,
        Popen([PYTHON, SCRIPT], stdin=PIPE, stdout=PIPE, stderr=errors, cwd=folder, env={}) as it,  # noqa: S603
    ):
        assert it.stdout is not None
        url = it.stdout.readline().decode().strip()
        assert url, log.read_text()
        yield url


@pytest.fixture
async def theirs(peer: str) -> AsyncIterator[TheirPhone]:
    async with httpx.AsyncClient(base_url=peer, timeout=60, trust_env=False) as http:
        yield TheirPhone(http=http)


@pytest.fixture
async def ours() -> AsyncIterator[OurPhone]:
    async with RehearsalServer(now=lambda: NOW, token=TOKEN, limits=None) as server:
        yield OurPhone(server=server)


async def test_what_the_peer_answers_ours_answers_too(theirs: TheirPhone, ours: OurPhone) -> None:
    async with (
        serving() as hook,
        httpx.AsyncClient(base_url=ours.server.url, timeout=60, trust_env=False) as http,
    ):
        of_peer = await Conversation(http=theirs.http, phone=theirs, hook=hook).hold()
        of_ours = await Conversation(http=http, phone=ours, hook=hook).hold()
    found = list(differences(of_peer, of_ours))
    excuses = {each: [excuse for excuse in EXCUSED if fnmatchcase(each, excuse)] for each in found}
    assert [each for each, excuse in excuses.items() if not excuse] == []
    used = {excuse for each in excuses.values() for excuse in each}
    assert EXCUSED.keys() - used == set(), "is excused, but does not differ"


def differences(theirs: dict[str, Json], ours: dict[str, Json]) -> Iterator[str]:
    """What the peer says and ours does not."""
    for call, answer in theirs.items():
        mine = dict(leaves(ours[call]))
        for path, value in leaves(answer):
            if (how := _difference(path, value, mine)) is not None:
                yield f"{call}: {path} {how}"


def _difference(path: str, value: object, ours: Json) -> str | None:
    if path not in ours:
        return "is null" if value is None else "is missing"
    mine = ours[path]
    if type(mine) is not type(value):
        return f"is {type(mine).__name__}, not {type(value).__name__}"
    is_same = mine == value or path.endswith(OF_EACH_ITS_OWN)
    return None if is_same else f"is {mine!r}, not {value!r}"


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, object]]:  # noqa: ANN401 - JSON
    """Every value that is no object or array, by its path: message.photo.0.width."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for name, each in inner:
        if isinstance(each, dict | list) and each:
            yield from leaves(each, f"{path}{name}.")
        else:
            yield f"{path}{name}", each


async def test_our_messenger_sends_and_edits_through_the_peer(
    peer: str, theirs: TheirPhone
) -> None:
    to = Address(platform=Platform.TELEGRAM, chat=str(MEMBER.id))
    buttons = ((Button(label="Có", data="yes"),),)
    photo = Attachment(kind=AttachmentKind.PHOTO, file_id="photo-1")
    before = len(await theirs.taken())
    async with open_bot(TOKEN, api_url=f"{peer}/bot") as bot:
        messenger = TelegramMessenger(bot)
        await messenger.ping()
        sent = await messenger.send(
            to, Part(text=bold("Tin mới") + plain(" hôm nay"), buttons=buttons)
        )
        await messenger.edit(to, sent, Part(text=plain("Tin đã sửa"), buttons=buttons))
        await messenger.send(to, Part(text=plain("Ảnh"), attachment=photo))
    said = (await theirs.taken())[before:]
    keyboard = {"inline_keyboard": [[YES]]}
    assert [(each["method"], each.get("text"), each["reply_markup"]) for each in said] == [
        ("sendMessage", "Tin mới hôm nay", keyboard),
        ("editMessageText", "Tin đã sửa", keyboard),
        ("sendPhoto", None, None),
    ]
    assert said[0]["raw"]["entities"] == [BOLD]
    assert {each["message_id"] for each in said[:2]} == {int(sent)}
    assert (said[2]["caption"], said[2]["file_id"]) == ("Ảnh", "photo-1")
