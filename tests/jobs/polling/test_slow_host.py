"""A host that is slow, or asks for long gaps, keeps a stage for a moment only."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from jobs.fetching.hosts import Hosts
from jobs.poll import poll_sources
from jobs.read_pages import read_pages
from jobs.reread_pages import reread_pages
from storage.records import SourceKind
from tests.jobs.polling.desk import (
    LISTED,
    Desk,
    MovableClock,
    a_list,
    an_article_page,
)
from tests.samples import a_source
from tests.web import Web, answer

MINUTE = timedelta(minutes=1)
PAGE = "/-/asset_publisher/X/content/{}-s{}"


class WaitingClock(MovableClock):
    """Whoever waits has waited at once."""

    async def sleep_until(self, moment: float) -> None:
        self.at += timedelta(seconds=max(0.0, moment - self.monotonic()))


@pytest.fixture
def clock() -> MovableClock:
    return WaitingClock()


@pytest.fixture
def slow(desk: Desk) -> Desk:
    hosts = Hosts(desk.clock, gap=MINUTE)
    return replace(desk, reading=replace(desk.reading, hosts=hosts))


async def two_sources(desk: Desk, web: Web) -> None:
    """Of one host, with an old article each and three new ones that are not read yet."""
    for place in "ab":
        listed = []
        for n in range(4):
            title = f"Bài viết số {n} của xã {place}"
            text = f"Sáng nay, xã {place} họp dân lần thứ {n} bàn làm đường dài 4 km ở ấp 3."
            web.answers[PAGE.format(place, n)] = answer("200 OK", an_article_page(title, text))
            listed.append(LISTED.format(slug=f"{place}-s{n}", title=title, number=f"{n}{place}"))
        web.answers[f"/{place}"] = answer("200 OK", a_list(listed.pop()))
        await a_source(desk.database, f"{web.url}/{place}")
        await poll_sources(*desk.tools)
        web.answers[f"/{place}"] = answer("200 OK", a_list(*listed))
    await read_pages(*desk.tools)
    web.requests.clear()
    desk.clock.at += 5 * MINUTE
    await poll_sources(*desk.tools)


def pages_asked(web: Web) -> int:
    return sum("/content/" in path for path in web.paths())


async def test_pages_that_wait_for_their_hosts_turn_keep_no_run(
    desk: Desk, slow: Desk, web: Web
) -> None:
    await two_sources(desk, web)
    before = desk.clock.at
    await read_pages(*slow.tools)
    assert pages_asked(web) == 2  # the second waited a minute: no third
    assert desk.clock.at - before <= 2 * MINUTE


async def test_pages_read_again_keep_no_run_either(desk: Desk, slow: Desk, web: Web) -> None:
    await two_sources(desk, web)
    await read_pages(*desk.tools)
    desk.clock.at += 60 * MINUTE
    await reread_pages(*slow.tools)
    assert pages_asked(web) == 6 + 2


async def test_a_server_that_fails_is_not_asked_for_each_page_again(desk: Desk, web: Web) -> None:
    await two_sources(desk, web)
    await read_pages(*desk.tools)
    for path in list(web.answers):
        if "/content/" in path:
            web.answers[path] = answer("503 Service Unavailable")
    desk.clock.at += 60 * MINUTE
    await reread_pages(*desk.tools)
    assert pages_asked(web) == 6 + 1


XMLNS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def shows_parts(web: Web, slug: str) -> None:
    """A sitemap in eight parts, each with one article."""
    named = "".join(f"<sitemap><loc>{web.url}/part{n}.xml</loc></sitemap>" for n in range(8))
    index = f"<sitemapindex {XMLNS}>{named}</sitemapindex>"
    web.answers["/sitemap.xml"] = answer("200 OK", index.encode(), content_type="text/xml")
    for n in range(8):
        url = f"<url><loc>{web.url}/{slug}-{n}</loc></url>"
        body = f"<urlset {XMLNS}>{url}</urlset>".encode()
        web.answers[f"/part{n}.xml"] = answer("200 OK", body, content_type="text/xml")


async def test_a_sitemap_in_many_parts_is_read_as_far_as_there_is_time(
    slow: Desk, web: Web
) -> None:
    shows_parts(web, "xa-tan-lap-ra-quan-lam-duong")
    await a_source(slow.database, f"{web.url}/sitemap.xml", SourceKind.SITEMAP)
    counts = await poll_sources(*slow.tools)
    assert (counts.failed, counts.new) == (0, 8)  # a baseline is whole
    shows_parts(web, "xa-tan-lap-hop-dan-lam-cau")
    slow.clock.at += 5 * MINUTE
    counts = await poll_sources(*slow.tools)
    assert (counts.failed, counts.new) == (0, 1)


async def test_visits_that_are_due_together_are_spread_over_the_seconds(
    desk: Desk, web: Web
) -> None:
    for number in range(7):
        web.answers[f"/{number}"] = answer("200 OK", a_list())
        await a_source(desk.database, f"{web.url}/{number}")
    await poll_sources(*desk.tools)
    visits = [(await desk.source(number)).last_visit_at for number in range(7)]
    seconds = Counter(visit.replace(microsecond=0) for visit in visits if visit)
    assert sum(seconds.values()) == 7
    assert max(seconds.values()) <= 4
