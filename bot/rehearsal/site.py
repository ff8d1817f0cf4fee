"""Puts the parts under one address, behind the guard."""

from collections.abc import Callable

from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send

from bot.rehearsal.guard import refusal, refuse
from bot.rehearsal.page.routes import page_routes
from bot.rehearsal.page.stage import Stage
from bot.rehearsal.portal.pages import portal_routes
from bot.rehearsal.telegram.download import FileDownload
from bot.rehearsal.telegram.http import BotApi
from bot.rehearsal.zalo.http import PREFIX, ZaloApi


class Site:
    """An ASGI app."""

    def __init__(self, stage: Stage, drop: Callable[[Scope], None]) -> None:
        self._bot_api = BotApi(stage.telegram, drop)
        self._zalo_api = ZaloApi(stage.zalo, drop)
        self._download = FileDownload(stage.telegram, drop)
        self._pages = Starlette(
            routes=[*page_routes(stage), *portal_routes(stage.portal, stage.telegram.now)]
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        reason = refusal(scope)
        if reason:
            await refuse(send, reason)
        elif scope["path"].startswith("/bot"):
            await self._bot_api(scope, receive, send)
        elif scope["path"].startswith(PREFIX):
            await self._zalo_api(scope, receive, send)
        elif scope["path"].startswith("/file/bot"):
            await self._download(scope, receive, send)
        else:
            await self._pages(scope, receive, send)
