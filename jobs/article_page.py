"""An article's own page: fetched, read, and looked at whether it is that article's at all."""

from dataclasses import dataclass
from datetime import datetime

from jobs.article_text import ArticleText, joined, read_article
from jobs.extraction import Extraction
from jobs.page import Page, PageError
from jobs.reading import Reading, within_limit
from jobs.source_errors import NoArticleText, SourceError
from jobs.source_list import access_of
from jobs.text import fold
from storage.records import Article, ArticleContent, Source

MOST_FURTHER_PAGES = 5  # of one article
_TITLES_AGREE = 0.6  # of the listed words; a list cuts titles off, an editor mends them


@dataclass(frozen=True, slots=True, kw_only=True)
class PageReader:
    reading: Reading
    extraction: Extraction

    async def get(self, article: Article, source: Source) -> Page:
        """Raises PageError, and NoArticleText when it leads to the start page."""
        page = await self.reading.get(article.url, access=access_of(source))
        if page.leads_home:
            raise NoArticleText("Địa chỉ của bài viết nay dẫn về trang chủ.")
        return page

    async def read(
        self, article: Article, source: Source, *, now: datetime, told_title: str = ""
    ) -> ArticleText:
        """Raises PageError or SourceError, also when another page came in its place."""
        text = await self._extracted(await self.get(article, source), now)
        titles = [each for each in (article.title, told_title) if each]  # a sitemap has none
        if titles and not any(is_of(each, text) for each in titles):
            raise NoArticleText("Địa chỉ của bài viết trả về một trang khác.")
        return await self._whole(text, source, now)

    async def _whole(self, text: ArticleText, source: Source, now: datetime) -> ArticleText:
        """With its further pages; the first is worth having without them."""
        seen = {""}
        while text.next_page not in seen and len(seen) <= MOST_FURTHER_PAGES:
            seen.add(text.next_page)
            try:
                page = await self.reading.get(text.next_page, access=access_of(source))
                text = joined(text, await self._extracted(page, now))
            except (PageError, SourceError):
                break
        return text

    async def _extracted(self, page: Page, now: datetime) -> ArticleText:
        """Raises SourceError."""
        return await self.extraction.run(
            read_article, page.body, page.final_url, now=now, content_type=page.content_type
        )


def is_of(title: str, text: ArticleText) -> bool:
    """Whether the page is this article, and not one for maintenance, logging in or the start."""
    listed, read = set(fold(title).split()), set(fold(text.title).split())
    return bool(listed) and len(listed & read) >= _TITLES_AGREE * len(listed)


def content_of(article: Article, text: ArticleText) -> ArticleContent:
    """What the page says, and the list where the page is silent."""
    return ArticleContent(
        title=text.title or article.title,
        lead=text.lead or article.lead,
        paragraphs=within_limit(text.paragraphs),
        credit=text.credit,
        image_url=text.image_url or article.image_url,
    )


def listed_content(article: Article) -> ArticleContent:
    """The list's own words, where there is nothing else."""
    return ArticleContent(
        title=article.title,
        lead=article.lead,
        paragraphs=(),
        credit="",
        image_url=article.image_url,
    )
