"""`bantin source add|list|test|remove`"""

import asyncio
from typing import Annotated

import typer

from bot.app import opened
from bot.cli.look import show_sources
from bot.cli.screen import complain, say
from bot.cli.visit import Visit, show, visit
from bot.settings import Settings, load
from jobs.clock import SystemClock
from jobs.identity import canonical_url
from jobs.page import PageError
from jobs.source_errors import SourceError
from storage.database import Database
from storage.problems import AlreadyThere
from storage.records import NewSource, Source, SourceKind, Topic

app = typer.Typer(no_args_is_help=True)

Url = Annotated[str, typer.Argument(help="Địa chỉ danh sách tin hoặc nguồn RSS.", metavar="URL")]
Kind = Annotated[
    SourceKind | None, typer.Option(help="Loại nguồn tin; để trống thì tự nhận biết.")
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Không hỏi lại.")]


@app.command(help="Đọc thử rồi thêm một nguồn tin.")
def add(
    url: Url,
    name: Annotated[str, typer.Option(help="Tên nguồn tin như người nhận sẽ thấy.")] = "",
    topic: Annotated[
        str, typer.Option(help="Chuyên mục của tin từ nguồn này.", metavar="MÃ")
    ] = "tin-tuc",
    category: Annotated[
        list[str] | None,
        typer.Option(help="Mục trên cổng ứng với chuyên mục, lặp lại được.", metavar="MỤC=MÃ"),
    ] = None,
    kind: Kind = None,
    yes: Yes = False,
) -> None:
    asyncio.run(_add(url, name, {"": topic, **_pairs(category or [])}, kind, yes=yes))


@app.command("list", help="Các nguồn tin và tình trạng của chúng.")
def list_() -> None:
    asyncio.run(_list())


@app.command("test", help="Đọc thử một nguồn tin, không lưu gì.")
def try_out(
    which: Annotated[str, typer.Argument(help="Số của nguồn tin, hoặc địa chỉ.")],
    kind: Kind = None,
) -> None:
    asyncio.run(_try_out(which, kind))


@app.command(help="Bỏ một nguồn tin; tin đã đọc được giữ lại.")
def remove(
    number: Annotated[int, typer.Argument(help="Số của nguồn tin.")], yes: Yes = False
) -> None:
    asyncio.run(_remove(number, yes=yes))


async def _add(
    url: str, name: str, topics: dict[str, str], kind: SourceKind | None, *, yes: bool
) -> None:
    settings = load()
    async with opened(settings) as database:
        ids = await topic_ids(database, topics)
        found = await look(url, kind, settings)
        show(found)
        if not yes:
            name = name or typer.prompt("Tên nguồn tin như người nhận sẽ thấy")
            typer.confirm("Thêm nguồn tin này?", abort=True)
        source = await save(database, url, name or _host(url), found, ids)
    say(f"Đã thêm nguồn tin số {source.id}. Những tin đang có được coi là cũ và không gửi đi.")


async def look(url: str, kind: SourceKind | None, settings: Settings) -> Visit:
    """Ends the command with the reason when nothing can be read there."""
    try:
        return await visit(url, kind, settings)
    except (PageError, SourceError) as error:
        complain(f"Không đọc được nguồn tin này: {error.reason}")
        raise typer.Exit(1) from error


async def save(
    database: Database, url: str, name: str, found: Visit, topics: dict[str, int]
) -> Source:
    """Ends the command when the source is there already."""
    new = NewSource(name=name, url=url, kind=found.kind, topics=topics)
    try:
        async with database.transaction() as tx:
            return await tx.sources.add(new, SystemClock().now())
    except AlreadyThere as error:
        complain("Nguồn tin này đã có. Xem: bantin source list")
        raise typer.Exit(1) from error


async def topic_ids(database: Database, wanted: dict[str, str]) -> dict[str, int]:
    """Category -> topic id. Ends the command when there is no such topic."""
    async with database.transaction() as tx:
        known = {topic.slug: topic for topic in await tx.topics.all()}
    for slug in wanted.values():
        if slug not in known:
            complain(f"Không có chuyên mục “{slug}”. Các chuyên mục:\n{_listed(known)}")
            raise typer.Exit(1)
    return {category: known[slug].id for category, slug in wanted.items()}


def _listed(topics: dict[str, Topic]) -> str:
    return "\n".join(f"  {slug}: {topic.name}" for slug, topic in topics.items())


def _pairs(categories: list[str]) -> dict[str, str]:
    pairs = {}
    for each in categories:
        name, equals, slug = each.rpartition("=")
        if not (name and equals and slug):
            raise typer.BadParameter(f"cần dạng MỤC=MÃ, nhận “{each}”")
        pairs[name] = slug
    return pairs


def _host(url: str) -> str:
    return canonical_url(url).partition("://")[2].partition("/")[0]


async def _list() -> None:
    async with opened(load()) as database, database.transaction() as tx:
        sources = await tx.sources.all()
    show_sources(sources)


async def _try_out(which: str, kind: SourceKind | None) -> None:
    settings = load()
    url = which
    if which.isdigit():
        async with opened(settings) as database:
            source = await _known(database, int(which))
        url, kind = source.url, kind or source.kind
    show(await look(url, kind, settings))


async def _remove(number: int, *, yes: bool) -> None:
    async with opened(load()) as database:
        source = await _known(database, number)
        if not yes:
            typer.confirm(f"Bỏ nguồn tin “{source.name}”?", abort=True)
        async with database.transaction() as tx:
            await tx.sources.remove(number, SystemClock().now())
    say(f"Đã bỏ nguồn tin “{source.name}”.")


async def _known(database: Database, number: int) -> Source:
    """Ends the command when there is no such source."""
    async with database.transaction() as tx:
        source = await tx.sources.get(number)
    if source is None:
        complain(f"Không có nguồn tin số {number}. Xem: bantin source list")
        raise typer.Exit(1)
    return source
