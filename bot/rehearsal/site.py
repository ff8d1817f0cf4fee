"""Puts the parts under one address, behind the guard."""

from collections.abc import Callable

from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send

from bot.rehearsal.guard import refusal, refuse
from bot.rehearsal.page.routes import page_routes
from bot.rehearsal.portal.pages import portal_routes
from bot.rehearsal.portal.portal import Portal
from bot.rehearsal.telegram.download import FileDownload
from bot.rehearsal.telegram.http import BotApi
from bot.rehearsal.telegram.people import People
from bot.rehearsal.telegram.world import TelegramWorld


class Site:
    """An ASGI app."""

    def __init__(
        self,
        world: TelegramWorld,
        people: People,
        portal: Portal,
        *,
        owner_code: str,
        drop: Callable[[Scope], None],
    ) -> None:
        self._bot_api = BotApi(world, drop)
        self._download = FileDownload(world, drop)
        self._pages = Starlette(
            routes=[
                *page_routes(world, people, portal, owner_code),
                *portal_routes(portal, world.now),
            ]
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        reason = refusal(scope)
        if reason:
            await refuse(send, reason)
        elif scope["path"].startswith("/bot"):
            await self._bot_api(scope, receive, send)
        elif scope["path"].startswith("/file/bot"):
            await self._download(scope, receive, send)
        else:
            await self._pages(scope, receive, send)
