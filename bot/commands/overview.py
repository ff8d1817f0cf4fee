"""A subscriber's settings on one page, with a button to change each."""

from bot.commands.command import Reply, Request
from bot.commands.consent import not_subscribed
from bot.commands.places import read_places
from bot.commands.preferences import (
    Preferences,
    organisation_line,
    read_preferences,
    rhythm_line,
    topic_lines,
)
from bot.commands.wording import Rows, button, lines, paragraphs
from jobs.bulletin_text import show_moment
from storage.records import Subscriber, SubscriberState

SETTINGS = "caidat:"  # says: back to this page


async def overview(request: Request, heading: str) -> Reply:
    preferences = await read_preferences(request.database, request.incoming.where)
    if preferences is None:
        return not_subscribed(request)
    places = await read_places(request)
    return Reply(
        text=paragraphs(
            heading,
            state_line(preferences.subscriber),
            topic_lines(preferences),
            lines(
                organisation_line(preferences),
                rhythm_line(preferences.subscriber),
                *(places.lines() if places else ()),
            ),
        ),
        buttons=_buttons(preferences),
    )


def state_line(subscriber: Subscriber) -> str:
    if subscriber.state is SubscriberState.ACTIVE:
        return "Trạng thái: đang nhận tin"
    if subscriber.ended_at is None:
        return "Trạng thái: chưa đăng ký nhận tin"
    return f"Trạng thái: đã dừng nhận tin từ {show_moment(subscriber.ended_at)}"


def _buttons(preferences: Preferences) -> Rows:
    if preferences.subscriber.state is not SubscriberState.ACTIVE:
        has_been_here = preferences.subscriber.consent_version is not None
        label = "Nhận tin trở lại" if has_been_here else "Đăng ký nhận tin"
        return ((button(label, "dangky"),),)
    return (
        (button("Đổi chuyên mục", "chuyenmuc"),),
        (button("Đổi tổ chức", "dangky", "org"),),
        (button("Đổi giờ nhận tin", "gionhan"),),
        (button("Dừng nhận tin", "huy"),),
    )
