"""Pages are read politely: robots.txt first, one turn a host, each source by its own rules."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from jobs.fetching.access import Access
from jobs.fetching.hosts import GAP, Hosts
from jobs.fetching.robots import Robots
from jobs.fetching.transport import build_client
from jobs.page import Disallowed, NotThere, Unreachable
from jobs.reading import Reading
from tests.jobs.rig import ManualClock
from tests.web import Web, answer, web_server


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    async with web_server() as web:
        web.answers["/tin"] = answer("200 OK", b"tin")
        yield web


@pytest.fixture
async def reading(web: Web, clock: ManualClock) -> AsyncIterator[Reading]:
    async with build_client("bantin/test", allowed=web.allowed) as client:
        yield Reading(
            client=client,
            interval=timedelta(minutes=15),
            deadline=timedelta(seconds=20),
            limit_bytes=1_000_000,
            hosts=Hosts(clock),
            robots=Robots(clock, "bantin/test"),
        )


async def test_robots_txt_is_asked_for_first_and_once(web: Web, reading: Reading) -> None:
    for _ in range(2):
        assert (await reading.get(web.url + "/tin")).body == b"tin"
    assert web.paths() == ["/robots.txt", "/tin", "/tin"]


async def test_what_robots_txt_forbids_is_not_asked_for(web: Web, reading: Reading) -> None:
    web.answers["/robots.txt"] = answer("200 OK", b"User-agent: *\nDisallow: /tin")
    with pytest.raises(Disallowed):
        await reading.get(web.url + "/tin")
    assert web.paths() == ["/robots.txt"]


async def test_a_redirect_to_a_forbidden_page_is_not_followed(web: Web, reading: Reading) -> None:
    web.answers["/robots.txt"] = answer("200 OK", b"User-agent: *\nDisallow: /tin")
    web.answers["/moi"] = answer("302 Found", location="/tin")
    with pytest.raises(Disallowed):
        await reading.get(web.url + "/moi")
    assert web.paths() == ["/robots.txt", "/moi"]


async def test_a_site_whose_robots_txt_fails_is_left_alone(web: Web, reading: Reading) -> None:
    web.answers["/robots.txt"] = answer("503 Busy", retry_after="600")
    with pytest.raises(Unreachable) as caught:
        await reading.get(web.url + "/tin")
    assert caught.value.retry_after == timedelta(minutes=10)
    assert web.paths() == ["/robots.txt"]


async def test_every_request_to_a_host_is_followed_by_a_rest(
    web: Web, reading: Reading, clock: ManualClock
) -> None:
    began = clock.now()
    web.answers["/khong-co"] = answer("404 Not Found")
    web.answers["/cu"] = answer("302 Found", location="/tin")
    await reading.get(web.url + "/cu")
    with pytest.raises(NotThere):
        await reading.get(web.url + "/khong-co")
    assert web.paths() == ["/robots.txt", "/cu", "/tin", "/khong-co"]
    assert clock.now() == began + 3 * GAP


async def test_a_longer_rest_is_kept_where_robots_txt_asks_for_it(
    web: Web, reading: Reading, clock: ManualClock
) -> None:
    began = clock.now()
    web.answers["/robots.txt"] = answer("200 OK", b"User-agent: *\nCrawl-delay: 10")
    await reading.get(web.url + "/tin")
    await reading.get(web.url + "/tin")
    assert clock.now() == began + GAP + timedelta(seconds=10)


async def test_robots_txt_is_asked_for_on_the_sources_own_terms(
    web: Web, reading: Reading
) -> None:
    access = Access(host="127.0.0.1", user_agent="Mozilla/5.0")
    await asyncio.gather(*(reading.get(web.url + "/tin", access=access) for _ in range(2)))
    assert web.paths() == ["/robots.txt", "/tin", "/tin"]
    assert all("Mozilla/5.0" in head for head in web.requests)
