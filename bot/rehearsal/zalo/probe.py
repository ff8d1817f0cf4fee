"""Posts to a bot's address: updates, and what setWebhook and testWebhook try it with."""

from http import HTTPStatus

import httpx

from bot.rehearsal.guard import is_own
from bot.rehearsal.zalo.knobs import Probe
from bot.rehearsal.zalo.records import Json
from bot.rehearsal.zalo.webhook import Webhook
from bot.rehearsal.zalo.world import ZaloWorld

SECRET_HEADER = "X-Bot-Api-Secret-Token"  # noqa: S105 - its name
USER_AGENT = "Java/1.8.0_192"  # as seen
PROBE_SECONDS = 5
TAKEN = "webhook.ok"
NAMED = frozenset({HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND})


async def probe(world: ZaloWorld, webhook: Webhook) -> Json:
    content = b"{}" if world.knobs.probe is Probe.JSON else b""
    async with httpx.AsyncClient(timeout=PROBE_SECONDS, trust_env=False) as http:
        outcome, status = await post(http, webhook, content)
    return {
        "ok": outcome == TAKEN,
        "outcome": outcome,
        "status_code": status,
        "latency_ms": 1,
        "hint": "",
    }


async def post(http: httpx.AsyncClient, webhook: Webhook, content: bytes) -> tuple[str, int]:
    """How it went, in Zalo's words, and the status; 0 where none came.

    Real Zalo calls public addresses alone, this one its own machine alone.
    """
    if not is_own(webhook.url):
        return "webhook.err.blocked", 0
    headers = {
        SECRET_HEADER: webhook.secret,
        "User-Agent": USER_AGENT,
        "Content-Type": "application/json",
    }
    try:
        answer = await http.post(webhook.url, content=content, headers=headers)
    except httpx.TimeoutException:
        return "webhook.err.timeout", 0
    except httpx.TransportError:
        return "webhook.err.conn", 0
    return _outcome(answer), answer.status_code


def _outcome(answer: httpx.Response) -> str:
    if answer.is_success:
        return TAKEN
    if answer.status_code in NAMED:
        return f"webhook.http.{answer.status_code}"
    return "webhook.http.5xx" if answer.is_server_error else "webhook.http.other"
