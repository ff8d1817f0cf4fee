"""How fast a bot may write, and how fast it did."""

import math
from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Telegram's own figures; core.telegram.org/bots/faq, "My bot is hitting limits"."""

    per_second: int = 30
    chat_per_second: float = 1
    chat_burst: int = 3
    group_per_minute: int = 20
    slack: float = 0.2  # of per_second and group_per_minute: refused is who far exceeds them


class Pace:
    """Says how long a message must wait. A refused message is not counted."""

    def __init__(self, limits: Limits) -> None:
        self._spacing = 1 / limits.chat_per_second
        self._burst = self._spacing * (limits.chat_burst - 1)
        self._most_in_second = int(limits.per_second * (1 + limits.slack))
        self._most_in_minute = int(limits.group_per_minute * (1 + limits.slack))
        self._all: deque[float] = deque()
        self._groups: defaultdict[int, deque[float]] = defaultdict(deque)
        self._due: dict[int, float] = {}  # when a chat's burst is whole again

    def wait_seconds(self, chat_id: int, *, is_group: bool, at: float, messages: int = 1) -> int:
        """0: take them, and count them. Otherwise the whole seconds to wait.

        An album goes out at once where one message would; what comes after it waits for all.
        """
        wait = max(
            _wait_for_place(self._all, self._most_in_second - messages + 1, 1, at),
            self._due.get(chat_id, at) - at - self._burst,
        )
        if is_group:
            group = self._groups[chat_id]
            wait = max(wait, _wait_for_place(group, self._most_in_minute - messages + 1, 60, at))
        if wait > 0:
            return math.ceil(wait)
        self._count(chat_id, messages, is_group=is_group, at=at)
        return 0

    def _count(self, chat_id: int, messages: int, *, is_group: bool, at: float) -> None:
        self._all.extend([at] * messages)
        self._due[chat_id] = max(self._due.get(chat_id, at), at) + self._spacing * messages
        if is_group:
            self._groups[chat_id].extend([at] * messages)


@dataclass(slots=True)
class Window:
    """How many fell into the last second, and the most that ever did."""

    recent: deque[float] = field(default_factory=deque)
    most: int = 0
    total: int = 0

    def note(self, at: float) -> None:
        _drop_before(self.recent, at - 1)
        self.recent.append(at)
        self.total += 1
        self.most = max(self.most, len(self.recent))


class Traffic:
    """What a test reads: calls of each method, messages of all chats and of each."""

    def __init__(self) -> None:
        self.methods: defaultdict[str, Window] = defaultdict(Window)
        self.messages = Window()
        self.chats: defaultdict[int, Window] = defaultdict(Window)
        self.refused: Counter[int] = Counter()  # answers with "ok": false, by code

    def note_message(self, chat_id: int, at: float) -> None:
        self.messages.note(at)
        self.chats[chat_id].note(at)

    def most_in_any_second(self, *, chat: int | None = None, method: str | None = None) -> int:
        """Messages taken (of one chat), or calls made of one method, e.g. "sendMessage"."""
        if method is not None:
            return self.methods[method].most
        return self.messages.most if chat is None else self.chats[chat].most


def _wait_for_place(recent: deque[float], most: int, seconds: float, at: float) -> float:
    _drop_before(recent, at - seconds)
    return 0 if len(recent) < most else recent[len(recent) - most] + seconds - at


def _drop_before(times: deque[float], moment: float) -> None:
    while times and times[0] <= moment:
        times.popleft()
