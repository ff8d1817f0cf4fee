"""Deliveries in hand: claimed by one process, and what each claim came to."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    case,
    exists,
    literal,
    or_,
    select,
    update,
)

from storage.audiences import delivery_is_for_active
from storage.claiming import ADD_PARTS, HOPEFUL, PARTS_SENT, SENT, TAKE
from storage.models import (
    IN_FLIGHT,
    BulletinRow,
    DeliveryRow,
    ProcessRow,
)
from storage.records import (
    Chat,
    ChatKind,
    Claim,
    DeliveryState,
    Ending,
    Outcome,
    Platform,
    Reachability,
    Reason,
    SentPart,
)
from storage.rows import count, shared_clock
from storage.ways import never_arrived, way_of_delivery

MAY_BE_UNSURE = 2  # the second time ends as failed(unconfirmed)

_BACK = case(
    (DeliveryRow.unsure_count > 0, DeliveryState.UNSURE.value),
    else_=DeliveryState.QUEUED.value,
)
_LAST = DeliveryRow.unsure_count + 1 >= MAY_BE_UNSURE
_UNSURE = {
    "state": case((_LAST, DeliveryState.FAILED.value), else_=DeliveryState.UNSURE.value),
    "reason": Reason.UNCONFIRMED,
    "unsure_count": DeliveryRow.unsure_count + 1,
}
_OTHER_WAY = way_of_delivery()
_ALL_IS_LOST_HERE = frozenset({Reason.CHAT_GONE, Reason.REFUSED})  # though not elsewhere


class Claims:
    """Without a pause between its statements: on SQLite, in a thread, each pause costs a row."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def claim(
        self,
        process_id: int,
        bot_id: int,
        limit: int,
        *,
        now: datetime,
        least_urgent: int,
    ) -> list[Claim]:
        """At most `limit` that wait for this bot, in their order; each belongs to one process.

        Urgent before ordinary before digests, up to the priority `least_urgent`, oldest first.
        What has become hopeless meanwhile is ended here, so fewer may come than wait.
        """
        taken = TAKE.execute(
            self._connection,
            {
                "process": process_id,
                "bot": bot_id,
                "most": limit,
                "now": now,
                "least_urgent": least_urgent,
            },
        )
        ids = list(taken.scalars())
        if not ids:
            return []
        rows = HOPEFUL.execute(self._connection, {"ids": ids, "now": now}).all()
        sent = self._parts_sent([row.delivery_id for row in rows])
        if len(rows) < len(ids):
            hopeless = set(ids).difference(row.delivery_id for row in rows)
            self._end_hopeless(process_id, hopeless, now)
        return [_claim(row, sent.get(row.delivery_id, 0)) for row in rows]

    def release(
        self, process_id: int, delivery_ids: Collection[int], *, until: datetime | None = None
    ) -> None:
        """Nothing was tried: they wait again, as they did or until then."""
        self._connection.execute(
            update(DeliveryRow)
            .where(*_mine(process_id, delivery_ids))
            .values(
                state=_BACK,
                attempts=DeliveryRow.attempts - 1,
                process_id=None,
                **({} if until is None else {"not_before": until}),
            )
        )

    def record(
        self, process_id: int, parts: Sequence[SentPart], outcomes: Sequence[Outcome]
    ) -> None:
        """What this process's claims came to; of what another has taken over only the messages.

        What is known to have arrived is not sent again, although others thought it unsure.
        """
        if parts:
            ADD_PARTS.execute(self._connection, [_part(each) for each in parts])
        if sent := [each for each in outcomes if each.ending is Ending.SENT]:
            SENT.execute(
                self._connection,
                {
                    "ids": [each.delivery_id for each in sent],
                    "process": process_id,
                    "now": max(each.at for each in sent),
                },
            )
        for each in outcomes:
            if each.ending is not Ending.SENT:
                self._record_one(process_id, each)

    def recover(self, now: datetime, *, idle_process: int = 0) -> int:
        """What was in flight when its process died may have been sent. How many.

        A process that has nothing in hand has claims only when it never heard of them: the
        connection broke while they were committed.
        """
        alive = select(ProcessRow.id).where(
            ProcessRow.alive_until
            > shared_clock(now, is_server=self._connection.dialect.name == "postgresql")
        )
        return count(
            self._connection.execute(
                update(DeliveryRow)
                .where(
                    IN_FLIGHT,
                    or_(
                        DeliveryRow.process_id.is_(None),
                        DeliveryRow.process_id.not_in(alive),
                        DeliveryRow.process_id == idle_process,
                    ),
                )
                .values(**_UNSURE, not_before=now, changed_at=now, process_id=None)
            )
        )

    def _parts_sent(self, ids: list[int]) -> dict[int, int]:
        if not ids:
            return {}
        found = PARTS_SENT.execute(self._connection, {"ids": ids})
        return {row.delivery_id: row.parts for row in found}

    def _end_hopeless(self, process_id: int, delivery_ids: Collection[int], now: datetime) -> None:
        """Stopped, too late, for who has left; or the chat is gone, and there may be another."""
        mine = _mine(process_id, delivery_ids)
        bulletin = BulletinRow.id == DeliveryRow.bulletin_id
        ends = (
            (
                exists().where(bulletin, BulletinRow.cancelled_at.is_not(None)),
                {"state": DeliveryState.CANCELLED, "reason": Reason.STOPPED},
            ),
            (
                exists().where(bulletin, BulletinRow.expires_at <= now),
                {"state": DeliveryState.EXPIRED, "reason": Reason.STALE},
            ),
            (
                ~delivery_is_for_active(),
                {"state": DeliveryState.CANCELLED, "reason": Reason.LEFT},
            ),
            (
                and_(never_arrived(), _OTHER_WAY.is_not(None)),
                {"state": DeliveryState.QUEUED, "bot_id": _OTHER_WAY},
            ),
            (
                DeliveryRow.unsure_count > 0,
                {"state": DeliveryState.FAILED, "reason": Reason.UNCONFIRMED},
            ),
            (literal(value=True), {"state": DeliveryState.FAILED, "reason": Reason.CHAT_GONE}),
        )
        for applies, values in ends:
            self._connection.execute(
                update(DeliveryRow)
                .where(*mine, applies)
                .values(**values, process_id=None, changed_at=now)
            )

    def _record_one(self, process_id: int, outcome: Outcome) -> None:
        if self._goes_another_way(process_id, outcome):
            return
        values: dict[str, Any]
        match outcome.ending:
            case Ending.BACK:
                values = {"state": _BACK, "reason": outcome.reason, "not_before": outcome.until}
            case Ending.UNSURE:
                values = {**_UNSURE, "not_before": outcome.until}
            case Ending.SENT:
                values = {"state": DeliveryState.SENT, "reason": None}
            case Ending.FAILED:
                values = {"state": DeliveryState.FAILED, "reason": outcome.reason}
        self._connection.execute(
            update(DeliveryRow)
            .where(*_mine(process_id, [outcome.delivery_id]))
            .values(**values, changed_at=outcome.at, process_id=None)
        )

    def _goes_another_way(self, process_id: int, outcome: Outcome) -> bool:
        """This chat did not get it for certain, but the same person's other one may."""
        if outcome.ending is not Ending.FAILED or outcome.reason not in _ALL_IS_LOST_HERE:
            return False
        changed = self._connection.execute(
            update(DeliveryRow)
            .where(
                *_mine(process_id, [outcome.delivery_id]),
                never_arrived(),
                _OTHER_WAY.is_not(None),
            )
            .values(
                state=DeliveryState.QUEUED,
                bot_id=_OTHER_WAY,
                chat_id=None,
                not_before=outcome.at,
                changed_at=outcome.at,
                process_id=None,
            )
        )
        return count(changed) == 1


def _claim(row: Any, parts_sent: int) -> Claim:  # noqa: ANN401 - of HOPEFUL
    chat = Chat(
        id=row.chat_id,
        subscriber_id=row.subscriber_id,
        platform=Platform(row.platform),
        bot_id=row.bot_id,
        address=row.address,
        thread=row.thread,
        kind=ChatKind(row.kind),
        reachability=Reachability.OK,
        gone_at=None,
    )
    return Claim(
        id=row.delivery_id,
        bulletin_id=row.bulletin_id,
        attempts=row.attempts,
        chat=chat,
        parts_sent=parts_sent,
    )


def _mine(process_id: int, delivery_ids: Collection[int]) -> tuple[ColumnElement[bool], ...]:
    return (
        DeliveryRow.id.in_(delivery_ids),
        DeliveryRow.state == DeliveryState.SENDING,
        DeliveryRow.process_id == process_id,
    )


def _part(sent: SentPart) -> dict[str, Any]:
    return {
        "delivery": sent.delivery_id,
        "number": sent.part,
        "chat": sent.chat_id,
        "message": sent.platform_message_id,
        "version": sent.version_id,
        "at": sent.at,
    }
