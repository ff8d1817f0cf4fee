"""How the bot puts things: the office's form of address, numbers, paragraphs, buttons."""

import re
from dataclasses import replace

from bot.commands.command import Office, Reply
from jobs.messenger import Button
from jobs.rich_text import RichText, plain
from jobs.text import fold, with_dots
from storage.records import Role

Rows = tuple[tuple[Button, ...], ...]

MAX_LABEL = 40  # characters; more is cut off on a small phone
_LONGEST_ID = 9  # digits: what a database's integer surely holds
NO_BREAK = "\u00a0"
TICK = "✓ "  # before what is chosen
ROLE_NAMES = {
    Role.MEMBER: "người nhận tin",
    Role.EDITOR: "người soạn tin",
    Role.APPROVER: "người duyệt tin",
    Role.HEAD: "người phụ trách tổ chức",
    Role.ADMIN: "quản trị viên",
    Role.OWNER: "người quản lý hệ thống",
}


def addressed(office: Office, text: str) -> str:
    """`{you}` becomes the office's form of address, `{You}` the same where a sentence begins.

    Without a form the pronoun is left out, so it may only be a sentence's subject.
    """
    form = office.address_form
    if form:
        return text.replace("{You}", capitalised(form)).replace("{you}", form)
    text = re.sub(r"\{You\} (.)", lambda first: first[1].upper(), text)
    return text.replace("{you} ", "")


def capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def bulletin_of(office: Office) -> str:
    """Bản tin của Đảng ủy xã …; an office may be called Bản tin … itself."""
    is_named_so = f"{fold(office.name)} ".startswith("ban tin ")
    return office.name if is_named_so else f"Bản tin của {office.name}"


def contact_line(office: Office) -> str:
    return f"Liên hệ: {office.contact}." if office.contact else ""


def counted(number: int, unit: str) -> str:
    """3.500 tin, never broken between number and unit."""
    return with_dots(number) + NO_BREAK + unit


def paragraphs(*texts: str) -> RichText:
    """With an empty line between; what is empty is left out."""
    return plain("\n\n".join(text for text in texts if text))


def lines(*texts: str) -> str:
    return "\n".join(text for text in texts if text)


def ticked(label: str, is_in: bool) -> str:
    return f"{TICK}{label}" if is_in else label


def button(label: str, command: str, choice: str = "") -> Button:
    """Says `choice` to the command when pressed."""
    return Button(label=label, data=f"{command}:{choice}")


def fitted(reply: Reply) -> Reply:
    """With labels as short as buttons are; a numbered list has room for all of it."""
    rows = (
        tuple(replace(each, label=_shortened(each.label)) for each in row) for row in reply.buttons
    )
    return replace(reply, buttons=tuple(rows))


def _shortened(label: str) -> str:
    if len(label) <= MAX_LABEL:
        return label
    whole_words = label[:MAX_LABEL].rsplit(" ", 1)[0]
    return whole_words.rstrip(" -,") + "…"


def read_id(value: str) -> int:
    """Of a button; 0, which nothing has, for what no button of ours says."""
    is_id = value.isascii() and value.isdecimal() and len(value) <= _LONGEST_ID
    return int(value) if is_id else 0
