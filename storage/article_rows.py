"""Rows of articles as records, and the query that joins all that a reader is shown of one."""

from datetime import datetime

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import aliased

from storage.models import (
    ArticleDuplicateRow,
    ArticleRow,
    ArticleVersionRow,
    SourceRow,
    SummaryRow,
)
from storage.records import (
    Article,
    ArticleVersion,
    PageState,
    Precision,
    SummarisedArticle,
)

Summarised = Select[ArticleRow, ArticleVersionRow, SummaryRow, SourceRow, datetime]

_any_version = aliased(ArticleVersionRow)
_any_summary = aliased(SummaryRow)

# when it first became something that may be told: a later version is no later news
first_summary_at = (
    select(func.min(_any_summary.created_at))
    .join(_any_version, _any_version.id == _any_summary.version_id)
    .where(_any_version.article_id == ArticleRow.id)
    .correlate(ArticleRow)
    .scalar_subquery()
)
newest_version = (
    select(func.max(_any_version.n))
    .where(_any_version.article_id == ArticleRow.id)
    .correlate(ArticleRow)
    .scalar_subquery()
)
is_duplicate = (
    select(ArticleDuplicateRow.article_id)
    .where(ArticleDuplicateRow.article_id == ArticleRow.id)
    .correlate(ArticleRow)
    .exists()
)
is_news = (
    ArticleRow.is_baseline.is_(False)
    & ArticleRow.held_at.is_(None)
    & ArticleRow.missing_since.is_(None)
    & SourceRow.removed_at.is_(None)
    & ~is_duplicate
)


def summarised() -> Summarised:
    return (
        select(ArticleRow, ArticleVersionRow, SummaryRow, SourceRow, first_summary_at)
        .join(ArticleVersionRow, ArticleVersionRow.article_id == ArticleRow.id)
        .join(SummaryRow, SummaryRow.version_id == ArticleVersionRow.id)
        .join(SourceRow, SourceRow.id == ArticleRow.source_id)
    )


def newest_summarised() -> Summarised:
    """Only the newest version of each; while that has no summary, nothing of the article."""
    return summarised().where(ArticleVersionRow.n == newest_version)


def article_record(row: ArticleRow) -> Article:
    return Article(
        id=row.id,
        source_id=row.source_id,
        url=row.url,
        title=row.title,
        lead=row.lead,
        image_url=row.image_url,
        published_at=row.published_at,
        precision=Precision(row.precision),
        is_baseline=row.is_baseline,
        page_state=PageState(row.page_state),
        page_due_at=row.page_due_at,
        page_attempts=row.page_attempts,
        page_reason=row.page_reason,
        first_seen_at=row.first_seen_at,
        listed_hash=row.listed_hash,
        listed_at=row.listed_at,
        held_at=row.held_at,
        released_at=row.released_at,
        reread_at=row.reread_at,
        rereads=row.rereads,
        missing_since=row.missing_since,
        withdrawn_at=row.withdrawn_at,
    )


def version_record(row: ArticleVersionRow) -> ArticleVersion:
    return ArticleVersion(
        id=row.id,
        article_id=row.article_id,
        n=row.n,
        title=row.title,
        lead=row.lead,
        paragraphs=tuple(row.paragraphs),
        credit=row.credit,
        image_url=row.image_url,
        content_hash=row.content_hash,
        seen_at=row.seen_at,
    )


def summarised_record(
    row: Row[ArticleRow, ArticleVersionRow, SummaryRow, SourceRow, datetime],
    *,
    topic_ids: frozenset[int],
    also_at: tuple[str, ...],
) -> SummarisedArticle:
    article, version, summary, source, summarised_at = row
    return SummarisedArticle(
        article_id=article.id,
        version_id=version.id,
        title=version.title,
        summary=summary.text,
        line=summary.line,
        published_at=article.published_at,
        precision=Precision(article.precision),
        first_seen_at=article.first_seen_at,
        news_at=article.released_at or article.first_seen_at,
        summarised_at=summarised_at,
        source_name=source.name,
        url=article.url,
        topic_ids=topic_ids,
        also_at=also_at,
    )
