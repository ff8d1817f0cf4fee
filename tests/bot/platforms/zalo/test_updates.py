"""Receiving over HTTP from the rehearsal Zalo, by long polling and by webhook."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from bot.commands.command import Incoming, Reply
from bot.platforms.zalo.client import ZaloClient, open_client
from bot.rehearsal.faults import FaultKind
from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.zalo.cast import GROUP_ID, GROUP_MEMBER, MEMBER
from bot.rehearsal.zalo.faults import Fault
from bot.rehearsal.zalo.knobs import (
    ErrorStatus,
    Idle,
    ImageField,
    Knobs,
    Probe,
    Updates,
    WebhookBody,
)
from bot.rehearsal.zalo.records import MessageKind, Person
from jobs.messenger import TokenRefused
from jobs.rich_text import RichText
from tests.bot.platforms.rig import APOLOGY, LeapingClock, Notes, echo
from tests.bot.platforms.zalo.rig import (
    PATH,
    SECRET,
    Listening,
    a_receiver,
    listening,
    reached,
    running,
)

WAYS = ["polling", "webhook"]
CHILD = Person(id="c0ffee00c0ffee00c0ff", name="Bé Na", is_special=True)


@pytest.fixture
async def web() -> AsyncIterator[Listening]:
    async with listening() as web:
        yield web


class Way:
    """One of the two ways in which a bot is told."""

    def __init__(self, client: ZaloClient, clock: LeapingClock, web: Listening | None) -> None:
        self.client, self.clock, self.web = client, clock, web

    @asynccontextmanager
    async def receiving(self, notes: Notes) -> AsyncIterator[None]:
        webhook = self.web.webhook if self.web else None
        async with running(a_receiver(self.client, notes, self.clock, webhook)):
            yield


@pytest.fixture(params=WAYS)
def way(
    request: pytest.FixtureRequest, client: ZaloClient, clock: LeapingClock, web: Listening
) -> Way:
    return Way(client, clock, web if request.param == "webhook" else None)


async def answers(server: RehearsalServer, chat: str, *texts: str) -> None:
    await server.zalo.until(lambda: server.zalo.texts(chat) == list(texts))


async def test_who_writes_is_answered(server: RehearsalServer, way: Way) -> None:
    async with way.receiving(Notes()):
        server.zalo_people.write(MEMBER, "Xin chào")

        await answers(server, MEMBER.id, "Đã nhận: Xin chào")


async def test_messages_of_a_chat_are_answered_in_their_order(
    server: RehearsalServer, way: Way
) -> None:
    async with way.receiving(Notes()):
        for number in range(5):
            server.zalo_people.write(MEMBER, f"Tin {number}")

        await answers(server, MEMBER.id, *(f"Đã nhận: Tin {number}" for number in range(5)))


async def test_a_slow_chat_holds_up_itself_alone(server: RehearsalServer, way: Way) -> None:
    opened = asyncio.Event()

    async def slow(incoming: Incoming) -> Reply | None:
        if incoming.text == "chậm":
            await opened.wait()
        return await echo(incoming)

    server.zalo.knobs = Knobs(webhook_retry_seconds=0.01)
    notes = Notes(slow)
    async with way.receiving(notes):
        server.zalo_people.write(MEMBER, "chậm")
        server.zalo_people.write(MEMBER, "sau")
        server.zalo_people.write(GROUP_MEMBER, "khác")
        await answers(server, GROUP_MEMBER.id, "Đã nhận: khác")
        assert server.zalo.texts(MEMBER.id) == []

        opened.set()
        await answers(server, MEMBER.id, "Đã nhận: chậm", "Đã nhận: sau")


async def test_in_a_group_what_names_the_bot_is_answered_there(
    server: RehearsalServer, way: Way
) -> None:
    notes = Notes()
    async with way.receiving(notes):
        server.zalo_people.write(GROUP_MEMBER, "Chiều nay họp nhé", chat=GROUP_ID)
        server.zalo_people.write(GROUP_MEMBER, "tin mới", chat=GROUP_ID, mention=True)

        await answers(server, GROUP_ID, "Đã nhận: tin mới")

    assert notes.told == ["tin mới"]


async def test_a_failure_is_told_to_the_person_and_stops_nobody(
    server: RehearsalServer, way: Way, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(incoming: Incoming) -> Reply | None:
        if incoming.text == "Tốt":
            return await echo(incoming)
        raise ValueError(f"{incoming.person_name} said {incoming.text}")

    async with way.receiving(Notes(fail)):
        server.zalo_people.write(MEMBER, "Bí mật")
        server.zalo_people.write(MEMBER, "Tốt")

        await answers(server, MEMBER.id, APOLOGY, "Đã nhận: Tốt")

    for secret in ("Bí mật", MEMBER.name, server.zalo.bot.token, SECRET):
        assert secret not in caplog.text


CONTENTS = {
    "a picture": (MessageKind.IMAGE, "https://anh.example.vn/1.jpg", "photo"),
    "a sticker": (MessageKind.STICKER, "d063", "other"),
    "a voice": (MessageKind.VOICE, "https://anh.example.vn/1.aac", "other"),
}


@pytest.mark.parametrize("field", ImageField)
@pytest.mark.parametrize(("kind", "media", "what"), CONTENTS.values(), ids=CONTENTS)
async def test_what_is_no_text_is_heard_as_what_it_is(
    server: RehearsalServer,
    way: Way,
    kind: MessageKind,
    media: str,
    what: str,
    field: ImageField,
) -> None:
    async def tell(incoming: Incoming) -> Reply | None:
        file_id = incoming.attachment.file_id if incoming.attachment else ""
        is_it = {"photo": file_id == media, "other": incoming.other_media}[what]
        return Reply(text=RichText(str(is_it)))

    server.zalo.knobs = replace(server.zalo.knobs, image_field=field)
    async with way.receiving(Notes(tell)):
        server.zalo_people.send(MEMBER, kind, media)

        await answers(server, MEMBER.id, "True")


async def test_who_may_not_be_read_is_heard_to_have_written(
    server: RehearsalServer, way: Way
) -> None:
    async def tell(incoming: Incoming) -> Reply | None:
        return Reply(text=RichText(f"{incoming.unsupported} {incoming.text}."))

    server.zalo.add_person(CHILD)
    async with way.receiving(Notes(tell)):
        server.zalo_people.write(CHILD, "Cháu chào ạ")

        await answers(server, CHILD.id, "True .")


async def test_who_is_heard_is_counted_once(server: RehearsalServer, way: Way) -> None:
    counted = []

    async def count() -> None:
        counted.append(1)

    server.zalo.knobs = replace(server.zalo.knobs, updates=Updates.REPLAY)
    notes = Notes()
    webhook = way.web.webhook if way.web else None
    receiver = replace(a_receiver(way.client, notes, way.clock, webhook), received=count)
    async with running(receiver):
        for text in ("một", "hai"):
            server.zalo_people.write(MEMBER, text)
        await notes.until(lambda: len(notes.marked) == 2)
        await drained(server)

    assert len(counted) == 2


async def drained(server: RehearsalServer) -> None:
    await reached(lambda: not len(server.zalo.bot.updates))


KNOBS = {
    **{f"idle {each}": Knobs(idle=each) for each in Idle},
    **{f"updates {each}": Knobs(updates=each) for each in (Updates.ONCE, Updates.REPLAY)},
    **{f"errors {each}": Knobs(errors=each) for each in ErrorStatus},
    **{f"body {each}": Knobs(webhook_body=each) for each in WebhookBody},
    **{f"probe {each}": Knobs(probe=each) for each in Probe},
    "posted once": Knobs(webhook_tries=1),
    "slow": Knobs(latency_seconds=0.02),
}


@pytest.mark.parametrize("knobs", KNOBS.values(), ids=KNOBS)
async def test_whatever_the_sources_disagree_about_each_message_is_answered_once(
    server: RehearsalServer, way: Way, knobs: Knobs
) -> None:
    server.zalo.knobs = knobs
    notes = Notes()
    async with way.receiving(notes):
        for text in ("một", "hai"):
            server.zalo_people.write(MEMBER, text)
        await answers(server, MEMBER.id, "Đã nhận: một", "Đã nhận: hai")
        await drained(server)

    assert notes.told == ["một", "hai"]


async def test_where_only_an_open_poll_hears_it_hears(
    server: RehearsalServer, client: ZaloClient
) -> None:
    """The messages of who writes in between are lost, as the documentation warns."""
    server.zalo.knobs = Knobs(updates=Updates.LIVE_ONLY)
    clock = LeapingClock()
    receiver = a_receiver(client, Notes(), clock)
    async with running(receiver):
        async with asyncio.timeout(60):
            while not server.zalo.texts(MEMBER.id):
                server.zalo_people.write(MEMBER, "Xin chào")
                await asyncio.sleep(0)

    assert server.zalo.texts(MEMBER.id)[0] == "Đã nhận: Xin chào"


async def test_what_comes_again_after_a_kill_is_answered_once(
    server: RehearsalServer, client: ZaloClient, clock: LeapingClock
) -> None:
    server.zalo.knobs = Knobs(updates=Updates.REPLAY)
    dying, living = Notes(), Notes()
    async with running(a_receiver(client, dying, clock)):
        server.zalo_people.write(MEMBER, "Xin chào")
        await answers(server, MEMBER.id, "Đã nhận: Xin chào")

    living.marked = dying.marked
    async with running(a_receiver(client, living, clock)):
        await drained(server)

    assert living.told == []
    assert server.zalo.texts(MEMBER.id) == ["Đã nhận: Xin chào"]


async def test_polls_are_a_second_apart_however_fast_they_are_answered(
    server: RehearsalServer, client: ZaloClient, clock: LeapingClock
) -> None:
    server.zalo.knobs = Knobs(updates=Updates.REPLAY)
    start = clock.seconds
    async with running(a_receiver(client, Notes(), clock)):
        for number in range(4):
            server.zalo_people.write(MEMBER, f"{number}")
        await drained(server)

    assert clock.seconds - start >= server.zalo.calls["getUpdates"] - 2


TROUBLES = {
    "a page of a proxy": Fault(kind=FaultKind.BAD_GATEWAY, times=3),
    "a server error": Fault(times=3),
    "cut off": Fault(kind=FaultKind.DOWN, times=3),
    "no JSON": Fault(kind=FaultKind.GARBAGE, times=3),
    "the quota": Fault(code=429, description="Quota exceeded", times=3),
}


@pytest.mark.parametrize("fault", TROUBLES.values(), ids=TROUBLES)
async def test_receiving_outlives_a_bad_connection(
    server: RehearsalServer, way: Way, fault: Fault
) -> None:
    server.zalo.faults.add(replace(fault))
    start = way.clock.seconds
    notes = Notes()
    async with way.receiving(notes):
        await reached(lambda: not list(server.zalo.faults))
        server.zalo_people.write(MEMBER, "Xin chào")
        await answers(server, MEMBER.id, "Đã nhận: Xin chào")

    assert way.clock.seconds >= start + 1 + 2 + 4


async def test_a_refused_token_stops_receiving(
    server: RehearsalServer, clock: LeapingClock
) -> None:
    async with open_client("8000000001:sai", api_url=server.zalo_api_url) as client:
        with pytest.raises(TokenRefused):
            async with asyncio.timeout(60):
                await a_receiver(client, Notes(), clock).run()


async def test_a_token_that_is_reset_later_stops_receiving(
    server: RehearsalServer, way: Way
) -> None:
    webhook = way.web.webhook if way.web else None
    task = asyncio.create_task(a_receiver(way.client, Notes(), way.clock, webhook).run())
    server.zalo_people.write(MEMBER, "Xin chào")
    await answers(server, MEMBER.id, "Đã nhận: Xin chào")

    server.zalo.bots = {}

    with pytest.raises(TokenRefused):
        await asyncio.wait_for(task, 60)


async def test_that_the_token_is_taken_is_told(server: RehearsalServer, way: Way) -> None:
    told = asyncio.Event()

    async def accepted() -> None:
        told.set()

    receiver = replace(a_receiver(way.client, Notes(), way.clock), accepted=accepted)
    async with running(receiver), asyncio.timeout(60):
        await told.wait()

    assert server.zalo.calls["getMe"] == 1


FOREIGN = "http://127.0.0.1:9/somebody-elses"


async def test_somebody_elses_webhook_is_left_alone_and_told(
    server: RehearsalServer, way: Way
) -> None:
    server.zalo.bot.webhook.set(FOREIGN, "x" * 8, server.zalo.now())
    notes = Notes()
    async with way.receiving(notes):
        await reached(lambda: notes.elsewhere == [True])
        assert server.zalo.bot.webhook.url == FOREIGN

        await way.client.call("deleteWebhook")  # its owner does
        server.zalo_people.write(MEMBER, "Xin chào")
        await answers(server, MEMBER.id, "Đã nhận: Xin chào")

    assert notes.elsewhere == [True, False]
    assert server.zalo.calls["deleteWebhook"] == 1


async def test_polling_does_not_take_our_own_webhook_away_either(
    server: RehearsalServer, client: ZaloClient, clock: LeapingClock
) -> None:
    ours = f"http://127.0.0.1:9{PATH}"
    server.zalo.bot.webhook.set(ours, "x" * 8, server.zalo.now())
    notes = Notes()
    async with running(a_receiver(client, notes, clock)):
        await reached(lambda: notes.elsewhere == [True])

    assert server.zalo.bot.webhook.url == ours


async def test_a_webhook_that_was_ours_at_another_address_is_set_anew(
    server: RehearsalServer, client: ZaloClient, clock: LeapingClock, web: Listening
) -> None:
    server.zalo.bot.webhook.set(f"http://127.0.0.1:9/x{PATH}", "x" * 8, server.zalo.now())
    async with running(a_receiver(client, Notes(), clock, web.webhook)):
        server.zalo_people.write(MEMBER, "Xin chào")
        await answers(server, MEMBER.id, "Đã nhận: Xin chào")

    assert server.zalo.bot.webhook.url == web.url
    assert server.zalo.bot.webhook.secret == SECRET


async def test_a_webhook_that_somebody_removed_is_set_again(
    server: RehearsalServer, client: ZaloClient, clock: LeapingClock, web: Listening
) -> None:
    async with running(a_receiver(client, Notes(), clock, web.webhook)):
        server.zalo_people.write(MEMBER, "một")
        await answers(server, MEMBER.id, "Đã nhận: một")
        await client.call("deleteWebhook")
        server.zalo_people.write(MEMBER, "hai")
        await answers(server, MEMBER.id, "Đã nhận: một", "Đã nhận: hai")


async def test_a_webhook_that_zalo_cannot_reach_is_logged_and_kept(
    server: RehearsalServer,
    client: ZaloClient,
    clock: LeapingClock,
    web: Listening,
    caplog: pytest.LogCaptureFixture,
) -> None:
    nowhere = replace(web.webhook, url=f"http://127.0.0.1:9{PATH}")
    async with running(a_receiver(client, Notes(), clock, nowhere)):
        await reached(lambda: "webhook.err.conn" in caplog.text)

    assert server.zalo.bot.webhook.url == nowhere.url
    assert SECRET not in caplog.text


async def test_a_webhook_is_answered_though_the_answer_to_the_person_does_not_leave(
    server: RehearsalServer, client: ZaloClient, clock: LeapingClock, web: Listening
) -> None:
    server.zalo.faults.add(Fault(kind=FaultKind.SILENCE_BEFORE, method="sendMessage"))
    notes = Notes()
    receiver = a_receiver(client, notes, clock, web.webhook)
    async with running(receiver):
        server.zalo_people.write(MEMBER, "Xin chào")
        await reached(lambda: notes.marked and not len(server.zalo.bot.updates))

    assert server.zalo.bot.webhook.failure == ""


async def test_what_a_kill_cuts_off_was_not_confirmed_and_comes_again(
    server: RehearsalServer, client: ZaloClient, clock: LeapingClock, web: Listening
) -> None:
    server.zalo.knobs = Knobs(webhook_retry_seconds=0.01, webhook_tries=1000)

    async def forever(_incoming: Incoming) -> Reply | None:
        await asyncio.Event().wait()
        return None

    dying, living = Notes(forever), Notes()
    async with running(a_receiver(client, dying, clock, web.webhook)):
        server.zalo_people.write(MEMBER, "Xin chào")
        await dying.until(lambda: dying.told == ["Xin chào"])

    async with running(a_receiver(client, living, clock, web.webhook)):
        await answers(server, MEMBER.id, "Đã nhận: Xin chào")

    assert living.told == ["Xin chào"]


async def test_what_takes_too_long_may_be_posted_again_and_is_done_once(
    server: RehearsalServer, client: ZaloClient, clock: LeapingClock, web: Listening
) -> None:
    server.zalo.knobs = Knobs(webhook_retry_seconds=0.01, webhook_tries=1000)
    opened = asyncio.Event()

    async def slow(incoming: Incoming) -> Reply | None:
        await opened.wait()
        return await echo(incoming)

    notes = Notes(slow)
    impatient = replace(
        a_receiver(client, notes, clock, web.webhook), answered_within=timedelta(0)
    )
    async with running(impatient):
        server.zalo_people.write(MEMBER, "Xin chào")
        await reached(lambda: server.zalo.bot.webhook.failure == "webhook.http.5xx")
        opened.set()
        await answers(server, MEMBER.id, "Đã nhận: Xin chào")
        await drained(server)

    assert notes.told == ["Xin chào"]
    assert server.zalo.texts(MEMBER.id) == ["Đã nhận: Xin chào"]


ODD_BODIES = ["[]", "[{}]", "7", "null", "tin", '{"ok": false}', '{"result": []}', "[" * 9999]


@pytest.mark.parametrize("body", ODD_BODIES, ids=lambda body: body[:20])
async def test_an_authenticated_body_that_is_no_update_is_taken_and_left(
    server: RehearsalServer, client: ZaloClient, clock: LeapingClock, web: Listening, body: str
) -> None:
    notes = Notes()
    async with running(a_receiver(client, notes, clock, web.webhook)):
        await reached(lambda: server.zalo.calls["setWebhook"])
        async with httpx.AsyncClient(trust_env=False) as zalo:
            headers = {"X-Bot-Api-Secret-Token": SECRET}
            answer = await zalo.post(web.url, content=body, headers=headers)
        server.zalo_people.write(MEMBER, "Xin chào")
        await answers(server, MEMBER.id, "Đã nhận: Xin chào")

    assert answer.status_code == 200
    assert notes.told == ["Xin chào"]
