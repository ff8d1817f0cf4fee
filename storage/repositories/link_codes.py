"""One-time codes that link a chat on another platform, and how often a chat may guess."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, delete, select, update

from storage.models import LinkCodeRow, LinkTryRow
from storage.records import LinkCode, Platform
from storage.rows import Repository, count

_KEPT = timedelta(days=1)  # so long a code that ended is told to have ended


class LinkCodes(Repository):
    async def replace(
        self,
        subscriber_id: int,
        *,
        platform: Platform,
        salt: str,
        code_hash: str,
        expires_at: datetime,
    ) -> None:
        """Makes this the subscriber's only open code."""
        await self._alone(f"link_code:{subscriber_id}")
        await self._session.execute(
            delete(LinkCodeRow).where(LinkCodeRow.subscriber_id == subscriber_id)
        )
        self._session.add(
            LinkCodeRow(
                subscriber_id=subscriber_id,
                platform=platform,
                salt=salt,
                code_hash=code_hash,
                expires_at=expires_at,
            )
        )

    async def forget(self, now: datetime) -> int:
        """What ended long ago, and who guessed long ago. How many."""
        codes = delete(LinkCodeRow).where(LinkCodeRow.expires_at < now - _KEPT)
        tries = delete(LinkTryRow).where(LinkTryRow.since < now - _KEPT)
        return sum([count(await self._session.execute(each)) for each in (codes, tries)])

    async def salt(self, now: datetime) -> str | None:
        """What the open codes share, so that a typed one is hashed once for all of them."""
        return await self._session.scalar(
            select(LinkCodeRow.salt).where(*_is_open(now)).order_by(LinkCodeRow.id.desc()).limit(1)
        )

    async def open(self, who: str, now: datetime) -> list[LinkCode]:
        """Those that this chat may type."""
        rows = await self._session.scalars(
            select(LinkCodeRow)
            .where(*_is_open(now), LinkCodeRow.entered_by.in_(("", who)))
            .order_by(LinkCodeRow.id)
        )
        return [_link_code(row) for row in rows]

    async def was_open_after(self, moment: datetime) -> bool:
        """Whether any code was to expire after `moment`, used or not."""
        found = await self._session.scalar(
            select(LinkCodeRow.id).where(LinkCodeRow.expires_at > moment).limit(1)
        )
        return found is not None

    async def count_try(self, who: str, now: datetime, *, most: int, within: timedelta) -> bool:
        """Uses up a try of this chat; False when it has had `most` already, not long ago."""
        is_over = LinkTryRow.since <= now - within
        statement = self._insert(LinkTryRow).values(who=who, tries=1, since=now)
        tries = await self._session.scalar(
            statement.on_conflict_do_update(
                index_elements=[LinkTryRow.who],
                set_={
                    "tries": case((is_over, 1), else_=LinkTryRow.tries + 1),
                    "since": case((is_over, now), else_=LinkTryRow.since),
                },
            ).returning(LinkTryRow.tries)
        )
        return (tries or 0) <= most

    async def enter(self, code_id: int, who: str, *, now: datetime, until: datetime) -> bool:
        """This chat typed it and is asked, until then. False when another was faster."""
        changed = await self._session.execute(
            update(LinkCodeRow)
            .where(
                LinkCodeRow.id == code_id,
                *_is_open(now),
                LinkCodeRow.entered_by.in_(("", who)),
            )
            .values(entered_by=who, expires_at=until)
        )
        return count(changed) == 1

    async def entered(self, who: str, now: datetime) -> LinkCode | None:
        """What this chat typed last and has not answered yet."""
        row = await self._session.scalar(
            select(LinkCodeRow)
            .where(*_is_open(now), LinkCodeRow.entered_by == who)
            .order_by(LinkCodeRow.expires_at.desc())
            .limit(1)
        )
        return _link_code(row) if row else None

    async def mark_used(self, code_id: int, now: datetime) -> bool:
        """False when it was used already."""
        changed = await self._session.execute(
            update(LinkCodeRow)
            .where(LinkCodeRow.id == code_id, *_is_open(now))
            .values(used_at=now)
        )
        return count(changed) == 1


def _is_open(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (LinkCodeRow.used_at.is_(None), LinkCodeRow.expires_at > now)


def _link_code(row: LinkCodeRow) -> LinkCode:
    return LinkCode(
        id=row.id,
        subscriber_id=row.subscriber_id,
        platform=Platform(row.platform),
        salt=row.salt,
        code_hash=row.code_hash,
        expires_at=row.expires_at,
        entered_by=row.entered_by,
        used_at=row.used_at,
    )
