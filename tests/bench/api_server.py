"""A lean Bot API in a process of its own: answers, delays, limits, fails, and remembers.

`python -m tests.bench.api_server --delay-ms 60 --per-second 1015` prints its address. It is
steered and asked over HTTP: GET /figures, GET /counts, POST /behave (JSON as `Behaviour`),
POST /forget. Unlike the rehearsal it checks nothing, so that it is never the bottleneck.
"""

import argparse
import asyncio
import gc
import json
import random
import re
import signal
import sys
import time
from collections import Counter, deque
from dataclasses import dataclass, fields, replace
from hashlib import blake2b
from typing import Any, Final
from urllib.parse import parse_qsl

from tests.bench.arrivals import Arrivals
from tests.bench.in_flight import stay_on

Json = dict[str, Any]

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_FORM: Final = b"application/x-www-form-urlencoded"
_BOUNDARY = re.compile(rb'boundary="?([^";\r\n]+)')
_PART = re.compile(rb'name="([^"]*)"[^\r]*\r\n(?:[^\r]+\r\n)*\r\n(.*)\r\n--$', re.DOTALL)
_SENDS: Final = frozenset({"sendMessage", "sendPhoto", "sendDocument"})
_BOT: Final = {
    "id": 42,
    "is_bot": True,
    "first_name": "Bản tin",
    "username": "bantin_bench_bot",
}
# as api.telegram.org answers, 2026-01
_HEAD: Final = (
    "HTTP/1.1 {status}\r\nServer: nginx/1.18.0\r\nDate: Mon, 23 Nov 2026 01:30:00 GMT\r\n"
    "Content-Type: application/json\r\nContent-Length: {length}\r\nConnection: keep-alive\r\n"
    "Strict-Transport-Security: max-age=31536000; includeSubDomains; preload\r\n"
    "Access-Control-Allow-Origin: *\r\nAccess-Control-Expose-Headers: "
    "Content-Length,Content-Type,Date,Server,Connection\r\n\r\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    delay_ms: float = 0.0  # between a request and its answer
    per_second: int = 0  # more than these in any second are answered 429; 0: no limit
    share_failed: float = 0.0  # of sends answered 500, not accepted
    share_unanswered: float = 0.0  # of sends accepted, but the connection is closed instead
    unanswered_ms: float = 1000.0  # after this long


class Api:
    """What all connections share."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.behaviour = behaviour
        self.chance = random.Random(4)  # noqa: S311 - the same faults in each run
        self.forget()

    def forget(self) -> None:
        self.accepted = Arrivals()
        self.copies: Counter[tuple[str, str]] = Counter()  # of a text in a chat
        self.window: deque[float] = deque()
        self.answers: Counter[int] = Counter()
        self.unanswered = 0

    def take(self, method: str, given: Json) -> tuple[int, Json] | None:
        """Status and body; None: accepted, and never answered."""
        now = time.monotonic()
        if self._is_too_fast(now):
            return 429, _error(429, "Too Many Requests: retry after 1", retry_after=1)
        if self.chance.random() < self.behaviour.share_failed:
            return 500, _error(500, "Internal Server Error")
        chat = str(given["chat_id"])
        text = str(given.get("text") or given.get("caption") or "")
        self.accepted.note(now)
        self.copies[chat, blake2b(text.encode(), digest_size=8).hexdigest()] += 1
        if self.chance.random() < self.behaviour.share_unanswered:
            return None
        return 200, {"ok": True, "result": _message(method, self.accepted.count, chat, given)}

    def _is_too_fast(self, now: float) -> bool:
        limit = self.behaviour.per_second
        if not limit:
            return False
        while self.window and now - self.window[0] >= 1:
            self.window.popleft()
        if len(self.window) >= limit:
            return True
        self.window.append(now)
        return False

    def figures(self) -> Json:
        return {
            "accepted": self.accepted.count,
            "chats": len({chat for chat, _ in self.copies}),
            "doubled": sum(count - 1 for count in self.copies.values()),
            "seconds": round(self.accepted.seconds, 3),
            "mean_per_second": round(self.accepted.mean_per_second, 2),
            "worst_second": self.accepted.worst_second(),
            "unanswered": self.unanswered,
            "answers": {str(status): count for status, count in sorted(self.answers.items())},
        }

    def counts(self) -> Json:
        """How many copies each chat has of each text: {chat: {hash of the text: copies}}."""
        counts: dict[str, dict[str, int]] = {}
        for (chat, text), copies in self.copies.items():
            counts.setdefault(chat, {})[text] = copies
        return counts


def _error(code: int, description: str, **parameters: int) -> Json:
    error: Json = {"ok": False, "error_code": code, "description": description}
    return error | ({"parameters": parameters} if parameters else {})


def _message(method: str, number: int, chat: str, given: Json) -> Json:
    message: Json = {
        "message_id": number,
        "from": _BOT,
        "chat": {"id": int(chat), "first_name": "Mai", "username": "mai", "type": "private"},
        "date": 1794000000,
    }
    if method == "sendMessage":
        return message | {"text": given.get("text", "")}
    return message | {"caption": given.get("caption", "")}


class Connection(asyncio.Protocol):
    """HTTP/1.1 with keep-alive; one request after the other."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.loop = asyncio.get_running_loop()
        self.received = b""
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.received += data
        while (end := self.received.find(b"\r\n\r\n")) >= 0:
            head = self.received[:end]
            length = _LENGTH.search(head)
            whole = end + 4 + (int(length[1]) if length else 0)
            if len(self.received) < whole:
                return
            body, self.received = self.received[end + 4 : whole], self.received[whole:]
            self.answer(head, body)

    def answer(self, head: bytes, body: bytes) -> None:
        path = head[: head.index(b"\r\n")].split(b" ")[1].decode()
        if not path.startswith("/bot"):
            self.say(200, self.control(path, body))
            return
        method = path.rpartition("/")[2]
        if method in _SENDS:
            outcome = self.api.take(method, _given(head, body))
            if outcome is None:
                self.api.unanswered += 1
                self.loop.call_later(self.api.behaviour.unanswered_ms / 1000, self.transport.close)
                return
            self.api.answers[outcome[0]] += 1
            self.say(*outcome, delay_ms=self.api.behaviour.delay_ms)
        elif method == "getUpdates":
            wait_ms = 1000 * int(_given(head, body).get("timeout", 0))
            self.say(200, {"ok": True, "result": []}, delay_ms=wait_ms)
        else:
            self.say(200, {"ok": True, "result": _RESULTS.get(method, True)})

    def control(self, path: str, body: bytes) -> Json:
        match path:
            case "/figures":
                return self.api.figures()
            case "/counts":
                return self.api.counts()
            case "/forget":
                self.api.forget()
            case _:  # /behave
                self.api.behaviour = replace(self.api.behaviour, **json.loads(body))
        return {"ok": True}

    def say(self, status: int, answer: Json, *, delay_ms: float = 0) -> None:
        body = json.dumps(answer).encode()
        said = _HEAD.format(status=f"{status} -", length=len(body)).encode() + body
        if delay_ms:
            self.loop.call_later(delay_ms / 1000, self._write, said)
        else:
            self._write(said)

    def _write(self, said: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(said)


_RESULTS: Final[Json] = {
    "getMe": _BOT | {"can_join_groups": True, "can_read_all_group_messages": False},
    "getWebhookInfo": {
        "url": "",
        "has_custom_certificate": False,
        "pending_update_count": 0,
    },
}


def _given(head: bytes, body: bytes) -> Json:
    """The parameters, as whatever client sent them."""
    if body.startswith(b"{"):
        given: Json = json.loads(body)
        return given
    boundary = _BOUNDARY.search(head)
    if boundary is None:
        return dict(parse_qsl(body.decode()))
    parts = (_PART.search(part + b"--") for part in body.split(b"--" + boundary[1]))
    return {part[1].decode(): part[2].decode() for part in parts if part}


async def serve(behaviour: Behaviour, port: int) -> None:
    """Until SIGTERM."""
    loop = asyncio.get_running_loop()
    api = Api(behaviour)
    server = await loop.create_server(lambda: Connection(api), "127.0.0.1", port, backlog=1024)
    stopped = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stopped.set)
    where = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    print(where, flush=True)  # noqa: T201 - what it is for
    await stopped.wait()
    server.close()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--port", type=int, default=0)
    options.add_argument("--core", type=int, default=1)
    for field in fields(Behaviour):
        options.add_argument(
            f"--{field.name.replace('_', '-')}", type=type(field.default), default=field.default
        )
    given = vars(options.parse_args(sys.argv[1:]))
    port = given.pop("port")
    stay_on(given.pop("core"))
    gc.disable()  # what waits while it collects would be counted later than it came
    asyncio.run(serve(Behaviour(**given), port))


if __name__ == "__main__":
    main()
