"""readability-lxml's guess at which part of a page is its article. Pure."""

from typing import cast

from lxml import etree
from readability import Document
from readability.readability import Unparseable

from jobs.markup.tree import Element, read_html
from jobs.source_errors import SourceError

MOST_ELEMENTS = 20_000  # it looks at each several times


def readable_part(root: Element) -> Element | None:
    if sum(1 for _ in root.iter()) > MOST_ELEMENTS:
        return None
    page = etree.tostring(root, encoding="unicode", method="html")
    try:
        return read_html(cast("str", Document(page).summary(html_partial=True)))
    except (Unparseable, SourceError, ValueError, AssertionError):  # what it was seen to raise
        return None
