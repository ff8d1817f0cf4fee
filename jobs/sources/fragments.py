"""The pieces of HTML that feeds and the WordPress list carry → text. Pure."""

from jobs.article_lines import sort_lines
from jobs.markup.lines import lines_of
from jobs.markup.tree import plain, read_html
from jobs.source_errors import SourceError


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
    # a feed sets its thumbnail before the lead: what follows a picture is no caption here
    lines = [line for line in lines if not line.image]
    return tuple(sort_lines(lines, title=title).paragraphs)
