"""What a failed send means for the delivery and for the chat. Pure."""

from datetime import datetime, timedelta

from jobs.messenger import (
    ChatGone,
    ChatMoved,
    MaybeSent,
    QuotaGone,
    Refused,
    Rejected,
    SendError,
    Throttled,
)
from jobs.outcomes import ChatChange, Note, Refusal
from jobs.retry import next_attempt
from storage.records import Chat, Claim, Ending, Outcome, Reason
from storage.repositories.subscribers import ChatAddress

UNSURE_WAIT = timedelta(seconds=10)  # a late answer means the platform is busy


def judge(error: SendError, claim: Claim, now: datetime) -> tuple[Outcome, tuple[Note, ...]]:
    """How the delivery ends or goes on, and what is to be noted of its chat."""
    match error:
        case ChatGone() | Refused() | Rejected():
            return _ended(error, claim, now)
        case MaybeSent():
            return unsure(claim, now), ()
        case ChatMoved(address=address):
            moved = ChatChange(where=_where(claim.chat), moved_to=address, at=now)
            return _back(claim, Reason.MOVED, now, until=now), (moved,)
        case Throttled(wait=wait):
            return _back(claim, Reason.THROTTLED, now, until=now + wait), ()
        case QuotaGone():  # the bot rests; as soon as it goes on, this goes out
            return _back(claim, Reason.QUOTA, now, until=now), ()
        case _:
            until = next_attempt(claim.attempts, now=now)
            return _back(claim, Reason.UNREACHABLE, now, until=until), ()


def _ended(
    error: ChatGone | Refused | Rejected, claim: Claim, now: datetime
) -> tuple[Outcome, tuple[Note, ...]]:
    where = _where(claim.chat)
    match error:
        case ChatGone():
            return _failed(claim, Reason.CHAT_GONE, now), (ChatChange(where=where, at=now),)
        case Refused():
            refusal = Refusal(chat_id=claim.chat.id, where=where, delivery_id=claim.id, at=now)
            return _failed(claim, Reason.REFUSED, now), (refusal,)
        case Rejected():
            return _failed(claim, Reason.REJECTED, now), ()


def unsure(claim: Claim, now: datetime) -> Outcome:
    return Outcome(delivery_id=claim.id, ending=Ending.UNSURE, at=now, until=now + UNSURE_WAIT)


def _failed(claim: Claim, reason: Reason, now: datetime) -> Outcome:
    return Outcome(delivery_id=claim.id, ending=Ending.FAILED, at=now, reason=reason)


def _back(claim: Claim, reason: Reason, now: datetime, *, until: datetime) -> Outcome:
    return Outcome(delivery_id=claim.id, ending=Ending.BACK, at=now, reason=reason, until=until)


def _where(chat: Chat) -> ChatAddress:
    return ChatAddress(
        platform=chat.platform, bot_id=chat.bot_id, address=chat.address, thread=chat.thread
    )
