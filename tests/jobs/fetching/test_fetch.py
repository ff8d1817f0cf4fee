"""Fetching, from a real server on this machine that behaves as badly as real ones do."""

import asyncio
import gzip
import logging
import socket
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import httpx
import pytest
import pytest_asyncio

from jobs.fetching.access import Access
from jobs.fetching.fetch import MOST_HOPS, Terms, fetch
from jobs.fetching.transport import build_client
from jobs.page import (
    BadAddress,
    Broken,
    Challenged,
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
from tests.web import Web, Write, answer, web_server

MEGABYTE = 1024 * 1024
USER_AGENT = "bantin/0.1 (+mailto:vanphong@huyen.example)"


@pytest_asyncio.fixture
async def portal() -> AsyncIterator[Web]:
    async with web_server() as web:
        yield web


@pytest_asyncio.fixture
async def client(portal: Web) -> AsyncIterator[httpx.AsyncClient]:
    async with build_client(USER_AGENT, allowed=portal.allowed) as client:
        yield client


@pytest.fixture
def get(portal: Web, client: httpx.AsyncClient) -> Callable[..., Awaitable[Page]]:
    async def get(
        path: str = "/",
        *,
        etag: str = "",
        limit_bytes: int = MEGABYTE,
        deadline: timedelta = timedelta(seconds=20),
    ) -> Page:
        terms = Terms(limit_bytes=limit_bytes, deadline=deadline)
        return await fetch(client, portal.url + path, etag=etag, terms=terms)

    return get


Get = Callable[..., Awaitable[Page]]


async def test_a_page_comes_with_what_is_needed_next_time(portal: Web, get: Get) -> None:
    body = "<p>Hội nghị</p>".encode()
    portal.answers["/"] = answer(
        "200 OK", body, etag='W/"7"', last_modified="Mon", content_type="text/html; charset=utf-8"
    )
    assert await get() == Page(
        url=f"{portal.url}/",
        final_url=f"{portal.url}/",
        status=200,
        body=body,
        content_type="text/html; charset=utf-8",
        etag='W/"7"',
        last_modified="Mon",
    )


async def test_it_says_who_asks(portal: Web, get: Get) -> None:
    portal.answers["/"] = answer("200 OK")
    await get()
    assert f"user-agent: {USER_AGENT}\r\n" in portal.requests[0].replace(
        "User-Agent", "user-agent"
    )


async def test_validators_go_back_byte_for_byte(portal: Web, client: httpx.AsyncClient) -> None:
    portal.answers["/"] = answer("200 OK", etag='"số 1"', last_modified="Thứ hai")
    first = await fetch(client, portal.url + "/")
    portal.answers["/"] = answer("304 Not Modified")
    second = await fetch(
        client, portal.url + "/", etag=first.etag, last_modified=first.last_modified
    )
    assert (second.not_modified, second.body) == (True, b"")
    asked = portal.requests[1].encode("latin-1").decode()
    assert 'If-None-Match: "số 1"\r\n' in asked
    assert "If-Modified-Since: Thứ hai\r\n" in asked


async def test_not_modified_without_a_question_is_no_page(portal: Web, get: Get) -> None:
    portal.answers["/"] = answer("304 Not Modified")
    with pytest.raises(Unreachable):
        await get()


@pytest.mark.parametrize(
    ("status", "error", "health", "reason"),
    [
        ("401 Unauthorized", Refused, Health.BLOCKED, "Máy chủ từ chối (401)."),
        ("403 Forbidden", Refused, Health.BLOCKED, "Máy chủ từ chối (403)."),
        ("404 Not Found", NotThere, Health.GONE, "Trang không còn ở địa chỉ này (404)."),
        ("410 Gone", GoneForGood, Health.GONE, "Trang đã được gỡ bỏ hẳn (410)."),
        ("429 Slow", Refused, Health.BLOCKED, "Máy chủ báo truy cập quá nhiều (429)."),
        ("500 Error", Unreachable, Health.UNREACHABLE, "Máy chủ đang gặp lỗi (500)."),
        ("503 Busy", Unreachable, Health.UNREACHABLE, "Máy chủ đang gặp lỗi (503)."),
        ("418 Teapot", Unreachable, Health.UNREACHABLE, "Máy chủ trả lời khác thường (418)."),
        ("302 Found", Unreachable, Health.UNREACHABLE, "Máy chủ trả lời khác thường (302)."),
    ],
)
async def test_what_a_status_means(
    portal: Web, get: Get, status: str, error: type[PageError], health: Health, reason: str
) -> None:
    portal.answers["/"] = answer(status, b"<html>...</html>")
    with pytest.raises(PageError) as caught:
        await get()
    assert (type(caught.value), caught.value.health) == (error, health)
    assert caught.value.reason == reason
    assert caught.value.status == int(status[:3])
    assert caught.value.body == b"<html>...</html>"


@pytest.mark.parametrize("status", ["429 Slow", "503 Busy"])
@pytest.mark.parametrize(
    ("told", "wait"),
    [
        ("120", timedelta(minutes=2)),
        ("Mon, 23 Nov 2026 02:05:00 GMT", timedelta(minutes=5)),
        ("Mon, 23 Nov 2026 01:00:00 GMT", timedelta(0)),
        ("soon", None),
        ("-5", None),
        ("9" * 40, None),
        ("", None),
    ],
    ids=["seconds", "a date", "a date that has passed", "words", "negative", "absurd", "nothing"],
)
async def test_a_server_may_ask_for_rest(
    portal: Web, get: Get, status: str, told: str, wait: timedelta | None
) -> None:
    portal.answers["/"] = answer(status, retry_after=told, date="Mon, 23 Nov 2026 02:00:00 GMT")
    with pytest.raises((Refused, Unreachable)) as caught:
        await get()
    assert caught.value.retry_after == wait


async def test_redirects_are_followed_to_the_last_address(portal: Web, get: Get) -> None:
    portal.answers["/"] = answer("301 Moved", location="/a/b")
    portal.answers["/a/b"] = answer("302 Found", location="../tin-tức?trang=1")
    portal.answers["/tin-t%E1%BB%A9c?trang=1"] = answer("200 OK", b"tin")
    page = await get()
    assert page.body == b"tin"
    assert (page.url, page.final_url) == (
        f"{portal.url}/",
        f"{portal.url}/tin-t%E1%BB%A9c?trang=1",
    )


async def test_endless_redirects_end(portal: Web, get: Get) -> None:
    portal.answers["/"] = answer("302 Found", location="/")
    with pytest.raises(LedAround, match="chuyển hướng quá nhiều lần"):
        await get()
    assert len(portal.requests) == MOST_HOPS + 1


@pytest.mark.parametrize(
    ("hops", "moved_to"),
    [
        (["301 Moved"], "/1"),
        (["308 Moved"], "/1"),
        (["301 Moved", "308 Moved"], "/2"),
        (["302 Found"], ""),
        (["307 Found"], ""),
        (["302 Found", "301 Moved"], ""),
        (["301 Moved", "302 Found"], "/1"),
        (["301 Moved", "302 Found", "301 Moved"], "/1"),
        ([], ""),
    ],
    ids=lambda value: "+".join(each[:3] for each in value) if isinstance(value, list) else "",
)
async def test_only_permanent_redirects_give_a_new_address(
    portal: Web, get: Get, hops: list[str], moved_to: str
) -> None:
    for number, status in enumerate(hops):
        portal.answers[f"/{number}"] = answer(status, location=f"/{number + 1}")
    portal.answers[f"/{len(hops)}"] = answer("200 OK", b"tin")
    page = await get("/0")
    assert page.moved_to == (portal.url + moved_to if moved_to else "")
    assert page.final_url == f"{portal.url}/{len(hops)}"


@pytest.mark.parametrize(
    ("asked", "target", "is_home"),
    [
        ("/tin-tuc", "/", True),
        ("/tin-tuc/rss.xml", "/trang-chu", True),
        ("/tin-tuc", "/web/guest/home", True),
        ("/tin-tuc", "/vi/", True),
        ("/tin-tuc", "/Pages/default.aspx", True),
        ("/tin-tuc", "/portal/Pages/Default.aspx", True),
        ("/tin-tuc", "/index.php", True),
        ("/tin-tuc", "/index.php?nv=news", False),
        ("/tin-tuc", "/tin-tuc/", False),
        ("/tin-tuc", "/vi/tin-tuc", False),
        ("/tin-tuc", "/web/guest/tin-tuc", False),
        ("/", "/web/guest/home", False),
        ("/home", "/", False),
    ],
)
async def test_being_sent_to_the_start_page_is_told(
    portal: Web, get: Get, asked: str, target: str, is_home: bool
) -> None:
    portal.answers[asked] = answer("302 Found", location=target)
    portal.answers[target] = answer("200 OK", b"trang")
    assert (await get(asked)).leads_home == is_home


@pytest.mark.parametrize(
    ("said", "fresh_for"),
    [
        ("max-age=600", timedelta(minutes=10)),
        ("public, MAX-AGE = 60, must-revalidate", timedelta(minutes=1)),
        ('private, max-age="5"', timedelta(seconds=5)),
        ("s-maxage=600", None),
        ("no-cache, max-age=600", None),
        ("no-store, max-age=600", None),
        ("max-age=-1", None),
        ("max-age=soon", None),
        ("max-age=" + "9" * 40, timedelta(seconds=999_999_999)),
        ("", None),
    ],
)
@pytest.mark.parametrize("status", ["200 OK", "304 Not Modified"])
async def test_how_long_a_page_stays_as_it_is_is_told(
    portal: Web, get: Get, status: str, said: str, fresh_for: timedelta | None
) -> None:
    portal.answers["/"] = answer(status, cache_control=said)
    assert (await get(etag='"1"')).fresh_for == fresh_for


async def test_a_cookie_is_kept_for_one_visit_only(portal: Web, get: Get) -> None:
    portal.answers["/"] = answer("302 Found", location="/tin", set_cookie="ma=7; Path=/")
    portal.answers["/tin"] = answer("200 OK", b"tin", set_cookie="phien=8; Path=/")
    await get()
    await get()
    sent = ["cookie: ma=7\r\n" in head.lower() for head in portal.requests]
    assert sent == [False, True, False, True]
    assert not any("phien" in head for head in portal.requests)


async def test_a_source_may_ask_under_another_name_at_its_own_host_only(
    portal: Web, client: httpx.AsyncClient
) -> None:
    portal.answers["/"] = answer("200 OK")
    for host in ("127.0.0.1", "huyen.example"):
        terms = Terms(access=Access(host=host, user_agent="Mozilla/5.0"))
        await fetch(client, portal.url + "/", terms=terms)
    assert ["Mozilla" in head for head in portal.requests] == [True, False]


WALL = b'<html><body><script>document.cookie="D1N=0a"+"; path=/";window.location.reload(true);'


@pytest.mark.parametrize(
    ("page", "status"),
    [
        (answer("200 OK", WALL + b"</script></body></html>"), None),
        (answer("403 Forbidden", WALL), 403),
        (answer("503 Busy", b"<script>window._cf_chl_opt={}</script>"), 503),
        (answer("403 Forbidden", b"Cho", cf_mitigated="challenge"), 403),
    ],
    ids=["cookie wall", "refused with a script", "marked in the page", "marked in the head"],
)
async def test_a_wall_is_no_page(portal: Web, get: Get, page: bytes, status: int | None) -> None:
    portal.answers["/"] = page
    with pytest.raises(Challenged) as caught:
        await get()
    assert (caught.value.health, caught.value.status) == (Health.CHALLENGE, status)
    assert caught.value.body == page.partition(b"\r\n\r\n")[2]


async def test_what_came_with_an_error_is_kept_up_to_a_limit(portal: Web, get: Get) -> None:
    portal.answers["/"] = answer(
        "500 Error", gzip.compress(b"x" * MEGABYTE), content_encoding="gzip"
    )
    with pytest.raises(Unreachable) as caught:
        await get()
    assert caught.value.body == b"x" * (256 * 1024)


@pytest.mark.parametrize(
    ("location", "error"),
    [
        ("file:///etc/passwd", BadAddress),
        ("javascript:alert(1)", Unreachable),
        ("ftp://portal.example/tin", BadAddress),
        ("http://ten:matkhau@portal.example/", BadAddress),
        ("http://[::1", Unreachable),
        ("http://portal.example:99999/", BadAddress),
        ("http://" + "a" * 70 + ".vn/", Unreachable),
        ("http://xn--/", Unreachable),
    ],
)
async def test_no_redirect_leads_where_it_must_not(
    portal: Web, get: Get, location: str, error: type[PageError]
) -> None:
    portal.answers["/"] = answer("302 Found", location=location)
    with pytest.raises(error):
        await get()


@pytest.mark.parametrize("address", ["", "tin.html", "//portal.example/", "about:blank"])
async def test_only_web_addresses_are_fetched(client: httpx.AsyncClient, address: str) -> None:
    with pytest.raises(PageError):
        await fetch(client, address)


async def test_a_password_in_an_address_is_refused_and_never_shown(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(BadAddress) as caught:
        await fetch(client, "https://ten:matkhau@portal.example/")
    assert caught.value.health is Health.UNSAFE
    assert "matkhau" not in str(caught.value) + caplog.text


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", " GZIP ", "identity"])
async def test_a_page_may_be_packed(portal: Web, get: Get, encoding: str) -> None:
    body = b"<p>tin</p>" * 1000
    packed = body if encoding == "identity" else gzip.compress(body)
    portal.answers["/"] = answer("200 OK", packed, content_encoding=encoding)
    assert (await get()).body == body


async def test_an_empty_page_may_call_itself_packed(portal: Web, get: Get) -> None:
    portal.answers["/"] = answer("200 OK", content_encoding="gzip")
    assert (await get()).body == b""


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"tin", {"content_encoding": "br"}),
        (b"tin", {"content_encoding": "gzip, gzip"}),
        (b"this is not gzip", {"content_encoding": "gzip"}),
        (gzip.compress(b"tin" * 1000)[:-9], {"content_encoding": "gzip"}),
        (b"tin", {"content_length": "300"}),
        (b"5\r\ntin", {"content_length": "", "transfer_encoding": "chunked"}),
    ],
    ids=["unknown packing", "packed twice", "not packed", "packed, cut", "cut", "cut in a chunk"],
)
async def test_a_broken_answer_is_no_page(
    portal: Web, get: Get, body: bytes, headers: dict[str, str]
) -> None:
    lines = "".join(f"{k.replace('_', '-')}: {v}\r\n" for k, v in headers.items() if v)
    portal.answers["/"] = f"HTTP/1.1 200 OK\r\n{lines}\r\n".encode() + body
    with pytest.raises(Broken) as caught:
        await get()
    assert caught.value.health is Health.BROKEN


async def test_a_page_as_large_as_allowed_is_taken(portal: Web, get: Get) -> None:
    portal.answers["/"] = answer("200 OK", b"x" * 1000)
    assert len((await get(limit_bytes=1000)).body) == 1000
    portal.answers["/"] = answer("200 OK", gzip.compress(b"x" * 1000), content_encoding="gzip")
    assert len((await get(limit_bytes=1000)).body) == 1000
    with pytest.raises(TooLarge):
        await get(limit_bytes=999)


async def test_an_announced_giant_is_not_even_read(portal: Web, get: Get) -> None:
    portal.answers["/"] = answer("200 OK", content_length=str(50 * MEGABYTE))
    with pytest.raises(TooLarge, match=r"Trang lớn hơn 8 MB\."):
        await get(limit_bytes=8 * MEGABYTE)


async def test_a_giant_that_is_not_announced_is_cut_early(portal: Web, get: Get) -> None:
    async def fifty_megabytes(write: Write) -> None:
        await write(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(50):
            await write(b"x" * MEGABYTE)

    portal.answers["/"] = fifty_megabytes
    with pytest.raises(TooLarge, match=r"Trang lớn hơn 1,5 MB\.") as caught:
        await get(limit_bytes=3 * MEGABYTE // 2)
    assert caught.value.health is Health.TOO_LARGE
    assert portal.sent_bytes < 20 * MEGABYTE  # the rest is in no buffer of ours


async def test_a_gzip_bomb_fills_no_memory(portal: Web, get: Get) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(packer.compress(bytes(MEGABYTE)) for _ in range(60)) + packer.flush()
    assert len(bomb) < MEGABYTE
    portal.answers["/"] = answer("200 OK", bomb, content_encoding="gzip")
    tracemalloc.start()
    try:
        with pytest.raises(TooLarge):
            await get(limit_bytes=MEGABYTE)
        assert tracemalloc.get_traced_memory()[1] < 10 * MEGABYTE
    finally:
        tracemalloc.stop()


async def drip_body(write: Write) -> None:
    await write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n")
    while True:
        await write(b"x")
        await asyncio.sleep(0.005)


async def drip_head(write: Write) -> None:
    await write(b"HTTP/1.1 200 OK\r\nx: ")
    while True:
        await write(b"x")
        await asyncio.sleep(0.005)


async def say_nothing(_write: Write) -> None:
    await asyncio.sleep(3600)


@pytest.mark.parametrize("behave", [drip_body, drip_head, say_nothing])
async def test_a_server_that_takes_for_ever_is_left(
    portal: Web, get: Get, behave: Callable[[Write], Awaitable[None]]
) -> None:
    portal.answers["/"] = behave
    with pytest.raises(Unreachable, match=r"Máy chủ không trả lời trong 0,05 giây\."):
        await get(deadline=timedelta(seconds=0.05))


async def test_all_hops_share_one_deadline(portal: Web, get: Get) -> None:
    async def slow_redirect(write: Write) -> None:
        await asyncio.sleep(0.04)
        await write(answer("302 Found", location="/"))

    portal.answers["/"] = slow_redirect
    with pytest.raises(Unreachable, match="không trả lời trong"):
        await get(deadline=timedelta(seconds=0.1))


@pytest.mark.parametrize(
    "said", [b"", b"HTTP/1.1 200", b"\x00\x01\x02\r\n\r\n"], ids=["nothing", "half", "rubbish"]
)
async def test_a_server_that_hangs_up_is_unreachable(portal: Web, get: Get, said: bytes) -> None:
    portal.answers["/"] = said
    with pytest.raises(Unreachable, match="ngắt kết nối"):
        await get()


async def test_a_closed_port_is_unreachable() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        allowed = frozenset({("127.0.0.1", port)})
        async with build_client(USER_AGENT, allowed=allowed) as client:
            with pytest.raises(Unreachable, match="Không kết nối được") as caught:
                await fetch(client, f"http://127.0.0.1:{port}/")
    assert caught.value.health is Health.UNREACHABLE


async def test_a_server_that_cannot_speak_tls_is_said_so() -> None:
    async def speak_plainly(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answer("400 Bad Request"))
        writer.close()

    async with await asyncio.start_server(speak_plainly, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        allowed = frozenset({("127.0.0.1", port)})
        async with build_client(USER_AGENT, allowed=allowed) as client:
            with pytest.raises(Untrusted, match="TLS"):
                await fetch(client, f"https://127.0.0.1:{port}/")


async def test_a_proxy_of_the_machine_is_not_used(
    portal: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    portal.answers["/"] = answer("200 OK", b"tin")
    async with build_client(USER_AGENT, allowed=portal.allowed) as client:
        assert (await fetch(client, portal.url + "/")).body == b"tin"
