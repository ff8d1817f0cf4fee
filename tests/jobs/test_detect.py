"""Which kind of source an address is, and why it is none."""

import pytest

from jobs.detect import Look, choose, look
from jobs.source_errors import AnArticle, Challenge, NeedsJavaScript, NoArticleList, NotAFeed
from jobs.sources.kinds import read_list
from jobs.sources.listing import Listing
from storage.records import SourceKind
from tests.saved_pages import DETAILS, FEEDS, HTML_LISTS, LISTS, NOW, PORTAL, expected, saved


def looked(name: str) -> Look:
    return look(saved(name), expected(name)["url"], now=NOW)


@pytest.mark.parametrize(
    ("name", "engine", "kind", "config"),
    [
        (LISTS[0], "Liferay", SourceKind.LIFERAY, {}),
        (LISTS[1], "Liferay", SourceKind.LIFERAY, {}),
        (HTML_LISTS[0], "NukeViet", SourceKind.HTML_LIST, {"rules": "nukeviet"}),
        (HTML_LISTS[1], "SharePoint (Tân Dân)", SourceKind.HTML_LIST, {"rules": "tandan"}),
        (HTML_LISTS[2], "WordPress", SourceKind.HTML_LIST, {"rules": "wordpress"}),
        (HTML_LISTS[3], "", SourceKind.HTML_LIST, {"rules": "general"}),
        (FEEDS[0], "", SourceKind.FEED, {}),
    ],
)
def test_a_list_is_known_by_its_engine(
    name: str, engine: str, kind: SourceKind, config: dict[str, str]
) -> None:
    found = looked(name)
    assert found.engine == engine
    assert found.here
    assert (found.here.kind, found.here.config) == (kind, config)
    assert found.here.listing
    again = read_list(kind, saved(name), found.here.url, now=NOW, config=found.here.config)
    assert again == found.here.listing


def test_liferay_is_known_by_its_header_too() -> None:
    found = look(b"<p>x</p>", PORTAL, now=NOW, headers={"Liferay-Portal": "Liferay 7.2"})
    assert found.engine == "Liferay"


@pytest.mark.parametrize(
    ("name", "offered"),
    [
        (LISTS[0], [(SourceKind.FEED, expected(LISTS[0])["feed"])]),
        (
            HTML_LISTS[0],
            [
                (SourceKind.FEED, "https://vamrach.cuugiang.example/vi/news/rss/"),
                (
                    SourceKind.FEED,
                    "https://vamrach.cuugiang.example/vi/news/rss/tin-tuc-su-kien/",
                ),
            ],
        ),
        (
            HTML_LISTS[2],
            [
                (SourceKind.FEED, expected(HTML_LISTS[2])["feed"]),
                (
                    SourceKind.WORDPRESS,
                    (
                        "https://thitranvamrach.cuugiang.example/wp-json/wp/v2/posts"
                        "?per_page=20&_embed=1"
                    ),
                ),
                (SourceKind.FEED, "https://thitranvamrach.cuugiang.example/feed/"),
            ],
        ),
    ],
)
def test_what_may_be_better_is_named_to_be_fetched(
    name: str, offered: list[tuple[SourceKind, str]]
) -> None:
    found = looked(name)
    assert [(each.kind, each.url) for each in found.to_fetch] == offered
    assert all(each.listing is None for each in found.to_fetch)


def test_a_feed_of_comments_is_not_offered() -> None:
    assert not [each for each in looked(DETAILS[5]).to_fetch if "comments" in each.url]


def test_a_page_of_links_to_feeds_offers_them() -> None:
    links = '<a href="/rss/tin.rss">Tin tức</a> <a href="https://khac.example/rss">RSS</a>'
    found = look(f"{links}<a href='/x'>RSS</a>".encode(), PORTAL, now=NOW)
    assert [each.url for each in found.to_fetch] == [
        "https://vamrach.cuugiang.example/rss/tin.rss",
        "https://vamrach.cuugiang.example/x",
    ]


def of_feed() -> Listing:
    return read_list(SourceKind.FEED, saved(FEEDS[0]), PORTAL, now=NOW)


def test_a_feed_that_has_what_the_page_shows_goes_first() -> None:
    found = looked(HTML_LISTS[0])
    feed = found.to_fetch[0].url
    chosen = choose(found, {feed: of_feed()})
    assert [each.kind for each in chosen] == [SourceKind.FEED, SourceKind.HTML_LIST]
    assert chosen[0].listing == of_feed()


def test_a_feed_of_other_articles_comes_after_the_page() -> None:
    found = looked(HTML_LISTS[2])
    chosen = choose(found, {found.to_fetch[0].url: of_feed()})
    assert [each.kind for each in chosen] == [SourceKind.HTML_LIST, SourceKind.FEED]


def test_a_feed_that_is_none_is_not_chosen() -> None:
    found = looked(HTML_LISTS[0])
    fetched = {each.url: NotAFeed() for each in found.to_fetch}
    assert [each.kind for each in choose(found, fetched)] == [SourceKind.HTML_LIST]


def test_an_article_offers_its_portals_feed_and_says_what_it_is() -> None:
    found = looked(DETAILS[1])
    assert found.here is None
    assert isinstance(found.problem, AnArticle)
    (chosen,) = choose(found, {found.to_fetch[0].url: of_feed()})
    assert chosen.kind is SourceKind.FEED


WALLS = {
    "the D1N wall": '<html><body><script>document.cookie="D1N=abc"+"; path=/";'
    "window.location.reload(true);</script></body></html>",
    "testcookie": "<html><script>function toNumbers(d){} document.cookie='__test='+"
    "toHex(slowAES.decrypt(c,2,a,b));location.href='/?i=1';</script><noscript>JS</noscript></html>",
    "Cloudflare": "<title>Just a moment...</title><p>Đang kiểm tra trình duyệt của bạn</p>",
    "a captcha": "<form><p>Vui lòng nhập mã xác nhận để tiếp tục.</p><input name=captcha></form>",
}
SHELLS = {
    "React": "<html><body><noscript>You need to enable JavaScript to run this app.</noscript>"
    '<div id="root"></div><script src="/a.js"></script></body></html>',
    "Angular": '<body><app-root></app-root><script src="main.js"></script></body>',
    "Oracle WebCenter": "<script>document.location='?_afrLoop=1&_afrWindowMode=0'</script>",
    "Vietnamese words": "<noscript>Trang cần JavaScript</noscript><script></script><p>Đang tải…",
}


@pytest.mark.parametrize("page", WALLS.values(), ids=WALLS)
def test_a_wall_is_called_a_wall(page: str) -> None:
    found = look(page.encode(), PORTAL, now=NOW)
    assert isinstance(found.problem, Challenge)
    assert found.here is None


@pytest.mark.parametrize("page", SHELLS.values(), ids=SHELLS)
def test_a_page_that_scripts_must_fill_is_told(page: str) -> None:
    found = look(page.encode(), PORTAL, now=NOW)
    assert isinstance(found.problem, NeedsJavaScript)
    assert "RSS" in found.problem.advice


@pytest.mark.parametrize("kind", [SourceKind.FEED, SourceKind.LIFERAY, SourceKind.HTML_LIST])
def test_a_source_that_meets_a_wall_says_so_whatever_its_kind(kind: SourceKind) -> None:
    with pytest.raises(Challenge):
        read_list(kind, WALLS["the D1N wall"].encode(), PORTAL, now=NOW)


@pytest.mark.parametrize(
    "page",
    [
        "<p>Trang giới thiệu của xã, không có tin.</p><a href='/'>Trang chủ</a>",
        "<html><body></body></html>",
    ],
)
def test_a_page_with_nothing_to_read_says_what_to_try(page: str) -> None:
    found = look(page.encode(), PORTAL, now=NOW)
    assert found.here is None
    assert "không" in found.problem.reason
    assert found.problem.advice
    assert choose(found, {}) == ()


def test_a_page_in_pieces_is_no_crash() -> None:
    for name in (*LISTS, *HTML_LISTS, *FEEDS, *DETAILS):
        page = saved(name)
        for cut in range(0, len(page), max(1, len(page) // 7)):
            found = look(page[:cut], PORTAL, now=NOW)
            assert found.here or found.problem.reason
    assert NoArticleList.advice
