"""What delivery says to the database a thousand times a second.

Put together once, for SQLite down to the text: a claim then costs a fifth.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    CursorResult,
    Insert,
    Integer,
    Select,
    Table,
    Text,
    any_,
    bindparam,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import UpdateBase

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

Values = Mapping[str, Any]
Statement = Select[Any] | Insert | UpdateBase

_DELIVERY = cast("Table", DeliveryRow.__table__)
_CHAT = cast("Table", ChatRow.__table__)
_BULLETIN = cast("Table", BulletinRow.__table__)
_SUBSCRIBER = cast("Table", SubscriberRow.__table__)
_MESSAGE = cast("Table", MessageRow.__table__)
_NOW = bindparam("now", type_=UtcDateTime())
_PROCESS = bindparam("process", type_=Integer())

_NAMED = sqlite.dialect(paramstyle="named")
_TIMES = UtcDateTime()
_AS_STORED = "%Y-%m-%d %H:%M:%S.%f"  # as SQLAlchemy stores it there
_IDS = func.json_each(bindparam("ids", type_=Text())).table_valued("value")


@dataclass(frozen=True, slots=True)
class Hot:
    """One statement; on a server its driver keeps it prepared."""

    on_server: "Statement"
    in_sqlite: str
    constants: Values

    def execute(
        self, connection: Connection, values: Values | Sequence[Values]
    ) -> CursorResult[Any]:
        if connection.dialect.name == "postgresql":
            return connection.execute(self.on_server, values)
        if isinstance(values, Mapping):
            return connection.exec_driver_sql(self.in_sqlite, self._bound(values))
        return connection.exec_driver_sql(self.in_sqlite, [self._bound(each) for each in values])

    def _bound(self, values: Values) -> dict[str, Any]:
        return {**self.constants, **{name: _stored(value) for name, value in values.items()}}


def _stored(value: Any) -> Any:  # noqa: ANN401 - whatever a column holds
    match value:
        case datetime():
            utc = _TIMES.process_bind_param(value, _NAMED)
            return utc.strftime(_AS_STORED) if utc else None
        case list():
            return json.dumps(value)
        case _:
            return value


def _hot(on_server: Statement, in_sqlite: Statement) -> Hot:
    compiled = in_sqlite.compile(dialect=_NAMED)
    return Hot(on_server, str(compiled), compiled.params)


def _is_one_of_them(column: ColumnElement[int], *, in_sqlite: bool) -> ColumnElement[bool]:
    if in_sqlite:
        return column.in_(select(_IDS.c.value))
    return column == any_(bindparam("ids", type_=ARRAY(Integer)))


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
_TAKE = (
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
TAKE = _hot(_TAKE, _TAKE)


def _hopeful(*, in_sqlite: bool) -> Statement:
    """Of those just taken: what may be sent, in its order."""
    return (
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
            _is_one_of_them(_DELIVERY.c.id, in_sqlite=in_sqlite),
            _SUBSCRIBER.c.state == SubscriberState.ACTIVE.value,
            _BULLETIN.c.cancelled_at.is_(None),
            _BULLETIN.c.expires_at > _NOW,
        )
        .order_by(_DELIVERY.c.priority, _DELIVERY.c.not_before, _DELIVERY.c.id)
    )


HOPEFUL = _hot(_hopeful(in_sqlite=False), _hopeful(in_sqlite=True))


def _parts_sent(*, in_sqlite: bool) -> Statement:
    return (
        select(_MESSAGE.c.delivery_id, func.count().label("parts"))
        .where(_is_one_of_them(_MESSAGE.c.delivery_id, in_sqlite=in_sqlite))
        .group_by(_MESSAGE.c.delivery_id)
    )


PARTS_SENT = _hot(_parts_sent(in_sqlite=False), _parts_sent(in_sqlite=True))

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
ADD_PARTS = _hot(
    postgresql.insert(_MESSAGE).from_select(_PART_COLUMNS, _PART).on_conflict_do_nothing(),
    sqlite.insert(_MESSAGE).from_select(_PART_COLUMNS, _PART).on_conflict_do_nothing(),
)


def _sent(*, in_sqlite: bool) -> Statement:
    return (
        update(_DELIVERY)
        .where(
            _is_one_of_them(_DELIVERY.c.id, in_sqlite=in_sqlite),
            or_(
                _DELIVERY.c.state == DeliveryState.UNSURE.value,
                (_DELIVERY.c.state == DeliveryState.SENDING.value)
                & (_DELIVERY.c.process_id == _PROCESS),
            ),
        )
        .values(state=DeliveryState.SENT.value, reason=None, changed_at=_NOW, process_id=None)
    )


SENT = _hot(_sent(in_sqlite=False), _sent(in_sqlite=True))
