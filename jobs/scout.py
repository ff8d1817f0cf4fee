"""Looks at an address that may become a source: what it is, and what would be read there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from jobs.article_text import read_article
from jobs.detect import Candidate, choose
from jobs.detect import look as look_at
from jobs.extraction import Extraction
from jobs.fetching.access import USUAL, Access
from jobs.page import Page, PageError
from jobs.reading import Reading
from jobs.shelf import WITH_TEXT
from jobs.source_errors import NoArticles, SourceError
from jobs.sources.kinds import read_list
from jobs.sources.listing import Listing
from jobs.summary.choose import summarise
from jobs.vietnamese_date import VIETNAM
from storage.records import Health, NewArticle, Precision, Sample, SourceKind

SHOWN = 5
_USUAL_ADVICE = "Mở địa chỉ bằng trình duyệt để kiểm tra, rồi thử lại sau."
_REFUSED = "Đề nghị đơn vị quản trị cổng thông tin cho phép đọc, hoặc hỏi địa chỉ RSS."
_ADVICE = {
    Health.TLS: "Nếu máy chủ không gửi đủ chứng thư, trên máy chủ của Bản tin hãy thêm nguồn"
    " bằng lệnh bantin source add kèm --ca TỆP (hoặc --insecure nếu chấp nhận rủi ro).",
    Health.BLOCKED: _REFUSED,
    Health.CHALLENGE: _REFUSED,
    Health.GONE: "Kiểm tra lại địa chỉ, hoặc thử trang chủ của cổng thông tin.",
    Health.UNSAFE: "Nếu đây là trang trong mạng của cơ quan, hãy ghi máy chủ và cổng của nó vào"
    " cài đặt fetch_allowed_hosts.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A source, as it would be stored, and what it lists."""

    url: str
    kind: SourceKind
    config: Mapping[str, Any] = field(default_factory=dict)
    name: str = ""  # as the page calls itself
    articles: tuple[NewArticle, ...] = ()

    @property
    def newest(self) -> Sequence[NewArticle]:
        """As the list has them; by date where each has one, for some begin with the oldest."""
        dates = {each.url: each.published_at for each in self.articles}
        if None in dates.values():
            return self.articles[:SHOWN]
        by_date = sorted(self.articles, key=lambda each: str(dates[each.url]), reverse=True)
        return by_date[:SHOWN]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scout:
    reading: Reading
    extraction: Extraction

    async def look(
        self,
        url: str,
        *,
        now: datetime,
        kind: SourceKind | None = None,
        config: Mapping[str, Any] | None = None,
        access: Access = USUAL,
    ) -> Found:
        """Finds the kind itself when it is None. Raises PageError or SourceError."""
        page = await self.reading.get(url, access=access)
        own = page.moved_to or url
        if kind is not None:
            listing = await self._read(page, kind, config or {}, now=now, access=access)
            return Found(url=own, kind=kind, config=config or {}, articles=listing.articles)
        seen = await self.extraction.run(
            look_at, page.body, page.final_url, now=now, content_type=page.content_type
        )
        fetched = {
            each.url: await self._try(each, now=now, access=access) for each in seen.to_fetch
        }
        best = next(iter(choose(seen, fetched)), None)
        if best is None or best.listing is None:
            raise seen.problem
        return Found(
            url=own if best is seen.here or best.url == page.final_url else best.url,
            kind=best.kind,
            config=dict(best.config),
            articles=best.listing.articles,
        )

    async def _try(
        self, offer: Candidate, *, now: datetime, access: Access
    ) -> Listing | SourceError:
        """By reading it: what calls itself a feed may be none."""
        try:
            page = await self.reading.get(offer.url, access=access)
            return await self._read(page, offer.kind, offer.config, now=now, access=access)
        except SourceError as error:
            return error
        except PageError as error:
            return SourceError(error.reason)

    async def _read(
        self,
        page: Page,
        kind: SourceKind,
        config: Mapping[str, Any],
        *,
        now: datetime,
        access: Access,
    ) -> Listing:
        """Of a sitemap in parts only the newest: that is enough to be seen."""
        listing = await self._parsed(page, kind, config, now)
        if listing.parts and not listing.articles:
            part = await self.reading.get(listing.parts[0], access=access)
            listing = await self._parsed(part, kind, config, now)
        if not listing.articles:
            raise NoArticles
        return listing

    async def _parsed(
        self, page: Page, kind: SourceKind, config: Mapping[str, Any], now: datetime
    ) -> Listing:
        return await self.extraction.run(
            read_list,
            kind,
            page.body,
            page.final_url,
            now=now,
            content_type=page.content_type,
            config=dict(config),
        )

    async def samples(
        self, found: Found, *, now: datetime, access: Access = USUAL
    ) -> tuple[Sample, ...]:
        """The newest, as they would be told; else in the list's words."""
        return tuple([await self._sample(each, found.kind, now, access) for each in found.newest])

    async def _sample(
        self, article: NewArticle, kind: SourceKind, now: datetime, access: Access
    ) -> Sample:
        title, lead, paragraphs = article.title, article.lead, article.text
        at, precision = article.published_at, article.precision
        if not (kind in WITH_TEXT and (lead or paragraphs)):
            try:
                page = await self.reading.get(article.url, access=access)
                text = await self.extraction.run(
                    read_article,
                    page.body,
                    page.final_url,
                    now=now,
                    content_type=page.content_type,
                )
            except (PageError, SourceError):
                pass
            else:
                title, lead, paragraphs = text.title or title, text.lead or lead, text.paragraphs
                if at is None:
                    at, precision = text.published_at, text.precision
        return Sample(
            title=title,
            day=_day(at, precision),
            words=await self._summary(title, lead, tuple(paragraphs)),
        )

    async def _summary(self, title: str, lead: str, paragraphs: tuple[str, ...]) -> str:
        """What a page says is read where it can be stopped, this too."""
        try:
            return (await self.extraction.run(summarise, title, lead, paragraphs)).text
        except SourceError:
            return lead


def advice_on(error: PageError | SourceError) -> str:
    """What a person may try."""
    if isinstance(error, SourceError):
        return error.advice
    return _ADVICE.get(error.health, _USUAL_ADVICE)


def _day(at: datetime | None, precision: Precision) -> str:
    if at is None or precision is Precision.NONE:
        return ""
    return f"{at.astimezone(VIETNAM):%d/%m/%Y}"
