"""`bantin source add|list|test|remove`"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Annotated
from urllib.parse import urlsplit

import typer

from bot.app import opened
from bot.cli.problem import Refused, Stopped
from bot.cli.screen import ask, confirm, say, stopping
from bot.cli.visit import KINDS, look, show
from bot.commands.health import health_lines
from bot.settings import Settings, load
from jobs.clock import SystemClock
from storage.database import Transaction
from storage.problems import AlreadyThere
from storage.records import NewSource, Source, SourceKind, Topic

app = typer.Typer(no_args_is_help=True)

Url = Annotated[
    str, typer.Argument(help="Địa chỉ danh sách tin hoặc nguồn RSS.", metavar="ĐỊA-CHỈ")
]
Which = Annotated[
    str, typer.Argument(help="Số của nguồn tin, hoặc địa chỉ.", metavar="SỐ|ĐỊA-CHỈ")
]
Kind = Annotated[
    SourceKind | None, typer.Option(help="Loại nguồn tin; để trống thì tự nhận biết.")
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Không hỏi lại.")]

_LIST = "Xem: bantin source list"
_THERE = f"Nguồn tin này đã có. {_LIST}"


@app.command(help="Đọc thử rồi thêm một nguồn tin.")
def add(
    url: Url,
    name: Annotated[
        str, typer.Option(help="Tên nguồn tin như người nhận sẽ thấy.", metavar="TÊN")
    ] = "",
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
    settings = load()
    topics = {"": topic, **_pairs(category or [])}
    with stopping("Đã dừng. Chưa thêm nguồn tin nào."):
        asyncio.run(_check(settings, url, topics))
        found = look(url, kind, settings)
        show(found)
        if not yes:
            name = name or ask("Tên nguồn tin như người nhận sẽ thấy", default=host_of(url))
            if not confirm("Thêm nguồn tin này?"):
                raise Stopped("Chưa thêm nguồn tin nào.")
        source = asyncio.run(add_source(settings, url, name or host_of(url), found.kind, topics))
    say(f"Đã thêm nguồn tin số {source.id}. Những tin đang có được coi là cũ và không gửi đi.")


@app.command("list", help="Các nguồn tin và tình trạng của chúng.")
def list_() -> None:
    show_sources(asyncio.run(_all(load())))


@app.command("test", help="Đọc thử một nguồn tin, không lưu gì.")
def try_out(which: Which, kind: Kind = None) -> None:
    settings = load()
    url = which
    if which.isdecimal():
        source = _known(asyncio.run(_all(settings)), which)
        url, kind = source.url, kind or source.kind
    show(look(url, kind, settings))


@app.command(help="Bỏ một nguồn tin; tin đã đọc được giữ lại.")
def remove(which: Which, yes: Yes = False) -> None:
    settings = load()
    source = _known(asyncio.run(_all(settings)), which)
    with stopping("Đã dừng. Chưa bỏ nguồn tin nào."):
        if not (yes or confirm(f"Bỏ nguồn tin “{source.name}”?")):
            raise Stopped("Chưa bỏ nguồn tin nào.")
        asyncio.run(_remove(settings, source))
    say(f"Đã bỏ nguồn tin “{source.name}”.")


def show_sources(sources: Sequence[Source]) -> None:
    if not sources:
        say("Chưa có nguồn tin nào. Thêm bằng lệnh: bantin source add ĐỊA-CHỈ")
    for source in sources:
        say(f"{source.id}. {source.name} ({KINDS[source.kind]})")
        for line in (source.url, *health_lines(source).splitlines()):
            say(f"   {line}")


def host_of(url: str) -> str:
    return urlsplit(url).hostname or url


async def add_source(
    settings: Settings, url: str, name: str, kind: SourceKind, topics: Mapping[str, str]
) -> Source:
    """`topics`: category -> slug. Raises Refused."""
    try:
        async with opened(settings) as database, database.transaction() as tx:
            ids = await _topic_ids(tx, topics)
            new = NewSource(name=name, url=url, kind=kind, topics=ids)
            return await tx.sources.add(new, SystemClock().now())
    except AlreadyThere as error:
        raise Refused(_THERE) from error


async def _check(settings: Settings, url: str, topics: Mapping[str, str]) -> None:
    """Before anything is fetched or asked. Raises Refused."""
    async with opened(settings) as database, database.transaction() as tx:
        await _topic_ids(tx, topics)
        if any(source.url == url for source in await tx.sources.all()):
            raise Refused(_THERE)


async def _topic_ids(tx: Transaction, wanted: Mapping[str, str]) -> dict[str, int]:
    known = {topic.slug: topic for topic in await tx.topics.all()}
    for slug in wanted.values():
        if slug not in known:
            raise Refused(f"Không có chuyên mục “{slug}”. Các chuyên mục:\n{_listed(known)}")
    return {category: known[slug].id for category, slug in wanted.items()}


def _listed(topics: Mapping[str, Topic]) -> str:
    return "\n".join(f"  {slug}: {topic.name}" for slug, topic in topics.items())


def _pairs(categories: Sequence[str]) -> dict[str, str]:
    pairs = {}
    for each in categories:
        name, equals, slug = each.rpartition("=")
        if not (name and equals and slug):
            raise Refused(f"--category cần dạng MỤC=MÃ, nhận “{each}”.")
        pairs[name] = slug
    return pairs


async def _all(settings: Settings) -> list[Source]:
    async with opened(settings) as database, database.transaction() as tx:
        return await tx.sources.all()


async def _remove(settings: Settings, source: Source) -> None:
    async with opened(settings) as database, database.transaction() as tx:
        await tx.sources.remove(source.id, SystemClock().now())


def _known(sources: Sequence[Source], which: str) -> Source:
    for source in sources:
        if which in (str(source.id), source.url):
            return source
    what = f"số {which}" if which.isdecimal() else f"“{which}”"
    raise Refused(f"Không có nguồn tin {what}. {_LIST}")
