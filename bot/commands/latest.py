"""/moinhat: the newest articles, for everybody; stores nothing."""

from bot.commands.command import Command, Reply, Request
from bot.commands.wording import Rows, button, paragraphs
from jobs.bulletin_text import articles_list
from jobs.rich_text import plain

HOW_MANY = 5
OF_ALL_TOPICS = "all"


async def latest_news(request: Request) -> Reply:
    """Of the subscriber's topics, if he chose any."""
    wants_all = request.choice == OF_ALL_TOPICS
    async with request.database.transaction() as tx:
        topic_ids = set[int]()
        if request.subscriber is not None and not wants_all:
            topic_ids = await tx.subscribers.topics(request.subscriber.id)
        articles = await tx.articles.latest(HOW_MANY, topic_ids=topic_ids or None)
    if not articles:
        return _nothing(is_choosy=bool(topic_ids))
    content = articles_list(articles, plain("📰 Tin mới nhất"))
    return Reply(text=content.text, buttons=content.buttons)


def _nothing(*, is_choosy: bool) -> Reply:
    if not is_choosy:
        return Reply(text=paragraphs("Chưa có tin nào.", "Khi có tin mới, xem lại bằng /moinhat."))
    more: Rows = ((button("Xem tin của mọi chuyên mục", "moinhat", OF_ALL_TOPICS),),)
    return Reply(text=paragraphs("Các chuyên mục đã chọn chưa có tin nào."), buttons=more)


COMMAND = Command(
    name="moinhat",
    aliases=("mới nhất", "tin mới", "tin mới nhất"),
    help="Xem tin mới nhất.",
    run=latest_news,
)
