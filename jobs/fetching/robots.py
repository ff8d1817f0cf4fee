"""What a site's robots.txt lets us read; RFC 9309."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx
from protego import Protego

from jobs.clock import Clock
from jobs.page import Disallowed, LedAround, Page, PageError, Unreachable, Untrusted

Ask = Callable[[str], Awaitable[Page]]

LIMIT_BYTES = 512 * 1024  # RFC 9309, 2.5: at least 500 KiB
KEPT = timedelta(hours=24)  # RFC 9309, 2.4
ASKED_AGAIN = timedelta(minutes=10)  # after it could not be had
_LONGEST_GAP_SECONDS = 60.0
_MOST_KNOWN = 4096
# protego takes seconds for thousands of rules for thousands of names; an honest file has few
_MOST_WORK = 300_000
_A_NAME = re.compile(r"^\s*user[-\s]?agent", re.IGNORECASE | re.MULTILINE)
_TOO_MANY_REQUESTS = 429
_SERVER_ERRORS = range(500, 600)


@dataclass(slots=True)
class _Site:
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    rules: Protego | None = None  # as last read
    due_at: datetime | None = None
    error: PageError = field(default_factory=lambda: Unreachable("robots.txt"))


class Robots:
    """Remembers for a day what each site said."""

    def __init__(self, clock: Clock, user_agent: str) -> None:
        self._clock = clock
        self._name = user_agent.partition("/")[0]
        self._sites: dict[str, _Site] = {}

    async def check(self, url: httpx.URL, ask: Ask) -> timedelta:
        """The gap that the site wants between requests. Raises PageError, Disallowed above all.

        `ask` fetches as the page itself would be, but looks for no robots.txt.
        """
        site = self._site(url)
        async with site.turn:  # who comes second waits for the first one's answer
            if site.due_at is None or self._clock.now() >= site.due_at:
                await self._read(site, url, ask)
        if site.rules is None:
            raise site.error.with_traceback(None)
        if not site.rules.can_fetch(str(url), self._name):
            raise Disallowed
        wanted = site.rules.crawl_delay(self._name) or 0.0
        return timedelta(seconds=min(wanted, _LONGEST_GAP_SECONDS))

    async def _read(self, site: _Site, url: httpx.URL, ask: Ask) -> None:
        wait = KEPT
        try:
            page = await ask(str(url.copy_with(path="/robots.txt", query=None, fragment=None)))
            site.rules = _parsed(page.body)
        except PageError as error:
            if _may_be_read_later(error):
                wait, site.error = ASKED_AGAIN, error
            else:
                site.rules = _parsed(b"")
        site.due_at = self._clock.now() + wait

    def _site(self, url: httpx.URL) -> _Site:
        if len(self._sites) >= _MOST_KNOWN:
            self._sites = {key: each for key, each in self._sites.items() if self._is_fresh(each)}
        return self._sites.setdefault(f"{url.scheme}://{url.netloc.decode('ascii')}", _Site())

    def _is_fresh(self, site: _Site) -> bool:
        return site.due_at is None or self._clock.now() < site.due_at


def _parsed(body: bytes) -> Protego:
    text = body.decode(errors="replace")
    is_absurd = len(_A_NAME.findall(text)) * text.count("\n") > _MOST_WORK
    return Protego.parse("" if is_absurd else text)


def _may_be_read_later(error: PageError) -> bool:
    """RFC 9309, 2.3.1.4; all else means that there is none, 2.3.1.3.

    429 is no answer either, as developers.google.com/search/docs/crawling-indexing/robots has it.
    """
    if error.status is None:
        return isinstance(error, (Unreachable, Untrusted)) and not isinstance(error, LedAround)
    return error.status == _TOO_MANY_REQUESTS or error.status in _SERVER_ERRORS
