"""Certificates: strict by default, and what one source may be granted; with real ones."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import trustme

from jobs.fetching.access import STRICT, Access, Tls, strict_context
from jobs.fetching.fetch import Terms, fetch
from jobs.fetching.guard import Guard
from jobs.fetching.transport import build_client
from jobs.page import BadAddress, PageError, Untrusted
from storage.records import Health
from tests.jobs.fetching.net import PUBLIC, Names, Network
from tests.web import Web, answer, web_server

HOST = "127.0.0.1"


class Authority:
    """A root that the client trusts, with an intermediate below it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._root = trustme.CA()
        self.intermediate = self._root.create_child_ca()

    def trusting(self) -> ssl.SSLContext:
        context = strict_context()
        self._root.configure_trust(context)
        return context

    def server(self, leaf: trustme.LeafCert, *, sent: int = 9) -> ssl.SSLContext:
        """With so many certificates of its chain as it sends."""
        pems = [leaf.private_key_pem, *leaf.cert_chain_pems[:sent]]
        path = self._folder / "server.pem"
        path.write_bytes(b"".join(pem.bytes() for pem in pems))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context

    @asynccontextmanager
    async def serving(self, leaf: trustme.LeafCert, *, sent: int = 9) -> AsyncIterator[Web]:
        async with web_server(self.server(leaf, sent=sent)) as web:
            web.answers["/"] = answer("200 OK", b"tin")
            yield web

    async def get(self, web: Web, tls: Tls = STRICT) -> bytes:
        terms = Terms(access=Access(host=HOST, tls=tls))
        async with self.client(web) as client:
            return (await fetch(client, web.url + "/", terms=terms)).body

    def client(self, *webs: Web) -> httpx.AsyncClient:
        allowed = frozenset[tuple[str, int]]().union(*(web.allowed for web in webs))
        return build_client("bantin/test", allowed=allowed, new_context=self.trusting)


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def leaf(authority: Authority) -> trustme.LeafCert:
    return authority.intermediate.issue_cert(HOST)


async def test_a_whole_chain_is_trusted(authority: Authority, leaf: trustme.LeafCert) -> None:
    async with authority.serving(leaf) as web:
        assert await authority.get(web) == b"tin"


async def test_a_missing_intermediate_is_said_so_and_made_good_by_its_pem(
    authority: Authority, leaf: trustme.LeafCert
) -> None:
    pem = authority.intermediate.cert_pem.bytes().decode()
    async with authority.serving(leaf, sent=1) as web:
        with pytest.raises(Untrusted, match="thiếu chứng thư trung gian") as caught:
            await authority.get(web)
        assert caught.value.health is Health.TLS
        assert await authority.get(web, Tls(extra_ca=f"# của tỉnh\n{pem}")) == b"tin"


def of_another(name: str = HOST) -> trustme.LeafCert:
    return trustme.CA().issue_cert(name)


BAD: dict[str, tuple[Callable[[Authority], trustme.LeafCert], str]] = {
    "an authority that nobody knows": (lambda _: of_another(), "nơi không được công nhận"),
    "another name": (
        lambda authority: authority.intermediate.issue_cert("khac.example"),
        "cấp cho",
    ),
    "out of date": (
        lambda authority: authority.intermediate.issue_cert(
            HOST,
            not_before=datetime(2020, 1, 1, tzinfo=UTC),
            not_after=datetime(2021, 1, 1, tzinfo=UTC),
        ),
        "hết hạn",
    ),
    "not yet": (
        lambda authority: authority.intermediate.issue_cert(
            HOST,
            not_before=datetime(2090, 1, 1, tzinfo=UTC),
            not_after=datetime(2091, 1, 1, tzinfo=UTC),
        ),
        "chưa có hiệu lực",
    ),
}


@pytest.mark.parametrize("which", BAD)
async def test_a_bad_certificate_is_refused_until_an_admin_takes_it_as_it_is(
    authority: Authority, which: str
) -> None:
    make, reason = BAD[which]
    async with authority.serving(make(authority)) as web:
        with pytest.raises(Untrusted, match=reason):
            await authority.get(web)
        assert await authority.get(web, Tls(insecure=True)) == b"tin"


async def test_a_single_certificate_may_be_vouched_for(authority: Authority) -> None:
    leaf = of_another()
    async with authority.serving(leaf) as web:
        pem = leaf.cert_chain_pems[0].bytes().decode()
        assert await authority.get(web, Tls(extra_ca=pem)) == b"tin"


async def test_an_added_certificate_does_not_excuse_a_wrong_name(authority: Authority) -> None:
    leaf = of_another("khac.example")
    async with authority.serving(leaf) as web:
        with pytest.raises(Untrusted, match="cấp cho"):
            await authority.get(web, Tls(extra_ca=leaf.cert_chain_pems[0].bytes().decode()))


@pytest.mark.parametrize(
    "pem", ["không phải", "# của tỉnh\n", "-----BEGIN CERTIFICATE-----\nAA==\n"]
)
async def test_what_is_no_pem_is_said_so(
    authority: Authority, leaf: trustme.LeafCert, pem: str
) -> None:
    async with authority.serving(leaf) as web:
        with pytest.raises(Untrusted, match="không đúng dạng PEM"):
            await authority.get(web, Tls(extra_ca=pem))


async def test_what_one_source_is_granted_no_other_server_gets(authority: Authority) -> None:
    access = Access(host="huyen.example", tls=Tls(insecure=True))
    async with authority.serving(of_another()) as web, authority.client(web) as client:
        with pytest.raises(Untrusted):
            await fetch(client, web.url + "/", terms=Terms(access=access))


async def test_a_connection_that_was_not_checked_serves_nobody_else(authority: Authority) -> None:
    lax = Terms(access=Access(host=HOST, tls=Tls(insecure=True)))
    async with authority.serving(of_another()) as web, authority.client(web) as client:
        await fetch(client, web.url + "/", terms=lax)
        with pytest.raises(Untrusted):
            await fetch(client, web.url + "/")


async def test_a_name_is_checked_though_the_connection_leads_to_an_address(
    authority: Authority,
) -> None:
    for name in ("huyen.example", "khac.example"):
        async with authority.serving(authority.intermediate.issue_cert(name)) as web:
            network, names = Network(web.port), Names([PUBLIC])
            guard = Guard(allowed=frozenset(), resolve=names.addresses, network=network)
            async with build_client(
                "bantin/test", guard=guard, new_context=authority.trusting
            ) as client:
                if name == "huyen.example":
                    assert (await fetch(client, "https://huyen.example/")).body == b"tin"
                else:
                    with pytest.raises(Untrusted, match="cấp cho tên khác"):
                        await fetch(client, "https://huyen.example/")
            assert network.connected == [PUBLIC]


@pytest.mark.parametrize("to_http", [True, False])
async def test_from_https_to_http_only_where_the_source_allows_it(
    authority: Authority, leaf: trustme.LeafCert, to_http: bool
) -> None:
    async with authority.serving(leaf) as web, web_server() as plain:
        web.answers["/"] = answer("302 Found", location=plain.url + "/")
        plain.answers["/"] = answer("200 OK", b"tin")
        terms = Terms(access=Access(to_http=to_http))
        async with authority.client(web, plain) as client:
            if to_http:
                assert (await fetch(client, web.url + "/", terms=terms)).body == b"tin"
            else:
                with pytest.raises(BadAddress, match="không còn được bảo mật"):
                    await fetch(client, web.url + "/", terms=terms)
    assert bool(plain.requests) == to_http


def _old_hello() -> bytes:
    """A ServerHello of TLS 1.2 without RFC 5746's extension, as servers before 2010 say it."""
    body = b"\x03\x03" + bytes(32) + b"\x00" + b"\xc0\x2f" + b"\x00"
    message = b"\x02" + len(body).to_bytes(3) + body
    return b"\x16\x03\x03" + len(message).to_bytes(2) + message


async def test_a_server_with_old_renegotiation_is_read_only_where_it_is_allowed(
    authority: Authority,
) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(_old_hello())
        writer.close()

    async with await asyncio.start_server(serve, HOST, 0) as server:
        web = Web(url=f"https://{HOST}:{server.sockets[0].getsockname()[1]}")
        with pytest.raises(Untrusted, match="TLS\\) cũ"):
            await authority.get(web)
        with pytest.raises(PageError) as caught:  # this one hangs up after its greeting
            await authority.get(web, Tls(legacy_renegotiation=True))
        assert "cũ" not in caught.value.reason
