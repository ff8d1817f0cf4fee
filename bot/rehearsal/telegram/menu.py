"""The list of commands that opens with "/": set for scopes, read for a person in a chat."""

import re
from typing import Any

from bot.rehearsal.telegram.errors import bad_request
from bot.rehearsal.telegram.records import Chat, Json

MOST_COMMANDS = 100
MOST_DESCRIPTION_CHARS = 256
NAME = re.compile(r"[a-z0-9_]{1,32}")
SCOPE_FIELDS = {  # core.telegram.org/bots/api#botcommandscope
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}
Scope = tuple[str | int, ...]


class Menus:
    def __init__(self) -> None:
        self._menus: dict[tuple[Scope, str], list[Json]] = {}

    def set(self, scope: Scope, language: str, commands: list[Json]) -> None:
        self._menus[scope, language] = commands

    def get(self, scope: Scope, language: str) -> list[Json]:
        return self._menus.get((scope, language), [])

    def delete(self, scope: Scope, language: str) -> None:
        self._menus.pop((scope, language), None)

    def seen_by(self, person_id: int, chat: Chat, language: str = "vi") -> list[Json]:
        """The first that is set; core.telegram.org/bots/api#determining-list-of-commands."""
        for scope in _scopes_of(person_id, chat):
            for code in (language, ""):
                if commands := self.get(scope, code):
                    return commands
        return []


def _scopes_of(person_id: int, chat: Chat) -> list[Scope]:
    if chat.is_private:
        return [("chat", chat.id), ("all_private_chats",), ("default",)]
    status = chat.members.get(person_id)
    is_admin = status is not None and status.is_admin
    scopes: list[tuple[bool, Scope]] = [
        (True, ("chat_member", chat.id, person_id)),
        (is_admin, ("chat_administrators", chat.id)),
        (True, ("chat", chat.id)),
        (is_admin, ("all_chat_administrators",)),
        (True, ("all_group_chats",)),
        (True, ("default",)),
    ]
    return [scope for holds, scope in scopes if holds]


def read_scope(given: Any) -> Scope:  # noqa: ANN401 - JSON is anything
    if given is None:
        return ("default",)
    if not isinstance(given, dict):
        raise bad_request("BotCommandScope must be an Object")
    kind = given.get("type")
    if kind not in SCOPE_FIELDS:
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    return (str(kind), *(_id_in(given, field) for field in SCOPE_FIELDS[kind]))


def _id_in(scope: Json, field: str) -> int:
    try:
        return int(scope[field])
    except (KeyError, TypeError, ValueError):
        raise bad_request(f"can't parse BotCommandScope: Can't find field \"{field}\"") from None


def read_commands(given: Any) -> list[Json]:  # noqa: ANN401
    if not isinstance(given, list):
        raise bad_request("expected an Array of BotCommand")
    if len(given) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    return [_read_command(command) for command in given]


def _read_command(given: Any) -> Json:  # noqa: ANN401
    if not isinstance(given, dict):
        raise bad_request("expected an Object as a BotCommand")
    name = str(given.get("command", "")).removeprefix("/")
    description = str(given.get("description", "")).strip()
    if not NAME.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not description:
        raise bad_request("command description must be non-empty")
    if len(description) > MOST_DESCRIPTION_CHARS:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}
