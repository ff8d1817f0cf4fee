"""The front desk: finds what is meant, checks rights, runs the command, keeps the question."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.commands import erase, link, my_data, registry, stop, subscribe
from bot.commands.albums import Albums
from bot.commands.broadcast_draft import awaits_content
from bot.commands.codes import read_code
from bot.commands.command import Command, CommandError, Incoming, Office, Reply, Request
from bot.commands.consent import consent_question
from bot.commands.daily import DailyAnswers
from bot.commands.heard import Caller, Said, understood
from bot.commands.hint import gone_button, hint
from bot.commands.misses import Misses
from bot.commands.numbered import choices_of, numbered
from bot.commands.open_questions import OpenQuestions, offered
from bot.commands.owner import answer_code
from bot.commands.registry import suggest
from bot.commands.rights import refusal
from bot.commands.start import introduce
from bot.commands.subscribe import answer_with_organisation
from bot.commands.unread import is_courtesy, unread
from bot.commands.unsupported import Greetings
from bot.commands.wording import fitted
from jobs.clock import Clock
from jobs.messenger import Address
from jobs.rich_text import plain
from jobs.watch import ELSEWHERE
from storage.database import Database, Transaction
from storage.problems import DatabaseBusy
from storage.records import Choice, Reachability, Role, Subscriber
from storage.repositories.subscribers import ChatAddress

logger = logging.getLogger(__name__)

_ELSEWHERE = (
    "Một chương trình khác đang dùng chung mã bot (token), nên có thể có tin nhắn không được "
    "trả lời. Cần người vận hành tắt chương trình đó, hoặc đổi mã bot."
)
# to join, to leave, to see what is stored
_IMPORTANT = (subscribe.COMMAND, stop.COMMAND, erase.COMMAND, my_data.COMMAND, link.COMMAND)


class FrontDesk:
    """Answers what people say to one bot, and keeps track of where it may write.

    Where the platform has no `buttons`, every choice is numbered and typed.
    """

    def __init__(
        self,
        *,
        database: Database,
        office: Office,
        clock: Clock,
        bot_id: int,
        buttons: bool = True,
    ) -> None:
        self._database = database
        self._office = office
        self._clock = clock
        self._bot_id = bot_id
        self._has_buttons = buttons
        self._questions = OpenQuestions()
        self._albums = Albums()
        self._misses = Misses()
        self._greetings = Greetings()
        self._daily = DailyAnswers()

    async def answer(self, incoming: Incoming) -> Reply | None:
        """None: nothing is said."""
        if self._albums.is_rest(incoming):
            return None
        now = self._clock.now()
        caller = await self._caller(incoming, now)
        if incoming.unsupported:
            request = self._request(incoming, caller, "", now)
            return await self._shown(request, self._greetings.greet(request))
        said = understood(incoming, caller, has_buttons=self._has_buttons)
        request = self._request(incoming, caller, said.argument, now)
        if said.command is None:
            reply = await self._not_understood(request, caller.choices)
        else:
            self._misses.forget(incoming)
            reply = await _run(request, said.command, said.choices)
        self._albums.note_answered(incoming)
        return await self._shown(request, reply, is_important=_is_important(said, incoming.text))

    async def joined(self, incoming: Incoming) -> Reply | None:
        """The bot was added to a group: who can set it up, what will be sent."""
        now = self._clock.now()
        caller = await self._caller(incoming, now)
        request = self._request(incoming, caller, "", now)
        return await self._shown(request, await introduce(request))

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

    async def seen(self, update: str) -> bool:
        async with self._database.transaction() as tx:
            return await tx.questions.was_seen(self._bot_id, update)

    async def mark_seen(self, updates: Sequence[str]) -> None:
        async with self._database.transaction() as tx:
            await tx.questions.mark_seen(self._bot_id, updates, self._clock.now())

    async def _not_understood(self, request: Request, choices: Sequence[Choice]) -> Reply | None:
        if request.incoming.data:
            return gone_button(request)
        about_code = await answer_code(request)
        if about_code is not None:
            return about_code
        if request.in_group:
            return self._unread_in_group(request, choices)
        return hint(request) if self._has_buttons else await self._unread(request, choices)

    def _unread_in_group(self, request: Request, choices: Sequence[Choice]) -> Reply | None:
        """Where nothing tells it that it was added, who calls it by name is told what it is."""
        incoming = request.incoming
        is_new = not (incoming.tells_admins or request.is_subscribed or choices)
        return consent_question(request) if is_new and incoming.called else None

    async def _unread(self, request: Request, choices: Sequence[Choice]) -> Reply | None:
        is_new = request.subscriber is None and not choices
        if is_new and suggest(request.incoming.text, request.role) is None:
            return consent_question(request)  # nothing but his first words says that he is here
        if is_courtesy(request):
            return None
        about_organisation = await answer_with_organisation(request, choices)
        if about_organisation is not None:
            self._misses.forget(request.incoming)
            return about_organisation
        return unread(request, choices, self._misses.count(request.incoming, request.now))

    async def _shown(
        self, request: Request, reply: Reply | None, *, is_important: bool = False
    ) -> Reply | None:
        """As this platform can show it; what it offers may be answered from now on."""
        incoming, now = request.incoming, request.now
        if reply is not None and not self._has_buttons and request.role is Role.MEMBER:
            reply = self._daily.spared(request, reply, is_important=is_important)
        if reply is None:
            return None
        if self._has_buttons:
            if not incoming.in_group:
                await self._keep_question(incoming, offered(reply), now)
            return fitted(reply)
        if not reply.leaves_question:
            await self._keep_question(incoming, choices_of(reply), now)
        return numbered(reply, in_group=incoming.in_group)

    def _where(self, address: Address) -> ChatAddress:
        return ChatAddress(
            platform=address.platform,
            bot_id=self._bot_id,
            address=address.chat,
            thread=address.thread,
        )

    async def _caller(self, incoming: Incoming, now: datetime) -> Caller:
        async with self._database.transaction() as tx:
            found = await tx.subscribers.at(incoming.where)
            own = await tx.subscribers.at(incoming.own_chat) if incoming.in_group else found
            if found is not None and found[0].reachability is Reachability.GONE:
                await tx.subscribers.mark_back(incoming.where)  # who writes can be written to
            choices = (
                []
                if incoming.in_group and self._has_buttons
                else await self._questions.choices(tx, incoming, now, is_stored=own is not None)
            )
            chat, subscriber = found or (None, None)
            return Caller(
                chat=chat,
                subscriber=subscriber,
                actor=own[1] if own else None,
                choices=choices,
                is_writing=await _is_writing(tx, incoming, subscriber, now),
            )

    def _request(
        self, incoming: Incoming, caller: Caller, argument: str, now: datetime
    ) -> Request:
        return Request(
            incoming=incoming,
            commands=registry.COMMANDS,
            argument=argument,
            choice="",
            office=self._office,
            database=self._database,
            now=now,
            chat=caller.chat,
            subscriber=caller.subscriber,
            actor_id=caller.actor.id if caller.actor else None,
            role=caller.actor.role if caller.actor else Role.MEMBER,
            has_buttons=self._has_buttons,
        )

    async def _keep_question(
        self, incoming: Incoming, choices: Sequence[Choice], now: datetime
    ) -> None:
        async with self._database.transaction() as tx:
            is_stored = await tx.subscribers.at(incoming.own_chat) is not None  # by now
            await self._questions.keep(tx, incoming, choices, now, is_stored=is_stored)


def _is_important(said: Said, text: str) -> bool:
    """A code that stands alone links, or makes the owner."""
    return said.command in _IMPORTANT if said.command else read_code(text) is not None


async def _is_writing(
    tx: Transaction, incoming: Incoming, subscriber: Subscriber | None, now: datetime
) -> bool:
    """Not when the role was taken away meanwhile: then his words are as anybody's."""
    if incoming.in_group or subscriber is None or not subscriber.role.includes(Role.EDITOR):
        return False
    return awaits_content(await tx.broadcasts.draft_of(subscriber.id), now)


async def _run(request: Request, command: Command, choices: Sequence[str]) -> Reply:
    """What the last choice is answered with."""
    refused = await refusal(request, command)
    if refused is not None:
        return refused
    *first, last = choices
    try:
        for each in first:
            await command.run(replace(request, choice=each))
        return await command.run(replace(request, choice=last))
    except CommandError as error:
        return Reply(text=plain(str(error)), edit=False)
