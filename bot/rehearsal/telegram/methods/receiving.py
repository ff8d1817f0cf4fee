"""getMe, getUpdates, getFile, answerCallbackQuery, and the trivial ones around a connection."""

from bot.rehearsal.telegram.errors import QUERY_TOO_OLD, WRONG_FILE_ID, bad_request
from bot.rehearsal.telegram.params import Params
from bot.rehearsal.telegram.records import Answer, Json
from bot.rehearsal.telegram.world import Event, TelegramWorld

MOST_ANSWER_CHARS = 200  # core.telegram.org/bots/api#answercallbackquery
MOST_DOWNLOAD_BYTES = 20 << 20  # core.telegram.org/bots/api#getfile


async def get_me(world: TelegramWorld, _params: Params) -> Json:
    return world.bot.to_api() | {
        "can_join_groups": True,
        "can_read_all_group_messages": not world.privacy_mode,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


async def get_updates(world: TelegramWorld, params: Params) -> list[Json]:
    world.webhook.refuse_polls()
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


async def get_file(world: TelegramWorld, params: Params) -> Json:
    file = world.files.find(params.text("file_id"))
    if file is None:
        raise bad_request(WRONG_FILE_ID)
    if file.size > MOST_DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    return {
        "file_id": file.id,
        "file_unique_id": file.unique_id,
        "file_size": file.size,
        "file_path": file.path,
    }


async def say_true(_world: TelegramWorld, _params: Params) -> bool:
    """close, logOut."""
    return True
