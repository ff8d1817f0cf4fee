"""What setWebhook and testWebhook find at a bot's address."""

from http import HTTPStatus

import httpx

from bot.rehearsal.zalo.knobs import Probe
from bot.rehearsal.zalo.records import Json
from bot.rehearsal.zalo.webhook import Webhook
from bot.rehearsal.zalo.world import ZaloWorld

SECRET_HEADER = "X-Bot-Api-Secret-Token"  # noqa: S105 - its name
USER_AGENT = "Java/1.8.0_192"  # as seen
PROBE_SECONDS = 5
NAMED = frozenset({HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND})


def headers_for(webhook: Webhook) -> dict[str, str]:
    return {
        SECRET_HEADER: webhook.secret,
        "User-Agent": USER_AGENT,
        "Content-Type": "application/json",
    }


async def probe(world: ZaloWorld, webhook: Webhook) -> Json:
    content = b"{}" if world.knobs.probe is Probe.JSON else b""
    async with httpx.AsyncClient(timeout=PROBE_SECONDS, trust_env=False) as http:
        try:
            answer = await http.post(webhook.url, content=content, headers=headers_for(webhook))
        except httpx.TimeoutException:
            return _found("webhook.err.timeout", 0)
        except httpx.TransportError:
            return _found("webhook.err.conn", 0)
    return _found(_outcome(answer), answer.status_code)


def _outcome(answer: httpx.Response) -> str:
    if answer.is_success:
        return "webhook.ok"
    if answer.status_code in NAMED:
        return f"webhook.http.{answer.status_code}"
    return "webhook.http.5xx" if answer.is_server_error else "webhook.http.other"


def _found(outcome: str, status: int) -> Json:
    return {
        "ok": outcome == "webhook.ok",
        "outcome": outcome,
        "status_code": status,
        "latency_ms": 1,
        "hint": "",
    }
