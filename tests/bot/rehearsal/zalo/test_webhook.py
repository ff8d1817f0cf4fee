"""The webhook: how it is set, what is posted to it, and what happens when it is not taken."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.zalo.cast import MEMBER
from bot.rehearsal.zalo.knobs import Knobs, Probe, Updates, WebhookBody
from tests.bot.rehearsal.conftest import NOW
from tests.bot.rehearsal.hook import Hook, serving
from tests.bot.rehearsal.test_webhook import NONSENSE
from tests.bot.rehearsal.zalo.conftest import Ask
from tests.bot.rehearsal.zalo.test_updates import waiting_poll

SECRET = "secret-8"  # noqa: S105 - of this test
NOW_MS = int(NOW.timestamp() * 1000)


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    async with serving() as running:
        yield running


async def set_hook(ask: Ask, hook: Hook) -> dict[str, Any]:
    """Also takes the probe."""
    _, answer = await ask("setWebhook", url=hook.url, secret_token=SECRET)
    await hook.next()
    result: dict[str, Any] = answer["result"]
    return result


@pytest.mark.parametrize("probe", list(Probe))
async def test_the_address_is_tried_at_once(
    ask: Ask, server: RehearsalServer, hook: Hook, probe: Probe
) -> None:
    server.zalo.knobs = Knobs(probe=probe)
    status, answer = await ask("setWebhook", url=hook.url, secret_token=SECRET)
    headers, body = await hook.next()
    assert (headers["x-bot-api-secret-token"], body) == (SECRET, {})
    assert status == 200
    assert answer["result"]["verification"]["outcome"] == "webhook.ok"
    kept = {"url": hook.url, "updated_at": NOW_MS}
    assert (await ask("getWebhookInfo"))[1]["result"] == kept


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        pytest.param(403, "webhook.http.403", id="403"),
        pytest.param(404, "webhook.http.404", id="404"),
        pytest.param(500, "webhook.http.5xx", id="5xx"),
        pytest.param(302, "webhook.http.other", id="other"),
    ],
)
async def test_a_failed_probe_is_said_and_the_address_kept(
    ask: Ask, hook: Hook, status: int, outcome: str
) -> None:
    hook.statuses = [status]
    verification = (await set_hook(ask, hook))["verification"]
    assert (verification["ok"], verification["outcome"]) == (False, outcome)
    assert (await ask("getWebhookInfo"))[1]["result"]["url"] == hook.url


async def test_an_address_where_nobody_answers(ask: Ask) -> None:
    async with serving() as gone:
        pass
    _, answer = await ask("setWebhook", url=gone.url, secret_token=SECRET)
    assert answer["result"]["verification"]["outcome"] == "webhook.err.conn"


@pytest.mark.parametrize("url", ["https://vidu.example/", *NONSENSE])
async def test_an_address_that_is_not_ours_is_kept_and_never_called(
    ask: Ask, server: RehearsalServer, hook: Hook, url: str
) -> None:
    server.zalo.knobs = Knobs(
        webhook_body=WebhookBody.BARE, webhook_tries=10_000, webhook_retry_seconds=0.01
    )
    _, answer = await ask("setWebhook", url=url, secret_token=SECRET)
    verification = answer["result"]["verification"]
    assert (verification["ok"], verification["outcome"]) == (False, "webhook.err.blocked")
    assert (await ask("getWebhookInfo"))[1]["result"]["url"] == url
    server.zalo_people.write(MEMBER, "Xin chào")
    await ask("setWebhook", url=hook.url, secret_token=SECRET)
    posted = [(await hook.next())[1] for _ in ("probe", "update")]
    assert "Xin chào" in [body["message"]["text"] for body in posted if body]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        pytest.param({"url": ""}, "The url must not be empty", id="no address"),
        pytest.param({"secret_token": ""}, "The secret_token must not be empty", id="no secret"),
        pytest.param({"secret_token": "a" * 7}, "between 8 and 256", id="short secret"),
        pytest.param({"secret_token": "a" * 257}, "between 8 and 256", id="long secret"),
    ],
)
async def test_what_cannot_be_a_webhook(
    ask: Ask, hook: Hook, given: dict[str, str], reason: str
) -> None:
    status, answer = await ask("setWebhook", **{"url": hook.url, "secret_token": SECRET} | given)
    assert status == 400
    assert reason in answer["description"]
    assert (await ask("getWebhookInfo"))[0] == 404


@pytest.mark.parametrize(
    ("body", "is_wrapped"),
    [
        pytest.param(WebhookBody.ENVELOPE, True, id="envelope"),
        pytest.param(WebhookBody.BARE, False, id="bare"),
    ],
)
async def test_updates_are_posted_in_order_with_the_secret(
    ask: Ask, server: RehearsalServer, hook: Hook, body: WebhookBody, is_wrapped: bool
) -> None:
    server.zalo.knobs = Knobs(webhook_body=body, updates=Updates.LIVE_ONLY)
    await set_hook(ask, hook)
    for text in ("một", "hai"):
        server.zalo_people.write(MEMBER, text)
        headers, posted = await hook.next()
        update = posted["result"] if is_wrapped else posted
        assert update["message"]["text"] == text
        assert posted.get("ok") is (True if is_wrapped else None)
        assert headers["x-bot-api-secret-token"] == SECRET
        assert headers["content-type"] == "application/json"
        assert headers["user-agent"].startswith("Java/")


async def test_what_is_not_taken_comes_again_and_then_is_lost(
    ask: Ask, server: RehearsalServer, hook: Hook
) -> None:
    server.zalo.knobs = Knobs(webhook_body=WebhookBody.BARE, webhook_retry_seconds=0)
    hook.statuses = [200, 500, 500, 500]
    await set_hook(ask, hook)
    server.zalo_people.write(MEMBER, "một")
    server.zalo_people.write(MEMBER, "hai")
    assert [await hook.next_text() for _ in range(4)] == ["một", "một", "một", "hai"]
    assert server.zalo.bot.updates.lost == 1


async def test_a_webhook_and_polls_exclude_each_other(
    ask: Ask, server: RehearsalServer, hook: Hook
) -> None:
    poll = await waiting_poll(ask, server)
    await set_hook(ask, hook)
    assert (await asyncio.wait_for(poll, 25))[0] == 408
    status, answer = await ask("getUpdates", timeout=0)
    assert (status, "webhook" in answer["description"]) == (400, True)
    assert (await ask("deleteWebhook"))[1]["result"] == {"url": "", "updated_at": NOW_MS}
    server.zalo_people.write(MEMBER, "Xin chào")
    assert (await ask("getUpdates", timeout=0))[0] == 200
    assert hook.taken.empty()


async def test_a_bot_without_webhook_is_not_found(ask: Ask) -> None:
    not_found = (404, {"ok": False, "description": "Not Found", "error_code": 404})
    assert await ask("getWebhookInfo") == not_found
    assert (await ask("deleteWebhook"))[0] == 200


async def test_a_webhook_may_be_tried_some_times_a_day(ask: Ask, hook: Hook) -> None:
    await set_hook(ask, hook)
    for _ in range(20):
        assert (await ask("testWebhook"))[1]["result"]["ok"]
    status, answer = await ask("testWebhook")
    assert (status, answer["errorCode"]) == (426, 426)
