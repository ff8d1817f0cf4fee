"""Writing a notice: asking for its content, taking it, or saying why it cannot be taken."""

from dataclasses import replace

from bot.commands.broadcast_buttons import (
    COMMAND,
    DROP,
    EDIT,
    KEEP,
    Wish,
    broadcast_button,
)
from bot.commands.broadcast_draft import (
    author_of,
    awaits_content,
    has_content,
    own_draft,
    ready_draft,
)
from bot.commands.broadcast_panel import preview, read_draft
from bot.commands.broadcast_words import MOST_UNITS, secrecy_mark, written
from bot.commands.command import Incoming, Reply, Request
from bot.commands.journal import record_broadcast
from bot.commands.wording import Rows, button, counted, paragraphs
from jobs.bulletin_text import stored_spans
from jobs.rich_text import RichText, utf16_length
from jobs.text import clean
from storage.database import Transaction
from storage.records import Broadcast, BroadcastState


async def begin(request: Request) -> Reply:
    """/thongbao: goes on with the draft; words or a file behind it begin another."""
    incoming, words = request.incoming, _behind_command(request)
    is_bare = not (words.text or incoming.attachment or incoming.album or incoming.other_media)
    async with request.database.transaction() as tx:
        draft = await _open_draft(tx, request)
        is_ready = draft is not None and draft.state is BroadcastState.READY
        if draft is not None and is_ready and is_bare:
            # what he writes next is meant: the old notice must not go out in its place
            await tx.broadcasts.rewrite(draft.id, request.now)
            shown = preview(request, await read_draft(tx, draft), "")
            remark = "Trên đây là thông báo đang soạn, chưa gửi."
            return replace(_question(draft, remark), above=shown.above)
        if draft is None or (is_ready and not _problem(incoming, words)):
            draft = await _start(tx, request)
    if is_bare:
        return _question(draft)
    return await _take(request, draft, words, starts_anew=is_ready)


async def take_content(request: Request) -> Reply:
    """The message after the question: all of it, also what would be a command elsewhere."""
    async with request.database.transaction() as tx:
        draft = await tx.broadcasts.draft_of(author_of(request))
        if draft is None:
            draft = await _start(tx, request)
    return await _take(request, draft, written(request.incoming.content))


async def edit_content(request: Request, wish: Wish) -> Reply:
    async with request.database.transaction() as tx:
        draft = await ready_draft(tx, request, wish)
        await tx.broadcasts.rewrite(draft.id, request.now)
    return _question(draft)


async def keep_content(request: Request, wish: Wish) -> Reply:
    async with request.database.transaction() as tx:
        draft = await own_draft(tx, request, wish)
        if not has_content(draft):
            return _question(draft)
        await _restore(tx, draft, request)
        return preview(request, await read_draft(tx, draft))


async def drop(request: Request, wish: Wish) -> Reply:
    async with request.database.transaction() as tx:
        draft = await own_draft(tx, request, wish)
        await tx.broadcasts.drop(draft.id, request.now)
    return Reply(
        text=paragraphs("Đã bỏ thông báo đang soạn, không gửi cho ai."),
        buttons=((button("Soạn thông báo mới", COMMAND),),),
    )


def _behind_command(request: Request) -> RichText:
    all_words = len(clean(request.incoming.text).split())
    own_words = all_words - len(request.argument.split())
    return written(request.incoming.content, behind_words=own_words)


async def _open_draft(tx: Transaction, request: Request) -> Broadcast | None:
    """What he is writing; what he began to write and forgot is as it was before."""
    draft = await tx.broadcasts.draft_of(author_of(request))
    if draft is None or draft.state is BroadcastState.READY:
        return draft
    if awaits_content(draft, request.now):
        return draft
    if not has_content(draft):
        return None
    await _restore(tx, draft, request)
    return await tx.broadcasts.draft_of(author_of(request))


async def _start(tx: Transaction, request: Request) -> Broadcast:
    await tx.broadcasts.start(author_of(request), request.now)
    draft = await tx.broadcasts.draft_of(author_of(request))
    if draft is None:
        raise LookupError("a draft that was started is not there")
    return draft


async def _restore(tx: Transaction, draft: Broadcast, request: Request) -> None:
    await tx.broadcasts.write(
        draft.id,
        text=draft.text,
        spans=draft.spans,
        attachment=draft.attachment,
        now=request.now,
    )


def _question(draft: Broadcast, remark: str = "") -> Reply:
    former = "Nội dung cũ được giữ cho đến khi có nội dung mới." if has_content(draft) else ""
    return Reply(
        text=paragraphs(
            remark,
            "Xin gửi nội dung thông báo vào đây, hoặc chuyển tiếp một tin có sẵn.",
            "Có thể kèm một ảnh hoặc một tệp. "
            f"Nội dung dài nhất {counted(MOST_UNITS, 'ký tự')}, được xem lại trước khi gửi.",
            former,
        ),
        buttons=_ways_out(draft),
        takes_words=True,
    )


def _ways_out(draft: Broadcast) -> Rows:
    drop_it = broadcast_button("Bỏ", DROP, draft.id)
    if not has_content(draft):
        return ((drop_it,),)
    return ((broadcast_button("Giữ nội dung cũ", KEEP, draft.id), drop_it),)


async def _take(
    request: Request, draft: Broadcast, words: RichText, *, starts_anew: bool = False
) -> Reply:
    problem = _problem(request.incoming, words)
    if problem:
        return await _refuse(request, draft, words, problem)
    async with request.database.transaction() as tx:
        await tx.broadcasts.write(
            draft.id,
            text=words.text,
            spans=stored_spans(words),
            attachment=request.incoming.attachment,
            now=request.now,
        )
        written_draft = await tx.broadcasts.get(draft.id)
        if written_draft is None:
            raise LookupError("a draft that was written is not there")
        remark = "Thông báo đang soạn trước đó đã được bỏ." if starts_anew else ""
        return preview(request, await read_draft(tx, written_draft), remark)


def _problem(incoming: Incoming, words: RichText) -> str:
    """Why this cannot be the content, and what to do; "" when it can."""
    if incoming.album:
        return "Mỗi thông báo chỉ kèm được một ảnh hoặc một tệp. Xin gửi lại từng cái một."
    if incoming.other_media:
        return "Thông báo chỉ gồm chữ, một ảnh hoặc một tệp. Loại tin này không gửi được."
    length = utf16_length(words.text)
    if length > MOST_UNITS:
        return (
            f"Nội dung có {counted(length, 'ký tự')}, "
            f"dài hơn mức {counted(MOST_UNITS, 'ký tự')}. Xin rút gọn rồi soạn lại."
        )
    if not words.text and incoming.attachment is None:
        return "Chưa thấy nội dung nào. Xin gửi lại chữ, một ảnh hoặc một tệp."
    return _about_secrecy(incoming, words)


def _about_secrecy(incoming: Incoming, words: RichText) -> str:
    name = incoming.attachment.name if incoming.attachment else ""
    stem = name.rpartition(".")[0] or name
    mark = secrecy_mark(words.text) or secrecy_mark(stem.replace("_", " "))
    if not mark:
        return ""
    return (
        f"Nội dung này có dấu “{mark}” nên không được nhận.\n"
        "Tài liệu mật và tài liệu lưu hành nội bộ không được gửi qua Bản tin. "
        "Nếu đây chỉ là chữ thường gặp, mong viết bằng chữ thường rồi gửi lại."
    )


async def _refuse(request: Request, draft: Broadcast, words: RichText, problem: str) -> Reply:
    if utf16_length(words.text) > MOST_UNITS:
        return await _too_long(request, draft, problem)
    async with request.database.transaction() as tx:
        await record_broadcast(tx, request, "broadcast_refused", draft.id)
    return Reply(text=paragraphs(problem), buttons=_ways_out(draft), takes_words=True)


async def _too_long(request: Request, draft: Broadcast, problem: str) -> Reply:
    """Waits no longer: the platform sends a very long text in pieces, and the next one would be
    taken for a notice of its own."""
    async with request.database.transaction() as tx:
        if has_content(draft):
            await _restore(tx, draft, request)
        else:
            await tx.broadcasts.drop(draft.id, request.now)
    if has_content(draft):
        again = broadcast_button("Soạn lại nội dung", EDIT, draft.id)
        return Reply(text=paragraphs(problem), buttons=((again,), *_ways_out(draft)))
    return Reply(text=paragraphs(problem), buttons=((button("Soạn lại", COMMAND),),))
