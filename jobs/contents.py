"""What a bulletin says, read from the database."""

from jobs.bulletin_text import article_content, broadcast_content, digest_content
from jobs.messenger import Content
from storage.database import Transaction
from storage.records import Bulletin, BulletinKind


async def content_of(
    tx: Transaction, bulletin: Bulletin, *, office: str
) -> tuple[Content, int | None]:
    """The content, and the version of the one article it shows. Raises LookupError."""
    if bulletin.kind is BulletinKind.BROADCAST:
        broadcast = await tx.broadcasts.of_bulletin(bulletin.id)
        if broadcast is None:
            raise LookupError("a broadcast's bulletin without its words")
        return (
            broadcast_content(
                broadcast, office=office, sent_at=bulletin.created_at, code=bulletin.code
            ),
            None,
        )
    articles = await tx.articles.of_bulletin(bulletin.id)
    if bulletin.kind is BulletinKind.DIGEST:
        content = digest_content(articles, composed_at=bulletin.created_at, code=bulletin.code)
        return content, None
    if not articles:
        raise LookupError("an article's bulletin without its article")
    return article_content(articles[0], code=bulletin.code), articles[0].version_id
