"""Puts what a list shows into storage: what is new, what is known, what it now says otherwise."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from jobs.elsewhere import join_elsewhere
from jobs.identity import hash_of_listing, keys_of, same, same_again
from jobs.reading import OLDEST_NEWS, content_hash, within_limit
from jobs.rhythm import next_reread, reread_because_listed_otherwise
from jobs.text import fold
from storage.database import Transaction
from storage.records import (
    Article,
    ArticleContent,
    ArticleKey,
    KeyKind,
    NewArticle,
    PageState,
    Precision,
    Source,
    SourceKind,
)
from storage.repositories.articles import MOST_KEYS

MOST_NEWS_AT_ONCE = 20  # more is a portal that changed, or a feed that went mad
_FEWEST_MOVED = 3
# these carry the text, as a rule; a list only leads to it
WITH_TEXT = (SourceKind.FEED, SourceKind.WORDPRESS)

Keys = tuple[ArticleKey, ...]


@dataclass(slots=True, kw_only=True)
class Shelved:
    """What came of a list."""

    new: int = 0
    news: list[int] = field(default_factory=list)  # of these, what is to be told
    is_held: bool = False


async def shelve(
    tx: Transaction, source: Source, articles: Sequence[NewArticle], now: datetime
) -> Shelved:
    keys = [keys_of(article, source_id=source.id) for article in articles]
    shelf = await _Shelf.of(tx, source, {key for each in keys for key in each})
    return await shelf.put(list(zip(articles, keys, strict=True)), now)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shelf:
    """A source's articles, with what is known of those on the list."""

    tx: Transaction
    source: Source
    topics: Mapping[str, int]  # by the portal's folded category; "" is the default
    oldest: datetime | None  # date of an article known from this source
    rows: dict[int, Article]
    known: dict[int, set[ArticleKey]]  # by article
    holders: dict[ArticleKey, set[int]]
    purged: set[ArticleKey]
    before: list[Article]  # what the last list showed

    @classmethod
    async def of(cls, tx: Transaction, source: Source, keys: Collection[ArticleKey]) -> "_Shelf":
        topics = await tx.sources.topics(source.id)
        by_article = await tx.articles.with_any_key(keys)
        shelf = cls(
            tx=tx,
            source=source,
            topics={fold(name): topic for name, topic in topics.items()},
            oldest=await tx.articles.oldest_date(source.id),
            rows=await tx.articles.of_ids(by_article),
            known={},
            holders={},
            purged=await tx.articles.purged(keys),
            before=await tx.articles.on_list(source.id, source.listed_at)
            if source.listed_at
            else [],
        )
        for article_id, known in by_article.items():
            shelf._learn(article_id, known)
        return shelf

    async def put(self, listed: Sequence[tuple[NewArticle, Keys]], now: datetime) -> Shelved:
        shelved = Shelved()
        shown = {article_id for _, keys in listed if (article_id := self._same(keys)) is not None}
        vanished = await self._vanished(shown)
        unknown = [article for article, keys in listed if self._same(keys) is None]
        has_moved = _have_moved(vanished, unknown)
        compared: set[int] = set()
        for article, keys in listed:
            article_id = self._same(keys)
            if article_id is None:
                article_id = self._again(article, keys, vanished, has_moved=has_moved)
            if article_id is None and self._was_purged(keys):
                continue
            if article_id is None:
                article_id = await self._add(article, shelved, now)
            elif article_id not in compared:  # in two places of a list it is put in two ways
                await self._compare(self.rows.get(article_id), article, now)
            shown.add(article_id)
            compared.add(article_id)
            await self._learn_new(article_id, keys)
        await self.tx.articles.mark_listed(shown & self._own(), now)
        if len(shelved.news) > (0 if self.source.holds_next else MOST_NEWS_AT_ONCE):
            shelved.is_held = True
            await self.tx.articles.hold(shelved.news, now)
        return shelved

    def _own(self) -> set[int]:
        """Another source may list the same article: that is its own list."""
        return {each.id for each in self.rows.values() if each.source_id == self.source.id}

    async def _vanished(self, shown: Collection[int]) -> list[Article]:
        vanished = [each for each in self.before if each.id not in shown]
        for article_id, keys in (
            await self.tx.articles.keys_of({each.id for each in vanished})
        ).items():
            self._learn(article_id, keys)
        self.rows.update({each.id: each for each in vanished})
        return vanished

    def _same(self, keys: Keys) -> int | None:
        candidates = {each for key in keys for each in self.holders.get(key, ())}
        return next((each for each in sorted(candidates) if same(self.known[each], keys)), None)

    def _again(
        self, article: NewArticle, keys: Keys, vanished: list[Article], *, has_moved: bool
    ) -> int | None:
        for each in vanished:
            known = self.known.get(each.id, set())
            if same_again(each, known, article, keys, has_moved=has_moved):
                vanished.remove(each)
                return each.id
        return None

    def _was_purged(self, keys: Keys) -> bool:
        return any(key in self.purged and key.kind is not KeyKind.TITLE_DAY for key in keys)

    async def _learn_new(self, article_id: int, keys: Keys) -> None:
        known = self.known.get(article_id, set())
        unknown = set(keys) - known
        if unknown and len(known) < MOST_KEYS:
            await self.tx.articles.add_keys(article_id, unknown)
            self._learn(article_id, unknown)

    def _learn(self, article_id: int, keys: Collection[ArticleKey]) -> None:
        self.known.setdefault(article_id, set()).update(keys)
        for key in keys:
            self.holders.setdefault(key, set()).add(article_id)

    async def _compare(self, known: Article | None, article: NewArticle, now: datetime) -> None:
        """With what the same list said of it before."""
        if known is None:
            return
        if known.source_id != self.source.id:
            await self.tx.articles.add_topics(known.id, _topics(article, self.topics))
            return
        if known.missing_since is not None and article.url != known.url:
            await self.tx.articles.readdress(known.id, article.url, reread_at=now)
        listed_hash = hash_of_listing(article)
        if known.listed_hash == listed_hash:
            return
        is_first = not known.listed_hash  # stored before lists were compared
        content = self._content(article) or _listed_content(known, article)
        reread_at = None
        if content is not None and known.page_state is not PageState.READ and not is_first:
            await self.tx.articles.add_version(
                known.id, content, content_hash=content_hash(content), now=now
            )
        elif known.page_state is PageState.READ and not (is_first or known.is_baseline):
            reread_at = reread_because_listed_otherwise(rereads=known.rereads, now=now)
        await self.tx.articles.record_listing(
            known.id, article, listed_hash=listed_hash, reread_at=reread_at
        )

    async def _add(self, article: NewArticle, shelved: Shelved, now: datetime) -> int:
        is_news = self.source.baseline_at is not None and _is_news(article, self.oldest, now)
        article_id = await self.tx.articles.add(
            article,
            source_id=self.source.id,
            topic_ids=_topics(article, self.topics),
            is_baseline=not is_news,
            now=now,
            listed_hash=hash_of_listing(article),
        )
        shelved.new += 1
        if is_news:
            shelved.news.append(article_id)
        if content := self._content(article):
            await self._record_text(article_id, content, is_news=is_news, now=now)
        return article_id

    def _content(self, article: NewArticle) -> ArticleContent | None:
        if self.source.kind not in WITH_TEXT or not (article.lead or article.text):
            return None
        return ArticleContent(
            title=article.title,
            lead=article.lead,
            paragraphs=within_limit(article.text),
            credit="",
            image_url=article.image_url,
        )

    async def _record_text(
        self, article_id: int, content: ArticleContent, *, is_news: bool, now: datetime
    ) -> None:
        await self.tx.articles.record_text(
            article_id,
            content,
            content_hash=content_hash(content),
            state=PageState.NOT_NEEDED,
            now=now,
        )
        if is_news:
            await self.tx.articles.plan_reread(article_id, next_reread(now, rereads=0, now=now))
            await join_elsewhere(
                self.tx, article_id, content, source_id=self.source.id, came_at=now
            )


def _listed_content(known: Article, article: NewArticle) -> ArticleContent | None:
    """What is told of an article whose page could not be read."""
    if known.page_state is not PageState.GIVEN_UP:
        return None
    return ArticleContent(
        title=article.title,
        lead=article.lead,
        paragraphs=(),
        credit="",
        image_url=article.image_url,
    )


def _have_moved(vanished: Sequence[Article], unknown: Sequence[NewArticle]) -> bool:
    """Whether most of what seems new has the titles of what has just vanished."""
    titles = {fold(each.title) for each in vanished} - {""}
    again = sum(fold(each.title) in titles for each in unknown)
    return again >= max(_FEWEST_MOVED, len(unknown) / 2)


def _topics(article: NewArticle, topics: Mapping[str, int]) -> set[int]:
    """By the portal's categories, else the source's default."""
    mapped = {topics[name] for name in map(fold, article.categories) if name and name in topics}
    default = {topics[""]} if "" in topics else set()
    return mapped or default


def _is_news(article: NewArticle, oldest: datetime | None, now: datetime) -> bool:
    """Not what slides into a list again from far back when something newer is taken away."""
    if article.published_at is None or article.precision is Precision.NONE:
        return True
    if article.published_at < now - OLDEST_NEWS:
        return False
    return oldest is None or article.published_at >= oldest
