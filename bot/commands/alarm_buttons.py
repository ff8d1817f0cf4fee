"""What an admin may do about an alarm, under the message that tells him of it."""

from bot.commands import late_news, quota
from bot.commands.wording import Rows, button
from jobs.quota_alarms import QUOTA_GONE
from jobs.source_health import FLOOD
from jobs.watch import LATE_NEWS


def alarm_buttons(kind: str) -> Rows:
    if kind == LATE_NEWS:
        return (*late_news.choices(), (button("Xem danh sách", late_news.NAME),))
    if kind == FLOOD:
        return ((button("Xem các nguồn tin", "nguon"),),)
    if kind == QUOTA_GONE:
        return ((button("Xem và cho gửi tiếp", quota.NAME),),)
    return ()
