"""What a bulletin says to its readers. Pure."""

from collections.abc import Sequence
from datetime import datetime

from jobs.messenger import Button, Content
from jobs.rich_text import RichText, Span, Style, bold, join, plain
from jobs.vietnamese_date import VIETNAM
from storage.records import Broadcast, Precision, StoredSpan, SummarisedArticle, Urgency

READ_ALL = "Đọc toàn văn"
SEE_ALL = "Mời bạn xem toàn văn."  # when nothing in the article can stand for it
_BUTTONS_A_ROW = 4


def article_content(article: SummarisedArticle, *, code: str = "") -> Content:
    """Title, summary, date, source, code; the link as a button."""
    return Content(
        text=join(
            plain("📰 ") + bold(article.title),
            plain(article.summary or SEE_ALL),
            plain(_facts(article, code)),
            between="\n\n",
        ),
        buttons=((Button(label=READ_ALL, url=article.url),),),
    )


def digest_content(
    articles: Sequence[SummarisedArticle], *, composed_at: datetime, code: str
) -> Content:
    """A headline and at most a line for each article, numbered; a button a number."""
    day = f"{composed_at.astimezone(VIETNAM):%d/%m/%Y}"
    lines = [_headline(n, article) for n, article in enumerate(articles, 1)]
    return Content(
        text=join(
            plain("🗓 ") + bold(f"Bản tin ngày {day} ({len(articles)} tin)"),
            *lines,
            plain(f"Mã {code}"),
            between="\n\n",
        ),
        buttons=_numbered(articles, "{}"),
        pressing="Bấm số để đọc toàn văn.",
    )


def broadcast_content(
    broadcast: Broadcast, *, office: str, sent_at: datetime, code: str
) -> Content:
    """Who sends it stands first; the office's own words are untouched."""
    sign = "‼️" if broadcast.urgency is Urgency.URGENT else "📢"
    return Content(
        text=join(
            plain(f"{sign} ") + bold(f"Thông báo của {office}"),
            *([words_of(broadcast)] if broadcast.text else []),
            plain(f"Gửi {show_moment(sent_at)} · Mã {code}"),
            between="\n\n",
        ),
        attachment=broadcast.attachment,
    )


def words_of(broadcast: Broadcast) -> RichText:
    spans = (
        Span(style=Style(each.style), start=each.start, length=each.length, url=each.url)
        for each in broadcast.spans
    )
    return RichText(broadcast.text, tuple(spans))


def stored_spans(text: RichText) -> list[StoredSpan]:
    return [
        StoredSpan(style=each.style, start=each.start, length=each.length, url=each.url)
        for each in text.spans
    ]


def articles_list(articles: Sequence[SummarisedArticle], heading: RichText) -> Content:
    """Several articles in one message: numbered titles with dates, a numbered link each."""
    lines = [
        join(plain(f"{n}. "), bold(article.title), plain(f"\n{_day(article)}"))
        for n, article in enumerate(articles, 1)
    ]
    return Content(
        text=join(heading, *lines, between="\n\n"),
        buttons=_numbered(articles, "Đọc tin {}", in_a_row=2),
    )


def show_moment(at: datetime) -> str:
    """14:05 ngày 16/03/2021, in Viet Nam."""
    return f"{at.astimezone(VIETNAM):%H:%M ngày %d/%m/%Y}"


def _numbered(
    articles: Sequence[SummarisedArticle], label: str, *, in_a_row: int = _BUTTONS_A_ROW
) -> tuple[tuple[Button, ...], ...]:
    links = tuple(
        Button(label=label.format(n), url=article.url) for n, article in enumerate(articles, 1)
    )
    return tuple(links[start : start + in_a_row] for start in range(0, len(links), in_a_row))


def _headline(number: int, article: SummarisedArticle) -> RichText:
    """The title and, where there is one, the summary in a line."""
    title = join(plain(f"{number}. "), bold(article.title))
    return join(title, plain(article.line), between="\n") if article.line else title


def _facts(article: SummarisedArticle, code: str) -> str:
    facts = [_day(article), article.source_name]
    if article.also_at:
        facts.append(f"Cũng đăng tại {', '.join(article.also_at)}")
    if code:
        facts.append(f"Mã {code}")
    return " · ".join(facts)


def _day(article: SummarisedArticle) -> str:
    """The day it was published; when the portal does not say, the day it was found."""
    known = article.published_at if article.precision is not Precision.NONE else None
    return f"{(known or article.first_seen_at).astimezone(VIETNAM):%d/%m/%Y}"
