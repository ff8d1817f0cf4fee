"""A person with a phone, for tests: says things, presses buttons, and reads each answer well."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count

import pytest

from bot.commands.command import Incoming, Office, Reply
from bot.commands.dispatch import FrontDesk
from bot.commands.wording import MAX_LABEL
from jobs.messenger import Address, Button, Content
from jobs.rich_text import RichText, plain
from storage.database import Database
from storage.records import Attachment, ChatKind, Platform
from tests.samples import NOW

GROUP = "-100200"
_UNWANTED = re.compile(r"\b(?:bạn|mình|em|tôi)\b|!", re.IGNORECASE)
_SPOKEN_FOR_HIM = re.compile(r"Gửi thử cho tôi\b|\bdữ liệu của tôi\b")

# for what only a platform with buttons has: presses on old messages, edits, toasts; and for what
# only one without has
BUTTONS_ONLY = pytest.mark.parametrize("buttons", [True], ids=["buttons"])
TYPED_ONLY = pytest.mark.parametrize("buttons", [False], ids=["typed"])

_CHOICES = re.compile(r"(?:\A|\n\n)((?:[1-9]\d*\. .+\n)*(?:0\. .+\n)?)([^\n]*[Tt]rả lời [^\n]*)\Z")
_AS_SWITCH = {"Đổi thành khẩn": "Khẩn: không", "Đổi thành không khẩn": "Khẩn: có"}
_CHOICE = re.compile(r"(\d+)\. (.+)")


class StoppedClock:
    def __init__(self, start: datetime = NOW) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def pass_time(self, time: timedelta) -> None:
        self._now += time

    def monotonic(self) -> float:
        return self._now.timestamp()

    async def sleep_until(self, moment: float) -> None:
        raise AssertionError(f"a conversation waits for nothing, not until {moment}")


@dataclass(slots=True)
class Phone:
    """In his private chat, or in a group when one is named."""

    desk: FrontDesk
    bot_id: int
    person: str = "5001"
    name: str = "Trần Văn Mẫu"
    group: str = ""
    thread: str = ""
    is_chat_admin: bool | None = False  # None: as on Zalo, which tells no bot
    buttons: bool = True  # else he types what the numbers offer
    seen: Reply | None = None  # the newest answer

    @property
    def address(self) -> Address:
        return Address(
            platform=Platform.TELEGRAM,
            chat=self.group or self.person,
            thread=self.thread,
            kind=ChatKind.GROUP if self.group else ChatKind.PERSON,
        )

    @property
    def chat_name(self) -> str:
        return "Nhóm thôn Đông" if self.group else ""

    def incoming(self, *, text: str = "", data: str = "") -> Incoming:
        async def is_chat_admin() -> bool:
            return bool(self.is_chat_admin)

        return Incoming(
            address=self.address,
            bot_id=self.bot_id,
            person=self.person,
            person_name=self.name,
            chat_name=self.chat_name,
            text=text,
            content=plain(text),
            data=data,
            message_id="7" if data else "",
            is_chat_admin=None if self.is_chat_admin is None else is_chat_admin,
        )

    async def say(self, text: str) -> str:
        """What is answered; "" for silence."""
        return self._read(await self.desk.answer(self.incoming(text=text)))

    async def quote(self, text: str) -> str:
        """In a group: an answer to the bot's words, without its name."""
        quoted = replace(self.incoming(text=text), called=False)
        return self._read(await self.desk.answer(quoted))

    async def write(
        self,
        content: str | RichText = "",
        *,
        attachment: Attachment | None = None,
        album: str = "",
        other_media: bool = False,
        forwarded: bool = False,
    ) -> str:
        """More than bare words: styles, a photo or document with its caption, a forwarded one."""
        rich = plain(content) if isinstance(content, str) else content
        incoming = replace(
            self.incoming(text=rich.text),
            content=rich,
            attachment=attachment,
            album=album,
            other_media=other_media,
            forwarded=forwarded,
        )
        return self._read(await self.desk.answer(incoming))

    async def press(self, label: str, *, on: Reply | None = None) -> str:
        """The button with this label, on the newest answer or on somebody else's."""
        reply = on or self.seen
        assert reply is not None
        if not self.buttons:
            assert on is None, "nobody can answer an old list by its numbers"
            return await self.say(self.typed(label))
        pressed = [each for each in buttons_of(reply) if each.label == label]
        assert len(pressed) == 1, f"{label!r} is not one of {labels_of(reply)}"
        return await self.press_data(pressed[0].data)

    def typed(self, label: str) -> str:
        """What is typed where another would press."""
        assert self.seen is not None
        numbers = {label: number for number, label in choices_in(self.seen)}
        assert label in numbers, f"{label!r} is not one of {list(numbers)}"
        number = numbers[label]
        if number == "0" or "các số muốn chọn" not in self.seen.text.text:
            return number
        return f"bỏ {number}" if label.startswith("✓") else f"thêm {number}"

    async def press_data(self, data: str) -> str:
        return self._read(await self.desk.answer(self.incoming(data=data)))

    async def join(self) -> str:
        """Adds the bot to the group."""
        return self._read(await self.desk.joined(self.incoming()))

    @property
    def labels(self) -> list[str]:
        assert self.seen is not None
        return labels_of(self.seen) + [label for _, label in choices_in(self.seen)]

    @property
    def preview(self) -> Content:
        assert self.seen is not None
        assert self.seen.above is not None
        return self.seen.above

    @property
    def toast(self) -> str:
        assert self.seen is not None
        return self.seen.toast

    def _read(self, reply: Reply | None) -> str:
        self.seen = reply
        if reply is None:
            return ""
        check_manners(reply)
        if self.buttons:
            return reply.text.text
        assert not reply.edit
        assert not reply.toast
        assert not any(each.data for each in buttons_of(reply))
        return _CHOICES.sub("", reply.text.text)


def buttons_of(reply: Reply) -> list[Button]:
    return [button for row in reply.buttons for button in row]


def labels_of(reply: Reply) -> list[str]:
    return [button.label for button in buttons_of(reply)]


def choices_in(reply: Reply) -> list[tuple[str, str]]:
    """Numbers with what they stand for, as a reader finds them in the text."""
    found = _CHOICES.search(reply.text.text)
    listed = _CHOICE.findall(found[1]) if found else []
    return [(number, _as_on_button(label)) for number, label in listed]


def _as_on_button(label: str) -> str:
    return (
        f"✓ {label.removesuffix(' ✓')}" if label.endswith(" ✓") else _AS_SWITCH.get(label, label)
    )


def check_manners(reply: Reply) -> None:
    """What must hold of every answer, whoever gets it."""
    assert reply.text.text or reply.toast
    for text in (reply.text.text, reply.toast, *labels_of(reply)):
        check_text(_SPOKEN_FOR_HIM.sub("", text))
    for button in buttons_of(reply):
        assert 0 < len(button.label) <= MAX_LABEL
        assert bool(button.url) != bool(button.data)
        assert len(button.data.encode()) <= 64  # core.telegram.org/bots/api#inlinekeyboardbutton


def check_words(text: str) -> None:
    assert unicodedata.is_normalized("NFC", text)
    assert not _UNWANTED.search(text), text


def check_text(text: str) -> None:
    check_words(text)
    assert "{" not in text
    assert "  " not in text
    assert "\n\n\n" not in text


@dataclass(slots=True)
class ZaloPhone(Phone):
    @property
    def chat_name(self) -> str:
        """Zalo tells no group's."""
        return ""

    @property
    def address(self) -> Address:
        return Address(
            platform=Platform.ZALO,
            chat=self.group or self.person,
            kind=ChatKind.GROUP if self.group else ChatKind.PERSON,
        )


@dataclass(slots=True)
class Town:
    """Everybody who may write to the bot."""

    desk: FrontDesk
    bot_id: int
    clock: StoppedClock
    buttons: bool = True
    people: Iterator[int] = field(default_factory=lambda: count(5001))

    def person(self, name: str = "Trần Văn Mẫu") -> Phone:
        return Phone(
            desk=self.desk,
            bot_id=self.bot_id,
            person=str(next(self.people)),
            name=name,
            buttons=self.buttons,
        )

    def new_desk(self, database: Database, office: Office) -> FrontDesk:
        """As after a restart."""
        return FrontDesk(
            database=database,
            office=office,
            clock=self.clock,
            bot_id=self.bot_id,
            buttons=self.buttons,
        )

    def in_group(self, phone: Phone, *, is_chat_admin: bool | None = False) -> Phone:
        return Phone(
            desk=self.desk,
            bot_id=self.bot_id,
            person=phone.person,
            name=phone.name,
            group=GROUP,
            is_chat_admin=is_chat_admin,
            buttons=self.buttons,
        )

    def group_admin(self) -> Phone:
        return self.in_group(self.person(), is_chat_admin=True)

    def group_member(self) -> Phone:
        return self.in_group(self.person())

    async def subscriber(self) -> Phone:
        phone = self.person()
        await phone.say("/dangky")
        await phone.press("Đồng ý")
        await phone.press("Bỏ qua")
        return phone
