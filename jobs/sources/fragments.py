"""The pieces of HTML that feeds and the WordPress list carry → text. Pure."""

import re
from itertools import dropwhile

from jobs.article_lines import sort_lines
from jobs.markup.lines import lines_of
from jobs.markup.tree import plain, read_html
from jobs.source_errors import SourceError

_IMAGE = re.compile(r"""<img\b[^>]{0,500}?\bsrc\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)


def plain_or_nothing(fragment: object) -> str:
    """One that cannot be read costs only itself."""
    try:
        return plain(str(fragment))
    except SourceError:
        return ""


def paragraphs_of(fragment: str, title: str) -> tuple[str, ...]:
    """What the fragment says in sentences; one that cannot be read costs only itself."""
    if not fragment.strip():
        return ()
    try:
        lines = lines_of(read_html(f"<div>{fragment}</div>"))
    except SourceError:
        return ()
    # a feed sets its thumbnail before the lead: what follows that is no caption
    lines = list(dropwhile(lambda line: line.image, lines))
    return tuple(sort_lines(lines, title=title).paragraphs)


def first_image(html: str) -> str:
    """The address of the first picture, as written."""
    shown = _IMAGE.search(html)
    return plain_or_nothing(shown[1]) if shown else ""
