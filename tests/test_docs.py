"""The README tells what the code does."""

import re

import pytest

from tests.docs import README, TABLES, with_tables
from tests.program import ROOT


@pytest.mark.parametrize("name", TABLES)
def test_the_readmes_tables_are_those_of_the_code(name: str) -> None:
    assert TABLES[name]() in README.read_text("utf-8"), "run: make docs"


def test_writing_the_tables_again_changes_nothing() -> None:
    text = README.read_text("utf-8")
    assert with_tables(text) == text


@pytest.mark.parametrize("document", sorted(path.name for path in ROOT.glob("*.md")))
def test_what_a_document_links_to_is_there(document: str) -> None:
    links = re.findall(r"\]\((?!https?://|#)([^)]+)\)", (ROOT / document).read_text("utf-8"))
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_map_names_every_file_of_the_three_folders() -> None:
    """A newcomer finds a behaviour from the map in CONTRIBUTING.md."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    files = [
        path
        for folder in ("storage", "jobs")
        for path in (ROOT / folder).iterdir()
        if not path.name.startswith("__")
    ]
    unnamed = [path.name for path in files if path.name.removesuffix(".py") not in text]
    assert unnamed == []
