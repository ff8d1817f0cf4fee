"""A content as each platform would send it, printed: its parts, their lengths, the buttons."""

from collections.abc import Callable, Mapping, Sequence

from bot.cli.screen import say
from bot.commands.wording import counted
from bot.platforms.telegram import markup
from bot.platforms.zalo import render
from bot.settings import Settings
from jobs.messenger import PLATFORM_NAMES, Button, Content, Part
from jobs.rich_text import utf16_length
from storage.records import Platform

_RENDERED: Mapping[Platform, Callable[[Content], Sequence[Part]]] = {
    Platform.TELEGRAM: markup.parts_of,
    Platform.ZALO: render.parts_of,
}


def show_content(content: Content, settings: Settings) -> None:
    """Where the office has a bot; everywhere as long as it has none."""
    for platform in settings.platforms or _RENDERED:
        parts = _RENDERED[platform](content)
        say(f"{PLATFORM_NAMES[platform]}: {counted(len(parts), 'tin nhắn')}", style="bold")
        for number, part in enumerate(parts, 1):
            length = counted(utf16_length(part.text.text), "ký tự")
            say(f"──── {number}/{len(parts)} · {length} ────", style="dim")
            say(part.text.text)
            for row in part.buttons:
                say("  ".join(map(_button, row)))
        say()


def _button(button: Button) -> str:
    return f"[ {button.label} ] {button.url}".rstrip()
