"""What delivery says to the database a thousand times a second.

Put together once, and past the ORM: a claim then costs a quarter.
"""

from typing import cast

from sqlalchemy import (
    BindParameter,
    Integer,
    Table,
    Text,
    bindparam,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from storage.models import (
    WAITING,
    BulletinRow,
    ChatRow,
    DeliveryRow,
    MessageRow,
    SubscriberRow,
    UtcDateTime,
)
from storage.records import DeliveryState, Reachability, SubscriberState

_DELIVERY = cast("Table", DeliveryRow.__table__)
_CHAT = cast("Table", ChatRow.__table__)
_BULLETIN = cast("Table", BulletinRow.__table__)
_SUBSCRIBER = cast("Table", SubscriberRow.__table__)
_MESSAGE = cast("Table", MessageRow.__table__)
_NOW = bindparam("now", type_=UtcDateTime())
_IDS: BindParameter[int] = bindparam("ids", expanding=True)
_PROCESS = bindparam("process", type_=Integer())

_PICKED = (
    select(_DELIVERY.c.id)
    .where(
        WAITING,
        _DELIVERY.c.bot_id == bindparam("bot", type_=Integer()),
        _DELIVERY.c.priority <= bindparam("least_urgent", type_=Integer()),
        _DELIVERY.c.not_before <= _NOW,
    )
    .order_by(_DELIVERY.c.priority, _DELIVERY.c.not_before, _DELIVERY.c.id)
    .limit(bindparam("most", type_=Integer()))
    .with_for_update(skip_locked=True)
    .cte("picked")
)
# locked as a foreign key would: one that is being erased is waited for, and is no chat any more
_CHAT_NOW = (
    select(_CHAT.c.id)
    .where(
        _CHAT.c.subscriber_id == _DELIVERY.c.subscriber_id,
        _CHAT.c.bot_id == _DELIVERY.c.bot_id,
        _CHAT.c.reachability == Reachability.OK.value,
    )
    .order_by(_CHAT.c.id)
    .limit(1)
    .with_for_update(read=True, key_share=True)
    .correlate(_DELIVERY)
    .scalar_subquery()
)
TAKE = (
    update(_DELIVERY)
    .where(_DELIVERY.c.id == _PICKED.c.id)
    .values(
        state=DeliveryState.SENDING.value,
        reason=None,
        attempts=_DELIVERY.c.attempts + 1,
        process_id=_PROCESS,
        chat_id=_CHAT_NOW,
        changed_at=_NOW,
    )
    .returning(_DELIVERY.c.id)
)
# of those just taken: what may be sent, in its order
HOPEFUL = (
    select(
        _DELIVERY.c.id.label("delivery_id"),
        _DELIVERY.c.bulletin_id,
        _DELIVERY.c.attempts,
        _CHAT.c.id.label("chat_id"),
        _CHAT.c.subscriber_id,
        _CHAT.c.platform,
        _CHAT.c.bot_id,
        _CHAT.c.address,
        _CHAT.c.thread,
        _CHAT.c.kind,
    )
    .join_from(_DELIVERY, _CHAT, _CHAT.c.id == _DELIVERY.c.chat_id)
    .join(_SUBSCRIBER, _SUBSCRIBER.c.id == _CHAT.c.subscriber_id)
    .join(_BULLETIN, _BULLETIN.c.id == _DELIVERY.c.bulletin_id)
    .where(
        _DELIVERY.c.id.in_(_IDS),
        _SUBSCRIBER.c.state == SubscriberState.ACTIVE.value,
        _BULLETIN.c.cancelled_at.is_(None),
        _BULLETIN.c.expires_at > _NOW,
    )
    .order_by(_DELIVERY.c.priority, _DELIVERY.c.not_before, _DELIVERY.c.id)
)
# a message of a delivery that is still there, in a chat that may be erased meanwhile
_PART = select(
    _DELIVERY.c.id,
    bindparam("number", type_=Integer()),
    select(_CHAT.c.id)
    .where(_CHAT.c.id == bindparam("chat", type_=Integer()))
    .with_for_update(read=True, key_share=True)
    .scalar_subquery(),
    bindparam("message", type_=Text()),
    bindparam("version", type_=Integer()),
    bindparam("at", type_=UtcDateTime()),
).where(_DELIVERY.c.id == bindparam("delivery", type_=Integer()))
_PART_COLUMNS = ("delivery_id", "part", "chat_id", "platform_message_id", "version_id", "sent_at")
ADD_PARTS = {
    True: postgresql.insert(_MESSAGE).from_select(_PART_COLUMNS, _PART).on_conflict_do_nothing(),
    False: sqlite.insert(_MESSAGE).from_select(_PART_COLUMNS, _PART).on_conflict_do_nothing(),
}  # is PostgreSQL
SENT = (
    update(_DELIVERY)
    .where(
        _DELIVERY.c.id.in_(_IDS),
        or_(
            _DELIVERY.c.state == DeliveryState.UNSURE.value,
            (_DELIVERY.c.state == DeliveryState.SENDING.value)
            & (_DELIVERY.c.process_id == _PROCESS),
        ),
    )
    .values(state=DeliveryState.SENT.value, reason=None, changed_at=_NOW, process_id=None)
)
