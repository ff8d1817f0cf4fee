"""The same bulletin for two who turn out to be one person: which delivery goes on. Pure."""

from dataclasses import dataclass

from storage.records import DeliveryState

_OPEN = (
    DeliveryState.QUEUED,
    DeliveryState.HELD,
    DeliveryState.SENDING,
    DeliveryState.UNSURE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """One of two deliveries of a bulletin."""

    id: int
    state: DeliveryState
    may_have_arrived: bool  # some of it, or perhaps

    @property
    def is_open(self) -> bool:
        return self.state in _OPEN

    @property
    def is_begun(self) -> bool:
        return self.may_have_arrived or self.state in (DeliveryState.SENDING, DeliveryState.SENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    dropped: tuple[int, ...] = ()  # nothing came of it, and nothing will
    ended: tuple[int, ...] = ()  # may have arrived; is not sent again


def decide(kept: Twin, other: Twin) -> Decision:
    """`kept` is of the subscriber who stays, and stays his unless it is dropped.

    What was begun for either is not begun for the other, and when both were, neither is sent
    again.
    """
    if kept.is_begun and other.is_begun:
        return Decision(ended=tuple(each.id for each in (kept, other) if each.is_open))
    if other.is_begun or (other.is_open and not kept.is_begun and not kept.is_open):
        return Decision(dropped=(kept.id,))
    return Decision(dropped=(other.id,))
