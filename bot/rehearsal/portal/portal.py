"""The sample portal's state: what is published, and what is wrong with it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import count

from bot.rehearsal.portal.articles import Article, Draft, dated, read_drafts, slug_of

FIRST_ID = 118200
IDS_START = datetime(2020, 1, 1, tzinfo=UTC)
OPENING_AGES = (timedelta(hours=3), *(timedelta(days=days, hours=2) for days in (1, 2, 4, 7)))


class PortalFault(StrEnum):
    SERVER_ERROR = "500"
    SLOW = "slow"  # answers after `seconds`
    EMPTY = "empty"  # 200 without a body
    LAYOUT_CHANGED = "layout_changed"  # a page, but none of the known markup
    HUGE = "huge"  # 50 MB
    REDIRECT = "redirect"  # the list has moved to another address


@dataclass(slots=True, kw_only=True)
class Failure:
    kind: PortalFault
    times: int | None = None  # how often still; None: until repaired
    seconds: float = 5


class Portal:
    """Ids of the opening articles stay from run to run; those published later never repeat."""

    def __init__(self, *, now: Callable[[], datetime]) -> None:
        self._now = now
        self._articles: dict[int, Article] = {}
        self._failure: Failure | None = None
        self.watchers: list[Callable[[], None]] = []  # told of every change
        start = now()
        seconds = max(0, int((start - IDS_START).total_seconds()))
        self._ids = count(FIRST_ID + 100 + seconds)
        self._drafts = _in_turn(read_drafts("stock"), seconds)
        opening = tuple(zip(read_drafts("opening"), OPENING_AGES, strict=True))
        for number, (draft, age) in enumerate(reversed(opening)):
            self._add(FIRST_ID + 7 * number, draft, start - age)

    @property
    def articles(self) -> list[Article]:
        """The newest first."""
        return sorted(self._articles.values(), key=lambda a: (a.published_at, a.id), reverse=True)

    def find(self, slug: str) -> Article | None:
        return next((a for a in self._articles.values() if a.slug == slug), None)

    def publish(self, title: str = "", body: str = "", *, category: str = "Tin tức") -> Article:
        """The given article (paragraphs are set apart by empty lines), or the next in stock."""
        if title:
            written = Draft(
                title=title,
                category=category,
                paragraphs=_paragraphs(body) or (title,),
                credit="BT: Ban Biên tập",
            )
            return self._add(next(self._ids), written, self._now(), is_template=False)
        return self._add(next(self._ids), next(self._drafts), self._now())

    def edit(self, article_id: int, *, title: str = "", body: str = "") -> Article:
        """The address stays. Raises KeyError when there is no such article."""
        old = self._articles[article_id]
        article = replace(
            old,
            title=title or old.title,
            paragraphs=_paragraphs(body) or old.paragraphs,
            edited_at=self._now(),
        )
        return self._put(article)

    def withdraw(self, article_id: int) -> None:
        """Its page answers 404. Raises KeyError when there is no such article."""
        del self._articles[article_id]
        self._tell()

    def break_down(
        self, kind: PortalFault, *, times: int | None = None, seconds: float = 5
    ) -> None:
        self._failure = Failure(kind=kind, times=times, seconds=seconds)

    def repair(self) -> None:
        self._failure = None

    def take_failure(self) -> Failure | None:
        """What this request meets; one with `times` is used up."""
        failure = self._failure
        if failure is not None and failure.times is not None:
            failure.times -= 1
            if failure.times <= 0:
                self.repair()
        return failure

    def _add(
        self, article_id: int, draft: Draft, moment: datetime, *, is_template: bool = True
    ) -> Article:
        draft = dated(draft, moment) if is_template else draft
        slug = slug_of(draft.title)
        article = Article(
            id=article_id,
            title=draft.title,
            category=draft.category,
            paragraphs=draft.paragraphs,
            credit=draft.credit,
            slug=slug if self.find(slug) is None else f"{slug}-{article_id}",
            published_at=moment,
            edited_at=moment,
        )
        return self._put(article)

    def _put(self, article: Article) -> Article:
        self._articles[article.id] = article
        self._tell()
        return article

    def _tell(self) -> None:
        for watcher in self.watchers:
            watcher()


def _in_turn(stock: tuple[Draft, ...], seed: int) -> Iterator[Draft]:
    """The stock in order, begun elsewhere each run; later rounds say so in the title."""
    first = seed % len(stock)
    for number in count():
        draft = stock[(first + number) % len(stock)]
        turn = 1 + number // len(stock)
        yield draft if turn == 1 else replace(draft, title=f"{draft.title} (kỳ {turn})")


def _paragraphs(body: str) -> tuple[str, ...]:
    return tuple(" ".join(part.split()) for part in body.split("\n\n") if part.strip())
