"""How a call goes that meets a fault."""

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from starlette.types import Scope

from bot.rehearsal.connection import Exchange, Outcome, until_gone, while_connected
from bot.rehearsal.faults import AnyFault, FaultKind

BAD_GATEWAY_PAGE = (
    b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"
    b"<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n"
    b"</body>\r\n</html>"
)
GARBAGE = b"<!DOCTYPE html><p>It works!</p>"


async def fail(
    call: Exchange,
    fault: AnyFault,
    *,
    work: Callable[[], Awaitable[Outcome]],
    refusal: Callable[[], Outcome],
    drop: Callable[[Scope], None],
) -> None:
    """`work` is what would be done and answered, `drop` closes a connection. Raises Gone."""
    match fault.kind:
        case FaultKind.DOWN | FaultKind.UNREACHABLE:
            drop(call.scope)
            await until_gone(call.receive)
        case FaultKind.SILENCE_BEFORE:
            await until_gone(call.receive)
        case FaultKind.SILENCE_AFTER:
            await work()
            await until_gone(call.receive)
        case FaultKind.SLOW:
            outcome = await work()
            await while_connected(call.receive, asyncio.sleep(fault.seconds))
            await call.say(*outcome)
        case FaultKind.GARBAGE:
            await work()
            await call.say(HTTPStatus.OK, GARBAGE, "text/html")
        case FaultKind.BAD_GATEWAY:
            await call.say(HTTPStatus.BAD_GATEWAY, BAD_GATEWAY_PAGE, "text/html")
        case FaultKind.ERROR:
            await call.say(*refusal())
