"""Serves the rehearsal on this machine: Telegram, Zalo, the sample portal, the chat page."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from starlette.types import Scope
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.rehearsal.door import HOST, Door, PortTaken, listen
from bot.rehearsal.faults import Faults
from bot.rehearsal.page.stage import Stage
from bot.rehearsal.portal.pages import FEED, LIST
from bot.rehearsal.portal.portal import Portal
from bot.rehearsal.site import Site
from bot.rehearsal.telegram.cast import REHEARSAL_TOKEN
from bot.rehearsal.telegram.delivery import WebhookDelivery
from bot.rehearsal.telegram.limits import Limits
from bot.rehearsal.telegram.people import People
from bot.rehearsal.telegram.world import DOCUMENTED_LIMITS, TelegramWorld
from bot.rehearsal.zalo import cast as zalo_cast
from bot.rehearsal.zalo import delivery as zalo_delivery
from bot.rehearsal.zalo.http import PREFIX as ZALO_PREFIX
from bot.rehearsal.zalo.knobs import Knobs
from bot.rehearsal.zalo.people import ZaloPeople
from bot.rehearsal.zalo.world import ORDINARY, ZaloWorld
from bot.web.embedded import EmbeddedServer

__all__ = ["PortTaken", "RehearsalServer"]


class RehearsalServer:
    """`async with RehearsalServer(now=clock.now) as server:` serves in the current event loop.

    Port 0 takes a free one. `limits=None` lets the Telegram bot write as fast as it can; the
    limits are measured by `monotonic` (seconds). `zalo_knobs` says how Zalo behaves, with one
    bot for each of `zalo_tokens`. The admin's phone offers to send `owner_code`, if there is one.
    """

    def __init__(  # noqa: PLR0913 - by keyword; what they are is said above
        self,
        *,
        now: Callable[[], datetime],
        port: int = 0,
        token: str = REHEARSAL_TOKEN,
        limits: Limits | None = DOCUMENTED_LIMITS,
        monotonic: Callable[[], float] = time.monotonic,
        owner_code: str = "",
        zalo_tokens: Sequence[str] = zalo_cast.REHEARSAL_TOKENS,
        zalo_knobs: Knobs = ORDINARY,
    ) -> None:
        self.telegram = TelegramWorld(token=token, now=now, limits=limits, monotonic=monotonic)
        self.telegram.add_cast()
        self.people = People(self.telegram)
        self.zalo = ZaloWorld(tokens=zalo_tokens, now=now, knobs=zalo_knobs, monotonic=monotonic)
        self.zalo.add_cast()
        self.zalo_people = ZaloPeople(self.zalo)
        self.portal = Portal(now=now)
        self._webhooks = (
            WebhookDelivery(self.telegram),
            zalo_delivery.WebhookDelivery(self.zalo),
        )
        self.port = port
        stage = Stage(
            telegram=self.telegram,
            people=self.people,
            zalo=self.zalo,
            zalo_people=self.zalo_people,
            portal=self.portal,
            owner_code=owner_code,
        )
        self._uvicorn = EmbeddedServer(Site(stage, self._drop))
        self._telegram_door = Door(self._protocol, self._hang_up)
        self._zalo_door = Door(self._protocol, self._hang_up)
        self._doors: tuple[tuple[Door, Faults[Any]], ...] = (
            (self._telegram_door, self.telegram.faults),
            (self._zalo_door, self.zalo.faults),
        )
        for faults in (self.telegram.faults, self.zalo.faults):
            faults.watchers.append(self._turn_doors)
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def api_url(self) -> str:
        """What a client puts before the token: python-telegram-bot's `base_url`.

        On a port of its own, which a fault can shut; the page's port serves it too.
        """
        return f"http://{HOST}:{self._telegram_door.port}/bot"

    @property
    def file_url(self) -> str:
        """The same for files: python-telegram-bot's `base_file_url`."""
        return f"http://{HOST}:{self._telegram_door.port}/file/bot"

    @property
    def zalo_api_url(self) -> str:
        """The same for Zalo's Bot Platform."""
        return f"http://{HOST}:{self._zalo_door.port}{ZALO_PREFIX}"

    @property
    def portal_url(self) -> str:
        """The portal's list page."""
        return f"{self.url}{LIST}"

    @property
    def feed_url(self) -> str:
        return f"{self.url}{FEED}"

    async def __aenter__(self) -> Self:
        listener = listen(self.port)
        self.port = listener.getsockname()[1]
        self._tasks = [
            asyncio.create_task(self._uvicorn.serve(sockets=[listener])),
            *(asyncio.create_task(webhook.run()) for webhook in self._webhooks),
        ]
        await self._uvicorn.up.wait()
        for door, faults in self._doors:
            await door.start(is_open=not faults.is_unreachable)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Long polls and open event streams are cut, not waited for."""
        self._uvicorn.down.set()
        for door, _ in self._doors:
            door.stop()
        for connection in tuple(self._uvicorn.server_state.connections):
            connection.transport.close()
        serving, *posting = self._tasks
        for task in posting:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await serving

    def _turn_doors(self) -> None:
        for door, faults in self._doors:
            door.stay_open(not faults.is_unreachable)

    def _protocol(self) -> H11Protocol:
        state = self._uvicorn.server_state
        return H11Protocol(self._uvicorn.config, server_state=state, app_state={})

    def _drop(self, scope: Scope) -> None:
        for connection in self._connections():
            if connection.client == tuple(scope["client"]):
                connection.transport.close()

    def _hang_up(self, port: int) -> None:
        for connection in self._connections():
            if connection.server is not None and connection.server[1] == port:
                connection.transport.close()

    def _connections(self) -> list[H11Protocol]:
        """http="h11" makes no other."""
        open_now = self._uvicorn.server_state.connections
        return [each for each in open_now if isinstance(each, H11Protocol)]
