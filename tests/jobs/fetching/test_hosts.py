"""One request a host at a time, with a rest after it, and never too many in all."""

import asyncio
from datetime import timedelta

import pytest

from jobs.fetching.hosts import Hosts, group_of
from tests.virtual_clock import VirtualClock


@pytest.mark.parametrize(
    ("host", "group"),
    [
        ("thapmuoi.dongthap.gov.vn", "dongthap.gov.vn"),
        ("phuongcaolanh.DongThap.gov.vn.", "dongthap.gov.vn"),
        ("dongthap.gov.vn", "dongthap.gov.vn"),
        ("moh.gov.vn", "moh.gov.vn"),
        ("gov.vn", "gov.vn"),
        ("www.baodongthap.com.vn", "baodongthap.com.vn"),
        ("en.nhandan.vn", "nhandan.vn"),
        ("nhandan.vn", "nhandan.vn"),
        ("a.b.example.com", "example.com"),
        ("localhost", "localhost"),
        ("10.0.0.7", "10.0.0.7"),
        ("::1", "::1"),
    ],
)
def test_hosts_of_one_owner_belong_together(host: str, group: str) -> None:
    assert group_of(host) == group


class Log:
    """What was asked when, on a clock that nobody waits for."""

    def __init__(self, *, gap: float = 2, at_once: int = 16) -> None:
        self.clock = VirtualClock()
        self.hosts = Hosts(self.clock, gap=timedelta(seconds=gap), at_once=at_once)
        self.began: dict[str, list[float]] = {}
        self.running = 0
        self.most = 0

    async def ask(self, host: str, *, lasts: float = 0, gap: float = 0) -> None:
        async with self.hosts.turn(host, gap=timedelta(seconds=gap)):
            self.began.setdefault(host, []).append(self.clock.monotonic())
            self.running += 1
            self.most = max(self.most, self.running)
            await self.clock.sleep_until(self.clock.monotonic() + lasts)
            self.running -= 1

    async def ask_all(self, *hosts: str, lasts: float = 0) -> None:
        await asyncio.gather(*(self.ask(host, lasts=lasts) for host in hosts))


async def test_a_host_rests_after_each_request() -> None:
    log = Log()
    await log.ask_all("a.vn", "a.vn", "a.vn", lasts=1)
    assert log.began == {"a.vn": [0, 3, 6]}
    assert log.most == 1


async def test_the_hosts_of_a_province_share_one_turn() -> None:
    log = Log()
    await log.ask_all("x.dongthap.gov.vn", "y.dongthap.gov.vn", "x.camau.gov.vn", lasts=1)
    assert log.began == {
        "x.dongthap.gov.vn": [0],
        "y.dongthap.gov.vn": [3],
        "x.camau.gov.vn": [0],
    }


async def test_other_hosts_need_not_wait() -> None:
    log = Log()
    await log.ask_all("a.vn", "b.vn", "c.vn", lasts=1)
    assert log.most == 3


async def test_there_is_a_limit_for_all_hosts() -> None:
    log = Log(at_once=4)
    await log.ask_all(*(f"{number}.example.vn{number}" for number in range(20)), lasts=1)
    assert log.most == 4


async def test_a_host_gets_the_longer_rest_that_it_asks_for() -> None:
    log = Log()
    for _ in range(2):
        await log.ask("a.vn", gap=10)
    for _ in range(2):
        await log.ask("b.vn", gap=1)
    assert log.began == {"a.vn": [0, 10], "b.vn": [10, 12]}


async def test_a_failed_request_is_followed_by_a_rest_too() -> None:
    log = Log()
    with pytest.raises(ConnectionError):
        async with log.hosts.turn("a.vn"):
            raise ConnectionError
    await log.ask("a.vn")
    assert log.began == {"a.vn": [2]}


async def test_who_gives_up_waiting_holds_nobody_up() -> None:
    log = Log()
    await log.ask("a.vn")
    waiting = asyncio.create_task(log.ask("a.vn"))
    await asyncio.sleep(0)
    waiting.cancel()
    await log.ask("a.vn")
    assert log.began == {"a.vn": [0, 2]}
