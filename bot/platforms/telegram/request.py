"""PTB's requests over aiohttp: pooled, through any proxy; tells what never left this machine.

aiohttp repeats on its own only what is idempotent, so never a POST: nothing goes out twice
(`IDEMPOTENT_METHODS` in its client.py, 3.14). Its errors hold the URL, and with it the token,
so none of them gets out of here.
"""

import json
import ssl
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

import aiohttp
from telegram._utils.defaultvalue import DefaultValue
from telegram._utils.types import ODVInput
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.platforms.telegram.connector import NeverLeft, name_of, open_connector

_MOST_ANSWER_BYTES: Final = 32 << 20  # a file: 20 MB; core.telegram.org/bots/api#getfile
_TRANSFER_SECONDS: Final = 600.0  # to write the 50 MB of a file over a slow line
_HEADERS: Final = {"User-Agent": BaseRequest.USER_AGENT, "Accept-Encoding": "identity"}
_JSON: Final = {"Content-Type": "application/json"}
_USUAL: Final = BaseRequest.DEFAULT_NONE

Given = ODVInput[float]  # a call's own timeout
Body = bytes | aiohttp.FormData | None


class NoAnswer(Exception):
    """The request left, wholly or in part. Says what failed, but no address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seconds:
    """How long each step of a request may take."""

    pool: float | None = 10.0
    connect: float | None = 10.0  # with the handshakes of the proxy and of TLS
    write: float | None = 10.0
    read: float | None = 20.0  # the longest silence


class Encoded(RequestData):  # type: ignore[misc]  # final for type checkers only
    """JSON already: what goes to many chats is encoded once."""

    __slots__ = ("body",)

    def __init__(self, body: bytes) -> None:
        super().__init__()
        self.body = body


class AiohttpRequest(BaseRequest):
    """Opens connections as they are needed, up to `connections`."""

    __slots__ = ("_connections", "_proxy", "_seconds", "_session", "_timeout", "_tls")

    def __init__(
        self,
        *,
        proxy: str | None = None,
        connections: int = 1,
        seconds: Seconds | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """`tls`: whom to trust; None: whom the machine trusts."""
        self._proxy = proxy
        self._connections = connections
        self._seconds = seconds or Seconds()
        self._timeout = _timeout(self._seconds)
        self._tls = tls
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        return self._seconds.read

    async def initialize(self) -> None:
        if self._session is not None:
            return
        connector, proxy = open_connector(self._proxy, limit=self._connections, tls=self._tls)
        self._session = aiohttp.ClientSession(
            connector=connector,
            proxy=proxy,
            trust_env=False,  # the proxy is a setting: HTTPS_PROXY is not looked at
            cookie_jar=aiohttp.DummyCookieJar(),
            headers=_HEADERS,
            skip_auto_headers=("Accept",),
            auto_decompress=False,  # nothing packed is asked for
        )

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(  # noqa: PLR0913, PLR0917 - as PTB calls it
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Given = _USUAL,
        write_timeout: Given = _USUAL,
        connect_timeout: Given = _USUAL,
        pool_timeout: Given = _USUAL,
    ) -> tuple[int, bytes]:
        """Status and body. Raises TimedOut and NetworkError, caused by NeverLeft or NoAnswer."""
        own = (pool_timeout, connect_timeout, write_timeout, read_timeout)
        try:
            return await self._exchange(method, url, request_data, own)
        except Exception as error:  # noqa: BLE001 - whatever it is, its text is not kept
            failure = _failure(error)
        raise failure  # out here it has no context, which would be aiohttp's error

    async def _exchange(
        self, method: str, url: str, data: RequestData | None, own: tuple[Given, ...]
    ) -> tuple[int, bytes]:
        if self._session is None:
            raise NeverLeft("the client is closed")
        body = _body(data)
        headers = _JSON if isinstance(body, bytes) else None
        limits = self._timeout_of(data, own)
        async with self._session.request(
            method, url, data=body, headers=headers, timeout=limits, allow_redirects=False
        ) as answer:
            return answer.status, await _content(answer)

    def _timeout_of(
        self, data: RequestData | None, own: tuple[Given, ...]
    ) -> aiohttp.ClientTimeout:
        is_transfer = data is None or data.contains_files
        if not is_transfer and all(each is _USUAL for each in own):
            return self._timeout
        usual = self._seconds
        pool, connect, write, read = own
        return _timeout(
            Seconds(
                pool=_either(pool, usual.pool),
                connect=_either(connect, usual.connect),
                write=_either(write, _TRANSFER_SECONDS if is_transfer else usual.write),
                read=_either(read, usual.read),
            )
        )

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Nothing of an answer that is not Telegram's is logged or kept.

        A proxy's error page may repeat the URL, and with it the token.
        """
        try:
            answer = json.loads(payload)
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict) or not ("result" in answer or "error_code" in answer):
            raise TelegramError("the answer is none of the Bot API's")
        return answer


def _either(own: Given, usual: float | None) -> float | None:
    return usual if own is _USUAL else DefaultValue.get_value(own)


def _timeout(seconds: Seconds) -> aiohttp.ClientTimeout:
    """The total ends an answer that trickles; it is longer than all that comes before it."""
    steps = (seconds.pool, seconds.connect, seconds.write, seconds.read)
    return aiohttp.ClientTimeout(
        total=_sum(*steps),
        connect=_sum(*steps[:2]),
        sock_connect=seconds.connect,
        sock_read=seconds.read,
    )


def _sum(*steps: float | None) -> float | None:
    """None, without end, when one of them is."""
    known = [step for step in steps if step is not None]
    return sum(known) if len(known) == len(steps) else None


def _body(data: RequestData | None) -> Body:
    """Raises UnicodeError without what could not be encoded."""
    try:
        match data:
            case None:
                return None
            case Encoded():
                return data.body
            case RequestData() if data.contains_files:
                return _form(data)
            case _:
                return encoded(data.parameters)
    except UnicodeError:
        pass
    raise UnicodeError("no Unicode text")


def encoded(parameters: dict[str, Any]) -> bytes:
    """Raises UnicodeError."""
    return json.dumps(parameters, ensure_ascii=False, separators=(",", ":")).encode()


def _form(data: RequestData) -> aiohttp.FormData:
    form = aiohttp.FormData(quote_fields=False)  # Telegram reads names as they are
    for name, value in data.json_parameters.items():
        value.encode()
        form.add_field(name, value)
    for name, (file_name, content, kind) in data.multipart_data.items():
        file = BytesIO(content) if isinstance(content, bytes) else content
        form.add_field(name, file, filename=file_name, content_type=kind)
    return form


async def _content(answer: aiohttp.ClientResponse) -> bytes:
    """Nothing when it is larger than any of Telegram's."""
    content = bytearray()
    async for piece in answer.content.iter_any():
        content += piece
        if len(content) > _MOST_ANSWER_BYTES:
            return b""
    return bytes(content)


def _failure(error: Exception) -> NetworkError:
    """PTB's error, with the cause that `translate` in errors.py asks for."""
    cause: Exception
    match error:
        case NeverLeft() | UnicodeError():
            cause = error
        case aiohttp.InvalidURL() | aiohttp.NonHttpUrlClientError():
            cause = NeverLeft(name_of(error))
        case _:
            cause = NoAnswer(name_of(error))
    is_late = isinstance(error, TimeoutError) or (isinstance(error, NeverLeft) and error.is_late)
    failure = TimedOut(str(cause)) if is_late else NetworkError(str(cause))
    failure.__cause__ = cause
    return failure
