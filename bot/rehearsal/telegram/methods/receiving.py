"""getMe, getUpdates, answerCallbackQuery, and the trivial ones around a connection."""

from bot.rehearsal.telegram.errors import QUERY_TOO_OLD, bad_request
from bot.rehearsal.telegram.params import Params
from bot.rehearsal.telegram.records import Answer, Json
from bot.rehearsal.telegram.world import Event, TelegramWorld

MOST_ANSWER_CHARS = 200  # core.telegram.org/bots/api#answercallbackquery


async def get_me(world: TelegramWorld, _params: Params) -> Json:
    return world.bot.to_api() | {
        "can_join_groups": True,
        "can_read_all_group_messages": not world.privacy_mode,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


async def get_updates(world: TelegramWorld, params: Params) -> list[Json]:
    allowed = params.structure("allowed_updates")
    world.updates.allow(allowed if isinstance(allowed, list) else None)
    return await world.updates.poll(
        offset=params.integer("offset"),
        limit=params.integer("limit", 100),
        timeout_seconds=params.integer("timeout"),
    )


async def answer_callback_query(world: TelegramWorld, params: Params) -> bool:
    text = params.text("text")
    if len(text) > MOST_ANSWER_CHARS:
        raise bad_request("MESSAGE_TOO_LONG")
    answer = Answer(text=text, show_alert=params.flag("show_alert"), url=params.text("url"))
    query = world.close_query(params.text("callback_query_id"), answer)
    if query is None:
        raise bad_request(QUERY_TOO_OLD)
    detail = {
        "query": query.id,
        "person": query.person.id,
        "text": text,
        "alert": answer.show_alert,
    }
    world.tell(Event(kind="answer", chat_id=query.chat_id, detail=detail))
    return True


async def delete_webhook(world: TelegramWorld, params: Params) -> bool:
    if params.flag("drop_pending_updates"):
        world.updates.drop_all()
    return True


async def get_webhook_info(world: TelegramWorld, _params: Params) -> Json:
    info: Json = {
        "url": "",
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates),
    }
    return info | ({"allowed_updates": world.updates.allowed} if world.updates.allowed else {})


async def say_true(_world: TelegramWorld, _params: Params) -> bool:
    """close, logOut."""
    return True
