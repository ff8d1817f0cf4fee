"""What a page tells machines about its article: JSON-LD, schema.org's NewsArticle. Pure."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from jobs.markup.tree import Element, plain, select
from jobs.source_errors import SourceError

# when it was published, not when it was changed, which some themes of WordPress write first
PUBLISHED_TIMES = (
    "time.published[datetime], time.entry-date[datetime],"
    " time[datetime]:not(.updated):not(.modified)"
)
_MOST_SCRIPTS = 10
_LONGEST = 200_000  # characters of one
_ARTICLE = re.compile(r"(?:News|Blog|Report|Scholarly)?(?:Article|Posting)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedArticle:
    headline: str = ""
    published: str = ""  # as written
    image: str = ""


def linked_article(root: Element) -> LinkedArticle | None:
    """The first article that the page describes, if any."""
    for script in select(root, "script[type='application/ld+json']")[:_MOST_SCRIPTS]:
        for node in _nodes(_read(script.text or "")):
            if _ARTICLE.fullmatch(_first_string(node.get("@type")).rpartition("/")[2]):
                return LinkedArticle(
                    headline=_plain(_first_string(node.get("headline"))),
                    published=_first_string(node.get("datePublished")),
                    image=_first_string(node.get("image")),
                )
    return None


def _read(text: str) -> object:
    if len(text) > _LONGEST:
        return None
    try:
        return json.loads(text.strip().removeprefix("<![CDATA[").removesuffix("]]>"), strict=False)
    except (ValueError, RecursionError):
        return None


def _nodes(value: object) -> Iterator[Mapping[str, object]]:
    """Alone, in a list, or in a @graph."""
    if isinstance(value, dict):
        yield value
        graph = value.get("@graph")
        value = graph if isinstance(graph, list) else []
    if isinstance(value, list):
        yield from (node for node in value if isinstance(node, dict))


def _first_string(value: object) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("url", "")
    return value if isinstance(value, str) else ""


def _plain(text: str) -> str:
    try:
        return plain(text)
    except SourceError:
        return ""
