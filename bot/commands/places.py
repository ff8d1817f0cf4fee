"""Where one person is written to, read together and put into words."""

from collections.abc import Collection
from dataclasses import dataclass

from bot.commands.command import Request
from jobs.messenger import PLATFORM_NAMES
from storage.database import Transaction
from storage.records import Chat, Platform, Reachability, Subscriber, SubscriberState


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    subscriber: Subscriber
    here: Chat
    others: tuple[Chat, ...]

    @property
    def chats(self) -> tuple[Chat, ...]:
        """In the order in which they are written to when none is preferred."""
        return tuple(sorted((self.here, *self.others), key=lambda each: each.id))

    @property
    def platforms(self) -> list[Platform]:
        return sorted({each.platform for each in self.chats})

    @property
    def is_subscribed(self) -> bool:
        return self.subscriber.state is SubscriberState.ACTIVE

    @property
    def usual(self) -> Platform | None:
        """Where bulletins go now; None: nowhere."""
        usable = [each.platform for each in self.chats if each.reachability is Reachability.OK]
        preferred = self.subscriber.preferred_platform
        return preferred if preferred in usable else next(iter(usable), None)

    def lines(self) -> list[str]:
        """What is said of two places; nothing of one."""
        if not self.others:
            return []
        usual = self.usual
        gone = {each.platform for each in self.chats if each.reachability is Reachability.GONE}
        spare = set(self.platforms) - gone - {usual}
        return [
            f"Tin gửi tới: {PLATFORM_NAMES[usual]}" if usual else "",
            f"Nhận thay khi cần: {place_names(spare)}" if usual and spare else "",
            f"Không gửi tới được: {place_names(gone)} (đã chặn hoặc xóa Bản tin)" if gone else "",
        ]


def place_names(platforms: Collection[Platform], between: str = ", ") -> str:
    return between.join(PLATFORM_NAMES[each] for each in sorted(platforms))


async def read_places(request: Request, tx: Transaction | None = None) -> Places | None:
    """None when nobody is stored here."""
    if tx is None:
        async with request.database.transaction() as own:
            return await read_places(request, own)
    found = await tx.subscribers.at(request.incoming.where)
    if found is None:
        return None
    here, subscriber = found
    chats = await tx.subscribers.chats(subscriber.id)
    others = tuple(each for each in chats if each.id != here.id)
    return Places(subscriber=subscriber, here=here, others=others)
