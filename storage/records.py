"""The nouns, as storage hands them out: frozen records and their states. Times are aware UTC."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class SourceKind(StrEnum):
    FEED = "feed"
    LIFERAY = "liferay"


class Health(StrEnum):
    """How the last visit to a source went."""

    NEW = "new"  # never visited
    OK = "ok"
    EMPTY = "empty"  # the answer had no bytes, or a feed no articles
    LAYOUT_CHANGED = "layout_changed"  # a page, but no article list in it
    NOT_A_FEED = "not_a_feed"
    BROKEN = "broken"  # cut off or malformed
    UNSAFE = "unsafe"  # made to do harm: an XML bomb
    TOO_LARGE = "too_large"
    BLOCKED = "blocked"  # 401, 403, 429
    GONE = "gone"  # 404, 410
    UNREACHABLE = "unreachable"  # no connection, no answer in time, 5xx


class Precision(StrEnum):
    """How much of an article's date is known."""

    SECOND = "second"
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    NONE = "none"


class KeyKind(StrEnum):
    """What can show that two articles are the same one."""

    PORTAL_ID = "portal_id"  # host/asset entry id
    URL = "url"  # canonical
    GUID = "guid"  # source id/guid
    TITLE_DAY = "title_day"  # source id/folded title/day


class PageState(StrEnum):
    """Whether an article's own page has been read."""

    DUE = "due"
    READ = "read"
    NOT_NEEDED = "not_needed"
    GIVEN_UP = "given_up"


class BulletinKind(StrEnum):
    ARTICLE = "article"
    DIGEST = "digest"
    BROADCAST = "broadcast"
    CORRECTION = "correction"


class Urgency(StrEnum):
    URGENT = "urgent"
    ORDINARY = "ordinary"


class AudienceRule(StrEnum):
    ALL = "all"
    TOPIC = "topic"  # value: topic id
    ORGANISATION = "organisation"  # value: organisation id, its subtree included
    ROLE = "role"
    PLATFORM = "platform"


class Platform(StrEnum):
    TELEGRAM = "telegram"
    ZALO = "zalo"


class ChatKind(StrEnum):
    PERSON = "person"
    GROUP = "group"


class SubscriberState(StrEnum):
    ACTIVE = "active"  # receives
    INACTIVE = "inactive"  # has left, or only holds a role
    ERASED = "erased"  # nothing personal is left


class Reachability(StrEnum):
    OK = "ok"
    GONE = "gone"  # blocked, kicked, deleted


class Role(StrEnum):
    """What a person may do, from least to most."""

    MEMBER = "member"
    EDITOR = "editor"
    APPROVER = "approver"
    HEAD = "head"
    ADMIN = "admin"
    OWNER = "owner"

    def includes(self, other: "Role") -> bool:
        order = list(Role)
        return order.index(self) >= order.index(other)


class DeliveryState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    UNSURE = "unsure"  # may or may not have arrived: is sent once more
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Reason(StrEnum):
    """Why a delivery ended without being sent, or waits."""

    CHAT_GONE = "chat_gone"
    NO_CHAT = "no_chat"
    REJECTED = "rejected"
    UNCONFIRMED = "unconfirmed"
    UNREACHABLE = "unreachable"
    THROTTLED = "throttled"
    LEFT = "left"
    STALE = "stale"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleKey:
    kind: KeyKind
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewArticle:
    """One article as a list or feed shows it, before it is stored."""

    title: str
    url: str  # canonical
    published_at: datetime | None = None
    precision: Precision = Precision.NONE
    lead: str = ""  # the list's or feed's own summary, as published
    text: tuple[str, ...] = ()  # paragraphs, where the source itself carries them
    entry_id: str = ""  # Liferay's asset entry id
    guid: str = ""
    image_url: str = ""
    categories: tuple[str, ...] = ()  # the portal's words
