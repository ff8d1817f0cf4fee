"""The sample portal over HTTP: list, article, feed, in the markup of Liferay 7.2."""

import asyncio
import contextlib
import hashlib
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from bot.rehearsal.connection import Gone, while_connected
from bot.rehearsal.portal.articles import VIET_NAM
from bot.rehearsal.portal.portal import Failure, Portal, PortalFault

LIST = "/portal/tin-tuc"
MOVED_LIST = "/portal/web/guest/tin-tuc"
INSTANCE = "Xy12AbCd34Ef"
FEED = f"{LIST}/-/asset_publisher/{INSTANCE}/rss"
PAGE_SIZE = 10
HUGE_CHUNK, HUGE_CHUNKS = b"<!-- " + b"x" * 65527 + b" -->", 800  # 50 MiB
WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
# The pages carry no script, so none may run.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'"
)


def article_path(slug: str) -> str:
    return f"{LIST}/-/asset_publisher/{INSTANCE}/content/{slug}"


def portal_routes(portal: Portal, now: Callable[[], datetime]) -> list[BaseRoute]:
    pages = _Pages(portal, now)
    article = f"{LIST}/-/asset_publisher/{{instance}}/content/{{slug}}"
    return [
        Route(LIST, pages.list),
        Route(MOVED_LIST, pages.moved_list),
        Route(FEED, pages.feed),
        Route(article, pages.article),
        Route("/portal", lambda _request: RedirectResponse(LIST)),
        Route("/portal/theme.css", pages.theme),
    ]


class _Pages:
    def __init__(self, portal: Portal, now: Callable[[], datetime]) -> None:
        self._portal = portal
        self._now = now
        self._templates = Environment(
            loader=PackageLoader("bot.rehearsal.portal"),
            autoescape=True,
            undefined=StrictUndefined,
        )

    async def list(self, request: Request) -> Response:
        return await self._failed(request) or self._list(request)

    async def moved_list(self, request: Request) -> Response:
        return self._list(request)

    async def article(self, request: Request) -> Response:
        return await self._failed(request) or self._article(request)

    async def feed(self, request: Request) -> Response:
        return await self._failed(request) or self._feed(request)

    async def theme(self, _request: Request) -> Response:
        return Response(self._templates.get_template("theme.css").render(), media_type="text/css")

    def _list(self, request: Request) -> Response:
        articles = self._portal.articles
        last = max(1, -(-len(articles) // PAGE_SIZE))
        wanted = request.query_params.get("cur", "1")
        page = min(max(1, int(wanted)), last) if wanted.isdecimal() else 1
        first = (page - 1) * PAGE_SIZE
        shown = articles[first : first + PAGE_SIZE]
        return self._html(
            "list.html", request, articles=shown, first=first, page=page, last=last, all=articles
        )

    def _article(self, request: Request) -> Response:
        article = self._portal.find(request.path_params["slug"])
        if article is None:
            return self._html("gone.html", request, HTTPStatus.NOT_FOUND)
        others = [other for other in self._portal.articles if other is not article]
        return self._html("article.html", request, article=article, related=others[:3])

    def _feed(self, request: Request) -> Response:
        body = self._render("feed.xml", request, articles=self._portal.articles[:PAGE_SIZE])
        tag = f'"{hashlib.sha256(body.encode()).hexdigest()[:16]}"'
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers={"etag": tag})
        return Response(body, media_type="application/atom+xml", headers={"etag": tag})

    def _html(
        self,
        template: str,
        request: Request,
        status: int = HTTPStatus.OK,
        **values: Any,  # noqa: ANN401 - what a template shows
    ) -> Response:
        body = self._render(template, request, **values)
        return HTMLResponse(body, status, headers={"content-security-policy": POLICY})

    def _render(self, template: str, request: Request, **values: Any) -> str:  # noqa: ANN401
        now = self._now().astimezone(VIET_NAM)
        return self._templates.get_template(template).render(
            base=f"{request.base_url}portal",
            instance=INSTANCE,
            portlet=f"com_liferay_asset_publisher_web_portlet_AssetPublisherPortlet_INSTANCE_{INSTANCE}",
            clock=f"{WEEKDAYS[now.weekday()]}, {now:%d/%m/%Y %H:%M} [GMT+7]",
            latest=self._portal.articles[:5],
            **values,
        )

    async def _failed(self, request: Request) -> Response | None:
        failure = self._portal.take_failure()
        return None if failure is None else await self._failure(failure, request)

    async def _failure(self, failure: Failure, request: Request) -> Response | None:
        match failure.kind:
            case PortalFault.SERVER_ERROR:
                return self._html("broken.html", request, HTTPStatus.INTERNAL_SERVER_ERROR)
            case PortalFault.SLOW:
                with contextlib.suppress(Gone):
                    await while_connected(request.receive, asyncio.sleep(failure.seconds))
                return None
            case PortalFault.EMPTY:
                return HTMLResponse("")
            case PortalFault.LAYOUT_CHANGED:
                return self._html("changed.html", request, articles=self._portal.articles)
            case PortalFault.HUGE:
                return StreamingResponse(_huge(), media_type="text/html")
            case PortalFault.REDIRECT:
                is_list = request.url.path == LIST
                return RedirectResponse(MOVED_LIST, HTTPStatus.FOUND) if is_list else None


async def _huge() -> AsyncIterator[bytes]:
    for _ in range(HUGE_CHUNKS):
        yield HUGE_CHUNK
