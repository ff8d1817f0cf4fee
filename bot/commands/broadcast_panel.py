"""A notice before it is sent: as its readers will see it, the facts, what may be done with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.commands.broadcast_buttons import (
    AUDIENCE,
    DROP,
    EDIT,
    SEND,
    TEST,
    URGENCY,
    broadcast_button,
)
from bot.commands.broadcast_draft import code_of
from bot.commands.broadcast_words import LARGE_BYTES
from bot.commands.command import Office, Reply, Request
from bot.commands.wording import NO_BREAK, Rows, counted, lines, paragraphs
from jobs.bulletin_text import broadcast_content
from jobs.messenger import Button, Content
from jobs.quiet import ends_at, is_quiet
from jobs.vietnamese_date import VIETNAM
from storage.database import Transaction
from storage.records import (
    Audience,
    AudienceRule,
    Broadcast,
    Organisation,
    Recipients,
    Topic,
    Urgency,
)

NOBODY = "Không có ai phù hợp để gửi. Xin chọn lại ở mục “Người nhận”."


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A draft with whom it is for now."""

    broadcast: Broadcast
    recipients: Recipients
    topics: list[Topic]  # all there are
    organisations: list[Organisation]

    @property
    def whom(self) -> str:
        """In the middle of a sentence."""
        audience = self.broadcast.audience
        if Audience(rule=AudienceRule.ALL) in audience:
            return "tất cả"
        topics = [each.name for each in self.topics if _is_in(audience, each)]
        organisations = [each.name for each in self.organisations if _is_in(audience, each)]
        rules = (
            _rule("theo dõi", "chuyên mục", topics),
            _rule("thuộc", "tổ chức", organisations),
        )
        words = " và ".join(filter(None, rules))
        return f"người {words}" if words else "chưa chọn ai"


async def read_draft(tx: Transaction, broadcast: Broadcast) -> Draft:
    return Draft(
        broadcast=broadcast,
        recipients=await tx.outbox.recipients(broadcast.audience),
        topics=await tx.topics.all(),
        organisations=await tx.organisations.all(),
    )


def audience_of(each: Topic | Organisation) -> Audience:
    rule = AudienceRule.TOPIC if isinstance(each, Topic) else AudienceRule.ORGANISATION
    return Audience(rule=rule, value=str(each.id))


def _is_in(audience: Sequence[Audience], each: Topic | Organisation) -> bool:
    return audience_of(each) in audience


def _rule(verb: str, kind: str, names: Sequence[str]) -> str:
    quoted = ", ".join(f"“{name}”" for name in names)
    if len(names) > 1:
        return f"{verb} một trong các {kind} {quoted}"
    return f"{verb} {kind} {quoted}" if names else ""


def preview(request: Request, draft: Draft, remark: str = "") -> Reply:
    """The notice itself, and below it the panel as a message of its own."""
    shown = panel(request, draft, remark or "Trên đây là thông báo đúng như người nhận sẽ thấy.")
    return Reply(
        text=shown.text,
        buttons=shown.buttons,
        edit=False,
        above=as_sent(request, draft.broadcast),
    )


def as_sent(request: Request, broadcast: Broadcast) -> Content:
    return broadcast_content(
        broadcast, office=request.office.name, sent_at=request.now, code=code_of(broadcast)
    )


def panel(request: Request, draft: Draft, remark: str = "") -> Reply:
    return Reply(
        text=paragraphs(remark, facts(request, draft), _about_size(draft.broadcast)),
        buttons=_buttons(request, draft.broadcast),
    )


def facts(request: Request, draft: Draft) -> str:
    is_urgent = draft.broadcast.urgency is Urgency.URGENT
    if not draft.recipients.total:
        return lines(NOBODY, f"Phạm vi: {draft.whom}.")
    return lines(
        f"Gửi tới {how_many(draft.recipients)}.",
        f"Phạm vi: {draft.whom}.",
        "Khẩn: có, gửi cả trong giờ nghỉ." if is_urgent else "Khẩn: không.",
        quiet_line(request, draft.broadcast),
        _expected_end_line(request, draft),
    )


def how_many(recipients: Recipients) -> str:
    """1.284 người nhận (1.267 người, 17 nhóm)."""
    people, groups = counted(recipients.people, "người"), counted(recipients.groups, "nhóm")
    return f"{counted(recipients.total, 'người nhận')} ({people}, {groups})"


def leaves_at(request: Request, broadcast: Broadcast) -> datetime:
    """Ordinary ones wait for the end of the quiet hours."""
    if broadcast.urgency is Urgency.URGENT:
        return request.now
    return ends_at(request.now, request.office.quiet)


def quiet_line(request: Request, broadcast: Broadcast) -> str:
    begins = leaves_at(request, broadcast)
    if begins == request.now:
        return ""
    quiet = request.office.quiet
    hours = f"{quiet.from_hour:02}:00–{quiet.to_hour:02}:00"
    return f"Hiện là giờ nghỉ ({hours}): thông báo sẽ được gửi lúc {time_of(begins)}."


def time_of(at: datetime) -> str:
    return f"{at.astimezone(VIETNAM):%H:%M}"


def _expected_end_line(request: Request, draft: Draft) -> str:
    begins = leaves_at(request, draft.broadcast)
    ends = _expected_end(request.office, draft, begins)
    is_today = ends.astimezone(VIETNAM).date() == request.now.astimezone(VIETNAM).date()
    day = "" if is_today else f" ngày {ends.astimezone(VIETNAM):%d/%m/%Y}"
    return f"Dự kiến xong lúc {time_of(ends)}{day}."


def _expected_end(office: Office, draft: Draft, begins: datetime) -> datetime:
    """To the next full minute; what is not out when quiet hours begin waits for their end."""
    ends = begins + timedelta(seconds=draft.recipients.total / office.messages_per_second)
    full = ends.replace(second=0, microsecond=0)
    ends = full if full == ends else full + timedelta(minutes=1)
    if draft.broadcast.urgency is not Urgency.URGENT and is_quiet(ends, office.quiet):
        return ends_at(ends, office.quiet)
    return ends


def _about_size(broadcast: Broadcast) -> str:
    size = broadcast.attachment.size_bytes if broadcast.attachment else 0
    if size < LARGE_BYTES:
        return ""
    megabytes = f"{round(size / (1024 * 1024))}{NO_BREAK}MB"
    return f"Tệp kèm theo nặng {megabytes}, mở trên điện thoại có thể chậm."


def _buttons(request: Request, broadcast: Broadcast) -> Rows:
    one = broadcast.id
    return (
        (broadcast_button("Người nhận", AUDIENCE, one), _urgency_button(request, broadcast)),
        (
            broadcast_button("Gửi thử cho tôi", TEST, one),
            broadcast_button("Sửa nội dung", EDIT, one),
        ),
        (broadcast_button("Gửi", SEND, one), broadcast_button("Bỏ", DROP, one)),
    )


def _urgency_button(request: Request, broadcast: Broadcast) -> Button:
    """A switch shows how it stands; a line in a list says what it will do."""
    is_urgent = broadcast.urgency is Urgency.URGENT
    wanted = Urgency.ORDINARY if is_urgent else Urgency.URGENT
    switch = f"Khẩn: {'có' if is_urgent else 'không'}"
    line = "Đổi thành không khẩn" if is_urgent else "Đổi thành khẩn"
    label = switch if request.has_buttons else line
    return broadcast_button(label, URGENCY, broadcast.id, wanted)
