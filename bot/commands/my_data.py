"""/dulieu: all that is stored about a person or a group, in plain words."""

from dataclasses import dataclass

from bot.commands.command import Command, Reply, Request
from bot.commands.overview import state_line
from bot.commands.places import Places, read_places
from bot.commands.preferences import (
    Preferences,
    organisation_line,
    read_preferences,
    rhythm_line,
    topic_lines,
)
from bot.commands.wording import ROLE_NAMES, counted, lines, paragraphs
from jobs.bulletin_text import show_moment
from jobs.messenger import PLATFORM_NAMES
from storage.database import Transaction
from storage.records import Subscriber


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counts:
    sent: int
    audit_lines: int


async def show_my_data(request: Request) -> Reply:
    preferences = await read_preferences(request.database, request.incoming.where)
    if preferences is None:
        return nothing_stored(request)
    async with request.database.transaction() as tx:
        places = await read_places(request, tx)
        counts = await _count(tx, preferences.subscriber.id)
    heading = "Dữ liệu đang lưu về nhóm này:" if request.in_group else "Dữ liệu đang lưu:"
    return Reply(
        text=paragraphs(
            heading,
            _who(request, preferences.subscriber, places),
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


async def _count(tx: Transaction, subscriber_id: int) -> _Counts:
    """Also of who was another subscriber before he linked his chats."""
    sent, audit_lines = 0, 0
    for each in (subscriber_id, *await tx.people.merged_into(subscriber_id)):
        sent += await tx.outbox.count_sent_to(each)
        audit_lines += await tx.audit.count_of(each)
    return _Counts(sent=sent, audit_lines=audit_lines)


def nothing_stored(request: Request) -> Reply:
    about = "nhóm này" if request.in_group else "cuộc trò chuyện này"
    return Reply(text=paragraphs(f"Hệ thống không lưu dữ liệu nào về {about}."))


def _who(request: Request, subscriber: Subscriber, places: Places | None) -> str:
    name = "Tên nhóm" if request.in_group else "Tên hiển thị"
    role = "" if request.in_group else f"Vai trò: {ROLE_NAMES[subscriber.role]}"
    return lines(
        *_chat_lines(request, places),
        f"{name}: {subscriber.name or 'không có'}",
        role,
        *(places.lines() if places else ()),
    )


def _chat_lines(request: Request, places: Places | None) -> list[str]:
    if places is None or not places.others:
        chat = "Mã nhóm" if request.in_group else "Mã cuộc trò chuyện"
        return [f"{chat}: {request.incoming.address.chat}"]
    return [
        f"Mã cuộc trò chuyện {PLATFORM_NAMES[each.platform]}: {each.address}"
        for each in places.chats
    ]


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
