"""What sends for one bot, at its pace, and leaves a platform alone that does not answer."""

from dataclasses import dataclass
from datetime import timedelta

from jobs.messenger import Messenger, SendError
from jobs.pacing import Pacer

DOWN_AFTER = 3  # misses; then the platform is asked whether it is there
LONGEST_PAUSE = timedelta(minutes=1)


@dataclass(slots=True, kw_only=True)
class Line:
    """What sends for one bot, at its pace."""

    messenger: Messenger
    pacer: Pacer
    misses: int = 0  # sends in a row that reached nothing
    failed_pings: int = 0  # in a row

    def reached(self) -> None:
        self.misses = self.failed_pings = 0

    def missed(self) -> None:
        self.misses += 1

    async def is_open(self) -> bool:
        """False while the platform is paused or does not answer.

        Misses may be the fault of a few chats; so after some the platform itself is asked, and
        only when it does not answer either are all deliveries left alone, longer each time.
        """
        if self.pacer.ready_in("") > timedelta(0):
            return False
        if self.misses < DOWN_AFTER:
            return True
        try:
            await self.messenger.ping()
        except SendError:
            self.pacer.pause(
                min(timedelta(seconds=2 ** min(self.failed_pings, 10)), LONGEST_PAUSE)
            )
            self.failed_pings += 1
            return False
        self.reached()
        return True
