"""getChat, getChatMember, getChatAdministrators."""

from bot.rehearsal.telegram.errors import bad_request
from bot.rehearsal.telegram.members import full_info, member
from bot.rehearsal.telegram.params import Params
from bot.rehearsal.telegram.records import Chat, Json, Status
from bot.rehearsal.telegram.world import TelegramWorld


async def get_chat(world: TelegramWorld, params: Params) -> Json:
    return full_info(world.reach(params.text("chat_id")))


async def get_chat_member(world: TelegramWorld, params: Params) -> Json:
    chat = world.reach(params.text("chat_id"))
    person = world.persons.get(params.integer("user_id"))
    if person is None:
        raise bad_request("PARTICIPANT_ID_INVALID")
    return member(person, _status_in(world, chat, person.id))


async def get_chat_administrators(world: TelegramWorld, params: Params) -> list[Json]:
    chat = world.reach(params.text("chat_id"))
    if chat.is_private:
        raise bad_request("there are no administrators in the private chat")
    return [
        member(world.persons[person_id], status)
        for person_id, status in chat.members.items()
        if status.is_admin
    ]


def _status_in(world: TelegramWorld, chat: Chat, person_id: int) -> str:
    if person_id in {world.bot.id, chat.id}:
        return Status.MEMBER
    return chat.members.get(person_id, "left")
