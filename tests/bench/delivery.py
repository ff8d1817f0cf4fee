"""How long it takes from a portal's page to the last subscriber's chat."""

import time
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.telegram.records import Person
from jobs.clock import SystemClock
from storage.database import open_database
from storage.upgrade import upgrade
from tests.program import for_rehearsal, running
from tests.samples import a_bot, a_source, at, joined

SUBSCRIBERS = 1000
PER_SECOND = 30
INTERVAL_SECONDS = 5
PATIENCE_SECONDS = 300

Figure = dict[str, object]


async def publish_to_last_push() -> list[Figure]:
    """The program as it is, 1,000 subscribers, 30 a second, Telegram's limits enforced."""
    clock = SystemClock()
    async with RehearsalServer(now=clock.now) as server:
        with TemporaryDirectory() as folder:
            people = await _fill(Path(folder), server)
            settings = {"poll_interval_seconds": INTERVAL_SECONDS}
            env = for_rehearsal(Path(folder), server) | {
                f"BANTIN_{name.upper()}": str(value) for name, value in settings.items()
            }
            async with running(Path(folder), env):
                await server.telegram.until(
                    lambda: server.telegram.traffic.methods["getUpdates"].total > 0, seconds=60
                )
                await _until_baseline(Path(folder))
                started = time.monotonic()
                server.portal.publish()
                await server.telegram.until(
                    lambda: len(server.telegram.sent) >= len(people), seconds=PATIENCE_SECONDS
                )
                seconds = time.monotonic() - started
        missed = [each for each in people if len(server.telegram.texts(each.id)) != 1]
        assert not missed, f"{len(missed)} did not get it exactly once"
        refused = server.telegram.traffic.refused[429]
        most = server.telegram.traffic.most_in_any_second()
    return [
        {
            "figure": "seconds",
            "value": round(seconds, 1),
            "unit": "s",
            "against": round(INTERVAL_SECONDS + SUBSCRIBERS / PER_SECOND, 1),
        },
        {
            "figure": "most messages in any second",
            "value": most,
            "unit": "messages",
            "against": PER_SECOND,
        },
        {
            "figure": "answers 429",
            "value": refused,
            "unit": "answers",
            "against": SUBSCRIBERS,
        },
    ]


async def _fill(folder: Path, server: RehearsalServer) -> list[Person]:
    people = [Person(id=730000 + number, first_name="Người") for number in range(SUBSCRIBERS)]
    database = open_database(f"sqlite+aiosqlite:///{folder}/bantin.db")
    await upgrade(database)
    bot_id = await a_bot(database, server.telegram.token.partition(":")[0])
    async with database.transaction() as tx:
        for person in people:
            server.telegram.add_person(person)
            await joined(tx, at(bot_id, str(person.id)))
    await a_source(database, server.portal_url)
    await database.close()
    return people


async def _until_baseline(folder: Path) -> None:
    database = open_database(f"sqlite+aiosqlite:///{folder}/bantin.db")
    clock = SystemClock()
    while True:
        async with database.transaction() as tx:
            (source,) = await tx.sources.all()
        if source.baseline_at is not None:
            break
        await clock.sleep_until(clock.monotonic() + 0.1)
    await database.close()
