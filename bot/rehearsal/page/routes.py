"""The chat page's addresses."""

from importlib.resources import files

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.rehearsal.page.acts import Acts
from bot.rehearsal.page.events import Events
from bot.rehearsal.page.phones import state
from bot.rehearsal.portal.portal import Portal
from bot.rehearsal.telegram.people import People
from bot.rehearsal.telegram.world import TelegramWorld

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
SCRIPTS = ("chat.js", "dom.js", "phone.js", "portal.js", "rich-text.js", "tabs.js")
FILES = {
    "/": ("index.html", "text/html"),
    "/chat.css": ("chat.css", "text/css"),
    "/favicon.svg": ("favicon.svg", "image/svg+xml"),
    **{f"/{name}": (name, "text/javascript") for name in SCRIPTS},
}


def page_routes(world: TelegramWorld, people: People, portal: Portal) -> list[BaseRoute]:
    async def whole_state(_request: Request) -> Response:
        return JSONResponse(state(world, portal))

    return [
        *(_file(path, name, kind) for path, (name, kind) in FILES.items()),
        Route("/rehearsal/state", whole_state),
        Route("/rehearsal/events", Events(world, portal), methods=["GET"]),
        *Acts(world, people, portal).routes(),
    ]


def _file(path: str, name: str, kind: str) -> Route:
    async def endpoint(_request: Request) -> Response:
        body = (files(__package__) / "static" / name).read_bytes()
        headers = {"content-security-policy": POLICY, "cache-control": "no-cache"}
        return Response(body, media_type=f"{kind}; charset=utf-8", headers=headers)

    return Route(path, endpoint)
