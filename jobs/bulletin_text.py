"""What a bulletin says to its readers. Pure."""

from datetime import datetime
from zoneinfo import ZoneInfo

from jobs.messenger import Button, Content
from jobs.rich_text import RichText, bold, join, plain
from storage.records import Precision, SummarisedArticle

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
READ_ALL = "Đọc toàn văn"


def article_content(article: SummarisedArticle, *, code: str = "") -> Content:
    """Title, summary, date, source, code; the link as a button."""
    return Content(
        text=join(
            plain("📰 ") + bold(article.title),
            *([plain(article.summary)] if article.summary else []),
            plain(_facts(article, code)),
            between="\n\n",
        ),
        buttons=((Button(label=READ_ALL, url=article.url),),),
    )


def articles_list(articles: list[SummarisedArticle], heading: RichText) -> Content:
    """Several articles in one message: numbered titles with dates, a numbered link each."""
    lines = [
        join(plain(f"{n}. "), bold(article.title), plain(f"\n{_day(article)}"))
        for n, article in enumerate(articles, 1)
    ]
    links = tuple(
        Button(label=f"Đọc tin {n}", url=article.url) for n, article in enumerate(articles, 1)
    )
    rows = tuple(links[start : start + 2] for start in range(0, len(links), 2))
    return Content(text=join(heading, *lines, between="\n\n"), buttons=rows)


def show_moment(at: datetime) -> str:
    """14:05 ngày 16/03/2021, in Viet Nam."""
    return f"{at.astimezone(VIETNAM):%H:%M ngày %d/%m/%Y}"


def _facts(article: SummarisedArticle, code: str) -> str:
    facts = [_day(article), article.source_name]
    if code:
        facts.append(f"Mã {code}")
    return " · ".join(facts)


def _day(article: SummarisedArticle) -> str:
    """The day it was published; when the portal does not say, the day it was found."""
    known = article.published_at if article.precision is not Precision.NONE else None
    return f"{(known or article.first_seen_at).astimezone(VIETNAM):%d/%m/%Y}"
