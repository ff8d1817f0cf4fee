"""The Telegram phones on the page, and what each shows."""

from bot.rehearsal.page.phone import Phone, phone_named
from bot.rehearsal.telegram.cast import GROUP_ADMIN, GROUP_ID, GROUP_MEMBER, MEMBER, OFFICE_ADMIN
from bot.rehearsal.telegram.records import Json, Message, Person
from bot.rehearsal.telegram.world import Event, TelegramWorld

MOST_MESSAGES = 200

TelegramPhone = Phone[int, Person]
PHONES = (
    Phone(
        key="member",
        tab="Hội viên",
        owner=f"Hội viên {MEMBER.name}",
        chat_id=MEMBER.id,
        players=((MEMBER, "hội viên"),),
    ),
    Phone(
        key="group",
        tab="Nhóm",
        owner="Trong nhóm",
        chat_id=GROUP_ID,
        players=((GROUP_ADMIN, "quản trị viên"), (GROUP_MEMBER, "thành viên")),
    ),
    Phone(
        key="admin",
        tab="Cán bộ",
        owner=f"Cán bộ {OFFICE_ADMIN.name}",
        chat_id=OFFICE_ADMIN.id,
        players=((OFFICE_ADMIN, "cán bộ"),),
    ),
)


def telegram_phone(key: object) -> TelegramPhone:
    """Raises KeyError."""
    return phone_named(PHONES, key)


def state(world: TelegramWorld) -> list[Json]:
    """All that the Telegram phones show."""
    return [
        _phone_json(world, phone)
        | {"messages": [message.to_api() for message in _history(world, phone)]}
        for phone in PHONES
    ]


def faults_json(world: TelegramWorld) -> list[Json]:
    """With the phone that each concerns; "" when it is not one of them."""
    keys = {world.chat(phone.chat_id).id: phone.key for phone in PHONES}
    return [
        fault.to_json()
        | {"platform": "telegram", "phone": keys.get(fault.chat, "") if fault.chat else ""}
        for fault in world.faults
    ]


def told_of(world: TelegramWorld, event: Event) -> list[Json]:
    """What open pages are told of an event; nothing when no phone shows its chat."""
    concerned = [phone for phone in PHONES if _concerns(world, event, phone)]
    if event.kind in {"chat", "menu"}:
        return [{"kind": "chat", "phone": _phone_json(world, phone)} for phone in concerned]
    message = {} if event.message is None else {"message": event.message.to_api()}
    return [
        {"kind": event.kind, "phone": phone.key, **event.detail, **message} for phone in concerned
    ]


def _concerns(world: TelegramWorld, event: Event, phone: TelegramPhone) -> bool:
    return event.chat_id in {None, phone.chat_id, world.chat(phone.chat_id).id}


def _phone_json(world: TelegramWorld, phone: TelegramPhone) -> Json:
    chat = world.chat(phone.chat_id)
    return {
        "platform": "telegram",
        "key": phone.key,
        "tab": phone.tab,
        "owner": phone.owner,
        "private": chat.is_private,
        "kind": chat.kind.value,
        "title": world.bot.name if chat.is_private else chat.title,
        "standing": chat.standing.value,
        "players": [
            {"id": person.id, "name": person.name, "role": role, "menu": menu}
            for person, role in phone.players
            for menu in [world.menus.seen_by(person.id, chat)]
        ],
    }


def _history(world: TelegramWorld, phone: TelegramPhone) -> list[Message]:
    """Of a supergroup also what was said while it was a group."""
    first, now = world.chats[phone.chat_id], world.chat(phone.chat_id)
    before = [] if first is now else list(first.messages.values())
    return [*before, *now.messages.values()][-MOST_MESSAGES:]
