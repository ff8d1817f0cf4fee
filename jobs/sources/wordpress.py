"""WordPress's open list of articles, /wp-json/wp/v2/posts → articles. Pure.

developer.wordpress.org/rest-api/reference/posts
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from jobs.article_lines import uncut
from jobs.identity import canonical_url
from jobs.markup.decoding import decode
from jobs.markup.tree import cut
from jobs.source_errors import NoArticleList, NoArticles, NotOpen
from jobs.sources.fragments import first_image, paragraphs_of, plain_or_nothing
from jobs.sources.json_feed import is_json, read_json
from jobs.sources.listing import NO_CONFIG, Config, Listing
from jobs.vietnamese_date import parse_date
from storage.records import NewArticle, Precision

LONGEST_TITLE = 300  # characters
PLACE = "wp/v2/posts?per_page=20&_embed=1"  # after the address of the REST interface
_USUAL_PAGE = 10  # articles, where the address does not say
_Entry = Mapping[str, object]


def parse(
    page: bytes,
    page_url: str,
    *,
    now: datetime,
    content_type: str = "",
    config: Config = NO_CONFIG,  # noqa: ARG001 - the address says it all
) -> Listing:
    """Raises SourceError."""
    text = decode(page, content_type)
    if not is_json(text):
        raise NoArticleList("Địa chỉ này không trả về danh sách bài viết của WordPress.")
    posts = read_json(text)
    if isinstance(posts, dict) and "code" in posts:
        raise NotOpen
    if not isinstance(posts, list):
        raise NoArticleList("Địa chỉ này không trả về danh sách bài viết của WordPress.")
    if not posts:
        raise NoArticles
    entries = [post for post in posts if isinstance(post, dict)]
    read = (_article(post, page_url, now) for post in entries)
    articles = tuple(article for article in read if article.title and article.url)
    if not articles:
        raise NoArticleList
    return Listing(articles=articles, next_page=_next_page(page_url, len(posts)))


def posts_address(api: str) -> str:
    """The list's address, from the one a page names: /wp-json/ or /?rest_route=/."""
    if "rest_route=" in api:
        return f"{api.rstrip('/')}/{PLACE.replace('?', '&')}"
    return f"{api.rstrip('/')}/{PLACE}"


def _next_page(page_url: str, count: int) -> str:
    parts = urlsplit(page_url)
    query = dict(parse_qsl(parts.query))
    size = query.get("per_page", "")
    if count < (int(size) if size.isdecimal() else _USUAL_PAGE):
        return ""
    current = query.get("page", "1")
    query["page"] = str(int(current) + 1 if current.isdecimal() else 2)
    return urlunsplit(parts._replace(query=urlencode(query)))


def _article(post: _Entry, page_url: str, now: datetime) -> NewArticle:
    title = cut(plain_or_nothing(_rendered(post, "title")), LONGEST_TITLE)
    link = _string(post.get("link"))
    text = paragraphs_of(_rendered(post, "content"), title)
    excerpt = " ".join(paragraphs_of(_rendered(post, "excerpt"), title))
    # "date" is the site's own clock, "date_gmt" the same in GMT without saying so
    gmt, local = _string(post.get("date_gmt")), _string(post.get("date"))
    date = parse_date(f"{gmt}Z", now=now) if gmt else parse_date(local, now=now)
    return NewArticle(
        title=title,
        url=canonical_url(link, page_url) if link else "",
        published_at=date.at if date else None,
        precision=date.precision if date else Precision.NONE,
        lead=uncut(excerpt) or next(iter(text), ""),
        text=text,
        guid=_rendered(post, "guid"),
        image_url=next(filter(None, _images(post, page_url)), ""),
        categories=tuple(dict.fromkeys(_categories(post))),
    )


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""


def _rendered(post: _Entry, name: str) -> str:
    value = post.get(name)
    return _string(value.get("rendered")) if isinstance(value, dict) else _string(value)


def _embedded(post: _Entry, name: str) -> list[object]:
    within = post.get("_embedded")
    found = within.get(name) if isinstance(within, dict) else None
    return found if isinstance(found, list) else []


def _images(post: _Entry, page_url: str) -> Iterator[str]:
    for media in _embedded(post, "wp:featuredmedia"):
        if isinstance(media, dict) and (address := _string(media.get("source_url"))):
            yield canonical_url(address, page_url)
    jetpack = _string(post.get("jetpack_featured_media_url"))
    for address in (jetpack, first_image(_rendered(post, "content"))):
        yield canonical_url(address, page_url) if address else ""


def _categories(post: _Entry) -> Iterator[str]:
    for terms in _embedded(post, "wp:term"):
        for term in terms if isinstance(terms, list) else ():
            if isinstance(term, dict) and term.get("taxonomy") == "category":
                yield plain_or_nothing(_string(term.get("name")))
