"""A PostgreSQL server: whether it answers, fits this program, and what time it thinks it is."""

from collections.abc import Sequence
from datetime import timedelta

from bot.cli.checks.finding import Finding, critical, fine, warning
from bot.cli.checks.machine import size
from bot.commands.wording import counted
from jobs.clock import Clock
from storage.checkup import Fit
from storage.database import Database
from storage.problems import DatabaseProblem
from storage.records import Process
from storage.server import OLDEST, ServerState, state_of_server, time_at

MOST_DRIFT = timedelta(seconds=2)  # leases and send slots go by the server's clock


async def look_at_server(database: Database) -> list[Finding]:
    """Whether the other checks can use it: not when anything here is critical."""
    try:
        finding = _state(await state_of_server(database))
        if finding.level is finding.level.OK:
            async with database.transaction() as tx:
                await tx.topics.all()
    except DatabaseProblem as problem:
        return [critical(str(problem), "Hãy thử bằng psql với cùng địa chỉ.")]
    return [finding]


def _state(state: ServerState) -> Finding:
    if state.release < OLDEST:
        return critical(
            f"máy chủ PostgreSQL {state.release} quá cũ.",
            f"Hãy nâng cấp lên PostgreSQL {OLDEST} hoặc mới hơn.",
        )
    if state.is_standby:
        return critical(
            "máy chủ PostgreSQL này chỉ cho đọc (máy dự phòng).",
            "Hãy đặt database_url tới máy chủ chính.",
        )
    if not state.version:
        return critical(
            "cơ sở dữ liệu PostgreSQL còn trống.",
            "Hãy gõ: bantin upgrade (hoặc bantin move-database để chuyển dữ liệu cũ sang).",
        )
    if state.fit is Fit.OLDER:
        return critical(
            f"cơ sở dữ liệu thuộc phiên bản cũ ({state.version}).", "Hãy gõ: bantin upgrade"
        )
    if state.fit is Fit.FOREIGN:
        return critical(
            "cơ sở dữ liệu thuộc phiên bản bantin mới hơn.",
            "Hãy cài phiên bản bantin mới nhất, hoặc sửa database_url.",
        )
    facts = f"PostgreSQL {state.release}, {size(state.size_bytes)}, phiên bản {state.version}"
    return fine(f"{facts}, kết nối được.")


async def look_at_server_clock(database: Database, clock: Clock) -> list[Finding]:
    await time_at(database)  # a connection is made, which takes its time
    before = clock.now()
    theirs = await time_at(database)
    return [drift(clock.now() - theirs, answer=clock.now() - before)]


def drift(ahead: timedelta, *, answer: timedelta) -> Finding:
    """`ahead`: this machine's clock when the answer came, which took `answer`."""
    seconds = (ahead - answer / 2).total_seconds()
    if abs(seconds) <= (MOST_DRIFT + answer / 2).total_seconds():
        return fine("cùng giờ với máy chủ cơ sở dữ liệu.")
    way = "nhanh" if seconds > 0 else "chậm"
    found = f"máy này chạy {way} {round(abs(seconds))} giây so với máy chủ cơ sở dữ liệu."
    return warning(found, "Trên cả hai máy, hãy gõ: sudo timedatectl set-ntp true")


def look_at_processes(processes: Sequence[Process]) -> list[Finding]:
    if processes:
        names = ", ".join(process.name for process in processes)
        return [fine(f"Bản tin đang chạy, {counted(len(processes), 'chương trình')}: {names}.")]
    return [
        critical(
            "Bản tin không chạy ở máy nào: không đọc tin mới, không gửi tin.",
            "Hãy gõ: sudo systemctl start bantin (hoặc: bantin run)",
        )
    ]
