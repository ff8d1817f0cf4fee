"""Stage: looks at the addresses that admins asked for in chat."""

import logging
from dataclasses import dataclass

from jobs.clock import Clock
from jobs.extraction import Extraction
from jobs.page import PageError
from jobs.reading import Reading, in_turn
from jobs.scout import Scout, advice_on
from jobs.source_errors import ReaderFailed, SourceError
from storage.database import Database
from storage.problems import DatabaseProblem
from storage.records import Trial
from storage.source_trials import TrialResult

logger = logging.getLogger(__name__)

_AT_A_TIME = 10


@dataclass(slots=True, kw_only=True)
class TrialCounts:
    looked_at: int = 0


async def try_sources(
    database: Database, reading: Reading, extraction: Extraction, clock: Clock
) -> TrialCounts:
    """One bad address never stops the others; what a kill leaves is looked at again."""
    scout = Scout(reading=reading, extraction=extraction)
    async with database.transaction() as tx:
        trials = await tx.sources.trials_waiting(_AT_A_TIME)

    async def look(trial: Trial) -> None:
        result = await _look(scout, trial, clock)
        async with database.transaction() as tx:
            await tx.sources.record_trial(trial.id, result)

    await in_turn(trials, look)
    return TrialCounts(looked_at=len(trials))


async def _look(scout: Scout, trial: Trial, clock: Clock) -> TrialResult:
    try:
        found = await scout.look(trial.url, now=clock.now())
        samples = await scout.samples(found, now=clock.now())
    except (PageError, SourceError) as error:
        return TrialResult(reason=error.reason, advice=advice_on(error))
    except DatabaseProblem:
        raise
    except Exception:  # a page nobody thought of: the others must go on
        logger.exception(
            "address not read", extra={"action": "trial_failed", "trial_id": trial.id}
        )
        return TrialResult(reason=ReaderFailed.reason, advice=ReaderFailed.advice)
    return TrialResult(
        found_url=found.url,
        kind=found.kind,
        config=found.config,
        name=found.name,
        listed=len(found.articles),
        samples=samples,
    )
