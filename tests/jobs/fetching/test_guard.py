"""No connection leads into a private network, whatever the address looks like."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import IPv4Address, IPv6Address

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.fetching.fetch import fetch
from jobs.fetching.guard import Guard, SystemNames, is_public
from jobs.fetching.transport import build_client
from jobs.page import BadAddress, PageError, Unreachable
from storage.records import Health
from tests.jobs.fetching.net import PUBLIC, Names, Network
from tests.web import Web, answer, web_server


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8",
        PUBLIC,
        "2606:4700::1111",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
        "2002:808:808::1",
    ],
)
def test_public_addresses(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.9.9.9",
        "0.0.0.0",  # noqa: S104 - an address to refuse
        "0.1.2.3",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:10.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:0:7f00:1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::808:808",
        "2002:7f00:1::",
        "2002:a00:1::1",
        "2001::1",
        "2001:db8::1",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%1",
        "fec0::1",
        "ff02::1",
    ],
)
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


@given(st.integers(0, 2**32 - 1))
def test_an_address_stays_what_it_is_in_every_form(number: int) -> None:
    forms = (
        IPv6Address((0xFFFF << 32) + number),
        IPv6Address((0x0064_FF9B << 96) + number),
        IPv6Address((0x2002 << 112) + (number << 80) + 1),
    )
    told = is_public(str(IPv4Address(number)))
    assert [is_public(str(form)) for form in forms] == [told] * 3


@asynccontextmanager
async def guarded(
    names: Names, network: Network, *, allowed: frozenset[tuple[str, int]] = frozenset()
) -> AsyncIterator[httpx.AsyncClient]:
    guard = Guard(allowed=allowed, resolve=names.addresses, network=network)
    async with build_client("bantin/test", guard=guard) as client:
        yield client


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    async with web_server() as web:
        yield web


HARMFUL = [
    "http://169.254.169.254/latest/meta-data/",
    "http://localhost/",
    "http://[::1]/",
    "http://2130706433/",
    "http://0x7f.1/",
    "http://127.1/",
    "http://[::ffff:10.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://100.64.0.1/",
    "http://0.0.0.0/",
    "http://0/",
    "https://10.0.0.1/",
]


@pytest.mark.parametrize("address", HARMFUL)
async def test_an_address_of_a_private_network_is_refused(address: str) -> None:
    async with build_client("bantin/test") as client:
        with pytest.raises(BadAddress) as caught:
            await fetch(client, address)
    assert caught.value.health is Health.UNSAFE
    assert "mạng nội bộ" in caught.value.reason


@pytest.mark.parametrize("address", ["http://0177.0.0.1/", "http://①②⑦.0.0.1/", "http://[::1%1]/"])
async def test_an_address_that_cannot_be_read_with_certainty_is_refused(
    web: Web, address: str
) -> None:
    web.answers["/"] = answer("302 Found", location=address)
    async with build_client("bantin/test", allowed=web.allowed) as client:
        for url in (address, web.url + "/"):
            with pytest.raises(PageError):
                await fetch(client, url)
    assert web.paths() == ["/"]


@pytest.mark.parametrize("address", HARMFUL)
async def test_a_redirect_into_a_private_network_is_refused(web: Web, address: str) -> None:
    web.answers["/"] = answer("302 Found", location=address)
    async with build_client("bantin/test", allowed=web.allowed) as client:
        with pytest.raises(BadAddress):
            await fetch(client, web.url + "/")
    assert web.paths() == ["/"]


@pytest.mark.parametrize(
    "address",
    [
        "http://huyen.example:8080/",
        "https://huyen.example:22/",
    ],
)
async def test_only_the_ports_of_the_web_are_asked(web: Web, address: str) -> None:
    network = Network(web.port)
    async with guarded(Names([PUBLIC]), network) as client:
        with pytest.raises(BadAddress, match="cổng 80 và 443"):
            await fetch(client, address)
    assert network.connected == []


@pytest.mark.parametrize("private", ["10.0.0.1", "::1", "169.254.169.254"])
async def test_one_private_address_among_public_ones_is_enough_to_refuse(
    web: Web, private: str
) -> None:
    network = Network(web.port)
    async with guarded(Names([PUBLIC, private]), network) as client:
        with pytest.raises(BadAddress, match="mạng nội bộ"):
            await fetch(client, "http://huyen.example/")
    assert network.connected == []


async def test_a_name_that_changes_its_address_is_asked_once_and_that_address_is_used(
    web: Web,
) -> None:
    names, network = Names([PUBLIC], ["127.0.0.1"]), Network(web.port)
    web.answers["/"] = answer("200 OK", b"tin")
    async with guarded(names, network) as client:
        assert (await fetch(client, "http://huyen.example/")).body == b"tin"
    assert names.asked == [("huyen.example", 80)]
    assert network.connected == [PUBLIC]
    assert "\r\nHost: huyen.example\r\n" in web.requests[0]


async def test_a_name_that_has_changed_by_the_next_hop_is_refused(web: Web) -> None:
    names, network = Names([PUBLIC], ["127.0.0.1"]), Network(web.port)
    web.answers["/"] = answer("302 Found", location="/tin", connection="close")
    async with guarded(names, network) as client:
        with pytest.raises(BadAddress):
            await fetch(client, "http://huyen.example/")
    assert (web.paths(), network.connected) == (["/"], [PUBLIC])


async def test_another_address_is_tried_when_one_does_not_answer(web: Web) -> None:
    network = Network(web.port, closed=["2606:4700::1111"])
    web.answers["/"] = answer("200 OK", b"tin")
    async with guarded(Names(["2606:4700::1111", PUBLIC]), network) as client:
        assert (await fetch(client, "http://huyen.example/")).body == b"tin"
    assert network.connected == ["2606:4700::1111", PUBLIC]


async def test_of_very_many_addresses_only_a_few_are_tried(web: Web) -> None:
    many = [f"8.8.8.{number}" for number in range(50)]
    network = Network(web.port, closed=many)
    async with guarded(Names(many), network) as client:
        with pytest.raises(Unreachable, match="Không kết nối được"):
            await fetch(client, "http://huyen.example/")
    assert network.connected == many[:4]


async def test_a_name_without_an_address_is_unknown(web: Web) -> None:
    async with guarded(Names([]), Network(web.port)) as client:
        with pytest.raises(Unreachable, match="Không tìm thấy máy chủ"):
            await fetch(client, "http://huyen.example/")


async def test_the_machine_does_not_find_a_name_that_cannot_be() -> None:
    async with build_client("bantin/test") as client:
        with pytest.raises(Unreachable, match="Không tìm thấy máy chủ"):
            await fetch(client, "http://khong-co.invalid/")


async def test_the_machines_own_names_are_found() -> None:
    names = SystemNames()
    assert "127.0.0.1" in await names.addresses("127.0.0.1", 80)
    names.close()


@pytest.mark.parametrize(
    ("host", "allowed"),
    [("cong.noibo", True), ("CONG.NOIBO", True), ("khac.noibo", False), ("cong.noibo.", False)],
)
async def test_an_office_may_read_one_host_and_port_of_its_own_network(
    web: Web, host: str, allowed: bool
) -> None:
    network = Network(web.port)
    web.answers["/"] = answer("200 OK", b"tin")
    pairs = frozenset({("cong.noibo", 8080)})
    async with guarded(Names(["10.0.0.7"]), network, allowed=pairs) as client:
        if allowed:
            assert (await fetch(client, f"http://{host}:8080/")).body == b"tin"
        else:
            with pytest.raises(BadAddress):
                await fetch(client, f"http://{host}:8080/")
        with pytest.raises(BadAddress):
            await fetch(client, f"http://{host}/")
    assert network.connected == (["10.0.0.7"] if allowed else [])
