"""Stage: summaries → bulletins, one for each new article."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.database import Database
from storage.records import (
    Audience,
    AudienceRule,
    BulletinKind,
    NewBulletin,
    SummarisedArticle,
    Urgency,
)

LIFETIME = timedelta(days=3)  # news older than this is no longer sent
CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that are read for another


@dataclass(frozen=True, slots=True, kw_only=True)
class ComposeCounts:
    bulletins: int = 0


async def compose_new(database: Database, now: datetime) -> ComposeCounts:
    async with database.transaction() as tx:
        articles = await tx.articles.not_in_a_bulletin(since=now - LIFETIME)
    added = 0
    for article in articles:
        async with database.transaction() as tx:
            added += await tx.bulletins.add(_article_bulletin(article, now), now) is not None
    return ComposeCounts(bulletins=added)


def content_key(kind: BulletinKind, slot: str, version_ids: Sequence[int]) -> str:
    """Bulletins of the same kind, slot and content share it, and so are one."""
    ids = ",".join(map(str, version_ids))
    return hashlib.sha256(f"{kind}|{slot}|{ids}".encode()).hexdigest()


def new_code() -> str:
    """K7M-3RD: short enough to be read out over the telephone."""
    letters = "".join(secrets.choice(CODE_LETTERS) for _ in range(6))
    return f"{letters[:3]}-{letters[3:]}"


def _article_bulletin(article: SummarisedArticle, now: datetime) -> NewBulletin:
    topics = tuple(
        Audience(rule=AudienceRule.TOPIC, value=str(topic)) for topic in sorted(article.topic_ids)
    )
    return NewBulletin(
        kind=BulletinKind.ARTICLE,
        content_key=content_key(BulletinKind.ARTICLE, "", [article.version_id]),
        code=new_code(),
        urgency=Urgency.ORDINARY,
        not_before=now,
        expires_at=now + LIFETIME,
        version_ids=(article.version_id,),
        audience=topics or (Audience(rule=AudienceRule.ALL),),
    )
