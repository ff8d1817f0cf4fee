"""What posts to a webhook: as long as one is set, and anew when another is."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from typing import Any, NoReturn


async def serve(
    changed: asyncio.Event,
    is_set: Callable[[], object],
    deliver: Callable[[], Coroutine[Any, Any, None]],
) -> NoReturn:
    """Until it is cancelled. `changed` is set by whoever sets or removes the webhook."""
    while True:
        changed.clear()
        if is_set():
            await _until(changed, deliver())
        else:
            await changed.wait()


async def _until(changed: asyncio.Event, work: Coroutine[Any, Any, None]) -> None:
    """What was begun for one webhook ends when another is set, or none."""
    delivering = asyncio.ensure_future(work)
    waiting = asyncio.ensure_future(changed.wait())
    try:
        await asyncio.wait({delivering, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if delivering.done():
            delivering.result()
    finally:
        for task in (delivering, waiting):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
