"""aiogram, a client of other authors, takes every answer of this Telegram."""

import asyncio
import json
import os
from asyncio.subprocess import PIPE

import pytest

from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.telegram.methods.table import METHODS
from tests.bot.rehearsal.conftest import NOW
from tests.program import ROOT

PYTHON = ROOT / ".venv-aiogram" / "bin" / "python"
SCRIPT = ROOT / "tests" / "clients" / "aiogram_client.py"


async def test_aiogram_reads_every_answer() -> None:
    if not PYTHON.exists():
        in_ci = "CI" in os.environ  # noqa: TID251 - not a setting: says where the tests run
        missing = pytest.fail if in_ci else pytest.skip
        missing("aiogram is not installed in .venv-aiogram, so no second client is tried")
    async with RehearsalServer(now=lambda: NOW, limits=None) as server:
        process = await asyncio.create_subprocess_exec(
            PYTHON, SCRIPT, server.url, server.telegram.token, stdout=PIPE, stderr=PIPE
        )
        async with asyncio.timeout(60):
            out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    found = json.loads(out)
    assert {name: said for name, said in found.items() if said != "ok"} == {}
    assert found.keys() == METHODS.keys() | {"download", "webhook"}
