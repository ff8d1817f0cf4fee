"""The Zalo phones on the page, and what each shows."""

from bot.rehearsal.page.phone import Phone, phone_named
from bot.rehearsal.zalo.account import Account
from bot.rehearsal.zalo.cast import GROUP_ID, GROUP_MEMBER, GROUP_OWNER, MEMBER
from bot.rehearsal.zalo.records import Chat, Json, Person
from bot.rehearsal.zalo.world import Event, ZaloWorld

MOST_MESSAGES = 200


ZaloPhone = Phone[str, Person]
ZALO_PHONES = (
    Phone(
        key="zalo-member",
        tab="Zalo",
        owner=f"Hội viên {MEMBER.name}",
        chat_id=MEMBER.id,
        players=((MEMBER, "hội viên"),),
    ),
    Phone(
        key="zalo-group",
        tab="Nhóm Zalo",
        owner="Trong nhóm",
        chat_id=GROUP_ID,
        players=((GROUP_OWNER, "trưởng nhóm"), (GROUP_MEMBER, "thành viên")),
    ),
)


def zalo_phone(key: object) -> ZaloPhone:
    """Raises KeyError."""
    return phone_named(ZALO_PHONES, key)


def zalo_state(world: ZaloWorld) -> list[Json]:
    """All that the Zalo phones show."""
    bot = world.bot
    return [
        _phone_json(bot, phone)
        | {"messages": [message.to_page() for message in messages[-MOST_MESSAGES:]]}
        for phone in ZALO_PHONES
        for messages in [bot.messages(phone.chat_id)]
    ]


def zalo_faults_json(world: ZaloWorld) -> list[Json]:
    """With the phone that each concerns; "" when it is not one of them."""
    keys = {phone.chat_id: phone.key for phone in ZALO_PHONES}
    return [
        fault.to_json() | {"platform": "zalo", "phone": keys.get(fault.chat, "")}
        for fault in world.faults
    ]


def zalo_told_of(world: ZaloWorld, event: Event) -> list[Json]:
    """What open pages are told of an event; nothing when no phone shows its chat."""
    if event.account != world.bot.id:
        return []
    concerned = [phone for phone in ZALO_PHONES if phone.chat_id == event.chat_id]
    if event.kind == "chat":
        return [{"kind": "chat", "phone": _phone_json(world.bot, phone)} for phone in concerned]
    message = {} if event.message is None else {"message": event.message.to_page()}
    return [
        {"kind": event.kind, "phone": phone.key, **event.detail, **message} for phone in concerned
    ]


def _phone_json(bot: Account, phone: ZaloPhone) -> Json:
    chat = bot.chats[phone.chat_id]
    return {
        "platform": "zalo",
        "bot_id": bot.id,
        "mention": bot.mention,
        "key": phone.key,
        "tab": phone.tab,
        "owner": phone.owner,
        "private": chat.is_private,
        "title": _title(bot, chat),
        "standing": chat.standing.value,
        "players": [
            {"id": person.id, "name": person.name, "role": role} for person, role in phone.players
        ],
    }


def _title(bot: Account, chat: Chat) -> str:
    return bot.person.name if chat.is_private else chat.title
