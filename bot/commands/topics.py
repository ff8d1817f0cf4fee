"""/chuyenmuc: topics to tick; a button says the wanted end, so a double press does no harm."""

from bot.commands.command import Command, CommandError, Reply, Request
from bot.commands.consent import not_subscribed
from bot.commands.overview import overview
from bot.commands.preferences import Preferences, read_preferences
from bot.commands.wording import button, paragraphs, ticked
from jobs.messenger import Button
from storage.records import Topic

FOLLOW = "+"  # before the topic's id
UNFOLLOW = "-"
DONE = "done"


async def choose_topics(request: Request) -> Reply:
    if request.subscriber is None or not request.is_subscribed:
        return not_subscribed(request)
    if request.choice == DONE:
        return await overview(request, "Đã lưu.")
    if request.choice:
        await _apply(request, request.subscriber.id)
    preferences = await read_preferences(request.database, request.incoming.where)
    return _list(request, preferences) if preferences else not_subscribed(request)


async def _apply(request: Request, subscriber_id: int) -> None:
    wish, wanted = request.choice[:1], request.choice[1:]
    async with request.database.transaction() as tx:
        topic = next((each for each in await tx.topics.all() if str(each.id) == wanted), None)
        if topic is None or wish not in (FOLLOW, UNFOLLOW):
            raise CommandError("Chuyên mục này không còn. Gửi /chuyenmuc để chọn lại.")
        if wish == FOLLOW:
            await tx.subscribers.follow(subscriber_id, [topic.id])
        else:
            await tx.subscribers.unfollow(subscriber_id, topic.id)


def _list(request: Request, preferences: Preferences) -> Reply:
    followed = preferences.followed
    chosen = f"Đang chọn {len(followed)} trong {len(preferences.topics)} chuyên mục."
    nothing = "Chưa chọn chuyên mục nào: sẽ không có tin, chỉ có thông báo của cơ quan."
    rows = [
        (_topic_button(topic, is_followed=topic.id in followed),) for topic in preferences.topics
    ]
    done = button("Xong", "chuyenmuc", DONE)
    return Reply(
        text=paragraphs(_heading(request), chosen if followed else nothing),
        buttons=(*rows, (done,)),
        is_tick_list=True,
        back=done.data,
    )


def _heading(request: Request) -> str:
    if request.has_buttons:
        return "Chuyên mục muốn nhận. Bấm vào tên để chọn hoặc bỏ chọn."
    return "Đã lưu các chuyên mục muốn nhận." if request.choice else "Chuyên mục muốn nhận."


def _topic_button(topic: Topic, *, is_followed: bool) -> Button:
    wish = UNFOLLOW if is_followed else FOLLOW
    return button(ticked(topic.name, is_followed), "chuyenmuc", f"{wish}{topic.id}")


COMMAND = Command(
    name="chuyenmuc",
    aliases=("chuyên mục", "chủ đề"),
    help="Chọn chuyên mục muốn nhận.",
    run=choose_topics,
    changes_chat=True,
)
