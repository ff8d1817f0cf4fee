"""The nouns, as storage hands them out: frozen records and their states. Times are aware UTC."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

URGENT: Final = 0  # the first priority of a delivery


class SourceKind(StrEnum):
    FEED = "feed"
    LIFERAY = "liferay"
    HTML_LIST = "html_list"
    WORDPRESS = "wordpress"
    SITEMAP = "sitemap"


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
    UNREADABLE = "unreadable"  # TCVN3 or VNI: written for fonts, not in Unicode
    CHALLENGE = "challenge"  # a page that wants JavaScript or a cookie first
    BLOCKED = "blocked"  # 401, 403, 429
    TLS = "tls"  # its certificate cannot be trusted
    MOVED = "moved"  # leads to another address, or to a start page
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


class TrialState(StrEnum):
    """How the look at an address that an admin named went."""

    WAITING = "waiting"
    FOUND = "found"  # may be added
    FAILED = "failed"  # the reason is said
    ADDED = "added"


class BulletinKind(StrEnum):
    ARTICLE = "article"
    DIGEST = "digest"
    BROADCAST = "broadcast"
    CORRECTION = "correction"


class Urgency(StrEnum):
    URGENT = "urgent"
    ORDINARY = "ordinary"


class BroadcastState(StrEnum):
    WRITING = "writing"  # waits for its content
    READY = "ready"  # has content; may still be changed
    SENT = "sent"  # is a bulletin
    DROPPED = "dropped"


class AttachmentKind(StrEnum):
    PHOTO = "photo"
    DOCUMENT = "document"


class AudienceRule(StrEnum):
    ALL = "all"
    LISTED = "listed"  # those named one by one with the bulletin
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
    HELD = "held"  # its news is told in a digest: the bot has too few messages left this month
    SENDING = "sending"
    SENT = "sent"
    UNSURE = "unsure"  # may or may not have arrived: is sent once more
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Reason(StrEnum):
    """Why a delivery ended without being sent, or waits."""

    CHAT_GONE = "chat_gone"
    REJECTED = "rejected"
    UNCONFIRMED = "unconfirmed"
    UNREACHABLE = "unreachable"
    THROTTLED = "throttled"
    MOVED = "moved"  # the group has another address
    LEFT = "left"
    STALE = "stale"
    STOPPED = "stopped"  # by the office
    REFUSED = "refused"  # by this chat, for a reason the platform does not say
    QUOTA = "quota"  # the bot has used up the month's messages
    IN_DIGEST = "in_digest"  # told there instead
    WITHDRAWN = "withdrawn"  # by the portal


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


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSource:
    name: str  # as readers see it
    url: str
    kind: SourceKind
    topics: dict[str, int]  # the portal's category -> topic id; "" is the default
    config: Mapping[str, Any] = field(default_factory=dict)  # what its kind needs to know
    extra_ca: str = ""
    is_insecure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    id: int
    name: str
    url: str
    kind: SourceKind
    etag: str
    last_modified: str
    next_visit_at: datetime
    baseline_at: datetime | None  # when the first list was read: what was there is not news
    health: Health
    health_reason: str  # in words, for a clerk
    last_visit_at: datetime | None
    last_ok_at: datetime | None
    failures: int  # in a row
    created_at: datetime
    removed_at: datetime | None
    config: Mapping[str, Any]  # what its kind needs to know
    asks: Mapping[str, Any]  # what the feed itself asks of those who come back
    visits: int
    body_hash: str  # of the last page that was read well
    list_hash: str  # of the articles it listed
    listed: int  # how many they were
    listed_at: datetime | None  # when that list was stored: its articles' listed_at
    read_at: datetime | None  # the last page that came whole, not as "not modified"
    gap_seconds: int | None  # between two new articles; None: not known yet
    last_new_at: datetime | None
    ill_since: datetime | None
    redirect_url: str  # where it leads for good, it says
    redirects: int  # how often in a row it said so
    extra_ca: str  # PEM of a certificate that its server fails to send
    is_insecure: bool  # its certificate is not checked, by an admin's word
    holds_next: bool  # what its next visit brings is offered to the admins first


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPage:
    """The page that a source could not be read from."""

    source_id: int
    url: str
    content_type: str
    body: bytes  # its beginning
    reason: str
    kept_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """An address that an admin asked to be looked at before it becomes a source."""

    id: int
    url: str
    asked_by: int  # a subscriber
    asked_at: datetime
    state: TrialState
    found_url: str  # what would be watched
    kind: SourceKind | None
    config: Mapping[str, Any]
    name: str  # as the page calls itself
    listed: int
    samples: tuple["Sample", ...]
    reason: str
    advice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One article as it would be read."""

    title: str
    day: str  # 12/11/2026; "" when the page does not say
    words: str  # how its text begins; "" when there is none


@dataclass(frozen=True, slots=True, kw_only=True)
class Flood:
    """News of one source that came all at once and waits for an admin's word."""

    source_id: int
    source_name: str
    articles: int
    titles: tuple[str, ...]  # some of them, the newest first


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    id: int
    source_id: int
    url: str  # canonical
    title: str  # as the list shows it
    lead: str
    image_url: str
    published_at: datetime | None
    precision: Precision
    is_baseline: bool  # was there before the source was added: never pushed
    page_state: PageState
    page_due_at: datetime | None
    page_attempts: int
    page_reason: str
    first_seen_at: datetime
    listed_hash: str  # of the list's own words about it
    listed_at: datetime | None  # the newest list that showed it
    held_at: datetime | None  # it came with too many others, and waits for an admin
    released_at: datetime | None  # an admin let it go
    reread_at: datetime | None  # when its page is looked at again
    rereads: int
    missing_since: datetime | None  # its page is not there
    withdrawn_at: datetime | None  # it was not there for a day


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedArticle:
    """An article of a source's last list, as far as a new list is compared with it."""

    id: int
    source_id: int
    title: str
    day: str  # 2026-11-12, in Viet Nam; "" when not known
    listed_hash: str
    page_state: PageState
    url: str
    is_missing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EditedArticle:
    """Readers were told an older version than the newest one."""

    article_id: int
    told_version_id: int
    newest_version_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawnArticle:
    """Readers were told of an article that the portal took away."""

    article_id: int
    told_version_id: int
    withdrawn_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleContent:
    """What one version of an article says."""

    title: str
    lead: str
    paragraphs: tuple[str, ...]
    credit: str
    image_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleVersion:
    id: int
    article_id: int
    n: int  # 1, 2, … as the portal edits it
    title: str
    lead: str
    paragraphs: tuple[str, ...]
    credit: str
    image_url: str
    content_hash: str
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    id: int
    version_id: int
    text: str  # may be empty: then the title stands alone
    how: str
    line: str  # at most 120 characters, for digests
    spans: tuple["TextSpan", ...]
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSpan:
    """Where in an article something stands: characters of one paragraph; -1 is the lead."""

    paragraph: int
    start: int
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SummarisedArticle:
    """One version of an article with all that a reader is shown of it."""

    article_id: int
    version_id: int
    title: str
    summary: str
    line: str  # the summary in at most 120 characters
    published_at: datetime | None
    precision: Precision
    first_seen_at: datetime
    news_at: datetime  # first seen, or let go by an admin
    summarised_at: datetime
    source_name: str
    url: str
    topic_ids: frozenset[int]
    also_at: tuple[str, ...] = ()  # names of other sources that published it


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    id: int
    slug: str
    name: str
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    id: int
    parent_id: int | None
    name: str
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """One rule of whom a bulletin is for: of one kind any must hold, of several kinds each."""

    rule: AudienceRule
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A photo or document that a platform already has."""

    kind: AttachmentKind
    file_id: str  # the platform's; good for the bot that received it
    name: str = ""
    size_bytes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSpan:
    """A span of jobs.rich_text as it is stored; start and length are UTF-16 code units."""

    style: str
    start: int
    length: int
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Broadcast:
    """A bulletin that a person writes: a draft until it is sent, then what it says."""

    id: int
    author_id: int | None  # None: from the command line
    state: BroadcastState
    text: str
    spans: tuple[StoredSpan, ...]
    attachment: Attachment | None
    urgency: Urgency
    audience: tuple[Audience, ...]
    bulletin_id: int | None
    status_chat_id: int | None  # where the message stands that shows its progress
    status_message_id: str
    status_text: str  # what that message shows
    finished_at: datetime | None  # nothing waits any more, and the message says so
    created_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipients:
    """How many a bulletin is for, or was for, before it is sent."""

    people: int
    groups: int

    @property
    def total(self) -> int:
        return self.people + self.groups


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Whom a bulletin did not reach, and why."""

    subscriber_id: int
    name: str
    kind: ChatKind
    organisation: str  # its name; "" without one
    reason: Reason | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestReader:
    """Who gets one digest a day: which topics, and from when on he is owed news."""

    subscriber_id: int
    topic_ids: frozenset[int]
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBulletin:
    kind: BulletinKind
    content_key: str  # two bulletins with the same key are one
    code: str  # short, for people to name it
    urgency: Urgency
    not_before: datetime
    expires_at: datetime  # after this it is no longer sent
    audience: tuple[Audience, ...]
    version_ids: tuple[int, ...] = ()
    listed: tuple[int, ...] = ()  # subscriber ids, for AudienceRule.LISTED
    author_id: int | None = None
    is_paid: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletin:
    id: int
    kind: BulletinKind
    content_key: str
    code: str
    author_id: int | None
    urgency: Urgency
    not_before: datetime
    expires_at: datetime
    corrects_id: int | None
    created_at: datetime
    fanned_out_at: datetime | None
    cancelled_at: datetime | None
    is_paid: bool  # goes faster than the platform's free limit, and costs the office
    settled_at: datetime | None  # it is over, and nothing of it waits any more
    offered_at: datetime | None  # what came too late was offered to the admins


@dataclass(frozen=True, slots=True, kw_only=True)
class LateNews:
    """One article that was not sent to all it was for before its time had passed."""

    bulletin_id: int
    version_id: int
    title: str
    first_seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Bot:
    """One token's account on a platform."""

    id: int
    platform: Platform
    account: str  # the platform's public id of the bot
    name: str
    down_since: datetime | None = None  # nothing of it reaches its platform


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a platform allows one bot."""

    messages: int  # a month, both directions
    people: int
    groups: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What a bot has used of a month's messages."""

    limits: Limits
    month: str  # in Viet Nam, 2026-11
    sent: int = 0
    received: int = 0
    gone_at: datetime | None = None  # the platform said that nothing is left

    @property
    def used(self) -> int:
        return self.sent + self.received


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage(Spent):
    """How much of all its limits one bot has used."""

    bot: Bot
    people: int = 0  # whom the bot knows, reachable or not
    groups: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedByGroup:
    """A bulletin that a group was to get for an organisation's members."""

    bulletin_id: int
    organisation_id: int
    may_come: bool  # the group still waits for it


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldNews:
    """News that was held back from one subscriber, to be told in a digest."""

    delivery_id: int
    bot_id: int
    subscriber_id: int
    held_at: datetime
    version_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    id: int
    kind: ChatKind
    state: SubscriberState
    name: str  # as the platform showed it when he joined
    role: Role
    organisation_id: int | None
    consent_version: int | None
    consented_at: datetime | None
    created_at: datetime
    ended_at: datetime | None
    digest_hour: int | None  # in Viet Nam; None: each article at once
    digest_since: datetime | None  # when that was chosen
    preferred_platform: Platform | None
    stands_for_members: bool  # a group: what it gets at once its organisation's members get there
    merged_into_id: int | None  # the same person's subscriber that stayed


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    id: int
    subscriber_id: int
    platform: Platform
    bot_id: int
    address: str  # the platform's chat id
    thread: str  # a forum topic; "" for none
    kind: ChatKind
    reachability: Reachability
    gone_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    id: int
    bulletin_id: int
    subscriber_id: int
    state: DeliveryState
    reason: Reason | None
    attempts: int
    unsure_count: int  # how often it may have been sent
    not_before: datetime
    chat_id: int | None
    changed_at: datetime
    bot_id: int  # the way it goes; 0: none
    priority: int  # 0 urgent, 1 ordinary, 2 digest
    process_id: int | None  # who is sending it


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A delivery that this process is to send now, and where to."""

    id: int
    bulletin_id: int
    attempts: int  # this one included
    chat: Chat
    parts_sent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SentPart:
    """One message that the platform accepted."""

    delivery_id: int
    part: int
    chat_id: int
    platform_message_id: str
    version_id: int | None
    at: datetime


class Ending(StrEnum):
    """How one attempt to send went."""

    SENT = "sent"
    BACK = "back"  # certainly not sent: again after `until`
    UNSURE = "unsure"  # may have been sent: once more after `until`
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one claim came to."""

    delivery_id: int
    ending: Ending
    at: datetime
    reason: Reason | None = None
    until: datetime | None = None  # for BACK and UNSURE


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """One life of a program that works the database."""

    id: int  # its fencing number
    name: str
    started_at: datetime
    alive_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Something that the admins must be told, once, and once more when it is over."""

    kind: str
    subject: str
    text: str  # Vietnamese, one or two sentences
    raised_at: datetime
    told_at: datetime | None
    over_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    id: int
    delivery_id: int
    part: int  # 0, 1, …
    chat_id: int | None  # None when the subscriber was erased
    platform_message_id: str
    version_id: int | None
    sent_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerCode:
    """A one-time code that makes the first owner; only its hash is stored."""

    id: int
    salt: str
    code_hash: str
    expires_at: datetime
    tries_left: int
    used_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkCode:
    """A one-time code that makes a chat on another platform the same person's."""

    id: int
    subscriber_id: int
    platform: Platform  # where it was given
    salt: str
    code_hash: str
    expires_at: datetime
    entered_by: str  # the chat that typed it and is asked, unreadably; "" before
    used_at: datetime | None


class ChoiceKind(StrEnum):
    ONE = "one"  # of several
    TICK = "tick"  # any number of which may be chosen together
    BACK = "back"  # 0, where answers are typed by number


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One answer to an open question: what it says and what it does."""

    label: str
    data: str
    kind: ChoiceKind = ChoiceKind.ONE


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    id: int
    at: datetime
    actor_id: int | None  # a subscriber; None for somebody who is none
    action: str
    target: str
    detail: str
