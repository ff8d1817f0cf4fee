"""What may be posted: by whom, where, how much, and what the poster is told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from bot.web.hooks import MOST_BODY_BYTES, Hooks
from bot.web.server import AddressTaken, serving

HEADER = "X-Bot-Api-Secret-Token"
SECRET = "mot-bi-mat-dai"  # noqa: S105 - opens nothing
PATH = "/zalo/12345"
RIGHT = {HEADER: SECRET}


class Taken:
    def __init__(self) -> None:
        self.bodies: list[bytes] = []

    async def __call__(self, body: bytes) -> None:
        if body == b"fail":
            raise OSError("Bí mật")
        self.bodies.append(body)


@pytest.fixture
def taken() -> Taken:
    return Taken()


@pytest.fixture
async def web(taken: Taken) -> AsyncIterator[httpx.AsyncClient]:
    hooks = Hooks([PATH, "/zalo/678"], header=HEADER)
    with hooks.open(PATH, SECRET, taken):
        async with visiting(hooks) as web:
            yield web


@asynccontextmanager
async def visiting(hooks: Hooks) -> AsyncIterator[httpx.AsyncClient]:
    async with (
        serving(hooks, host="127.0.0.1", port=0) as port,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as web,
    ):
        yield web


async def test_what_is_posted_with_the_secret_is_taken(
    web: httpx.AsyncClient, taken: Taken
) -> None:
    answer = await web.post(PATH, headers=RIGHT, content=b'{"ok":true}')

    assert answer.status_code == 200
    assert taken.bodies == [b'{"ok":true}']


async def test_the_header_may_be_written_in_any_case_and_the_body_be_empty(
    web: httpx.AsyncClient, taken: Taken
) -> None:
    answer = await web.post(PATH, headers={HEADER.lower(): SECRET})

    assert answer.status_code == 200
    assert taken.bodies == [b""]


async def test_a_proxy_may_have_put_something_before_the_path(
    web: httpx.AsyncClient, taken: Taken
) -> None:
    answer = await web.post(f"/ban-tin{PATH}", headers=RIGHT, content=b"{}")

    assert answer.status_code == 200
    assert taken.bodies == [b"{}"]


NOT_TAKEN: dict[str, tuple[str, str, dict[str, str], int]] = {
    "no secret": ("POST", PATH, {}, 403),
    "an empty secret": ("POST", PATH, {HEADER: ""}, 403),
    "another secret": ("POST", PATH, {HEADER: SECRET + "x"}, 403),
    "half of it": ("POST", PATH, {HEADER: SECRET[:8]}, 403),
    "another header": ("POST", PATH, {"X-Telegram-Bot-Api-Secret-Token": SECRET}, 403),
    "another path": ("POST", "/zalo/999", RIGHT, 404),
    "the start": ("POST", "/", RIGHT, 404),
    "another method": ("GET", PATH, RIGHT, 405),
    "a path at which nobody works here": ("POST", "/zalo/678", RIGHT, 503),
}


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"), NOT_TAKEN.values(), ids=NOT_TAKEN
)
async def test_what_is_not_taken(
    web: httpx.AsyncClient,
    taken: Taken,
    method: str,
    path: str,
    headers: dict[str, str],
    status: int,
) -> None:
    answer = await web.request(method, path, headers=headers)

    assert answer.status_code == status
    assert answer.content == b""
    assert taken.bodies == []


async def test_who_does_not_know_the_secret_is_answered_before_his_body_came(
    web: httpx.AsyncClient,
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", web.base_url.port)
    writer.write(f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n".encode())

    status = await asyncio.wait_for(reader.readline(), 60)

    assert status.split()[1] == b"403"
    writer.close()


async def test_too_much_is_not_taken(web: httpx.AsyncClient, taken: Taken) -> None:
    most, more = b"x" * MOST_BODY_BYTES, b"x" * (MOST_BODY_BYTES + 1)

    assert (await web.post(PATH, headers=RIGHT, content=most)).status_code == 200
    assert (await web.post(PATH, headers=RIGHT, content=more)).status_code == 413
    assert taken.bodies == [most]


async def test_what_could_not_be_taken_may_be_posted_again(
    web: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await web.post(PATH, headers=RIGHT, content=b"fail")

    assert answer.status_code == 503
    assert "could not be taken: OSError" in caplog.text
    assert "Bí mật" not in caplog.text


async def test_once_nobody_works_there_the_next_one_is_asked(taken: Taken) -> None:
    hooks = Hooks([PATH], header=HEADER)
    async with visiting(hooks) as web:
        with hooks.open(PATH, SECRET, taken):
            assert (await web.post(PATH, headers=RIGHT)).status_code == 200

        assert (await web.post(PATH, headers=RIGHT)).status_code == 503


async def test_who_only_holds_connections_open_keeps_nobody_out(
    web: httpx.AsyncClient,
) -> None:
    url = web.base_url
    silent = [await asyncio.open_connection(url.host, url.port) for _ in range(100)]
    assert (await web.post(PATH, headers=RIGHT, content=b"{}")).status_code == 200
    for _, writer in silent:
        writer.close()


async def test_an_address_that_is_taken_is_named(taken: Taken) -> None:
    hooks = Hooks([PATH], header=HEADER)
    async with serving(hooks, host="127.0.0.1", port=0) as port:
        with pytest.raises(AddressTaken, match=f"127.0.0.1:{port}"):
            async with serving(hooks, host="127.0.0.1", port=port):
                raise AssertionError("two listen there")

    assert taken.bodies == []
