"""What a subscriber has chosen, read together and put into words."""

from dataclasses import dataclass

from bot.commands.wording import lines
from storage.database import Database
from storage.records import Organisation, Subscriber, Topic
from storage.repositories.subscribers import ChatAddress

# a group that reads digests
NEWS_BESIDES = "tin vẫn gửi riêng cho từng hội viên, vì nhóm nhận bản tổng hợp"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    subscriber: Subscriber
    topics: list[Topic]  # all there are
    followed: set[int]
    organisation: Organisation | None
    group: Subscriber | None  # that gets it for him


async def read_preferences(database: Database, where: ChatAddress) -> Preferences | None:
    """None when nobody is stored there."""
    async with database.transaction() as tx:
        found = await tx.subscribers.at(where)
        if found is None:
            return None
        _, subscriber = found
        chosen = subscriber.organisation_id
        group = await tx.subscribers.group_for(subscriber.id) if chosen is not None else None
        return Preferences(
            subscriber=subscriber,
            topics=await tx.topics.all(),
            followed=await tx.subscribers.topics(subscriber.id),
            organisation=await tx.organisations.get(chosen) if chosen is not None else None,
            group=group,
        )


def topic_lines(preferences: Preferences) -> str:
    names = [topic.name for topic in preferences.topics if topic.id in preferences.followed]
    if not names:
        return "Chuyên mục: chưa chọn, chỉ nhận thông báo."
    heading = "Chuyên mục (tất cả):" if len(names) == len(preferences.topics) else "Chuyên mục:"
    return lines(heading, *(f"- {name}" for name in names))


def rhythm_line(subscriber: Subscriber) -> str:
    return f"Cách nhận tin: {rhythm(subscriber)}"


def rhythm(subscriber: Subscriber) -> str:
    """In the middle of a sentence."""
    if subscriber.digest_hour is None:
        return "từng tin ngay khi có"
    return f"một bản tổng hợp mỗi ngày lúc {subscriber.digest_hour} giờ"


def organisation_line(preferences: Preferences) -> str:
    organisation = preferences.organisation
    return lines(
        f"Tổ chức: {organisation.name if organisation else 'chưa chọn'}",
        _group_line(preferences),
    )


def _group_line(preferences: Preferences) -> str:
    subscriber, group = preferences.subscriber, preferences.group
    if subscriber.stands_for_members and subscriber.digest_hour is None:
        return "Nhóm này nhận thay cho từng hội viên trên Zalo."
    if subscriber.stands_for_members:
        return f"Nhóm này nhận thông báo thay cho từng hội viên trên Zalo; {NEWS_BESIDES}."
    if group is None:
        return ""
    has_digests = subscriber.digest_hour is not None or group.digest_hour is not None
    what = "Thông báo" if has_digests else "Tin"
    return f"{what} gửi cho cả tổ chức được đăng một lần trong nhóm Zalo của tổ chức."
