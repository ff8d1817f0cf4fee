"""Conversations: questions that wait for a typed answer, and updates already handled."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete

from storage.models import QuestionRow, SeenUpdateRow
from storage.records import Choice, ChoiceKind
from storage.rows import Repository, count


class Questions(Repository):
    async def ask(
        self,
        bot_id: int,
        address: str,
        person: str,
        *,
        choices: Sequence[Choice],
        expires_at: datetime,
    ) -> None:
        """Opens a question; one a person and chat, the newest."""
        asked = {
            "choices": [[each.label, each.data, each.kind] for each in choices],
            "expires_at": expires_at,
        }
        await self._session.execute(
            self._insert(QuestionRow)
            .values(bot_id=bot_id, address=address, person=person, **asked)
            .on_conflict_do_update(
                index_elements=[QuestionRow.bot_id, QuestionRow.address, QuestionRow.person],
                set_=asked,
            )
        )

    async def open(self, bot_id: int, address: str, person: str, now: datetime) -> list[Choice]:
        """The choices of the open question; none when there is no question."""
        row = await self._session.get(QuestionRow, (bot_id, address, person))
        if row is None or row.expires_at <= now:
            return []
        return [_choice(*stored) for stored in row.choices]

    async def close(self, bot_id: int, address: str, person: str) -> None:
        await self._session.execute(
            delete(QuestionRow).where(
                QuestionRow.bot_id == bot_id,
                QuestionRow.address == address,
                QuestionRow.person == person,
            )
        )

    async def was_seen(self, bot_id: int, update_id: str) -> bool:
        return await self._session.get(SeenUpdateRow, (bot_id, update_id)) is not None

    async def mark_seen(self, bot_id: int, update_ids: Sequence[str], now: datetime) -> None:
        await self._insert_new(
            SeenUpdateRow,
            *({"bot_id": bot_id, "update_id": each, "seen_at": now} for each in update_ids),
        )

    async def forget(self, *, questions_before: datetime, updates_before: datetime) -> int:
        """Deletes questions that expired and updates that no platform will repeat."""
        questions = await self._session.execute(
            delete(QuestionRow).where(QuestionRow.expires_at < questions_before)
        )
        updates = await self._session.execute(
            delete(SeenUpdateRow).where(SeenUpdateRow.seen_at < updates_before)
        )
        return count(questions) + count(updates)


def _choice(label: str, data: str, kind: str = ChoiceKind.ONE) -> Choice:
    """What was stored before there were kinds has none."""
    return Choice(label=label, data=data, kind=ChoiceKind(kind))
