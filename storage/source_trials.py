"""Addresses that an admin asked to be looked at, and what was found there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from storage.models import SourceTrialRow
from storage.records import Sample, SourceKind, Trial, TrialState
from storage.rows import Repository, count


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialResult:
    """What a look at an address came to."""

    found_url: str = ""
    kind: SourceKind | None = None  # None: nothing was found
    config: Mapping[str, Any] = field(default_factory=dict)
    name: str = ""
    listed: int = 0
    samples: Sequence[Sample] = ()
    reason: str = ""
    advice: str = ""


class SourceTrials(Repository):
    async def ask_trial(self, url: str, *, asked_by: int, now: datetime) -> int:
        """Instead of what the same person asked for before. Its id."""
        await self._session.execute(
            delete(SourceTrialRow).where(SourceTrialRow.asked_by == asked_by)
        )
        row = SourceTrialRow(
            url=url,
            asked_by=asked_by,
            asked_at=now,
            state=TrialState.WAITING,
            found_url="",
            kind="",
            config={},
            name="",
            listed=0,
            samples=[],
            reason="",
            advice="",
        )
        self._session.add(row)
        await self._session.flush()
        return row.id

    async def trial(self, trial_id: int) -> Trial | None:
        row = await self._session.get(SourceTrialRow, trial_id)
        return _trial(row) if row else None

    async def trials_waiting(self, limit: int) -> list[Trial]:
        rows = await self._session.scalars(
            select(SourceTrialRow)
            .where(SourceTrialRow.state == TrialState.WAITING)
            .order_by(SourceTrialRow.id)
            .limit(limit)
        )
        return [_trial(row) for row in rows]

    async def record_trial(self, trial_id: int, result: TrialResult) -> None:
        await self._session.execute(
            update(SourceTrialRow)
            .where(SourceTrialRow.id == trial_id, SourceTrialRow.state == TrialState.WAITING)
            .values(
                state=TrialState.FOUND if result.kind else TrialState.FAILED,
                found_url=result.found_url,
                kind=result.kind or "",
                config=dict(result.config),
                name=result.name,
                listed=result.listed,
                samples=[[each.title, each.day, each.words] for each in result.samples],
                reason=result.reason,
                advice=result.advice,
            )
        )

    async def end_trial(self, trial_id: int) -> bool:
        """Its source is added. False when it was before."""
        changed = await self._session.execute(
            update(SourceTrialRow)
            .where(SourceTrialRow.id == trial_id, SourceTrialRow.state == TrialState.FOUND)
            .values(state=TrialState.ADDED)
        )
        return count(changed) == 1

    async def forget_trials(self, *, before: datetime) -> int:
        """Those that nobody will come back to."""
        return count(
            await self._session.execute(
                delete(SourceTrialRow).where(SourceTrialRow.asked_at < before)
            )
        )


def _trial(row: SourceTrialRow) -> Trial:
    return Trial(
        id=row.id,
        url=row.url,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        state=TrialState(row.state),
        found_url=row.found_url,
        kind=SourceKind(row.kind) if row.kind else None,
        config=row.config,
        name=row.name,
        listed=row.listed,
        samples=tuple(
            Sample(title=title, day=day, words=words) for title, day, words in row.samples
        ),
        reason=row.reason,
        advice=row.advice,
    )
