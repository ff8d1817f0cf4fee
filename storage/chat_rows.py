"""Rows of bots and chats as records, and what stays of a subscriber: for several repositories."""

from datetime import datetime
from typing import Any

from storage.models import BotRow, ChatRow
from storage.records import Bot, Chat, ChatKind, Platform, Reachability, Role, SubscriberState


def bot_record(row: BotRow) -> Bot:
    return Bot(
        id=row.id,
        platform=Platform(row.platform),
        account=row.account,
        name=row.name,
        down_since=row.down_since,
    )


def chat_record(row: ChatRow) -> Chat:
    return Chat(
        id=row.id,
        subscriber_id=row.subscriber_id,
        platform=Platform(row.platform),
        bot_id=row.bot_id,
        address=row.address,
        thread=row.thread,
        kind=ChatKind(row.kind),
        reachability=Reachability(row.reachability),
        gone_at=row.gone_at,
    )


def erased(now: datetime) -> dict[str, Any]:
    """A subscriber's columns when nothing personal is left."""
    return {
        "state": SubscriberState.ERASED,
        "name": "",
        "role": Role.MEMBER,
        "organisation_id": None,
        "consent_version": None,
        "consented_at": None,
        "ended_at": now,
        "digest_hour": None,
        "digest_since": None,
        "preferred_platform": None,
        "stands_for_members": False,
    }
