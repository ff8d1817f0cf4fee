"""The front desk: finds what is meant, checks rights, runs the command, keeps the question."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.commands import registry
from bot.commands.albums import Albums
from bot.commands.broadcast_buttons import COMMAND, CONTENT
from bot.commands.broadcast_draft import awaits_content
from bot.commands.command import Command, CommandError, Incoming, Office, Reply, Request
from bot.commands.hint import gone_button, hint
from bot.commands.open_questions import OpenQuestions, meant
from bot.commands.owner import answer_code
from bot.commands.rights import refusal
from bot.commands.start import introduce
from jobs.clock import Clock
from jobs.messenger import Address
from jobs.rich_text import plain
from jobs.watch import ELSEWHERE
from storage.database import Database, Transaction
from storage.problems import DatabaseBusy
from storage.records import Chat, Choice, Reachability, Role, Subscriber
from storage.repositories.subscribers import ChatAddress

logger = logging.getLogger(__name__)

_ELSEWHERE = (
    "Một chương trình khác đang dùng chung mã bot (token), nên có thể có tin nhắn không được "
    "trả lời. Cần người vận hành tắt chương trình đó, hoặc đổi mã bot ở @BotFather."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Caller:
    """Who is heard, as storage knows him; the choices are those of his open question."""

    chat: Chat | None
    subscriber: Subscriber | None
    actor: Subscriber | None
    choices: list[Choice]
    is_writing: bool  # a notice: what he says next is its content


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    command: Command | None
    argument: str = ""
    choice: str = ""


class FrontDesk:
    """Answers what people say to one bot, and keeps track of where it may write."""

    def __init__(self, *, database: Database, office: Office, clock: Clock, bot_id: int) -> None:
        self._database = database
        self._office = office
        self._clock = clock
        self._bot_id = bot_id
        self._questions = OpenQuestions()
        self._albums = Albums()

    async def answer(self, incoming: Incoming) -> Reply | None:
        """None: nothing is said."""
        if self._albums.is_rest(incoming):
            return None
        now = self._clock.now()
        caller = await self._caller(incoming, now)
        said = _understood(incoming, caller)
        request = self._request(incoming, caller, said, now)
        reply = await _reply(request, said.command)
        self._albums.note_answered(incoming)
        if reply is not None and not incoming.in_group:
            await self._keep_question(incoming, reply, now)
        return reply

    async def joined(self, incoming: Incoming) -> Reply | None:
        """The bot was added to a group: who can set it up, what will be sent."""
        now = self._clock.now()
        caller = await self._caller(incoming, now)
        return await introduce(self._request(incoming, caller, _Said(command=None), now))

    async def left(self, address: Address) -> None:
        async with self._database.transaction() as tx:
            await tx.subscribers.mark_gone(self._where(address), self._clock.now())

    async def received_elsewhere(self, *, is_so: bool) -> None:
        """Another program takes what people say to this bot: the admins are told."""
        now, subject = self._clock.now(), str(self._bot_id)
        try:
            async with self._database.transaction() as tx:
                if is_so:
                    await tx.alarms.raise_(ELSEWHERE, subject, _ELSEWHERE, now)
                else:
                    await tx.alarms.clear(ELSEWHERE, subject, now)
        except DatabaseBusy:
            logger.warning("the database is busy", extra={"action": "alarm_waits"})

    async def returned(self, address: Address) -> None:
        async with self._database.transaction() as tx:
            await tx.subscribers.mark_back(self._where(address))

    async def moved(self, old: Address, new_chat: str) -> None:
        async with self._database.transaction() as tx:
            await tx.subscribers.move(self._where(old), new_chat, self._clock.now())

    async def seen(self, update_id: int) -> bool:
        async with self._database.transaction() as tx:
            return await tx.questions.was_seen(self._bot_id, str(update_id))

    async def mark_seen(self, update_ids: Sequence[int]) -> None:
        async with self._database.transaction() as tx:
            ids = [str(each) for each in update_ids]
            await tx.questions.mark_seen(self._bot_id, ids, self._clock.now())

    def _where(self, address: Address) -> ChatAddress:
        return ChatAddress(
            platform=address.platform,
            bot_id=self._bot_id,
            address=address.chat,
            thread=address.thread,
        )

    async def _caller(self, incoming: Incoming, now: datetime) -> _Caller:
        async with self._database.transaction() as tx:
            found = await tx.subscribers.at(incoming.where)
            own = await tx.subscribers.at(incoming.own_chat) if incoming.in_group else found
            if found is not None and found[0].reachability is Reachability.GONE:
                await tx.subscribers.mark_back(incoming.where)  # who writes can be written to
            choices = (
                []
                if incoming.in_group
                else await self._questions.choices(tx, incoming, now, is_stored=found is not None)
            )
            chat, subscriber = found or (None, None)
            return _Caller(
                chat=chat,
                subscriber=subscriber,
                actor=own[1] if own else None,
                choices=choices,
                is_writing=await _is_writing(tx, incoming, subscriber, now),
            )

    def _request(self, incoming: Incoming, caller: _Caller, said: _Said, now: datetime) -> Request:
        return Request(
            incoming=incoming,
            commands=registry.COMMANDS,
            argument=said.argument,
            choice=said.choice,
            office=self._office,
            database=self._database,
            now=now,
            chat=caller.chat,
            subscriber=caller.subscriber,
            actor_id=caller.actor.id if caller.actor else None,
            role=caller.actor.role if caller.actor else Role.MEMBER,
        )

    async def _keep_question(self, incoming: Incoming, reply: Reply, now: datetime) -> None:
        async with self._database.transaction() as tx:
            is_stored = await tx.subscribers.at(incoming.where) is not None  # by now
            await self._questions.keep(tx, incoming, reply, now, is_stored=is_stored)


async def _is_writing(
    tx: Transaction, incoming: Incoming, subscriber: Subscriber | None, now: datetime
) -> bool:
    """Not when the role was taken away meanwhile: then his words are as anybody's."""
    if incoming.in_group or subscriber is None or not subscriber.role.includes(Role.EDITOR):
        return False
    return awaits_content(await tx.broadcasts.draft_of(subscriber.id), now)


def _understood(incoming: Incoming, caller: _Caller) -> _Said:
    if incoming.data:
        return _pressed(incoming.data)
    is_slash = incoming.text.lstrip().startswith("/") and not incoming.forwarded
    if caller.is_writing and not is_slash:
        return _Said(command=registry.named(COMMAND), choice=CONTENT)
    found = None if incoming.forwarded else registry.find(incoming.text)
    if found is not None:
        return _Said(command=found[0], argument=found[1])
    choice = None if incoming.forwarded else meant(incoming.text, caller.choices)
    return _pressed(choice.data) if choice else _Said(command=None)


def _pressed(data: str) -> _Said:
    name, _, choice = data.partition(":")
    return _Said(command=registry.named(name), choice=choice)


async def _reply(request: Request, command: Command | None) -> Reply | None:
    if command is None:
        return await _not_understood(request)
    refused = await refusal(request, command)
    if refused is not None:
        return refused
    try:
        return await command.run(request)
    except CommandError as error:
        return Reply(text=plain(str(error)), edit=False)


async def _not_understood(request: Request) -> Reply | None:
    if request.incoming.data:
        return gone_button(request)
    about_code = await answer_code(request)
    if about_code is not None or request.in_group:
        return about_code
    return hint(request)
