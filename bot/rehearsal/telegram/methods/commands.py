"""setMyCommands, getMyCommands, deleteMyCommands."""

from bot.rehearsal.telegram.menu import Scope, read_commands, read_scope
from bot.rehearsal.telegram.params import Params
from bot.rehearsal.telegram.records import Json
from bot.rehearsal.telegram.world import Event, TelegramWorld


async def set_my_commands(world: TelegramWorld, params: Params) -> bool:
    scope = _known_scope(world, params)
    world.menus.set(
        scope, params.text("language_code"), read_commands(params.structure("commands"))
    )
    world.tell(Event(kind="menu", chat_id=None))
    return True


async def get_my_commands(world: TelegramWorld, params: Params) -> list[Json]:
    return world.menus.get(_known_scope(world, params), params.text("language_code"))


async def delete_my_commands(world: TelegramWorld, params: Params) -> bool:
    world.menus.delete(_known_scope(world, params), params.text("language_code"))
    world.tell(Event(kind="menu", chat_id=None))
    return True


def _known_scope(world: TelegramWorld, params: Params) -> Scope:
    scope = read_scope(params.structure("scope"))
    if len(scope) > 1:
        world.reach(str(scope[1]))
    return scope
