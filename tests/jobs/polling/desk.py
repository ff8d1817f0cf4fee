"""A desk that polls real HTTP on this machine, and pages to poll."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ParamSpec, TypeVar

from jobs.extraction import Extraction
from jobs.poll import PollCounts, poll_sources
from jobs.read_pages import ReadCounts, read_pages
from jobs.reading import Reading
from jobs.reread_pages import RereadCounts, reread_pages
from jobs.summarise import summarise_new
from storage.database import Database
from storage.records import Source, SummarisedArticle
from tests.samples import NOW

P = ParamSpec("P")
T = TypeVar("T")

INTERVAL = timedelta(seconds=60)  # so short that it is kept, whatever the source's rhythm


class MovableClock:
    """Stands where the test puts it."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    async def sleep_until(self, moment: float) -> None:
        assert moment < self.monotonic() + 1, "a few sources are visited within a second"


class InThisProcess(Extraction):
    """Half a second faster each; the processes have tests of their own."""

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return function(*args, **kwargs)


@dataclass(kw_only=True)
class Desk:
    """Polls, and looks at what is stored."""

    database: Database
    reading: Reading
    extraction: Extraction
    clock: MovableClock
    read: ReadCounts = field(default_factory=ReadCounts)
    reread: RereadCounts = field(default_factory=RereadCounts)

    async def poll(self, after: timedelta = 2 * INTERVAL) -> PollCounts:
        """Visits what is due, then reads the pages of what is new."""
        self.clock.at += after
        counts = await poll_sources(*self.tools)
        self.read = await read_pages(*self.tools)
        self.reread = await reread_pages(*self.tools)
        return counts

    @property
    def tools(self) -> tuple[Database, Reading, Extraction, MovableClock]:
        return self.database, self.reading, self.extraction, self.clock

    async def source(self, number: int = 0) -> Source:
        async with self.database.transaction() as tx:
            return (await tx.sources.all())[number]

    async def news(self) -> list[SummarisedArticle]:
        """What would be pushed, in the order in which it was published."""
        await summarise_new(self.database, self.extraction, self.clock.now())
        async with self.database.transaction() as tx:
            return await tx.articles.not_in_a_bulletin(since=NOW - timedelta(days=1))

    async def all_articles(self) -> list[SummarisedArticle]:
        await summarise_new(self.database, self.extraction, self.clock.now())
        async with self.database.transaction() as tx:
            return await tx.articles.latest(100)


def a_feed(*items: str) -> bytes:
    return f"""<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>
        <title>Tin tức</title><link>https://tanlap.example/</link>{"".join(items)}
        </channel></rss>""".encode()


def an_item(title: str, link: str, *, guid: str = "", date: str = "", text: str = "") -> str:
    named = f'<guid isPermaLink="false">{guid}</guid>' if guid else ""
    dated = f"<pubDate>{date}</pubDate>" if date else ""
    text = text or f"{title}. Chiều 12/11/2026, xã Tân Lập ra quân làm đường."
    return (
        f"<item><title>{title}</title><link>{link}</link>{named}{dated}"
        f"<description>{text}</description></item>"
    )


OLD = an_item("Tin cũ", "https://tanlap.example/1", guid="1")
TODAY = "Thu, 12 Nov 2026 01:00:00 GMT"

LISTED = """<div class="asset-abstract"><h4 class="component-title">
    <a class="asset-title" href="/-/asset_publisher/X/content/{slug}">{title}</a></h4>
    <span class="asset-anchor lfr-asset-anchor" id="{number}"></span>
    <span class="date-info">Đã xuất bản 12/11/2026</span>
    <div class="asset-summary">{title} vào sáng nay tại hội trường.</div></div>"""


def a_list(*articles: str) -> bytes:
    return f'<html><body><div class="portlet-asset-publisher">{"".join(articles)}'.encode()


def an_article_page(title: str, text: str) -> bytes:
    return f"""<div class="asset-full-content"><span class="asset-title">{title}</span>
        <div class="journal-content-article"><p>{text}</p></div></div>""".encode()
