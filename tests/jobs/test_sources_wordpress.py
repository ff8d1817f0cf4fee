"""WordPress's open list of articles."""

import json

import pytest

from jobs.source_errors import SourceError
from jobs.sources.listing import Listing
from jobs.sources.wordpress import parse, posts_address
from jobs.vietnamese_date import VIETNAM
from storage.records import Health, NewArticle, Precision
from tests.saved_pages import NOW

API = "https://thitran.cuugiang.example/wp-json/wp/v2/posts?per_page=2&_embed=1"


def a_post(number: int = 1, **others: object) -> dict[str, object]:
    return {
        "id": number,
        "date": "2026-05-06T09:10:00",
        "date_gmt": "2026-05-06T02:10:00",
        "guid": {"rendered": f"https://thitran.cuugiang.example/?p={number}"},
        "link": f"https://thitran.cuugiang.example/bai-{number}/",
        "title": {"rendered": "Chợ mới &#8211; &#8220;điểm hẹn&#8221;"},
        "excerpt": {"rendered": "<p>Chợ mới rộng 1,8 ha. [&hellip;]</p>\n"},
        "content": {"rendered": "<p>Chợ mới rộng 1,8 ha.</p><p>Có 264 ki-ốt.</p>"},
        "_embedded": {
            "wp:featuredmedia": [{"source_url": "/wp-content/uploads/cho.jpg"}],
            "wp:term": [
                [{"name": "Kinh t&#7871;", "taxonomy": "category"}],
                [{"name": "chợ", "taxonomy": "post_tag"}],
            ],
        },
        **others,
    }


def read(*posts: object, url: str = API) -> Listing:
    return parse(json.dumps(posts).encode(), url, now=NOW)


def one(**others: object) -> NewArticle:
    return read({**a_post(), **others}).articles[0]


def test_all_that_a_post_says_is_read() -> None:
    article = one()
    assert article.title == "Chợ mới – “điểm hẹn”"
    assert article.url == "https://thitran.cuugiang.example/bai-1/"
    assert article.text == ("Chợ mới rộng 1,8 ha.", "Có 264 ki-ốt.")
    assert article.guid == "https://thitran.cuugiang.example/?p=1"
    assert article.image_url == "https://thitran.cuugiang.example/wp-content/uploads/cho.jpg"
    assert article.categories == ("Kinh tế",)
    assert article.published_at
    assert article.published_at.astimezone(VIETNAM).isoformat() == "2026-05-06T09:10:00+07:00"
    assert article.precision is Precision.SECOND


def test_an_excerpt_that_is_cut_off_gives_way_to_the_text() -> None:
    assert one().lead == "Chợ mới rộng 1,8 ha."


def test_without_a_featured_picture_the_texts_first_one_counts() -> None:
    figure = '<figure><img src="/u/cho.jpg"><figcaption>Ảnh: Lê Hà</figcaption></figure>'
    article = one(_embedded={}, content={"rendered": f"<p>Chợ mới rộng 1,8 ha.</p>{figure}"})
    assert article.image_url == "https://thitran.cuugiang.example/u/cho.jpg"
    assert article.text == ("Chợ mới rộng 1,8 ha.",)


def test_without_gmt_the_sites_own_clock_counts() -> None:
    article = one(date_gmt=None)
    assert article.published_at
    assert article.published_at.astimezone(VIETNAM).hour == 9


def test_a_full_page_has_another_after_it_and_the_last_has_none() -> None:
    following = read(a_post(1), a_post(2)).next_page
    assert following.endswith("per_page=2&_embed=1&page=2")
    assert read(a_post(3), a_post(4), url=following).next_page.endswith("page=3")
    assert read(a_post(5), url=following).next_page == ""


@pytest.mark.parametrize(
    ("api", "posts"),
    [
        ("https://a.example/wp-json/", "https://a.example/wp-json/wp/v2/posts?per_page=20&_embed=1"),
        ("https://a.example/?rest_route=/",
         "https://a.example/?rest_route=/wp/v2/posts&per_page=20&_embed=1"),
    ],
)  # fmt: skip
def test_the_list_is_found_from_the_address_a_page_names(api: str, posts: str) -> None:
    assert posts_address(api) == posts


@pytest.mark.parametrize(
    ("page", "health"),
    [
        (b"[]", Health.EMPTY),
        (b"", Health.EMPTY),
        (b'{"code":"rest_forbidden","message":"x","data":{"status":401}}', Health.BLOCKED),
        (b'{"code":"rest_no_route"}', Health.BLOCKED),
        (b"<html><body>404</body></html>", Health.LAYOUT_CHANGED),
        (b'{"a": 1}', Health.LAYOUT_CHANGED),
        (b'["a", 1, null, []]', Health.LAYOUT_CHANGED),
        (b'[{"title": {}, "link": 7}]', Health.LAYOUT_CHANGED),
        (b'[{"title": ', Health.BROKEN),
        (b"[" * 100_000, Health.BROKEN),
    ],
)
def test_what_is_no_open_list_says_why(page: bytes, health: Health) -> None:
    with pytest.raises(SourceError) as caught:
        parse(page, API, now=NOW)
    assert caught.value.health is health


@pytest.mark.parametrize(
    "odd",
    [
        {"_embedded": None},
        {"_embedded": {"wp:featuredmedia": None, "wp:term": [None, 3]}},
        {"_embedded": {"wp:featuredmedia": [{"code": "rest_forbidden"}]}},
        {"excerpt": None, "content": {"rendered": None}},
        {"date": 5, "date_gmt": "0000-00-00T00:00:00"},
        {"content": {"rendered": "<p>" * 60_000}},
    ],
)
def test_an_odd_post_costs_only_what_is_odd(odd: dict[str, object]) -> None:
    assert one(**odd).title == "Chợ mới – “điểm hẹn”"
