"""The sources that are stored, and the one that a person names."""

from collections.abc import Sequence
from typing import Annotated

import typer

from bot.cli.existing import existing
from bot.cli.problem import Refused
from bot.settings import Settings
from storage.records import Flood, Source

Which = Annotated[
    str, typer.Argument(help="Số của nguồn tin, hoặc địa chỉ.", metavar="SỐ|ĐỊA-CHỈ")
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Không hỏi lại.")]

LIST = "Xem: bantin source list"


async def all_sources(settings: Settings) -> list[Source]:
    async with existing(settings) as database:
        if database is None:
            return []
        async with database.transaction() as tx:
            return await tx.sources.all()


async def all_floods(settings: Settings) -> list[Flood]:
    async with existing(settings) as database:
        if database is None:
            return []
        async with database.transaction() as tx:
            return await tx.sources.floods()


def known(sources: Sequence[Source], which: str) -> Source:
    for source in sources:
        if which in (str(source.id), source.url):
            return source
    what = f"số {which}" if which.isdecimal() else f"“{which}”"
    raise Refused(f"Không có nguồn tin {what}. {LIST}")
