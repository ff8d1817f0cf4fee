"""One address for each act of the page, which takes and answers JSON."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from json import JSONDecodeError
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.rehearsal.impossible import Impossible

Json = dict[str, Any]
Act = Callable[[Json], Json | None]


def act_routes(acts: Mapping[str, Act]) -> list[BaseRoute]:
    return [_route(name, act) for name, act in acts.items()]


def _route(name: str, act: Act) -> Route:
    async def endpoint(request: Request) -> Response:
        try:
            given: Any = await request.json()
            done = act(given)
        except Impossible as error:
            return JSONResponse({"error": str(error)}, HTTPStatus.CONFLICT)
        except (JSONDecodeError, KeyError, TypeError, ValueError) as error:
            return JSONResponse({"error": f"not understood: {error!r}"}, HTTPStatus.BAD_REQUEST)
        return JSONResponse(done or {})

    return Route(f"/rehearsal/{name}", endpoint, methods=["POST"])
