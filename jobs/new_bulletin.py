"""Makes bulletins of news: their keys and codes, how long they are sent, whom they are for."""

import hashlib
import secrets
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from storage.database import Transaction
from storage.records import (
    Audience,
    AudienceRule,
    BulletinKind,
    NewBulletin,
    SummarisedArticle,
    Urgency,
)

LIFETIME = timedelta(days=3)  # news older than this is no longer sent by itself
# after a standstill older news is offered to the admins; what is older still is forgotten
OFFERED = timedelta(days=30)
MOST_IN_A_DIGEST = 60  # the newest; a message takes 100 buttons on Telegram
CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that are read for another


def content_key(kind: BulletinKind, slot: str, version_ids: Sequence[int]) -> str:
    """Bulletins of the same kind, slot and content share it, and so are one."""
    ids = ",".join(map(str, version_ids))
    return hashlib.sha256(f"{kind}|{slot}|{ids}".encode()).hexdigest()


def new_code() -> str:
    """K7M-3RD: short enough to be read out over the telephone."""
    letters = "".join(secrets.choice(CODE_LETTERS) for _ in range(6))
    return f"{letters[:3]}-{letters[3:]}"


def article_bulletin(article: SummarisedArticle, now: datetime) -> NewBulletin:
    topics = tuple(
        Audience(rule=AudienceRule.TOPIC, value=str(topic)) for topic in sorted(article.topic_ids)
    )
    return NewBulletin(
        kind=BulletinKind.ARTICLE,
        content_key=content_key(BulletinKind.ARTICLE, "", [article.version_id]),
        code=new_code(),
        urgency=Urgency.ORDINARY,
        not_before=now,
        expires_at=article.news_at + LIFETIME,
        version_ids=(article.version_id,),
        audience=topics or (Audience(rule=AudienceRule.ALL),),
    )


def _digest(
    slot: str, version_ids: tuple[int, ...], subscriber_ids: list[int], now: datetime
) -> NewBulletin:
    return NewBulletin(
        kind=BulletinKind.DIGEST,
        content_key=content_key(BulletinKind.DIGEST, slot, version_ids),
        code=new_code(),
        urgency=Urgency.ORDINARY,
        not_before=now,
        expires_at=now + LIFETIME,
        version_ids=version_ids,
        audience=(Audience(rule=AudienceRule.LISTED),),
        listed=tuple(subscriber_ids),
    )


async def add_digests(
    tx: Transaction, slot: str, owed: Mapping[int, Sequence[int]], now: datetime
) -> int:
    """`owed`: subscriber -> versions. Whoever is owed the same shares one; more than one holds
    become several. How many are new.
    """
    lists: defaultdict[tuple[int, ...], list[int]] = defaultdict(list)
    for subscriber_id, version_ids in owed.items():
        for start in range(0, len(version_ids), MOST_IN_A_DIGEST):
            lists[tuple(version_ids[start : start + MOST_IN_A_DIGEST])].append(subscriber_id)
    added = 0
    for some, subscriber_ids in lists.items():
        added += await tx.bulletins.add(_digest(slot, some, subscriber_ids, now), now) is not None
    return added
