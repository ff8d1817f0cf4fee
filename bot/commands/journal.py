"""Writes down what a person changed: in the audit, and in the log without names."""

import logging

from bot.commands.command import Request
from storage.database import Transaction

logger = logging.getLogger(__name__)


async def record(
    tx: Transaction, request: Request, action: str, subscriber_id: int, *, detail: str = ""
) -> None:
    """`subscriber_id`: who or which group it was done to."""
    actor_id = request.actor_id
    if actor_id is None and not request.in_group:
        actor_id = subscriber_id  # a stranger until a moment ago
    await tx.audit.record(
        action,
        at=request.now,
        actor_id=actor_id,
        target=f"subscriber:{subscriber_id}",
        detail=detail,
    )
    logger.info(
        "a person changed something", extra={"action": action, "subscriber_id": subscriber_id}
    )


async def record_broadcast(
    tx: Transaction, request: Request, action: str, broadcast_id: int, *, detail: str = ""
) -> None:
    await tx.audit.record(
        action,
        at=request.now,
        actor_id=request.actor_id,
        target=f"broadcast:{broadcast_id}",
        detail=detail,
    )
    logger.info(
        "a person did something with a notice",
        extra={"action": action, "broadcast_id": broadcast_id},
    )
