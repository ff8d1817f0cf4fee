"""The wheel: all that the program needs, nothing of the tests, and nobody else's names."""

import subprocess
import sys
import zipfile
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.program import ROOT

OURS = {"bot", "jobs", "storage"}
NEEDED = (".html", ".css", ".js", ".xml", ".svg", ".txt", ".mako", ".py", ".json")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--quiet"]
    subprocess.run([*pip, "--no-deps", "--wheel-dir", str(folder), str(ROOT)], check=True)  # noqa: S603 - our own words
    (path,) = folder.glob("*.whl")
    with zipfile.ZipFile(path) as opened:
        yield opened


def files_of(folder: Path) -> set[str]:
    return {
        path.relative_to(ROOT).as_posix()
        for path in folder.rglob("*")
        if path.suffix in NEEDED and "__pycache__" not in path.parts
    }


def test_it_holds_the_three_folders_whole_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    names = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert {name.split("/")[0] for name in names} == OURS
    assert set().union(*(files_of(ROOT / folder) for folder in OURS)) <= names


@pytest.mark.parametrize(
    "file",
    [
        "storage/migrations/versions/0001_the_first_tables.py",
        "storage/migrations/env.py",
        "bot/rehearsal/page/static/index.html",
        "bot/rehearsal/portal/templates/layout.html",
        "bot/rehearsal/portal/news/opening.txt",
    ],
)
def test_it_holds_what_is_read_while_running(wheel: zipfile.ZipFile, file: str) -> None:
    assert wheel.read(file)


def test_it_brings_the_console_command_and_its_licence(wheel: zipfile.ZipFile) -> None:
    about = {
        name.rpartition("/")[2]: wheel.read(name).decode()
        for name in wheel.namelist()
        if ".dist-info/" in name
    }
    assert "bantin = bot.cli.main:main" in about["entry_points.txt"]
    assert "MIT" in about["LICENSE"]
    assert "Requires-Python: >=3.11" in about["METADATA"]


def test_no_other_distribution_owns_our_names() -> None:
    owners = packages_distributions()
    assert {name: set(owners.get(name, ())) - {"bantin"} for name in OURS} == {
        name: set() for name in OURS
    }
