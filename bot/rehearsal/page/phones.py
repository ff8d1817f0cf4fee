"""The phones on the page, and what each shows."""

from dataclasses import dataclass
from typing import Any

from bot.rehearsal.portal.articles import VIET_NAM, Article
from bot.rehearsal.portal.pages import article_path
from bot.rehearsal.portal.portal import Portal
from bot.rehearsal.telegram.cast import GROUP_ADMIN, GROUP_ID, GROUP_MEMBER, MEMBER
from bot.rehearsal.telegram.records import Json, Message, Person
from bot.rehearsal.telegram.world import Event, TelegramWorld

MOST_MESSAGES = 200
MOST_ARTICLES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """One chat on the page; with several players one chooses who writes."""

    key: str
    tab: str
    owner: str
    chat_id: int
    players: tuple[tuple[Person, str], ...]  # with what each is in the chat


PHONES = (
    Phone(
        key="member",
        tab="Hội viên",
        owner=f"Điện thoại của hội viên {MEMBER.name}",
        chat_id=MEMBER.id,
        players=((MEMBER, "hội viên"),),
    ),
    Phone(
        key="group",
        tab="Nhóm",
        owner="Điện thoại trong nhóm",
        chat_id=GROUP_ID,
        players=((GROUP_ADMIN, "quản trị viên"), (GROUP_MEMBER, "thành viên")),
    ),
)


def phone_named(key: object) -> Phone:
    """Raises KeyError."""
    return {phone.key: phone for phone in PHONES}[str(key)]


def state(world: TelegramWorld, portal: Portal) -> Json:
    """All that the page shows."""
    return {
        "kind": "state",
        "bot": {"id": world.bot.id, "name": world.bot.name, "username": world.bot.username},
        "phones": [_phone_json(world, phone) for phone in PHONES],
        "portal": [_article_json(article) for article in portal.articles[:MOST_ARTICLES]],
    }


def event_json(world: TelegramWorld, event: Event) -> Json | None:
    """What the page is told of an event; None when no phone shows its chat."""
    for phone in PHONES:
        if event.chat_id in {phone.chat_id, world.chat(phone.chat_id).id}:
            told: dict[str, Any] = {"kind": event.kind, "phone": phone.key, **event.detail}
            if event.message is not None:
                told["message"] = event.message.to_api()
            return told
    return None


def _phone_json(world: TelegramWorld, phone: Phone) -> Json:
    chat = world.chat(phone.chat_id)
    return {
        "key": phone.key,
        "tab": phone.tab,
        "owner": phone.owner,
        "private": chat.is_private,
        "title": world.bot.name if chat.is_private else chat.title,
        "kind": chat.kind.value,
        "standing": chat.standing.value,
        "players": [
            {"id": person.id, "name": person.name, "role": role, "menu": menu}
            for person, role in phone.players
            for menu in [world.menus.seen_by(person.id, chat)]
        ],
        "messages": [message.to_api() for message in _history(world, phone)],
    }


def _history(world: TelegramWorld, phone: Phone) -> list[Message]:
    """Of a supergroup also what was said while it was a group."""
    first, now = world.chats[phone.chat_id], world.chat(phone.chat_id)
    before = [] if first is now else list(first.messages.values())
    return [*before, *now.messages.values()][-MOST_MESSAGES:]


def _article_json(article: Article) -> Json:
    return {
        "id": article.id,
        "title": article.title,
        "category": article.category,
        "when": f"{article.published_at.astimezone(VIET_NAM):%H:%M %d/%m/%Y}",
        "url": article_path(article.slug),
    }
