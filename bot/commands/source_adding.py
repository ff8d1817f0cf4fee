"""A source added in chat: its address, what was found there, and the topic of its news."""

from urllib.parse import urlsplit

from bot.commands.command import CommandError, Reply, Request
from bot.commands.health import KIND_WORDS
from bot.commands.wording import Rows, button, counted, lines, paragraphs
from jobs.identity import whole_url
from jobs.rich_text import RichText, bold, join, plain
from storage.database import Transaction
from storage.problems import AlreadyThere
from storage.records import NewSource, Sample, Topic, Trial, TrialState

_AGAIN = "Gửi địa chỉ khác: /nguon https://…"
_THERE = "Nguồn tin này đã có. Xem các nguồn tin: /nguon"


async def explain(request: Request, _: str) -> Reply:  # noqa: ARG001 - as every act
    return Reply(
        text=paragraphs(
            "Gửi lệnh kèm địa chỉ trang tin, ví dụ:\n/nguon https://tanlap.example/tin-tuc",
            "Có thể là trang danh sách tin, nguồn RSS hoặc trang chủ: loại nguồn được tự nhận"
            " biết, và vài tin mới nhất được cho xem trước khi lưu.",
        ),
        edit=False,
    )


async def ask_trial(request: Request, asked: str) -> Reply:
    """Looking takes longer than a reply may: a stage does it."""
    url = _address(asked)
    if request.actor_id is None:
        raise CommandError("Việc này cần một tài khoản đã đăng ký.")
    async with request.database.transaction() as tx:
        if any(source.url == url for source in await tx.sources.all()):
            raise CommandError(_THERE)
        trial_id = await tx.sources.ask_trial(url, asked_by=request.actor_id, now=request.now)
    return Reply(
        text=paragraphs(f"Đang đọc thử {url}", "Việc này mất khoảng nửa phút."),
        buttons=_look(trial_id),
        edit=False,
    )


def _address(asked: str) -> str:
    """As typed, also without https://. Raises CommandError."""
    typed = asked.split(maxsplit=1)[0]
    is_whole = "://" in typed
    url = whole_url(typed if is_whole else f"https://{typed}")
    if not url or not (is_whole or "." in (urlsplit(url).hostname or "")):
        raise CommandError(f"“{typed}” không phải địa chỉ trang web. {_AGAIN}")
    return url


async def show_trial(request: Request, value: str) -> Reply:
    async with request.database.transaction() as tx:
        trial = await _trial(tx, value)
        topics = await tx.topics.all()
    match trial.state:
        case TrialState.WAITING:
            text = paragraphs(f"Đang đọc thử {trial.url}", "Chưa xong, xin chờ thêm ít giây.")
            return Reply(text=text, buttons=_look(trial.id), toast="Chưa đọc xong")
        case TrialState.FAILED:
            said = lines(f"Không dùng được {trial.url}", trial.reason)
            return Reply(text=paragraphs(said, trial.advice, _AGAIN))
        case TrialState.ADDED:
            return Reply(text=paragraphs("Nguồn tin này đã được thêm. Xem: /nguon"))
        case TrialState.FOUND:
            return Reply(text=_found(trial), buttons=_topics(trial, topics), back="nguon:")


def _found(trial: Trial) -> RichText:
    kind = KIND_WORDS[trial.kind] if trial.kind else ""
    heading = lines(
        f"Đọc được {counted(trial.listed, 'tin')} ({kind}):", trial.found_url or trial.url
    )
    asked = "Thêm nguồn này? Chọn chuyên mục cho tin của nó. Những tin đang có không gửi đi."
    return join(plain(heading), *map(_sample, trial.samples), plain(asked), between="\n\n")


def _sample(sample: Sample) -> RichText:
    below = [plain(text) for text in (sample.words, sample.day) if text]
    return join(bold(sample.title), *below, between="\n")


def _look(trial_id: int) -> Rows:
    return ((button("Xem kết quả", "nguon", f"trial:{trial_id}"),),)


def _topics(trial: Trial, topics: list[Topic]) -> Rows:
    rows = tuple((button(topic.name, "nguon", f"save:{trial.id}:{topic.id}"),) for topic in topics)
    return (*rows, (button("Không thêm", "nguon"),))


async def save(request: Request, value: str) -> Reply:
    trial_id, _, topic_id = value.partition(":")
    async with request.database.transaction() as tx:
        trial = await _trial(tx, trial_id)
        known = {str(topic.id): topic for topic in await tx.topics.all()}
        if trial.kind is None or topic_id not in known:
            raise CommandError(f"Nút này không còn dùng được. {_AGAIN}")
        if not await tx.sources.end_trial(trial.id):
            return Reply(text=paragraphs("Nguồn tin này đã được thêm. Xem: /nguon"))
        name = await _add(tx, trial, known[topic_id], request)
    return Reply(
        text=paragraphs(
            f"Đã thêm nguồn tin “{name}”, chuyên mục “{known[topic_id].name}”.",
            "Từ nay tin mới của nguồn này được gửi đi. Những tin đang có được coi là cũ.",
        ),
        buttons=((button("Xem các nguồn tin", "nguon"),),),
    )


async def _add(tx: Transaction, trial: Trial, topic: Topic, request: Request) -> str:
    """Its name. Raises CommandError."""
    assert trial.kind is not None  # noqa: S101 - looked at by the caller
    url = trial.found_url or trial.url
    name = trial.name or urlsplit(url).hostname or url
    new = NewSource(
        name=name, url=url, kind=trial.kind, topics={"": topic.id}, config=trial.config
    )
    try:
        source = await tx.sources.add(new, request.now)
    except AlreadyThere as error:
        raise CommandError(_THERE) from error
    await tx.audit.record(
        "source_added",
        at=request.now,
        actor_id=request.actor_id,
        target=f"source:{source.id}",
        detail=url,
    )
    return name


async def _trial(tx: Transaction, value: str) -> Trial:
    """Raises CommandError for one that is not there any more."""
    trial = await tx.sources.trial(int(value)) if value.isdecimal() else None
    if trial is None:
        raise CommandError(f"Lần đọc thử này không còn nữa. {_AGAIN}")
    return trial
