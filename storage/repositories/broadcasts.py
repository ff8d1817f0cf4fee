"""Broadcasts: bulletins that people write, from the first word to the report."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from storage.models import BroadcastRow, BulletinRow, SubscriberRow
from storage.records import (
    Attachment,
    AttachmentKind,
    Audience,
    AudienceRule,
    Broadcast,
    BroadcastState,
    StoredSpan,
    Urgency,
)
from storage.rows import Repository, count

_DRAFT = (BroadcastState.WRITING, BroadcastState.READY)


class Broadcasts(Repository):
    async def start(self, author_id: int | None, now: datetime) -> int:
        """A new draft for everybody; the author's unfinished one is dropped. Its id."""
        if author_id is not None:
            # one draft each, also of who asks twice at the same moment
            await self._session.execute(
                select(SubscriberRow.id).where(SubscriberRow.id == author_id).with_for_update()
            )
            await self._session.execute(
                update(BroadcastRow)
                .where(BroadcastRow.author_id == author_id, BroadcastRow.state.in_(_DRAFT))
                .values(state=BroadcastState.DROPPED, changed_at=now)
            )
        row = BroadcastRow(
            author_id=author_id,
            state=BroadcastState.WRITING,
            text="",
            spans=[],
            attachment=[],
            urgency=Urgency.ORDINARY,
            audience=[[AudienceRule.ALL.value, ""]],
            status_message_id="",
            status_text="",
            created_at=now,
            changed_at=now,
        )
        self._session.add(row)
        await self._session.flush()
        return row.id

    async def draft_of(self, author_id: int) -> Broadcast | None:
        """What he is writing."""
        row = await self._session.scalar(
            select(BroadcastRow)
            .where(BroadcastRow.author_id == author_id, BroadcastRow.state.in_(_DRAFT))
            .order_by(BroadcastRow.id.desc())
            .limit(1)
        )
        return _broadcast(row) if row else None

    async def get(self, broadcast_id: int) -> Broadcast | None:
        row = await self._session.get(BroadcastRow, broadcast_id)
        return _broadcast(row) if row else None

    async def hold(self, broadcast_id: int) -> Broadcast | None:
        """As it stands, and nobody else changes it before this transaction has ended."""
        row = await self._session.scalar(
            select(BroadcastRow)
            .where(BroadcastRow.id == broadcast_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        return _broadcast(row) if row else None

    async def of_bulletin(self, bulletin_id: int) -> Broadcast | None:
        row = await self._session.scalar(
            select(BroadcastRow).where(BroadcastRow.bulletin_id == bulletin_id)
        )
        return _broadcast(row) if row else None

    async def write(
        self,
        broadcast_id: int,
        *,
        text: str,
        spans: Sequence[StoredSpan],
        attachment: Attachment | None,
        now: datetime,
    ) -> bool:
        """Gives a draft its content. False when it is no draft any more."""
        return await self._change(
            broadcast_id,
            _DRAFT,
            now,
            state=BroadcastState.READY,
            text=text,
            spans=[[span.style, span.start, span.length, span.url] for span in spans],
            attachment=_packed(attachment),
        )

    async def rewrite(self, broadcast_id: int, now: datetime) -> bool:
        """Waits for other content; the old one stays until it comes."""
        return await self._change(
            broadcast_id, (BroadcastState.READY,), now, state=BroadcastState.WRITING
        )

    async def address(
        self, broadcast_id: int, audience: Sequence[Audience], now: datetime
    ) -> bool:
        rules = [[each.rule.value, each.value] for each in audience]
        return await self._change(broadcast_id, _DRAFT, now, audience=rules)

    async def set_urgency(self, broadcast_id: int, urgency: Urgency, now: datetime) -> bool:
        return await self._change(broadcast_id, _DRAFT, now, urgency=urgency)

    async def drop(self, broadcast_id: int, now: datetime) -> bool:
        return await self._change(broadcast_id, _DRAFT, now, state=BroadcastState.DROPPED)

    async def confirm(self, broadcast_id: int, now: datetime) -> bool:
        """It may become a bulletin: True for one caller only, whoever presses how often."""
        return await self._change(
            broadcast_id, (BroadcastState.READY,), now, state=BroadcastState.SENT
        )

    async def became(
        self,
        broadcast_id: int,
        bulletin_id: int,
        *,
        status_chat_id: int | None,
        status_message_id: str,
        now: datetime,
    ) -> None:
        """Which bulletin it is, and the message that shows how it goes."""
        await self._change(
            broadcast_id,
            (BroadcastState.SENT,),
            now,
            bulletin_id=bulletin_id,
            status_chat_id=status_chat_id,
            status_message_id=status_message_id,
        )

    async def last_sent(self, text: str, since: datetime) -> datetime | None:
        """When a broadcast with just these words was given out last; None if not since then.

        Whoever else asks about these words waits until this transaction has sent them or not.
        """
        await self._alone(f"broadcast:{text}")
        return await self._session.scalar(
            select(BulletinRow.created_at)
            .join(BroadcastRow, BroadcastRow.bulletin_id == BulletinRow.id)
            .where(BroadcastRow.text == text, BulletinRow.created_at >= since)
            .order_by(BulletinRow.id.desc())
            .limit(1)
        )

    async def newest_sent(self, *, before: int | None = None) -> Broadcast | None:
        """The newest, or the newest older than `before`."""
        older = () if before is None else (BroadcastRow.id < before,)
        row = await self._session.scalar(
            select(BroadcastRow)
            .where(BroadcastRow.bulletin_id.is_not(None), *older)
            .order_by(BroadcastRow.id.desc())
            .limit(1)
        )
        return _broadcast(row) if row else None

    async def unfinished(self) -> list[Broadcast]:
        """Those that were sent and whose report is not written yet."""
        rows = await self._session.scalars(
            select(BroadcastRow)
            .where(BroadcastRow.bulletin_id.is_not(None), BroadcastRow.finished_at.is_(None))
            .order_by(BroadcastRow.id)
        )
        return [_broadcast(row) for row in rows]

    async def note_status(
        self,
        broadcast_id: int,
        text: str,
        *,
        message_id: str,
        finished_at: datetime | None,
        now: datetime,
    ) -> None:
        """What the status message shows now, and where it stands."""
        await self._change(
            broadcast_id,
            (BroadcastState.SENT,),
            now,
            status_text=text,
            status_message_id=message_id,
            finished_at=finished_at,
        )

    async def reopen(self, broadcast_id: int, now: datetime) -> None:
        """Something is sent again: there will be another report."""
        await self._change(broadcast_id, (BroadcastState.SENT,), now, finished_at=None)

    async def _change(
        self,
        broadcast_id: int,
        allowed: Sequence[BroadcastState],
        now: datetime,
        **values: Any,  # noqa: ANN401 - columns
    ) -> bool:
        changed = await self._session.execute(
            update(BroadcastRow)
            .where(BroadcastRow.id == broadcast_id, BroadcastRow.state.in_(allowed))
            .values(changed_at=now, **values)
        )
        return count(changed) == 1


def _packed(attachment: Attachment | None) -> list[Any]:
    if attachment is None:
        return []
    return [attachment.kind.value, attachment.file_id, attachment.name, attachment.size_bytes]


def _unpacked(packed: list[Any]) -> Attachment | None:
    if not packed:
        return None
    kind, file_id, name, size_bytes = packed
    return Attachment(kind=AttachmentKind(kind), file_id=file_id, name=name, size_bytes=size_bytes)


def _broadcast(row: BroadcastRow) -> Broadcast:
    return Broadcast(
        id=row.id,
        author_id=row.author_id,
        state=BroadcastState(row.state),
        text=row.text,
        spans=tuple(
            StoredSpan(style=style, start=start, length=length, url=url)
            for style, start, length, url in row.spans
        ),
        attachment=_unpacked(row.attachment),
        urgency=Urgency(row.urgency),
        audience=tuple(
            Audience(rule=AudienceRule(rule), value=value) for rule, value in row.audience
        ),
        bulletin_id=row.bulletin_id,
        status_chat_id=row.status_chat_id,
        status_message_id=row.status_message_id,
        status_text=row.status_text,
        finished_at=row.finished_at,
        created_at=row.created_at,
        changed_at=row.changed_at,
    )
