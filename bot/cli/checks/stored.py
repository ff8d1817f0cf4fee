"""What is stored: the database, whether the program works it, what waits, who receives."""

import asyncio
import threading
from datetime import datetime, timedelta
from pathlib import Path

from bot.cli.checks.finding import Finding, critical, fine, warning
from bot.cli.checks.machine import size
from bot.commands.wording import counted
from jobs.quiet import QuietHours, is_quiet
from jobs.reason_words import reason_words
from jobs.thrift import month_of, resting
from storage.checkup import Fit, damage_in, state_of
from storage.database import Database
from storage.problems import DatabaseProblem
from storage.records import ChatKind, Reason, Role
from storage.single import is_worked

LONG = timedelta(hours=1)  # nothing waits so long for its turn
_RESTORE = "Hãy khôi phục bản sao lưu: bantin restore TỆP"


async def look_at_database(database: Database, path: Path | None) -> list[Finding]:
    """Whether the other checks can use it: not when anything here is critical."""
    try:
        findings = [] if path is None else [_state(path)]
        if not findings or findings[0].level < findings[0].level.CRITICAL:
            await _write(database)
    except DatabaseProblem as problem:
        return [critical(f"{problem}", "Nếu không mở được nữa: bantin restore TỆP-SAO-LƯU")]
    return findings or [fine("mở được và ghi được.")]


def _state(path: Path) -> Finding:
    if not path.exists():
        return critical(
            f"chưa có tệp {path}.", "Hãy vào đúng thư mục dữ liệu, hoặc chạy: bantin init"
        )
    state = state_of(path)
    match state.fit:
        case Fit.OLDER:
            return critical(
                f"{path} thuộc phiên bản cũ ({state.version}).", "Hãy gõ: bantin upgrade"
            )
        case Fit.FOREIGN:
            return critical(
                f"{path} thuộc phiên bản bantin mới hơn, hoặc không phải của bantin.",
                "Hãy cài phiên bản bantin mới nhất, hoặc sửa database_url.",
            )
        case Fit.NEWEST:
            facts = f"{path}, {size(state.size_bytes)}, phiên bản {state.version}"
            return fine(f"{facts}, mở được và ghi được.")


async def _write(database: Database) -> None:
    """Takes the right to write, and changes nothing. Raises DatabaseProblem."""
    async with database.transaction() as tx:
        await tx.topics.all()


async def look_for_damage(path: Path) -> list[Finding]:
    given_up = threading.Event()
    try:
        damage = await asyncio.to_thread(damage_in, path, given_up=given_up.is_set)
    except DatabaseProblem as problem:
        return [critical(str(problem), _RESTORE)]
    finally:
        given_up.set()
    if damage:
        return [critical(f"cơ sở dữ liệu bị hỏng ({damage[:80]}).", _RESTORE)]
    return [fine("không có chỗ hỏng.")]


async def look_for_the_program(path: Path) -> list[Finding]:
    if is_worked(path):
        return [fine("Bản tin đang chạy.")]
    return [
        critical(
            "Bản tin không chạy: không đọc tin mới, không gửi tin.",
            "Hãy gõ: sudo systemctl start bantin (hoặc: bantin run)",
        )
    ]


async def look_at_deliveries(
    database: Database, quiet: QuietHours, now: datetime
) -> list[Finding]:
    urgent_only = is_quiet(now, quiet) or is_quiet(now - LONG, quiet)
    async with database.transaction() as tx:
        gone, reserved = resting(await tx.quotas.usage(month_of(now)))
        overdue = await tx.outbox.overdue(
            now - LONG, urgent_only=urgent_only, gone=gone, reserved=reserved
        )
        missed = await tx.outbox.missed_since(now - timedelta(days=1))
    left = missed.pop(Reason.CHAT_GONE, 0)  # people do that
    findings = []
    if overdue:
        findings.append(
            critical(
                f"{counted(overdue, 'lượt gửi')} chờ quá một giờ.",
                "Hãy xem các dòng Bot và Đang chạy ở trên.",
            )
        )
    if missed:
        reasons = ", ".join(
            f"{number} {reason_words(reason)}"
            for reason, number in sorted(missed.items(), key=lambda each: -each[1])
        )
        findings.append(
            warning(
                f"24 giờ qua không gửi được {sum(missed.values())}: {reasons}.",
                "Nếu là thông báo: gửi /dagui cho Bản tin rồi chọn “Gửi lại cho những nơi lỗi”.",
            )
        )
    if not findings:
        findings.append(fine("không có lượt gửi nào bị kẹt."))
    return [*findings, *([fine(f"24 giờ qua: {left} nơi đã chặn Bản tin.")] if left else [])]


async def look_at_subscribers(database: Database, now: datetime) -> list[Finding]:
    async with database.transaction() as tx:
        counts = await tx.subscribers.counts()
        unreachable = await tx.subscribers.count_unreachable()
        owners = await tx.subscribers.with_role(Role.OWNER)
        has_code = await tx.owner_codes.open(now) is not None
    people, groups = counts[ChatKind.PERSON], counts[ChatKind.GROUP]
    found = f"{counted(people, 'người')}, {counted(groups, 'nhóm')}; "
    findings = [fine(f"{found}không liên lạc được: {unreachable}.")]
    if not owners:
        findings.append(
            warning(
                "chưa có người quản lý hệ thống.",
                "Hãy gửi cho bot mã một lần đã được cấp."
                if has_code
                else "Hãy gõ: bantin init --owner-code",
            )
        )
    return findings
