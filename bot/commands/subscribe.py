"""/dangky: consent, then one message with what was chosen by default and how to change it."""

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
    set_organisation,
)
from bot.commands.overview import overview
from bot.commands.preferences import organisation_line, read_preferences, topic_lines
from bot.commands.wording import addressed, button, paragraphs, read_id

SKIPPED = "skip"


async def subscribe(request: Request) -> Reply:
    wish, _, value = request.choice.partition("=")
    if wish == CONSENTED:
        return await _join(request, read_id(value) if value else None)
    if wish in (ORGANISATION, SKIPPED) and not request.is_subscribed:
        return not_subscribed(request)
    if wish == ORGANISATION:
        return await choose_organisation(request, value)
    if wish == SKIPPED:
        return await _welcome(request, asks_organisation=False)
    return await _begin(request)


async def _begin(request: Request) -> Reply:
    organisation = await organisation_named(request)
    if not request.is_subscribed:
        return consent_question(request, organisation_id=organisation.id if organisation else None)
    if organisation is not None:
        await set_organisation(request, organisation.id)
        return await overview(request, "Đã lưu tổ chức.")
    if request.argument:
        remark = "Trong danh sách chưa có tổ chức này."
        return await choose_organisation(request, "", remark=remark)
    who = "Nhóm này" if request.in_group else "{You}"
    return await overview(request, addressed(request.office, f"{who} đã đăng ký nhận tin rồi."))


async def _join(request: Request, organisation_id: int | None) -> Reply:
    incoming = request.incoming
    async with request.database.transaction() as tx:
        found = await tx.subscribers.at(incoming.where)
        if found is None:
            subscriber_id = await tx.subscribers.add(
                incoming.where,
                kind=incoming.address.kind,
                name=incoming.chat_title,
                now=request.now,
            )
        else:
            subscriber_id = found[1].id
        is_first_time = found is None or found[1].consent_version is None
        if await tx.subscribers.activate(
            subscriber_id, consent_version=CONSENT_VERSION, now=request.now
        ):
            await record(tx, request, "subscribed", subscriber_id)
        if is_first_time:
            topics = await tx.topics.all()
            await tx.subscribers.follow(subscriber_id, [topic.id for topic in topics])
    if organisation_id is not None:
        await set_organisation(request, organisation_id)
    return await _welcome(request)


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
