"""A person with a phone, for tests: says things, presses buttons, and reads each answer well."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count

from bot.commands.command import Incoming, Reply
from bot.commands.dispatch import FrontDesk
from bot.commands.wording import MAX_LABEL
from jobs.messenger import Address, Button, Content
from jobs.rich_text import RichText, plain
from storage.records import Attachment, ChatKind, Platform
from tests.samples import NOW

GROUP = "-100200"
_UNWANTED = re.compile(r"\b(?:bạn|mình|em|tôi)\b|!", re.IGNORECASE)
_SPOKEN_FOR_HIM = "Gửi thử cho tôi"


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
    is_chat_admin: bool = False
    seen: Reply | None = None  # the newest answer

    @property
    def address(self) -> Address:
        return Address(
            platform=Platform.TELEGRAM,
            chat=self.group or self.person,
            thread=self.thread,
            kind=ChatKind.GROUP if self.group else ChatKind.PERSON,
        )

    def incoming(self, *, text: str = "", data: str = "") -> Incoming:
        async def is_chat_admin() -> bool:
            return self.is_chat_admin

        return Incoming(
            address=self.address,
            bot_id=self.bot_id,
            person=self.person,
            person_name=self.name,
            chat_name="Nhóm thôn Đông" if self.group else "",
            text=text,
            content=plain(text),
            data=data,
            message_id="7" if data else "",
            is_chat_admin=is_chat_admin,
        )

    async def say(self, text: str) -> str:
        """What is answered; "" for silence."""
        return self._read(await self.desk.answer(self.incoming(text=text)))

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
        pressed = [each for each in buttons_of(reply) if each.label == label]
        assert len(pressed) == 1, f"{label!r} is not one of {labels_of(reply)}"
        return await self.press_data(pressed[0].data)

    async def press_data(self, data: str) -> str:
        return self._read(await self.desk.answer(self.incoming(data=data)))

    async def join(self) -> str:
        """Adds the bot to the group."""
        return self._read(await self.desk.joined(self.incoming()))

    @property
    def labels(self) -> list[str]:
        assert self.seen is not None
        return labels_of(self.seen)

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
        return reply.text.text


def buttons_of(reply: Reply) -> list[Button]:
    return [button for row in reply.buttons for button in row]


def labels_of(reply: Reply) -> list[str]:
    return [button.label for button in buttons_of(reply)]


def check_manners(reply: Reply) -> None:
    """What must hold of every answer, whoever gets it."""
    assert reply.text.text or reply.toast
    for text in (reply.text.text, reply.toast, *labels_of(reply)):
        check_text(text.removesuffix(_SPOKEN_FOR_HIM))
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
class Town:
    """Everybody who may write to the bot."""

    desk: FrontDesk
    bot_id: int
    clock: StoppedClock
    people: Iterator[int] = field(default_factory=lambda: count(5001))

    def person(self, name: str = "Trần Văn Mẫu") -> Phone:
        return Phone(desk=self.desk, bot_id=self.bot_id, person=str(next(self.people)), name=name)

    def in_group(self, phone: Phone, *, is_chat_admin: bool = False) -> Phone:
        return Phone(
            desk=self.desk,
            bot_id=self.bot_id,
            person=phone.person,
            name=phone.name,
            group=GROUP,
            is_chat_admin=is_chat_admin,
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
