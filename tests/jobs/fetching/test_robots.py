"""What robots.txt means to us, and what it means that there is none."""

from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest

from jobs.fetching.robots import ASKED_AGAIN, KEPT, Robots
from jobs.page import (
    BadAddress,
    Challenged,
    Disallowed,
    GoneForGood,
    LedAround,
    NotThere,
    Page,
    PageError,
    Refused,
    TooLarge,
    Unreachable,
    Untrusted,
)
from storage.records import Health
from tests.jobs.rig import ManualClock

URL = "https://huyen.example/tin-tuc/bai-1.html"


class Site:
    """Gives its robots.txt, or what happens instead of it."""

    def __init__(self, said: str | PageError = "") -> None:
        self.said = said
        self.asked: list[str] = []
        self.clock = ManualClock()
        self._robots = Robots(self.clock, "bantin/0.1 (+mailto:vanphong@huyen.example)")

    async def _ask(self, url: str) -> Page:
        self.asked.append(url)
        if isinstance(self.said, PageError):
            raise self.said
        return Page(
            url=url,
            final_url=url,
            status=200,
            body=self.said.encode(),
            content_type="text/plain",
            etag="",
            last_modified="",
        )

    async def check(self, url: str = URL) -> timedelta:
        return await self._robots.check(httpx.URL(url), self._ask)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "User-agent: *\nDisallow:",
        "User-agent: *\nDisallow: /quan-tri/",
        "User-agent: *\nDisallow: /\nAllow: /tin-tuc/",
        "User-agent: *\nDisallow: /\n\nUser-agent: bantin\nDisallow: /quan-tri/",
        "User-agent: Googlebot\nDisallow: /",
        "<html><body>Không tìm thấy trang</body></html>",
        "\ufeffUser-agent: *\nDisallow: /*.pdf$",
        "\x00\x01\x02",
    ],
)
async def test_what_may_be_read(said: str) -> None:
    assert await Site(said).check() == timedelta(0)


@pytest.mark.parametrize(
    "said",
    [
        "User-agent: *\nDisallow: /",
        "User-agent: *\r\nDisallow: /tin-tuc/\r\n",
        "user-agent: BanTin\ndisallow: /*/bai-*.html$",
        "User-agent: *\nAllow: /\nDisallow: /tin-tuc/bai-1",
    ],
)
async def test_what_must_not_be_read(said: str) -> None:
    with pytest.raises(Disallowed) as caught:
        await Site(said).check()
    assert caught.value.health is Health.BLOCKED
    assert "robots.txt" in caught.value.reason


async def test_it_is_asked_for_once_a_day_and_site() -> None:
    site = Site()
    for url in (URL, "https://huyen.example/?p=1", "http://huyen.example/", URL):
        await site.check(url)
    https, http = "https://huyen.example/robots.txt", "http://huyen.example/robots.txt"
    assert site.asked == [https, http]
    site.clock.advance(KEPT)
    await site.check()
    assert site.asked == [https, http, https]


def _answered(kind: type[PageError], status: int | None) -> PageError:
    return kind("x", status=status)


NONE: list[PageError] = [
    _answered(NotThere, 404),
    _answered(GoneForGood, 410),
    _answered(Refused, 401),
    _answered(Refused, 403),
    _answered(Unreachable, 418),
    Challenged(status=403),
    Challenged(),
    LedAround(),
    BadAddress("x"),
    TooLarge("x"),
]
LATER: list[PageError] = [
    _answered(Unreachable, 500),
    _answered(Unreachable, 503),
    _answered(Refused, 429),
    Challenged(status=503),
    Unreachable("Máy chủ không trả lời trong 20 giây."),
    Untrusted("x"),
]


def name_of(error: object) -> str:
    return f"{type(error).__name__} {getattr(error, 'status', '')}"


@pytest.mark.parametrize("error", NONE, ids=name_of)
async def test_a_site_without_one_may_be_read(error: PageError) -> None:
    site = Site(error)
    await site.check()
    await site.check()
    assert len(site.asked) == 1


@pytest.mark.parametrize("error", LATER, ids=name_of)
async def test_a_site_that_cannot_say_is_not_read_yet(error: PageError) -> None:
    site = Site(error)
    for _ in range(2):
        with pytest.raises(PageError) as caught:
            await site.check()
        assert caught.value.health == error.health
    assert len(site.asked) == 1
    site.said = ""
    site.clock.advance(ASKED_AGAIN)
    await site.check()


@pytest.mark.parametrize("error", LATER, ids=name_of)
async def test_what_a_site_said_last_holds_until_it_can_say_again(error: PageError) -> None:
    site = Site("User-agent: *\nDisallow: /quan-tri/")
    await site.check()
    site.said = error
    site.clock.advance(KEPT)
    await site.check()
    with pytest.raises(Disallowed):
        await site.check("https://huyen.example/quan-tri/")
    assert len(site.asked) == 2
    site.said = "User-agent: *\nDisallow: /"
    site.clock.advance(ASKED_AGAIN)
    with pytest.raises(Disallowed):
        await site.check()


@pytest.mark.parametrize(
    ("delay", "gap"),
    [("5", 5), ("0.5", 0.5), ("86400", 60), ("-1", 0), ("inf", 0), ("nan", 0), ("x", 0)],
)
async def test_a_site_may_ask_for_a_longer_rest(delay: str, gap: float) -> None:
    site = Site(f"User-agent: *\nCrawl-delay: {delay}\n")
    assert await site.check() == timedelta(seconds=gap)


def _thousands() -> str:
    names = "".join(f"User-agent: bot{number}\n" for number in range(5000))
    return names + "".join(f"Disallow: /{number}\n" for number in range(5000))


@pytest.mark.parametrize(
    "make",
    [_thousands, lambda: "User-agent: *\n" + "Disallow: /" + "*a" * 200_000],
    ids=["thousands of rules for thousands of names", "a rule made of stars"],
)
async def test_a_file_made_to_do_harm_does_none(make: Callable[[], str]) -> None:
    assert await Site(make()).check() == timedelta(0)
