"""Places that publish news: when to visit them, how they are, which topics they feed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import case, delete, func, select, update
from sqlalchemy.exc import IntegrityError

from storage.models import SourcePageRow, SourceRow, SourceTopicRow
from storage.problems import AlreadyThere
from storage.records import Health, KeptPage, NewSource, Source, SourceKind
from storage.source_floods import SourceFloods
from storage.source_trials import SourceTrials

LARGEST_PAGE = 256 * 1024  # bytes kept of a page that cannot be read
_NOT_REMOVED = SourceRow.removed_at.is_(None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visited:
    """What a visit that went well leaves with its source."""

    now: datetime
    next_visit_at: datetime
    is_baseline: bool = True  # of a source that has none yet
    etag: str = ""
    last_modified: str = ""
    asks: Mapping[str, Any] = field(default_factory=dict)
    body_hash: str = ""
    list_hash: str = ""
    listed: int = 0
    listed_at: datetime | None = None
    read_at: datetime | None = None
    gap_seconds: int | None = None
    last_new_at: datetime | None = None
    redirect_url: str = ""
    redirects: int = 0


class Sources(SourceTrials, SourceFloods):
    async def add(self, new: NewSource, now: datetime) -> Source:
        """Raises AlreadyThere when a source has this address."""
        row = SourceRow(
            name=new.name,
            url=new.url,
            kind=new.kind,
            etag="",
            last_modified="",
            next_visit_at=now,
            health=Health.NEW,
            health_reason="",
            failures=0,
            created_at=now,
            config=dict(new.config),
            asks={},
            visits=0,
            body_hash="",
            list_hash="",
            listed=0,
            redirect_url="",
            redirects=0,
            extra_ca=new.extra_ca,
            is_insecure=new.is_insecure,
        )
        try:
            async with self._session.begin_nested():
                self._session.add(row)
        except IntegrityError as error:
            raise AlreadyThere(new.url) from error
        await self.set_topics(row.id, new.topics)
        return _source(row)

    async def set_topics(self, source_id: int, topics: Mapping[str, int]) -> None:
        """Category -> topic id; "" is the default."""
        await self._session.execute(
            delete(SourceTopicRow).where(SourceTopicRow.source_id == source_id)
        )
        await self._insert_new(
            SourceTopicRow,
            *(
                {"source_id": source_id, "category": category, "topic_id": topic_id}
                for category, topic_id in topics.items()
            ),
        )

    async def topics(self, source_id: int) -> dict[str, int]:
        rows = await self._session.scalars(
            select(SourceTopicRow).where(SourceTopicRow.source_id == source_id)
        )
        return {row.category: row.topic_id for row in rows}

    async def all(self) -> list[Source]:
        rows = await self._session.scalars(
            select(SourceRow).where(_NOT_REMOVED).order_by(SourceRow.id)
        )
        return [_source(row) for row in rows]

    async def get(self, source_id: int) -> Source | None:
        row = await self._session.scalar(
            select(SourceRow).where(SourceRow.id == source_id, _NOT_REMOVED)
        )
        return _source(row) if row else None

    async def count(self) -> int:
        number = await self._session.scalar(
            select(func.count()).select_from(SourceRow).where(_NOT_REMOVED)
        )
        return number or 0

    async def due(self, now: datetime) -> list[Source]:
        """Those whose turn it is, the longest overdue first."""
        rows = await self._session.scalars(
            select(SourceRow)
            .where(_NOT_REMOVED, SourceRow.next_visit_at <= now)
            .order_by(SourceRow.next_visit_at, SourceRow.id)
        )
        return [_source(row) for row in rows]

    async def record_visit(self, source_id: int, visited: Visited) -> None:
        """The visit went well."""
        await self._session.execute(
            update(SourceRow)
            .where(SourceRow.id == source_id)
            .values(
                health=Health.OK,
                health_reason="",
                failures=0,
                ill_since=None,
                visits=SourceRow.visits + 1,
                last_visit_at=visited.now,
                last_ok_at=visited.now,
                next_visit_at=visited.next_visit_at,
                baseline_at=func.coalesce(
                    SourceRow.baseline_at, visited.now if visited.is_baseline else None
                ),
                etag=visited.etag,
                last_modified=visited.last_modified,
                asks=dict(visited.asks),
                body_hash=visited.body_hash,
                list_hash=visited.list_hash,
                listed=visited.listed,
                listed_at=visited.listed_at,
                read_at=visited.read_at,
                gap_seconds=visited.gap_seconds,
                last_new_at=visited.last_new_at,
                redirect_url=visited.redirect_url,
                redirects=visited.redirects,
                holds_next=False,
            )
        )

    async def hold_next(self) -> None:
        """What each source's next visit brings may have been told already."""
        await self._session.execute(update(SourceRow).where(_NOT_REMOVED).values(holds_next=True))

    async def record_failure(
        self,
        source_id: int,
        *,
        now: datetime,
        next_visit_at: datetime,
        health: Health,
        reason: str,
    ) -> None:
        await self._session.execute(
            update(SourceRow)
            .where(SourceRow.id == source_id)
            .values(
                health=health,
                health_reason=reason,
                failures=SourceRow.failures + 1,
                ill_since=func.coalesce(SourceRow.ill_since, now),
                visits=SourceRow.visits + 1,
                last_visit_at=now,
                next_visit_at=next_visit_at,
                etag="",  # what comes next is to be read whole
                last_modified="",
                body_hash="",
            )
        )

    async def keep_page(self, page: KeptPage) -> None:
        """Instead of what was kept before."""
        await self.forget_page(page.source_id)
        self._session.add(
            SourcePageRow(
                source_id=page.source_id,
                url=page.url,
                content_type=page.content_type,
                body=page.body[:LARGEST_PAGE],
                reason=page.reason,
                kept_at=page.kept_at,
            )
        )

    async def kept_page(self, source_id: int) -> KeptPage | None:
        row = await self._session.get(SourcePageRow, source_id)
        if row is None:
            return None
        return KeptPage(
            source_id=row.source_id,
            url=row.url,
            content_type=row.content_type,
            body=row.body,
            reason=row.reason,
            kept_at=row.kept_at,
        )

    async def forget_page(self, source_id: int) -> None:
        await self._session.execute(
            delete(SourcePageRow).where(SourcePageRow.source_id == source_id)
        )

    async def move(self, source_id: int, url: str) -> bool:
        """Watches another address from now on; False when another source does so already.

        An admin's word on a server's certificate was of that server.
        """
        before = await self._session.scalar(select(SourceRow.url).where(SourceRow.id == source_id))
        values: dict[str, Any] = {"url": url, "redirect_url": "", "redirects": 0}
        if urlsplit(before or "").hostname != urlsplit(url).hostname:
            values |= {"extra_ca": "", "is_insecure": False}
        try:
            async with self._session.begin_nested():
                await self._session.execute(
                    update(SourceRow)
                    .where(SourceRow.id == source_id, _NOT_REMOVED)
                    .values(**values)
                )
        except IntegrityError:
            return False
        return True

    async def rename(self, source_id: int, name: str) -> None:
        await self._session.execute(
            update(SourceRow).where(SourceRow.id == source_id, _NOT_REMOVED).values(name=name)
        )

    async def trust(self, source_id: int, *, extra_ca: str, is_insecure: bool) -> None:
        """How its server's certificate is checked; it is visited again at once by `visit_now`."""
        await self._session.execute(
            update(SourceRow)
            .where(SourceRow.id == source_id, _NOT_REMOVED)
            .values(extra_ca=extra_ca, is_insecure=is_insecure)
        )

    async def visit_now(self, now: datetime, source_id: int | None = None) -> None:
        """Makes one source, or all, due; what a server asked for is passed over."""
        which = SourceRow.id == source_id if source_id is not None else _NOT_REMOVED
        await self._session.execute(
            update(SourceRow)
            .where(which)
            .values(
                next_visit_at=case(
                    (SourceRow.next_visit_at > now, now), else_=SourceRow.next_visit_at
                )
            )
        )

    async def remove(self, source_id: int, now: datetime) -> None:
        """Its articles stay, and are still known should it come back."""
        await self._session.execute(
            update(SourceRow).where(SourceRow.id == source_id, _NOT_REMOVED).values(removed_at=now)
        )


def _source(row: SourceRow) -> Source:
    return Source(
        id=row.id,
        name=row.name,
        url=row.url,
        kind=SourceKind(row.kind),
        etag=row.etag,
        last_modified=row.last_modified,
        next_visit_at=row.next_visit_at,
        baseline_at=row.baseline_at,
        health=Health(row.health),
        health_reason=row.health_reason,
        last_visit_at=row.last_visit_at,
        last_ok_at=row.last_ok_at,
        failures=row.failures,
        created_at=row.created_at,
        removed_at=row.removed_at,
        config=row.config,
        asks=row.asks,
        visits=row.visits,
        body_hash=row.body_hash,
        list_hash=row.list_hash,
        listed=row.listed,
        listed_at=row.listed_at,
        read_at=row.read_at,
        gap_seconds=row.gap_seconds,
        last_new_at=row.last_new_at,
        ill_since=row.ill_since,
        redirect_url=row.redirect_url,
        redirects=row.redirects,
        extra_ca=row.extra_ca,
        is_insecure=row.is_insecure,
        holds_next=row.holds_next,
    )
