"""`bantin source add|list|test|remove`"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from bot.app import opened
from bot.cli import source_care
from bot.cli.known_sources import LIST, Which, Yes, all_floods, all_sources, known
from bot.cli.problem import Refused, Stopped
from bot.cli.screen import ask, confirm, say, stopping
from bot.cli.source_trust import Ca, Insecure, Trust, read_rules, read_trust
from bot.cli.visit import Visit, Wish, look_at, show
from bot.commands.health import KIND_WORDS, health_lines
from bot.commands.wording import counted
from bot.settings import Settings, load
from jobs.clock import SystemClock
from jobs.fetching.access import STRICT
from jobs.source_list import access_of
from storage.database import Transaction
from storage.problems import AlreadyThere
from storage.records import Flood, NewSource, Source, SourceKind, Topic

app = typer.Typer(no_args_is_help=True)

Url = Annotated[
    str,
    typer.Argument(
        help="Địa chỉ trang danh sách tin, nguồn RSS hoặc trang chủ.", metavar="ĐỊA-CHỈ"
    ),
]
Kind = Annotated[
    SourceKind | None, typer.Option(help="Loại nguồn tin; để trống thì tự nhận biết.")
]
Rules = Annotated[
    Path | None,
    typer.Option(
        help="Tệp JSON có quy tắc CSS đọc trang: item, link, title, date …", metavar="TỆP"
    ),
]
_THERE = f"Nguồn tin này đã có. {LIST}"


@app.command(help="Tìm và đọc thử một nguồn tin, hỏi lại rồi thêm.")
def add(  # noqa: PLR0913 - an option each
    url: Url,
    *,
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
    rules: Rules = None,
    ca: Ca = None,
    insecure: Insecure = False,
    yes: Yes = False,
) -> None:
    settings = load()
    topics = {"": topic, **_pairs(category or [])}
    trust = read_trust(ca, insecure=insecure)
    wish = _wish(url, kind, rules, trust)
    with stopping("Đã dừng. Chưa thêm nguồn tin nào."):
        asyncio.run(_check(settings, url, topics))
        found = look_at(wish, settings)
        asyncio.run(_check(settings, found.url, topics))
        show(found)
        if not yes:
            name = name or ask("Tên nguồn tin như người nhận sẽ thấy", default=host_of(url))
            if not confirm("Thêm nguồn tin này?"):
                raise Stopped("Chưa thêm nguồn tin nào.")
        new = _new(name or host_of(url), found, trust)
        source = asyncio.run(_add(settings, new, topics))
    say(f"Đã thêm nguồn tin số {source.id}. Những tin đang có được coi là cũ và không gửi đi.")


@app.command("list", help="Các nguồn tin và tình trạng của chúng.")
def list_() -> None:
    show_sources(asyncio.run(all_sources(load())), asyncio.run(all_floods(load())))


@app.command("test", help="Đọc thử một nguồn tin, không lưu gì.")
def try_out(
    which: Which,
    kind: Kind = None,
    rules: Rules = None,
    ca: Ca = None,
    insecure: Insecure = False,
) -> None:
    settings = load()
    trust = read_trust(ca, insecure=insecure)
    if which.isdecimal():
        source = known(asyncio.run(all_sources(settings)), which)
        wish = _stored_wish(source, _wish(source.url, kind, rules, trust))
    else:
        wish = _wish(which, kind, rules, trust)
    show(look_at(wish, settings))


@app.command(help="Bỏ một nguồn tin; tin đã đọc được giữ lại.")
def remove(which: Which, yes: Yes = False) -> None:
    settings = load()
    source = known(asyncio.run(all_sources(settings)), which)
    with stopping("Đã dừng. Chưa bỏ nguồn tin nào."):
        if not (yes or confirm(f"Bỏ nguồn tin “{source.name}”?")):
            raise Stopped("Chưa bỏ nguồn tin nào.")
        asyncio.run(_remove(settings, source))
    say(f"Đã bỏ nguồn tin “{source.name}”.")


app.command(help=source_care.RELEASE_HELP)(source_care.release)
app.command(help=source_care.DROP_HELP)(source_care.drop)
app.command(help=source_care.TRUST_HELP)(source_care.trust)
app.command(help=source_care.PAGE_HELP)(source_care.page)


def show_sources(sources: Sequence[Source], floods: Sequence[Flood] = ()) -> None:
    if not sources:
        say("Chưa có nguồn tin nào. Thêm bằng lệnh: bantin source add ĐỊA-CHỈ")
    held = {flood.source_id: flood.articles for flood in floods}
    for source in sources:
        say(f"{source.id}. {source.name} ({KIND_WORDS[source.kind]})")
        for line in (source.url, *health_lines(source).splitlines()):
            say(f"   {line}")
        if source.id in held:
            say(f"   Đang giữ lại {counted(held[source.id], 'tin')}. Gửi hay bỏ:"
                f" bantin source release|drop {source.id}")  # fmt: skip


def host_of(url: str) -> str:
    return urlsplit(url).hostname or url


async def add_source(
    settings: Settings, found: Visit, name: str, topics: Mapping[str, str]
) -> Source:
    """`topics`: category -> slug. Raises Refused."""
    return await _add(settings, _new(name, found, Trust()), topics)


def _new(name: str, found: Visit, trust: Trust) -> NewSource:
    """Its topics are not known yet."""
    return NewSource(
        name=name,
        url=found.url,
        kind=found.kind,
        topics={},
        config=found.config,
        extra_ca=trust.extra_ca,
        is_insecure=trust.is_insecure,
    )


def _wish(url: str, kind: SourceKind | None, rules: Path | None, trust: Trust) -> Wish:
    """Rules are only for list pages."""
    config = read_rules(rules)
    if config and kind is None:
        kind = SourceKind.HTML_LIST
    return Wish(url=url, kind=kind, config=config, access=trust.access(url))


def _stored_wish(source: Source, wish: Wish) -> Wish:
    """What is stored, but for what is said otherwise now."""
    return Wish(
        url=source.url,
        kind=wish.kind or source.kind,
        config=wish.config or source.config,
        access=wish.access if wish.access.tls != STRICT else access_of(source),
    )


async def _add(settings: Settings, new: NewSource, topics: Mapping[str, str]) -> Source:
    try:
        async with opened(settings) as database, database.transaction() as tx:
            ids = await _topic_ids(tx, topics)
            return await tx.sources.add(replace(new, topics=ids), SystemClock().now())
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


async def _remove(settings: Settings, source: Source) -> None:
    async with opened(settings) as database, database.transaction() as tx:
        await tx.sources.remove(source.id, SystemClock().now())
