"""Files for the bot: /file/bot<token>/<path>."""

import re
from collections.abc import Callable
from http import HTTPStatus

from starlette.types import Receive, Scope, Send

from bot.rehearsal.connection import answer, answer_in_chunks, until_gone
from bot.rehearsal.telegram.methods.receiving import MOST_DOWNLOAD_BYTES
from bot.rehearsal.telegram.world import TelegramWorld

PATH = re.compile(r"/file/bot(?P<token>[^/]*)/(?P<path>.+)")
NOT_FOUND = b'{"ok":false,"error_code":404,"description":"Not Found"}'


class FileDownload:
    """An ASGI app. `drop` closes the connection that a scope belongs to."""

    def __init__(self, world: TelegramWorld, drop: Callable[[Scope], None]) -> None:
        self._world = world
        self._drop = drop

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._world.faults.take(lambda fault: fault.concerns("download", None)) is not None:
            self._drop(scope)
            await until_gone(receive)
            return
        match = PATH.fullmatch(scope["path"])
        is_known = match is not None and match["token"] == self._world.token
        file = self._world.files.at(match["path"]) if match is not None and is_known else None
        if file is None or file.size > MOST_DOWNLOAD_BYTES:
            await answer(send, HTTPStatus.NOT_FOUND, NOT_FOUND, "application/json")
            return
        await answer_in_chunks(send, file.chunks(), file.size, "application/octet-stream")
