"""/dulieu: all that is stored about a person or a group, in plain words."""

from dataclasses import dataclass

from bot.commands.command import Command, Reply, Request
from bot.commands.overview import state_line
from bot.commands.preferences import (
    Preferences,
    organisation_line,
    read_preferences,
    rhythm_line,
    topic_lines,
)
from bot.commands.wording import ROLE_NAMES, counted, lines, paragraphs
from jobs.bulletin_text import show_moment
from storage.records import Subscriber


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counts:
    sent: int
    audit_lines: int


async def show_my_data(request: Request) -> Reply:
    preferences = await read_preferences(request.database, request.incoming.where)
    if preferences is None:
        return nothing_stored(request)
    subscriber_id = preferences.subscriber.id
    async with request.database.transaction() as tx:
        counts = _Counts(
            sent=await tx.outbox.count_sent_to(subscriber_id),
            audit_lines=await tx.audit.count_of(subscriber_id),
        )
    heading = "Dữ liệu đang lưu về nhóm này:" if request.in_group else "Dữ liệu đang lưu:"
    return Reply(
        text=paragraphs(
            heading,
            _who(request, preferences.subscriber),
            topic_lines(preferences),
            lines(
                organisation_line(preferences),
                rhythm_line(preferences.subscriber),
                state_line(preferences.subscriber),
            ),
            _history(preferences, counts),
            "Xóa tất cả: /xoadulieu",
        )
    )


def nothing_stored(request: Request) -> Reply:
    about = "nhóm này" if request.in_group else "cuộc trò chuyện này"
    return Reply(text=paragraphs(f"Hệ thống không lưu dữ liệu nào về {about}."))


def _who(request: Request, subscriber: Subscriber) -> str:
    chat = "Mã nhóm" if request.in_group else "Mã cuộc trò chuyện"
    name = "Tên nhóm" if request.in_group else "Tên hiển thị"
    role = "" if request.in_group else f"Vai trò: {ROLE_NAMES[subscriber.role]}"
    return lines(
        f"{chat}: {request.incoming.address.chat}",
        f"{name}: {subscriber.name or 'không có'}",
        role,
    )


def _history(preferences: Preferences, counts: _Counts) -> str:
    subscriber = preferences.subscriber
    consent = (
        f"Đồng ý nhận tin lúc {show_moment(subscriber.consented_at)}."
        if subscriber.consented_at
        else "Chưa đồng ý nhận tin."
    )
    return lines(
        f"Lưu từ {show_moment(subscriber.created_at)}.",
        consent,
        f"Đã gửi {counted(counts.sent, 'tin')}.",
        f"Nhật ký thao tác: {counted(counts.audit_lines, 'dòng')}.",
    )


COMMAND = Command(
    name="dulieu",
    aliases=("dữ liệu của tôi", "dữ liệu"),
    help="Xem dữ liệu đang được lưu.",
    run=show_my_data,
)
