"""All that the page shows: the phones of both platforms, the portal, the faults."""

from dataclasses import dataclass

from bot.rehearsal.page import phones, zalo_phones
from bot.rehearsal.portal.articles import VIET_NAM, Article
from bot.rehearsal.portal.pages import article_path
from bot.rehearsal.portal.portal import Portal
from bot.rehearsal.telegram.people import People
from bot.rehearsal.telegram.records import Json
from bot.rehearsal.telegram.world import Event, TelegramWorld
from bot.rehearsal.zalo.people import ZaloPeople
from bot.rehearsal.zalo.world import Event as ZaloEvent
from bot.rehearsal.zalo.world import ZaloWorld

MOST_ARTICLES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """`owner_code` is offered on the admin's phone; "" when there is none."""

    telegram: TelegramWorld
    people: People
    zalo: ZaloWorld
    zalo_people: ZaloPeople
    portal: Portal
    owner_code: str = ""

    def state(self) -> Json:
        bot = self.telegram.bot
        return {
            "kind": "state",
            "bot": {"id": bot.id, "name": bot.name, "username": bot.username},
            "phones": [*phones.state(self.telegram), *zalo_phones.zalo_state(self.zalo)],
            "articles": self._articles(),
            "faults": self._faults(),
            "owner_code": self.owner_code,
        }

    def told_of(self, event: Event) -> list[Json]:
        if event.kind == "faults":
            return [self._faults_told()]
        return phones.told_of(self.telegram, event)

    def told_of_zalo(self, event: ZaloEvent) -> list[Json]:
        if event.kind == "faults":
            return [self._faults_told()]
        return zalo_phones.zalo_told_of(self.zalo, event)

    def told_of_articles(self) -> list[Json]:
        return [{"kind": "articles", "articles": self._articles()}]

    def _faults_told(self) -> Json:
        return {"kind": "faults", "faults": self._faults()}

    def _articles(self) -> list[Json]:
        return [_article_json(article) for article in self.portal.articles[:MOST_ARTICLES]]

    def _faults(self) -> list[Json]:
        return [
            *phones.faults_json(self.telegram),
            *zalo_phones.zalo_faults_json(self.zalo),
        ]


def _article_json(article: Article) -> Json:
    return {
        "id": article.id,
        "title": article.title,
        "category": article.category,
        "when": f"{article.published_at.astimezone(VIET_NAM):%H:%M %d/%m/%Y}",
        "url": article_path(article.slug),
        "body": "\n\n".join(article.paragraphs),
    }
