"""Which chat a bulletin goes to: on the platform its subscriber prefers, else his first."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, case, exists, func, select
from sqlalchemy.orm import aliased

from storage.models import ChatRow, DeliveryRow, MessageRow, RefusalRow, SubscriberRow
from storage.records import Reachability

# as aggregates: SQLite knows no outer columns in an ORDER BY
_FIRST = func.min(ChatRow.id)
_PREFERRED = func.min(case((ChatRow.platform == SubscriberRow.preferred_platform, ChatRow.id)))
_CHOSEN = func.coalesce(_PREFERRED, _FIRST)
_IS_OK = ChatRow.reachability == Reachability.OK


def way_of_subscriber() -> ColumnElement[int]:
    """The chat's id, where subscribers are selected; NULL when none can be written to."""
    usual, chosen = (
        select(found)
        .where(ChatRow.subscriber_id == SubscriberRow.id, _IS_OK)
        .correlate(SubscriberRow)
        .scalar_subquery()
        for found in (_FIRST, _CHOSEN)
    )
    # most have chosen none, and of a hundred thousand each step counts
    return case((SubscriberRow.preferred_platform.is_(None), usual), else_=chosen)


def platform_of_way() -> ScalarSelect[str]:
    """Where that chat is."""
    way = aliased(ChatRow)
    return (
        select(way.platform)
        .where(way.id == way_of_subscriber())
        .correlate(SubscriberRow)
        .scalar_subquery()
    )


def way_of_delivery(*, without_bots: Collection[int] = ()) -> ScalarSelect[int]:
    """The bot of the chat that a delivery may go to; NULL when there is none.

    Never again the chat that it was just tried at, nor one that has refused it.
    """
    refused = (
        exists()
        .where(RefusalRow.chat_id == ChatRow.id, RefusalRow.delivery_id == DeliveryRow.id)
        .correlate(ChatRow, DeliveryRow)
    )
    return _bot_for_delivery(
        ChatRow.bot_id.not_in(without_bots),
        DeliveryRow.chat_id.is_distinct_from(ChatRow.id),
        ~refused,
    )


def with_several_ways() -> Select[int]:
    """The few who have chats of more than one bot."""
    return (
        select(ChatRow.subscriber_id)
        .group_by(ChatRow.subscriber_id)
        .having(func.min(ChatRow.bot_id) != func.max(ChatRow.bot_id))
    )


def usual_way_of_delivery() -> ScalarSelect[int]:
    """The bot of the chat that its subscriber is usually written to."""
    return _bot_for_delivery()


def _bot_for_delivery(*which: ColumnElement[bool]) -> ScalarSelect[int]:
    chosen = (
        select(_CHOSEN)
        .join(SubscriberRow, SubscriberRow.id == ChatRow.subscriber_id)
        .where(ChatRow.subscriber_id == DeliveryRow.subscriber_id, _IS_OK, *which)
        .correlate(DeliveryRow)
        .scalar_subquery()
    )
    way = aliased(ChatRow)
    return select(way.bot_id).where(way.id == chosen).correlate(DeliveryRow).scalar_subquery()


def never_arrived() -> ColumnElement[bool]:
    """Nothing of the delivery can have reached anybody: only then may it go another way."""
    begun = exists().where(MessageRow.delivery_id == DeliveryRow.id)
    return and_(DeliveryRow.unsure_count == 0, ~begun)
