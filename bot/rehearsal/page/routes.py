"""The chat page's addresses."""

from http import HTTPStatus
from importlib.resources import files
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from bot.rehearsal.page.acts import Acts
from bot.rehearsal.page.events import Events
from bot.rehearsal.page.stage import Stage
from bot.rehearsal.page.zalo_acts import ZaloActs
from bot.rehearsal.telegram.files import FileKind

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
SCRIPTS = (
    "attach.js",
    "bubble.js",
    "chat.js",
    "dom.js",
    "faults.js",
    "media.js",
    "menu.js",
    "phone.js",
    "portal.js",
    "rich-text.js",
    "tabs.js",
    "zalo-bubble.js",
    "zalo-choices.js",
    "zalo-phone.js",
)
# What people and the bot sent is shown and saved, never run.
FILE_HEADERS = {
    "content-security-policy": "default-src 'none'; sandbox",
    "x-content-type-options": "nosniff",
}
FILES = {
    "/": ("index.html", "text/html"),
    "/chat.css": ("chat.css", "text/css"),
    "/favicon.svg": ("favicon.svg", "image/svg+xml"),
    **{f"/{name}": (name, "text/javascript") for name in SCRIPTS},
}


def page_routes(stage: Stage) -> list[BaseRoute]:
    async def whole_state(_request: Request) -> Response:
        return JSONResponse(stage.state())

    async def sent_file(request: Request) -> Response:
        file = stage.telegram.files.find(request.path_params["file_id"])
        if file is None:
            return Response(status_code=HTTPStatus.NOT_FOUND)
        kind = "inline" if file.kind is FileKind.PHOTO else "attachment"
        saved = {"content-disposition": f"{kind}; filename*=UTF-8''{quote(file.name)}"}
        size = {"content-length": str(file.size)}
        return StreamingResponse(
            file.chunks(), media_type=file.mime, headers=FILE_HEADERS | saved | size
        )

    return [
        *(_file(path, name, kind) for path, (name, kind) in FILES.items()),
        Route("/rehearsal/state", whole_state),
        Route("/rehearsal/file/{file_id}", sent_file),
        Route("/rehearsal/events", Events(stage), methods=["GET"]),
        *Acts(stage.telegram, stage.people, stage.portal).routes(),
        *ZaloActs(stage.zalo, stage.zalo_people).routes(),
    ]


def _file(path: str, name: str, kind: str) -> Route:
    async def endpoint(_request: Request) -> Response:
        body = (files(__package__) / "static" / name).read_bytes()
        headers = {"content-security-policy": POLICY, "cache-control": "no-cache"}
        return Response(body, media_type=f"{kind}; charset=utf-8", headers=headers)

    return Route(path, endpoint)
