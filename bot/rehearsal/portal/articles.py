"""Articles of the sample portal: drafts as they are written, articles as they stand on it."""

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from importlib.resources import files
from string import Template

VIET_NAM = timezone(timedelta(hours=7))


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """$day, $short, $year, $tomorrow, $next_week are filled in when it is published."""

    title: str
    category: str
    paragraphs: tuple[str, ...]
    credit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    id: int  # Liferay's asset entry id
    title: str
    category: str
    paragraphs: tuple[str, ...]
    credit: str
    slug: str
    published_at: datetime
    edited_at: datetime

    @property
    def lead(self) -> str:
        return self.paragraphs[0]

    @property
    def local_day(self) -> str:
        return self.published_at.astimezone(VIET_NAM).strftime("%d/%m/%Y")

    @property
    def teaser(self) -> str:
        """As Liferay's list shows it: cut at 120 characters, in the middle of a word."""
        return f"{self.lead[:117]}..." if len(self.lead) > 120 else f"{self.lead}..."  # noqa: PLR2004


def read_drafts(name: str) -> tuple[Draft, ...]:
    """From news/<name>.txt: title, category, credit, then paragraphs; --- between articles."""
    text = (files(__package__) / "news" / f"{name}.txt").read_text("utf-8")
    return tuple(_read_draft(part.strip()) for part in text.split("\n---\n"))


def _read_draft(text: str) -> Draft:
    head, *paragraphs = text.split("\n\n")
    title, category, credit = head.split("\n")
    return Draft(title=title, category=category, credit=credit, paragraphs=tuple(paragraphs))


def dated(draft: Draft, moment: datetime) -> Draft:
    """The draft with the days that its text speaks of."""
    local = moment.astimezone(VIET_NAM)
    words = {
        "day": f"{local:%d/%m/%Y}",
        "short": f"{local.day}/{local.month}",
        "year": f"{local.year}",
        "tomorrow": _short(local + timedelta(days=1)),
        "next_week": _short(local + timedelta(days=7)),
    }
    return replace(
        draft,
        title=Template(draft.title).substitute(words),
        paragraphs=tuple(Template(text).substitute(words) for text in draft.paragraphs),
    )


def slug_of(title: str) -> str:
    """As Liferay makes it: marks go, and so does đ, which is no d with a mark."""
    plain = "".join(
        char
        for char in unicodedata.normalize("NFD", title.lower())
        if not unicodedata.combining(char)
    )
    return re.sub(r"[^a-z0-9]+", "-", plain).rstrip("-") or "bai-viet"


def _short(moment: datetime) -> str:
    return f"{moment.day}/{moment.month}"
