"""Calls of the local Zalo, as a bot makes them."""

from collections.abc import Callable, Coroutine
from typing import Any

import httpx
import pytest

from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.zalo.cast import REHEARSAL_TOKENS

Answer = tuple[int, dict[str, Any]]
Ask = Callable[..., Coroutine[Any, Any, Answer]]


@pytest.fixture
def ask(http: httpx.AsyncClient, server: RehearsalServer) -> Ask:
    """Calls a method of the Bot Platform with JSON; returns status and answer."""

    async def call(
        method: str,
        token: str = REHEARSAL_TOKENS[0],
        **parameters: Any,  # noqa: ANN401 - JSON is anything
    ) -> Answer:
        response = await http.post(f"{server.zalo_api_url}{token}/{method}", json=parameters)
        return response.status_code, response.json()

    return call
