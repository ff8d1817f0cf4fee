"""Which checks there are, and in which order: the settings and the database before the rest."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot.cli.checks import machine, server, sources, stored, telegram, zalo
from bot.cli.checks.finding import Check, Finding, Level, carry_out, critical
from bot.cli.existing import is_running, processes
from bot.settings import FILE, Settings, WrongSetting, load
from jobs.clock import Clock
from jobs.quiet import QuietHours
from storage.checkup import file_of, files_of
from storage.database import Database, open_database
from storage.problems import DatabaseProblem

ANSWER = timedelta(seconds=15)  # Telegram's, through a slow proxy too
NETWORK = timedelta(seconds=25)
LARGE_DATABASE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    name: str
    title: str
    findings: Sequence[Finding]

    @property
    def level(self) -> Level:
        return max((each.level for each in self.findings), default=Level.OK)


async def examine(clock: Clock) -> list[Examined]:
    """In the order in which they are shown."""
    try:
        settings = load()
        database = open_database(settings.database_url.get_secret_value())
    except (WrongSetting, DatabaseProblem) as wrong:
        advice = f"Hãy sửa {FILE.absolute()} hoặc biến môi trường."
        return [_examined("settings", "Cài đặt", critical(str(wrong), advice))]
    try:
        desk = _Desk(settings=settings, database=database, clock=clock)
        first = await _carried_out(desk.first())
        is_usable = all(each.level < Level.CRITICAL for each in first if each.name == "database")
        return first + await _carried_out(desk.second(database_is_usable=is_usable))
    finally:
        await database.close()


async def _carried_out(checks: Sequence[Check]) -> list[Examined]:
    """All at the same time."""
    found = await asyncio.gather(*map(carry_out, checks))
    return [
        Examined(name=check.name, title=check.title, findings=findings)
        for check, findings in zip(checks, found, strict=True)
    ]


def _examined(name: str, title: str, *findings: Finding) -> Examined:
    return Examined(name=name, title=title, findings=findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """What there is to look at."""

    settings: Settings
    database: Database
    clock: Clock

    @property
    def path(self) -> Path | None:
        """None where the database is no file of this machine."""
        return file_of(self.database)

    def first(self) -> list[Check]:
        settings, database, path = self.settings, self.database, self.path
        return [
            Check("settings", "Cài đặt", lambda: machine.look_at_settings(settings)),
            Check("database", "Cơ sở dữ liệu", lambda: self._database_itself(database, path)),
        ]

    async def _database_itself(self, database: Database, path: Path | None) -> Sequence[Finding]:
        if database.is_sqlite:
            return await stored.look_at_database(database, path)
        return await server.look_at_server(database)

    def second(self, *, database_is_usable: bool) -> list[Check]:
        of_store = self._of_file() if self.database.is_sqlite else self._of_server()
        of_database = [*of_store, *self._of_database()] if database_is_usable else []
        of_machine = self._of_machine(ask_sources=database_is_usable)
        return [*of_database, *self._of_telegram(), *self._of_zalo(), *of_machine]

    def _of_file(self) -> list[Check]:
        path = self.path
        if path is None:
            return []
        return [
            Check("damage", "Dữ liệu", lambda: stored.look_for_damage(path), LARGE_DATABASE),
            Check("program", "Chương trình", lambda: stored.look_for_the_program(path)),
        ]

    def _of_server(self) -> list[Check]:
        database, clock = self.database, self.clock
        return [
            Check(
                "server_clock",
                "Đồng hồ máy chủ",
                lambda: server.look_at_server_clock(database, clock),
            ),
            Check("program", "Chương trình", self._programs),
        ]

    async def _programs(self) -> Sequence[Finding]:
        return server.look_at_processes(await processes(self.database))

    def _of_database(self) -> list[Check]:
        settings, database, now = self.settings, self.database, self.clock.now()
        quiet = QuietHours(from_hour=settings.quiet_from_hour, to_hour=settings.quiet_to_hour)
        one_source = timedelta(seconds=settings.fetch_deadline_seconds)
        return [
            Check(
                "sources",
                "Nguồn tin",
                lambda: sources.look_at_sources(database, settings, now),
                one_source + NETWORK,
            ),
            Check(
                "deliveries",
                "Lượt gửi",
                lambda: stored.look_at_deliveries(database, quiet, now),
            ),
            Check("subscribers", "Người nhận", lambda: stored.look_at_subscribers(database, now)),
            Check("quotas", "Hạn mức Zalo", lambda: zalo.look_at_quotas(database, now)),
        ]

    def _of_telegram(self) -> list[Check]:
        settings = self.settings
        return [
            Check(
                "telegram",
                "Bot Telegram",
                lambda: telegram.look_at_bot(settings, answer_within=ANSWER),
                NETWORK,
            ),
            Check("proxy", "Proxy", lambda: telegram.look_at_proxy(settings), NETWORK),
            Check(
                "inbox",
                "Tin nhắn đến",
                self._inbox,
                NETWORK,
            ),
        ]

    def _of_zalo(self) -> list[Check]:
        settings = self.settings
        return [
            Check(
                "zalo",
                "Bot Zalo",
                lambda: zalo.look_at_bots(settings, answer_within=ANSWER),
                NETWORK,
            )
        ]

    async def _inbox(self) -> Sequence[Finding]:
        try:
            is_worked = await is_running(self.database)
        except DatabaseProblem:
            is_worked = False  # said above
        return await telegram.look_at_inbox(
            self.settings, is_worked=is_worked, answer_within=ANSWER
        )

    def _of_machine(self, *, ask_sources: bool) -> list[Check]:
        path = self.path
        folders = [machine.temporary_folder(), *([path.absolute().parent] if path else [])]
        files = [FILE, *(files_of(path) if path else [])]
        return [
            Check("clock", "Đồng hồ", lambda: self._clock(ask_sources=ask_sources), NETWORK),
            Check("disk", "Ổ đĩa", lambda: machine.look_at_disk(folders)),
            Check("files", "Quyền đọc tệp", lambda: machine.look_at_files(files)),
        ]

    async def _clock(self, *, ask_sources: bool) -> Sequence[Finding]:
        sites: list[str] = []
        if ask_sources:
            async with self.database.transaction() as tx:
                sites = [source.url for source in await tx.sources.all()]
        return await machine.look_at_clock(self.settings, sites, self.clock)
