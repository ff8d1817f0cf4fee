"""Lists of Liferay's Asset Publisher: saved ones, and the shapes of its other versions."""

from contextlib import suppress
from urllib.parse import urljoin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.markup.tree import read_html
from jobs.source_errors import SourceError
from jobs.sources.liferay import parse, portlets_in
from jobs.vietnamese_date import VIETNAM
from storage.records import Health, NewArticle, Precision
from tests.saved_pages import LISTS, NOW, PORTAL, SAVED, decomposed, expected, saved

PLACE = "/tin-tuc/-/asset_publisher/Xy12/content/"
SIDEBAR = f'<div class="portlet-boundary"><ul><li><a href="{PLACE}tin-cu">Tin cũ</a></ul></div>'


def read(page: bytes | str) -> list[NewArticle]:
    sent = page if isinstance(page, bytes) else page.encode()
    return list(parse(sent, PORTAL, now=NOW).articles)


def a_publisher(*items: str) -> str:
    box = '<div class="portlet-boundary portlet-asset-publisher"><h2>Xuất bản thông tin</h2>'
    return f"<html><body>{box}{''.join(items)}</div>{SIDEBAR}</body></html>"


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("form", ["as saved", "decomposed"])
def test_a_saved_list_gives_what_is_expected(name: str, form: str) -> None:
    told = expected(name)
    page = saved(name) if form == "as saved" else decomposed(saved(name))
    articles = parse(page, told["url"], now=NOW).articles
    assert [article.title for article in articles] == [item["title"] for item in told["items"]]
    for article, item in zip(articles, told["items"], strict=True):
        assert article.published_at
        assert article.published_at.astimezone(VIETNAM).strftime("%Y-%m-%d") == item["date"]
        assert article.precision is Precision.DAY
        assert article.url == item["url"]
        assert article.entry_id == item.get("entry_id", "")


def test_a_lead_cut_off_is_no_lead() -> None:
    leads = [article.lead for article in read(saved(LISTS[0]))]
    assert leads[:2] == ["", ""]
    assert leads[2].endswith("xã Tân Mỹ Đông vào chiều 8/5.")
    assert "Đọc tiếp" not in "".join(leads)


def test_the_portals_categories_and_pictures_are_kept() -> None:
    articles = read(saved(LISTS[0]))
    assert [article.categories for article in articles[:3]] == [
        ("Tin tức",),
        ("Tin tức",),
        ("Đoàn thể",),
    ]
    assert articles[0].image_url.startswith("https://vamrach.cuugiang.example/documents/20182/0/")


LIST_70 = """<div class="asset-abstract"><h4 class="asset-title">Trồng cây ven kênh</h4>
<div class="asset-content"><div class="asset-summary">Hơn 300 người trồng cây.
<a href="{url}?redirect=x">Đọc tiếp<span class="hide-accessible">về Trồng cây</span> »</a></div>
</div>
<span class="asset-anchor lfr-asset-anchor" id="118240"></span>
<span class="date-info">Đã tạo 01/05/2026 - Đã xuất bản 08/05/2026</span></div>"""
TITLES_62 = """<ul class="title-list"><li class="title-list content"><a href="{url}">
<img class="icon" src="/html/themes/classic/images/common/history.png"><span class="taglib-text">
Trồng cây ven kênh</span></a><div class="asset-metadata"><span class="metadata-entry
metadata-author">Lê Hà</span><span class="metadata-entry metadata-publish-date">08/05/2026</span>
</div></li></ul>"""
TITLES_74 = """<ul class="list-group"><li class="list-group-header"><h3>Tin</h3></li>
<li class="list-group-item list-group-item-flex"><div><h4 class="list-group-title text-truncate">
<span class="asset-anchor lfr-asset-anchor" id="118240"></span>
<a href="{url}">Trồng cây ven kênh</a></h4>
<p class="list-group-subtitle">08/05/2026</p></div></li></ul>"""
TABLE = """<table class="table"><thead><tr><th>Tiêu đề</th><th>Ngày</th></tr></thead>
<tr><td class="table-cell"><a href="{url}">Trồng cây ven kênh</a></td>
<td class="table-cell">08/05/2026</td></tr></table>"""
THEME = """<div class="khung"><div class="the"><a href="{url}?redirect=x"><img src="/o/a.png"></a>
<a href="{url}">Trồng cây ven kênh</a><em>(08/05/2026)</em><p>Hơn 300 người trồng cây.</p>
<a href="{url}">Xem chi tiết »</a></div><div><a href="/-/khac">Tin khác</a></div></div>"""
CARD = """<ul><li><a href="{url}"><h3>Trồng cây ven kênh</h3><span>08/05/2026</span>
<p>Hơn 300 người trồng cây.</p></a></li><li><a href="/w/khac"><h3>Tin khác</h3></a></li></ul>"""


@pytest.mark.parametrize(
    ("markup", "place"),
    [
        pytest.param(LIST_70, f"{PLACE}trong-cay", id="7.0 title without a link"),
        pytest.param(LIST_70, f"{PLACE}id/118240", id="7.0 address with the id"),
        pytest.param(TITLES_62, f"{PLACE}trong-cay", id="6.2 titles"),
        pytest.param(TITLES_74, f"{PLACE}trong-cay", id="7.4 titles"),
        pytest.param(TITLES_74, "/w/trong-cay", id="7.4 display page"),
        pytest.param(TABLE, f"{PLACE}trong-cay", id="table"),
        pytest.param(THEME, "/-/trong-cay", id="a theme's own list"),
        pytest.param(CARD, "/w/trong-cay", id="a theme's own cards"),
        pytest.param(CARD, "/tin?p_p_id=x&_x_assetEntryId=118240", id="an address of parameters"),
    ],
)
def test_every_display_style_is_read(markup: str, place: str) -> None:
    article = read(a_publisher(markup.format(url=place.replace("&", "&amp;"))))[0]
    assert article.title == "Trồng cây ven kênh"
    assert article.url == urljoin(PORTAL, place)
    assert article.published_at
    assert article.published_at.astimezone(VIETNAM).day == 8
    assert article.lead in ("", "Hơn 300 người trồng cây.")


def test_the_sidebar_adds_nothing() -> None:
    markup = a_publisher(TITLES_62.format(url=f"{PLACE}moi"))
    assert [article.title for article in read(markup)] == ["Trồng cây ven kênh"]


def a_portlet(name: str, *items: str, title: str = "Tin tức") -> str:
    return f"""<div class="portlet-boundary portlet-asset-publisher"
    id="p_p_id_com_liferay_asset_publisher_INSTANCE_{name}_"><h2 class="portlet-title-text">{title}
    </h2>{"".join(items)}</div>"""


def abstract(number: int) -> str:
    return LIST_70.format(url=f"/-/bai-{number}").replace("Trồng cây", f"Bài {number}")


def titled(number: int) -> str:
    return TITLES_62.format(url=f"/-/bai-{number}").replace("Trồng cây", f"Bài {number}")


FRONT = (
    '<div class="col-md-8">'
    + a_portlet("Aa1", abstract(1).replace("118240", "1"), abstract(2).replace("118240", "2"))
    + a_portlet("Bb2", titled(3), titled(1), title="Thông báo")
    + '</div><div class="col-md-4">'
    + a_portlet("Cc3", titled(4), title="Văn bản")
    + "</div>"
)


def test_a_front_page_gives_the_articles_of_all_its_portlets_but_narrow_ones() -> None:
    articles = read(f"<body>{FRONT}</body>")
    assert [article.title for article in articles] == [f"Bài {n} ven kênh" for n in (1, 2, 3)]


def test_one_portlet_of_a_page_can_be_chosen_by_its_id() -> None:
    listing = parse(FRONT.encode(), PORTAL, now=NOW, config={"portlet": "Cc3"})
    assert [article.title for article in listing.articles] == ["Bài 4 ven kênh"]
    assert portlets_in(read_html(FRONT)) == {
        "Aa1": "Tin tức",
        "Bb2": "Thông báo",
        "Cc3": "Văn bản",
    }


def test_a_chosen_portlet_that_has_gone_is_a_change_of_layout() -> None:
    with pytest.raises(SourceError) as caught:
        parse(FRONT.encode(), PORTAL, now=NOW, config={"portlet": "Zz9"})
    assert caught.value.health is Health.LAYOUT_CHANGED


@pytest.mark.parametrize(
    ("pager", "following"),
    [
        (('<ul class="pagination"><li class="active page-item"><a href="?cur=1">1</a></li>'
         '<li class="page-item"><a href="?_x_cur=2&amp;p_p_id=x">2</a></li></ul>'),
         f"{PORTAL}?_x_cur=2&p_p_id=x"),
        (('<div class="lfr-pagination"><ul><li class="disabled"><a href="javascript:">'
         'Trước</a></li><li><a href="?cur=2">Tiếp theo</a></li></ul></div>'), f"{PORTAL}?cur=2"),
        (('<ul class="pagination"><li><a href="?cur=1">1</a></li><li class="active"><a href="?a">'
         '2</a></li><li><a href="?cur=3">3</a></li></ul>'), f"{PORTAL}?cur=3"),
        ('<ul class="pagination"><li><a href="javascript:;">2</a></li></ul>', ""),
        ('<ul class="pagination"><li><a href="https://khac.example/">Tiếp theo</a></li></ul>', ""),
        ("", ""),
    ],
)  # fmt: skip
def test_the_next_page_is_where_the_pager_says(pager: str, following: str) -> None:
    page = a_publisher(abstract(1), f'<div class="taglib-page-iterator">{pager}</div>')
    assert parse(page.encode(), PORTAL, now=NOW).next_page == following


def test_an_article_in_two_portlets_is_one() -> None:
    one, other = (LIST_70.format(url=f"/-/asset_publisher/{x}/content/trong-cay") for x in "AB")
    assert len(read(a_publisher(one, other))) == 1


def test_a_base_on_another_host_is_not_followed() -> None:
    page = (
        f'<base href="http://169.254.169.254/">{a_publisher(LIST_70.format(url="/w/trong-cay"))}'
    )
    assert read(page)[0].url == urljoin(PORTAL, "/w/trong-cay")


@pytest.mark.parametrize(
    ("page", "health"),
    [
        pytest.param("", Health.EMPTY, id="nothing"),
        pytest.param("<html></html>", Health.LAYOUT_CHANGED, id="an empty page"),
        pytest.param("<!-- -->", Health.BROKEN, id="a comment"),
        pytest.param(a_publisher("<div class='alert'>Trống.</div>").replace(SIDEBAR, ""),
                     Health.EMPTY, id="a publisher that says so"),
        pytest.param("<p " + " ".join(f"a{n}" for n in range(50_000)) + ">", Health.UNSAFE,
                     id="50,000 attributes"),
        pytest.param("<p>" * 60_000, Health.TOO_LARGE, id="60,000 tags"),
        pytest.param("<div>" * 20_000, Health.LAYOUT_CHANGED, id="20,000 nested"),
        pytest.param("\0" * 100, Health.EMPTY, id="zero bytes"),
    ],
)  # fmt: skip
def test_a_page_without_a_list_says_what_is_wrong(page: str, health: Health) -> None:
    with pytest.raises(SourceError) as caught:
        read(page)
    assert caught.value.health is health
    assert caught.value.reason


HOSTILE = [
    ("h01_billion_laughs.xml", Health.LAYOUT_CHANGED),
    ("h02_quadratic_blowup.xml", Health.LAYOUT_CHANGED),
    ("h03_xxe.xml", Health.LAYOUT_CHANGED),
    ("h04_telegram_breaking_feed.xml", Health.LAYOUT_CHANGED),
    ("h05_xss_article.html", Health.LAYOUT_CHANGED),
    ("h06_html_instead_of_feed_200.html", Health.LAYOUT_CHANGED),
    ("h07_empty_200.xml", Health.EMPTY),
    ("h09_truncated_feed.xml", Health.LAYOUT_CHANGED),
]


@pytest.mark.parametrize(("name", "health"), HOSTILE)
def test_hostile_pages_hold_no_list(name: str, health: Health) -> None:
    with pytest.raises(SourceError) as caught:
        read(saved(f"hostile/{name}"))
    assert caught.value.health is health


@settings(max_examples=120)
@given(st.sampled_from(SAVED), st.integers(0, 20_000), st.integers(0, 300), st.binary(max_size=20))
def test_a_damaged_page_gives_articles_or_a_reason(
    name: str, start: int, length: int, put: bytes
) -> None:
    page = saved(name)
    for damaged in (page[:start], page[:start] + put + page[start + length :]):
        with suppress(SourceError):
            assert all(article.title and article.url for article in read(damaged))


@settings(max_examples=120)
@given(st.binary(max_size=300))
def test_any_bytes_give_articles_or_a_reason(junk: bytes) -> None:
    for page in (junk, b"<div class='asset-abstract'><a class='asset-title' href='/-/x'>" + junk):
        with suppress(SourceError):
            read(page)
