"""/hanmuc: what each bot may still use, and letting one go on that its platform had stopped."""

from collections.abc import Iterable

from bot.commands.command import Command, Reply, Request
from bot.commands.wording import Rows, button, counted, paragraphs, read_id
from jobs.quota_alarms import (
    NOTICES_WAIT,
    QUOTA_GONE,
    bot_words,
    month_words,
    next_month_words,
    used_words,
)
from jobs.text import with_dots
from jobs.thrift import Thrift, month_of, reserve_of, thrift
from storage.records import Role, Usage

NAME = "hanmuc"
NO_LIMITS = "Các bot đang dùng không có hạn mức tin."


async def show_quota(request: Request) -> Reply:
    month = month_of(request.now)
    resumed: Usage | None = None
    async with request.database.transaction() as tx:
        for usage in await tx.quotas.usage(month):
            if usage.bot.id == read_id(request.choice) and await tx.quotas.resume(
                usage.bot.id, month
            ):
                resumed = usage
                await tx.alarms.forget(QUOTA_GONE, str(usage.bot.id))
                await tx.audit.record(
                    "quota_resumed",
                    at=request.now,
                    actor_id=request.actor_id,
                    target=usage.bot.account,
                )
        usages = await tx.quotas.usage(month)
    return Reply(
        text=paragraphs(
            f"Đang gửi tiếp qua {bot_words(resumed)}." if resumed else "",
            quota_part(usages) or NO_LIMITS,
        ),
        buttons=resume_buttons(usages),
    )


def quota_part(usages: Iterable[Usage]) -> str:
    """Empty where no bot has limits."""
    return "\n".join(f"- {quota_line(each)}" for each in usages)


def quota_line(usage: Usage) -> str:
    """One bot's month, people and groups, and what follows from it."""
    used = (
        f"{bot_words(usage)}: {month_words(usage)} đã dùng {used_words(usage)} tin "
        f"(gửi {with_dots(usage.sent)}, nhận {with_dots(usage.received)}); "
        f"{usage.people}/{usage.limits.people} người, "
        f"{usage.groups}/{usage.limits.groups} nhóm."
    )
    return f"{used} {_thrift_words(usage)}".rstrip()


def resume_buttons(usages: Iterable[Usage]) -> Rows:
    return tuple(
        (button(f"Gửi tiếp qua bot {each.bot.account}", NAME, str(each.bot.id)),)
        for each in usages
        if each.gone_at is not None
    )


def _thrift_words(usage: Usage) -> str:
    match thrift(usage):
        case Thrift.NONE:
            return ""
        case Thrift.NEWS_IN_DIGESTS:
            return "Sắp hết: tin thường đang được gộp thành một bản tổng hợp mỗi ngày."
        case Thrift.RESERVED:
            kept = counted(reserve_of(usage.limits.messages), "tin")
            return (
                f"Còn {kept} dành cho thông báo khẩn và đáp lời người nhắn. "
                f"Tin được giữ lại để gửi gộp từ ngày {next_month_words(usage)}; {NOTICES_WAIT}."
            )
        case Thrift.GONE:
            return (
                f"Nền tảng báo đã hết: tạm dừng gửi đến ngày {next_month_words(usage)}, "
                f"mỗi ngày thử lại một lần; {NOTICES_WAIT}."
            )


COMMAND = Command(
    name=NAME,
    aliases=("hạn mức", "hạn mức tin"),
    help="Xem hạn mức tin của các bot.",
    run=show_quota,
    role=Role.ADMIN,
)
