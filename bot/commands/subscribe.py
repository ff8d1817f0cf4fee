"""/dangky: consent, then one message with what was chosen by default and how to change it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.commands.command import Command, Reply, Request
from bot.commands.consent import (
    CONSENT_VERSION,
    CONSENTED,
    consent_question,
    not_subscribed,
)
from bot.commands.journal import record
from bot.commands.organisation import (
    ORGANISATION,
    choose_organisation,
    organisation_named,
    organisation_saved,
    set_organisation,
    stand_in_question,
)
from bot.commands.overview import SETTINGS, overview
from bot.commands.preferences import organisation_line, read_preferences, topic_lines
from bot.commands.rights import mark_in_group
from bot.commands.wording import addressed, button, paragraphs, read_id
from storage.database import Transaction
from storage.records import ChatKind, Choice
from storage.repositories.subscribers import ChatAddress

SKIPPED = "skip"
_MOST_WORDS = 8  # of an organisation's name as people write it


async def subscribe(request: Request) -> Reply:
    wish, _, value = request.choice.partition("=")
    if wish == CONSENTED:
        return await _join(request, read_id(value) if value else None)
    if wish in (ORGANISATION, SKIPPED) and not request.is_subscribed:
        return not_subscribed(request)
    if wish == ORGANISATION:
        return await _choose_organisation(request, value)
    if wish == SKIPPED:
        return await _welcome(request, asks_organisation=False)
    return await _begin(request)


async def _begin(request: Request) -> Reply:
    organisation = await organisation_named(request)
    if not request.is_subscribed:
        return consent_question(request, organisation_id=organisation.id if organisation else None)
    if organisation is not None:
        await set_organisation(request, organisation.id)
        return await organisation_saved(request)
    if request.argument:
        remark = "Trong danh sách chưa có tổ chức này."
        return await _choose_organisation(request, "", remark=remark)
    who = "Nhóm này" if request.in_group else "{You}"
    return await overview(request, addressed(request.office, f"{who} đã đăng ký nhận tin rồi."))


async def answer_with_organisation(request: Request, choices: Sequence[Choice]) -> Reply | None:
    """None unless he was asked for his organisation and has named one."""
    asked = (f"dangky:{SKIPPED}", f"dangky:{ORGANISATION}=")
    is_asked = any(each.data.startswith(asked) for each in choices)
    is_long = len(request.incoming.text.split()) > _MOST_WORDS  # that is talk
    named = replace(request, argument=request.incoming.text)
    if not is_asked or is_long or await organisation_named(named) is None:
        return None
    return await _begin(named)


async def _choose_organisation(request: Request, wanted: str, *, remark: str = "") -> Reply:
    reply = await choose_organisation(request, wanted, remark=remark)
    return reply if wanted else replace(reply, back=SETTINGS)


async def _join(request: Request, organisation_id: int | None) -> Reply:
    incoming = request.incoming
    async with request.database.transaction() as tx:
        subscriber_id, is_new = await take_in(
            tx,
            incoming.where,
            kind=incoming.address.kind,
            name=incoming.chat_title,
            now=request.now,
        )
        if is_new:
            mark = mark_in_group(request)
            await record(tx, request, "subscribed", subscriber_id, detail=mark)
    if organisation_id is not None:
        await set_organisation(request, organisation_id)
        if question := await stand_in_question(request):
            return question
    return await _welcome(request)


async def take_in(
    tx: Transaction, where: ChatAddress, *, kind: ChatKind, name: str, now: datetime
) -> tuple[int, bool]:
    """The subscriber, and whether he did not receive before; the first time he gets all topics."""
    found = await tx.subscribers.at(where)
    if found is None:
        subscriber_id = await tx.subscribers.add(where, kind=kind, name=name, now=now)
    else:
        subscriber_id = found[1].id
    is_new = await tx.subscribers.activate(subscriber_id, consent_version=CONSENT_VERSION, now=now)
    if found is None or found[1].consent_version is None:
        topics = await tx.topics.all()
        await tx.subscribers.follow(subscriber_id, [topic.id for topic in topics])
    return subscriber_id, is_new


async def _welcome(request: Request, *, asks_organisation: bool = True) -> Reply:
    preferences = await read_preferences(request.database, request.incoming.where)
    if preferences is None:
        return not_subscribed(request)
    topics = button("Đổi chuyên mục", "chuyenmuc")
    heading = "Nhóm này đã được đăng ký nhận tin." if request.in_group else "Đã đăng ký nhận tin."
    if preferences.organisation is None and asks_organisation:
        return Reply(
            text=paragraphs(heading, topic_lines(preferences), _question(request)),
            buttons=(
                (topics,),
                (
                    button("Chọn tổ chức", "dangky", ORGANISATION),
                    button("Bỏ qua", "dangky", SKIPPED),
                ),
            ),
        )
    return Reply(
        text=paragraphs(
            heading, topic_lines(preferences), organisation_line(preferences), "Cài đặt: /caidat"
        ),
        buttons=((topics,),),
    )


def _question(request: Request) -> str:
    if request.in_group:
        return "Nhóm thuộc tổ chức nào? Câu này có thể bỏ qua."
    question = "{You} đang sinh hoạt ở tổ chức nào? Câu này có thể bỏ qua."
    return addressed(request.office, question)


COMMAND = Command(
    name="dangky",
    aliases=("đăng ký", "đăng kí", "đăng ký nhận tin", "dk", "theo dõi", "nhận tin"),
    help="Đăng ký nhận tin.",
    run=subscribe,
    argument="tổ chức",
    changes_chat=True,
)
