"""The tables. Private to storage: records leave it, rows never do."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    MetaData,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC in and out; a naive time is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a time zone cannot be stored")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class PlainText(TypeDecorator[str]):
    """Without U+0000, which PostgreSQL cannot hold and a portal's JSON can."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        return value if value is None else value.replace("\0", "")


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        datetime: UtcDateTime(),
        str: PlainText(),
        list[Any]: JSON(),
        dict[str, Any]: JSON(),
    }


def _ref(target: str, *, cascade: bool = False) -> ForeignKey:
    return ForeignKey(target, ondelete="CASCADE" if cascade else None)


_KEPT = text("removed_at IS NULL")  # a removed source may be added again
UNSETTLED = text("settled_at IS NULL")
# written out: a partial index serves only a query that says the same
WAITING = text("state IN ('queued', 'unsure')")
IN_FLIGHT = text("state = 'sending'")
HELD_BACK = text("state = 'held'")


class SourceRow(Base):
    __tablename__ = "source"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    url: Mapped[str]
    kind: Mapped[str]
    etag: Mapped[str] = mapped_column(default="")
    last_modified: Mapped[str] = mapped_column(default="")
    next_visit_at: Mapped[datetime] = mapped_column(index=True)
    baseline_at: Mapped[datetime | None]
    health: Mapped[str]
    health_reason: Mapped[str] = mapped_column(default="")
    last_visit_at: Mapped[datetime | None]
    last_ok_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    config: Mapped[dict[str, Any]] = mapped_column(default=dict)
    asks: Mapped[dict[str, Any]] = mapped_column(default=dict)
    visits: Mapped[int] = mapped_column(default=0)
    body_hash: Mapped[str] = mapped_column(default="")
    list_hash: Mapped[str] = mapped_column(default="")
    listed: Mapped[int] = mapped_column(default=0)
    listed_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    gap_seconds: Mapped[int | None]
    last_new_at: Mapped[datetime | None]
    ill_since: Mapped[datetime | None]
    redirect_url: Mapped[str] = mapped_column(default="")
    redirects: Mapped[int] = mapped_column(default=0)
    extra_ca: Mapped[str] = mapped_column(default="")
    is_insecure: Mapped[bool] = mapped_column(default=False)
    holds_next: Mapped[bool] = mapped_column(default=False)
    __table_args__ = (
        Index("uq_source_url", "url", unique=True, sqlite_where=_KEPT, postgresql_where=_KEPT),
    )


class SourceTopicRow(Base):
    __tablename__ = "source_topic"
    source_id: Mapped[int] = mapped_column(_ref("source.id", cascade=True), primary_key=True)
    category: Mapped[str] = mapped_column(primary_key=True)  # "" is the default
    topic_id: Mapped[int] = mapped_column(_ref("topic.id"))


class SourcePageRow(Base):
    """The page that a source could not be read from, kept for who repairs it."""

    __tablename__ = "source_page"
    source_id: Mapped[int] = mapped_column(_ref("source.id", cascade=True), primary_key=True)
    url: Mapped[str]
    content_type: Mapped[str]
    body: Mapped[bytes]
    reason: Mapped[str]
    kept_at: Mapped[datetime]


class SourceTrialRow(Base):
    """An address that an admin asked to be looked at before it becomes a source."""

    __tablename__ = "source_trial"
    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str]
    asked_by: Mapped[int] = mapped_column(_ref("subscriber.id", cascade=True), index=True)
    asked_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(index=True)
    found_url: Mapped[str] = mapped_column(default="")
    kind: Mapped[str] = mapped_column(default="")
    config: Mapped[dict[str, Any]] = mapped_column(default=dict)
    name: Mapped[str] = mapped_column(default="")
    listed: Mapped[int] = mapped_column(default=0)
    samples: Mapped[list[Any]] = mapped_column(default=list)  # [title, day, words], …
    reason: Mapped[str] = mapped_column(default="")
    advice: Mapped[str] = mapped_column(default="")
    __table_args__ = ({"sqlite_autoincrement": True},)  # an old button must not mean a new trial


class TopicRow(Base):
    __tablename__ = "topic"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    position: Mapped[int]


class ArticleRow(Base):
    __tablename__ = "article"
    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(_ref("source.id"), index=True)
    url: Mapped[str]
    title: Mapped[str]
    lead: Mapped[str]
    image_url: Mapped[str]
    published_at: Mapped[datetime | None]
    precision: Mapped[str]
    is_baseline: Mapped[bool]
    page_state: Mapped[str]
    page_due_at: Mapped[datetime | None]
    page_attempts: Mapped[int] = mapped_column(default=0)
    page_reason: Mapped[str] = mapped_column(default="")
    first_seen_at: Mapped[datetime] = mapped_column(index=True)
    listed_hash: Mapped[str] = mapped_column(default="")
    listed_at: Mapped[datetime | None]
    held_at: Mapped[datetime | None] = mapped_column(index=True)
    released_at: Mapped[datetime | None] = mapped_column(index=True)
    reread_at: Mapped[datetime | None] = mapped_column(index=True)
    rereads: Mapped[int] = mapped_column(default=0)
    missing_since: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None] = mapped_column(index=True)
    __table_args__ = (Index("ix_article_page", "page_state", "page_due_at"),)


class ArticleKeyRow(Base):
    __tablename__ = "article_key"
    kind: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    article_id: Mapped[int | None] = mapped_column(  # None: the article was purged, not the key
        ForeignKey("article.id", ondelete="SET NULL"), index=True
    )


class ArticleDuplicateRow(Base):
    """The same news from another source: told with the first one, not for itself."""

    __tablename__ = "article_duplicate"
    article_id: Mapped[int] = mapped_column(_ref("article.id", cascade=True), primary_key=True)
    original_id: Mapped[int] = mapped_column(_ref("article.id", cascade=True), index=True)


class ArticleSketchRow(Base):
    """A few hashes of what an article says; who shares one may say the same."""

    __tablename__ = "article_sketch"
    article_id: Mapped[int] = mapped_column(_ref("article.id", cascade=True), primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger, primary_key=True, index=True)


class ArticleVersionRow(Base):
    __tablename__ = "article_version"
    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(_ref("article.id", cascade=True))
    n: Mapped[int]
    title: Mapped[str]
    lead: Mapped[str]
    paragraphs: Mapped[list[Any]]
    credit: Mapped[str]
    image_url: Mapped[str]
    content_hash: Mapped[str]
    seen_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("article_id", "n"),)


class ArticleTopicRow(Base):
    __tablename__ = "article_topic"
    article_id: Mapped[int] = mapped_column(_ref("article.id", cascade=True), primary_key=True)
    topic_id: Mapped[int] = mapped_column(_ref("topic.id"), primary_key=True)


class SummaryRow(Base):
    __tablename__ = "summary"
    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(_ref("article_version.id", cascade=True), unique=True)
    text: Mapped[str]
    how: Mapped[str]
    line: Mapped[str] = mapped_column(default="")
    spans: Mapped[list[Any]] = mapped_column(default=list)  # [paragraph, start, length], …
    created_at: Mapped[datetime]


class BulletinRow(Base):
    __tablename__ = "bulletin"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    content_key: Mapped[str] = mapped_column(unique=True)
    code: Mapped[str] = mapped_column(unique=True)
    author_id: Mapped[int | None] = mapped_column(_ref("subscriber.id"))
    urgency: Mapped[str]
    not_before: Mapped[datetime]
    expires_at: Mapped[datetime]
    corrects_id: Mapped[int | None] = mapped_column(_ref("bulletin.id"))
    created_at: Mapped[datetime]
    fanned_out_at: Mapped[datetime | None] = mapped_column(index=True)
    cancelled_at: Mapped[datetime | None]
    is_paid: Mapped[bool] = mapped_column(default=False)
    settled_at: Mapped[datetime | None]  # it is over, and nothing of it waits any more
    offered_at: Mapped[datetime | None]  # what came too late was offered to the admins
    __table_args__ = (
        Index("ix_bulletin_unsettled", "id", sqlite_where=UNSETTLED, postgresql_where=UNSETTLED),
    )


class BulletinArticleRow(Base):
    __tablename__ = "bulletin_article"
    bulletin_id: Mapped[int] = mapped_column(_ref("bulletin.id", cascade=True), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(_ref("article_version.id"), index=True)


class BulletinAudienceRow(Base):
    __tablename__ = "bulletin_audience"
    bulletin_id: Mapped[int] = mapped_column(_ref("bulletin.id", cascade=True), primary_key=True)
    rule: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)


class BroadcastRow(Base):
    __tablename__ = "broadcast"
    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int | None] = mapped_column(_ref("subscriber.id"), index=True)
    state: Mapped[str]
    text: Mapped[str]
    spans: Mapped[list[Any]]
    attachment: Mapped[list[Any]]  # kind, file_id, name, size; empty: none
    urgency: Mapped[str]
    audience: Mapped[list[Any]]  # [rule, value], …
    bulletin_id: Mapped[int | None] = mapped_column(_ref("bulletin.id"), unique=True)
    status_chat_id: Mapped[int | None] = mapped_column(ForeignKey("chat.id", ondelete="SET NULL"))
    status_message_id: Mapped[str]
    status_text: Mapped[str]
    finished_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class DigestRunRow(Base):
    """The digests of one hour were composed: once a day, and what came until then is in them."""

    __tablename__ = "digest_run"
    day: Mapped[str] = mapped_column(primary_key=True)  # in Viet Nam, 2026-11-12
    hour: Mapped[int] = mapped_column(primary_key=True)
    composed_at: Mapped[datetime]


class BulletinListedRow(Base):
    __tablename__ = "bulletin_listed"
    bulletin_id: Mapped[int] = mapped_column(_ref("bulletin.id", cascade=True), primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(
        _ref("subscriber.id", cascade=True), primary_key=True
    )


class BotRow(Base):
    __tablename__ = "bot"
    id: Mapped[int] = mapped_column(primary_key=True)
    platform: Mapped[str]
    account: Mapped[str]
    name: Mapped[str]
    down_since: Mapped[datetime | None]  # nothing of it reaches its platform
    __table_args__ = (UniqueConstraint("platform", "account"),)


class BotLimitRow(Base):
    """What a platform allows a bot; most bots have none."""

    __tablename__ = "bot_limit"
    bot_id: Mapped[int] = mapped_column(_ref("bot.id", cascade=True), primary_key=True)
    messages: Mapped[int]  # a month, both directions
    people: Mapped[int]
    groups: Mapped[int]


class QuotaRow(Base):
    """What one bot has used of a month's messages."""

    __tablename__ = "quota"
    bot_id: Mapped[int] = mapped_column(_ref("bot.id", cascade=True), primary_key=True)
    month: Mapped[str] = mapped_column(primary_key=True)  # in Viet Nam, 2026-11
    sent: Mapped[int]
    received: Mapped[int]
    gone_at: Mapped[datetime | None]  # the platform said that nothing is left


class RefusalRow(Base):
    """A bulletin that a chat refused; the third in a row ends what is written to it."""

    __tablename__ = "refusal"
    chat_id: Mapped[int] = mapped_column(_ref("chat.id", cascade=True), primary_key=True)
    delivery_id: Mapped[int] = mapped_column(
        _ref("delivery.id", cascade=True), primary_key=True, index=True
    )
    at: Mapped[datetime]


class OrganisationRow(Base):
    __tablename__ = "organisation"
    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(_ref("organisation.id"), index=True)
    name: Mapped[str]
    position: Mapped[int]


class OrganisationAliasRow(Base):
    __tablename__ = "organisation_alias"
    alias: Mapped[str] = mapped_column(primary_key=True)  # folded: no marks, no capitals
    organisation_id: Mapped[int] = mapped_column(_ref("organisation.id", cascade=True))


class SubscriberRow(Base):
    __tablename__ = "subscriber"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    role: Mapped[str]
    organisation_id: Mapped[int | None] = mapped_column(_ref("organisation.id"), index=True)
    consent_version: Mapped[int | None]
    consented_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    digest_hour: Mapped[int | None]
    digest_since: Mapped[datetime | None]
    preferred_platform: Mapped[str | None]
    stands_for_members: Mapped[bool] = mapped_column(default=False)  # a group for its organisation
    merged_into_id: Mapped[int | None]  # the same person's subscriber that stayed


class ChatRow(Base):
    __tablename__ = "chat"
    id: Mapped[int] = mapped_column(primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(_ref("subscriber.id", cascade=True), index=True)
    platform: Mapped[str]
    bot_id: Mapped[int] = mapped_column(_ref("bot.id"))
    address: Mapped[str]
    thread: Mapped[str] = mapped_column(default="")
    kind: Mapped[str]
    reachability: Mapped[str]
    gone_at: Mapped[datetime | None]
    __table_args__ = (UniqueConstraint("platform", "bot_id", "address", "thread"),)


class SubscriptionRow(Base):
    __tablename__ = "subscription"
    subscriber_id: Mapped[int] = mapped_column(
        _ref("subscriber.id", cascade=True), primary_key=True
    )
    topic_id: Mapped[int] = mapped_column(_ref("topic.id"), primary_key=True, index=True)


class DeliveryRow(Base):
    __tablename__ = "delivery"
    id: Mapped[int] = mapped_column(primary_key=True)
    bulletin_id: Mapped[int] = mapped_column(_ref("bulletin.id"))
    subscriber_id: Mapped[int] = mapped_column(_ref("subscriber.id"), index=True)
    state: Mapped[str]
    reason: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(default=0)
    unsure_count: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime]
    chat_id: Mapped[int | None] = mapped_column(ForeignKey("chat.id", ondelete="SET NULL"))
    changed_at: Mapped[datetime]
    bot_id: Mapped[int]  # the way it goes now; 0: none
    priority: Mapped[int]  # 0 urgent, 1 ordinary, 2 digest
    process_id: Mapped[int | None]  # who is sending it: its fencing number
    __table_args__ = (
        UniqueConstraint("bulletin_id", "subscriber_id"),
        # what a claim walks along
        Index(
            "ix_delivery_waiting",
            "bot_id",
            "priority",
            "not_before",
            "id",
            sqlite_where=WAITING,
            postgresql_where=WAITING,
        ),
        Index(
            "ix_delivery_in_flight",
            "process_id",
            sqlite_where=IN_FLIGHT,
            postgresql_where=IN_FLIGHT,
        ),
        Index(
            "ix_delivery_held",
            "bot_id",
            sqlite_where=HELD_BACK,
            postgresql_where=HELD_BACK,
        ),
        {"postgresql_with": {"fillfactor": 70}},  # room for its states on the same page
    )


class MessageRow(Base):
    __tablename__ = "message"
    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(_ref("delivery.id", cascade=True))
    part: Mapped[int]
    chat_id: Mapped[int | None] = mapped_column(ForeignKey("chat.id", ondelete="SET NULL"))
    platform_message_id: Mapped[str]
    version_id: Mapped[int | None] = mapped_column(_ref("article_version.id"))
    sent_at: Mapped[datetime] = mapped_column(index=True)
    __table_args__ = (UniqueConstraint("delivery_id", "part"),)


class ProcessRow(Base):
    """One life of a program that works this database; its id is a fencing number."""

    __tablename__ = "process"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    started_at: Mapped[datetime]
    alive_until: Mapped[datetime]
    __table_args__ = ({"sqlite_autoincrement": True},)  # a number is never given out twice


class LeaseRow(Base):
    """A duty that one process at a time has: a stage's clock, a bot's updates."""

    __tablename__ = "lease"
    name: Mapped[str] = mapped_column(primary_key=True)
    process_id: Mapped[int]
    fence: Mapped[int]  # one more at each change of hands


class PaceRow(Base):
    """When a bot may send next, whatever process does it; by the database's clock."""

    __tablename__ = "pace"
    bot_id: Mapped[int] = mapped_column(_ref("bot.id", cascade=True), primary_key=True)
    next_at: Mapped[datetime]


class AlarmRow(Base):
    """Something that the admins must be told, once, and once more when it is over."""

    __tablename__ = "alarm"
    kind: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]
    raised_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    over_at: Mapped[datetime | None]


class QuestionRow(Base):
    """A question that waits for a typed answer: the state of a conversation."""

    __tablename__ = "question"
    bot_id: Mapped[int] = mapped_column(_ref("bot.id"), primary_key=True)
    address: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(primary_key=True)
    choices: Mapped[list[Any]]
    expires_at: Mapped[datetime]


class SeenUpdateRow(Base):
    __tablename__ = "seen_update"
    bot_id: Mapped[int] = mapped_column(_ref("bot.id"), primary_key=True)
    update_id: Mapped[str] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(index=True)


class OwnerCodeRow(Base):
    __tablename__ = "owner_code"
    id: Mapped[int] = mapped_column(primary_key=True)
    salt: Mapped[str]
    code_hash: Mapped[str]
    expires_at: Mapped[datetime]
    tries_left: Mapped[int]
    used_at: Mapped[datetime | None]


class LinkCodeRow(Base):
    """A one-time code that makes a chat on another platform the same person's."""

    __tablename__ = "link_code"
    id: Mapped[int] = mapped_column(primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(_ref("subscriber.id", cascade=True), index=True)
    platform: Mapped[str]
    salt: Mapped[str]
    code_hash: Mapped[str]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    entered_by: Mapped[str] = mapped_column(default="")
    used_at: Mapped[datetime | None]


class LinkTryRow(Base):
    """How many codes one chat has typed lately; which chat it is cannot be read from it."""

    __tablename__ = "link_try"
    who: Mapped[str] = mapped_column(primary_key=True)
    tries: Mapped[int]
    since: Mapped[datetime]


class AuditRow(Base):
    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[int | None] = mapped_column(_ref("subscriber.id"))
    action: Mapped[str]
    target: Mapped[str]
    detail: Mapped[str]
