"""What `bantin extract` prints of a page, whatever the page is."""

import json
from typing import Any

import pytest

from jobs.extract import find, shown_date, what_is
from jobs.source_errors import SourceError
from jobs.vietnamese_date import parse_date
from storage.records import Health, SourceKind
from tests.saved_pages import LISTS, NOW, PORTAL, SAVED, expected, saved, spaced

KEYS = {
    "list": {"kind", "url", "items", "feed"},
    "feed": {"kind", "url", "items"},
    "article": set("kind url canonical title date sapo paragraphs credit".split()),  # noqa: SIM905
}
TEXTS = ("kind", "url", "feed", "canonical", "title", "sapo", "credit")


def agree(told: str | None, printed: str | None) -> bool:
    """As expected.json says: by prefix; what is not told is not compared."""
    return told is None or (printed is not None and told.startswith(printed))


@pytest.mark.parametrize("name", SAVED)
def test_a_saved_page_prints_what_is_expected(name: str) -> None:
    told = expected(name)
    printed: dict[str, Any] = what_is(saved(name), told["url"], now=NOW)
    assert set(printed) <= KEYS[told["kind"]]
    assert json.dumps(printed)
    for key in TEXTS:
        assert spaced(printed.get(key, "")) == told.get(key, spaced(printed.get(key, "")))
    assert agree(told.get("date"), printed.get("date"))
    assert [*map(spaced, printed.get("paragraphs", []))] == [
        *map(spaced, told.get("paragraphs", []))
    ]
    for item, known in zip(printed.get("items", []), told.get("items", []), strict=True):
        assert set(item) == {"title", "url", "guid", "entry_id", "date"}
        assert agree(known.get("date"), item["date"])
        assert {**known, "date": ""}.items() <= {**item, "date": ""}.items()


def test_a_list_is_a_list_by_its_markup_not_by_its_address() -> None:
    address = expected("02_liferay72_detail_null.html")["url"]
    assert what_is(saved(LISTS[0]), address, now=NOW)["kind"] == "list"


def test_a_saved_file_without_an_address_starts_from_the_pages_own() -> None:
    printed: dict[str, Any] = what_is(saved(LISTS[0]), "", now=NOW)
    assert [item["url"] for item in printed["items"]] == [
        item["url"] for item in expected(LISTS[0])["items"]
    ]


THEME = "<main><ul>{}</ul></main>".format(
    "".join(f'<li><a href="/-/bai-{n}">Huyện họp bàn việc thứ {n}</a></li>' for n in "123")
)  # fmt: skip


def test_a_list_in_a_theme_of_its_own_is_a_list() -> None:
    assert what_is(THEME.encode(), PORTAL, now=NOW)["kind"] == "list"


def test_an_article_in_a_theme_of_its_own_is_an_article() -> None:
    text = "<p>Sáng nay, huyện họp bàn về việc giữ diện tích lúa chất lượng cao.</p>" * 4
    page = (
        f"<title>Huyện họp bàn vụ Hè Thu</title><main><h1>Huyện họp bàn</h1>{text}{THEME}</main>"
    )
    assert what_is(page.encode(), PORTAL, now=NOW)["kind"] == "article"


LINES = (
    "Sáng nay, xã Láng Cò ra quân nạo vét 2,4 km kênh nội đồng phục vụ vụ Hè Thu.",
    "Hơn 120 đoàn viên, thanh niên và người dân của 4 ấp cùng tham gia buổi ra quân.",
)
RELATED = "".join(
    f'<li class="list-group-item"><p class="list-group-title"><a href="/w/tin-{n}">Huyện họp'
    f" bàn về việc quan trọng thứ {n} trong năm</a></p></li>"
    for n in range(9)
)
DISPLAY_PAGE = f"""<html><head><title>Xã Láng Cò nạo vét kênh - Huyện</title>
<link rel="canonical" href="{PORTAL}/w/xa-lang-co-nao-vet"></head><body><main id="content">
<div><h1 class="component-heading">Xã Láng Cò nạo vét kênh nội đồng</h1>
<div class="component-html"><p>{LINES[0]}</p><p>{LINES[1]}</p></div></div>
<div class="portlet-boundary portlet-asset-publisher" id="p_p_id_x_INSTANCE_q_">
<ul class="list-group">{RELATED}</ul></div></main></body></html>"""


def test_a_display_page_of_liferay_beside_a_publisher_is_an_article() -> None:
    printed = what_is(DISPLAY_PAGE.encode(), f"{PORTAL}/w/xa-lang-co-nao-vet", now=NOW)
    assert (printed["kind"], printed.get("paragraphs")) == ("article", list(LINES))


IN_FULL = "".join(
    f"""<div class="asset-full-content"><h3 class="asset-title"><a href="/-/tin-{n}">Huyện họp bàn
    về việc thứ {n}</a></h3><div class="asset-content"><div class="journal-content-article">
    <p>{LINES[0]}</p><p>{LINES[1]}</p></div></div></div>"""
    for n in range(3)
)
CARDS = "".join(
    f"""<div class="post-item"><div class="box box-blog-post"><h5 class="post-title">
    <a href="/tin-{n}/">Huyện họp bàn về việc thứ {n}</a></h5>
    <p class="from_the_blog_excerpt">{LINES[n % 2][:60]} [...]</p>
    <div class="badge post-date"><span>1{n}</span><br><span>Th5</span></div></div></div>"""
    for n in range(4)
)
TABLE = "".join(
    f'<tr><td><a href="/tin-{n}.aspx">Huyện họp bàn về việc thứ {n}</a> (0{n}/05/2026)</td></tr>'
    for n in range(1, 4)
)
MARKED = "".join(
    f"""<div itemscope itemtype="https://schema.org/NewsArticle"><h3><a href="/tin-{n}">Huyện
    họp bàn về việc thứ {n}</a></h3><p>{LINES[n % 2]}</p></div>"""
    for n in range(3)
)
BLOG = "".join(
    f'<article><h2><a href="/{n}/">Huyện họp bàn về việc thứ {n}</a></h2><p>{LINES[0] * 9}</p>'
    "</article>"
    for n in range(3)
)
LISTS_LIKE_ARTICLES = {
    "Liferay, each in full": f'<div class="portlet-asset-publisher">{IN_FULL}</div>',
    "Flatsome": f'<link rel="https://api.w.org/" href="/wp-json/"><main>{CARDS}</main>',
    "a table": f"<title>Tin tức</title><table>{TABLE}</table>",
    "each a NewsArticle": f"<title>Tin tức</title><main>{MARKED}</main>",
    "a blog in full": f'<body class="blog">{BLOG}</body>',
}


@pytest.mark.parametrize("page", LISTS_LIKE_ARTICLES.values(), ids=LISTS_LIKE_ARTICLES)
def test_a_list_whose_leads_make_a_text_is_a_list(page: str) -> None:
    if not page.startswith("<body"):
        page = f"<body>{page}"
    printed: dict[str, Any] = what_is(page.encode(), f"{PORTAL}/tin-tuc", now=NOW)
    assert printed["kind"] == "list"
    assert all(item["title"].startswith("Huyện họp bàn") for item in printed["items"])


OTHERS = "".join(f'<p><a href="/tin/{n}">Huyện họp bàn về việc thứ {n}</a></p>' for n in range(30))


@pytest.mark.parametrize(
    "evidence",
    [
        '<meta property="article:published_time" content="2026-05-11T08:00:00+07:00">',
        '<script type="application/ld+json">{"@type":"NewsArticle"}</script>',
    ],
)
def test_a_short_article_beside_many_titles_is_an_article_where_the_page_says_so(
    evidence: str,
) -> None:
    text = "<p>Sáng nay, huyện họp bàn về việc giữ diện tích lúa chất lượng cao.</p>" * 2
    page = f"<title>Huyện họp bàn</title>{evidence}<body><h1>Huyện họp bàn</h1>{text}{OTHERS}"
    assert what_is(page.encode(), PORTAL, now=NOW)["kind"] == "article"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("07_nukeviet_list.html", SourceKind.HTML_LIST),
        ("01_liferay7_list.html", SourceKind.LIFERAY),
        ("05_rss20_nukeviet.xml", SourceKind.FEED),
        ("08_nukeviet_detail.html", None),
    ],
)
def test_what_is_found_names_the_kind_of_source_that_reads_it(
    name: str, kind: SourceKind | None
) -> None:
    assert find(saved(name), expected(name)["url"], now=NOW).kind is kind


def test_a_sitemap_and_an_open_list_of_wordpress_are_named_too() -> None:
    sitemap = b"<urlset><url><loc>https://a.example/mot-hai-ba-bon</loc></url></urlset>"
    posts = b'[{"title":{"rendered":"Tin"},"link":"https://a.example/1"}]'
    assert find(sitemap, PORTAL, now=NOW).kind is SourceKind.SITEMAP
    assert find(posts, PORTAL, now=NOW).kind is SourceKind.WORDPRESS


@pytest.mark.parametrize(
    ("name", "health"),
    [
        ("h01_billion_laughs.xml", Health.UNSAFE),
        ("h02_quadratic_blowup.xml", Health.UNSAFE),
        ("h03_xxe.xml", Health.UNSAFE),
        ("h06_html_instead_of_feed_200.html", Health.LAYOUT_CHANGED),
        ("h07_empty_200.xml", Health.EMPTY),
        ("h09_truncated_feed.xml", Health.BROKEN),
    ],
)
def test_a_hostile_page_prints_a_reason(name: str, health: Health) -> None:
    with pytest.raises(SourceError) as caught:
        what_is(saved(f"hostile/{name}"), PORTAL, now=NOW)
    assert caught.value.health is health


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("12/05/2026", "2026-05-12"),
        ("14 giờ ngày 12/05/2026", "2026-05-12T14"),
        ("12/05/2026 14:05", "2026-05-12T14:05:00+07:00"),
        ("2026-05-12T07:05:09Z", "2026-05-12T14:05:09+07:00"),
    ],
)
def test_a_date_is_shown_as_far_as_it_is_known(raw: str, shown: str) -> None:
    date = parse_date(raw, now=NOW)
    assert date
    assert shown_date(date.at, date.precision) == shown
