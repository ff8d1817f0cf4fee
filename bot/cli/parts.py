"""A content as each platform would send it, printed: its parts, their lengths, the buttons."""

from collections.abc import Callable, Mapping, Sequence

from bot.cli.screen import say
from bot.commands.wording import counted
from bot.platforms.telegram.markup import parts_of
from jobs.messenger import Button, Content, Part
from jobs.rich_text import utf16_length
from storage.records import Platform

RENDERED: Mapping[Platform, Callable[[Content], Sequence[Part]]] = {Platform.TELEGRAM: parts_of}
_NAMES = {Platform.TELEGRAM: "Telegram", Platform.ZALO: "Zalo"}


def show_content(content: Content) -> None:
    for platform, render in RENDERED.items():
        parts = render(content)
        say(f"{_NAMES[platform]}: {counted(len(parts), 'tin nhắn')}", style="bold")
        for number, part in enumerate(parts, 1):
            length = counted(utf16_length(part.text.text), "ký tự")
            say(f"──── {number}/{len(parts)} · {length} ────", style="dim")
            say(part.text.text)
            for row in part.buttons:
                say("  ".join(map(_button, row)))
        say()


def _button(button: Button) -> str:
    return f"[ {button.label} ] {button.url}".rstrip()
