"""One article, many addresses."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.identity import canonical_url, entry_id_in, keys_of, same, whole_url
from storage.records import ArticleKey, KeyKind, NewArticle

BASE = "https://vamrach.cuugiang.example/web/guest/tin-tuc"
DAY = datetime(2026, 5, 11, 17, tzinfo=UTC)  # 12 May in Viet Nam
LIFERAY = "https://a.example/tin-tuc/-/asset_publisher/Xy12/content/-oan-thanh-nien-"
PORTLET = "_101_INSTANCE_x_"


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        (f"{LIFERAY}?redirect=%2Ftin-tuc&{PORTLET}redirect=%2F&inheritRedirect=false", LIFERAY),
        (f"{LIFERAY};jsessionid=5F0C.node1?redirect=x", LIFERAY),
        (f"{LIFERAY}/maximized", LIFERAY),
        (f"{LIFERAY}?p_p_auth=1&p_auth=2&p_p_id=3&p_r_p_564233524_resetCur=false", LIFERAY),
        (f"{LIFERAY}?{PORTLET}cur=2&{PORTLET}delta=5", LIFERAY),
        ("https://a.example/w/bai?p_l_back_url=%2Ftin", "https://a.example/w/bai"),
        ("https://a.example/x?utm_source=zalo&fbclid=1&id=5#top", "https://a.example/x?id=5"),
        ("HTTPS://A.Example:443/X", "https://a.example/X"),
        ("http://a.example:80", "http://a.example/"),
        ("http://a.example:8080/x", "http://a.example:8080/x"),
        ("/-/bai", "https://vamrach.cuugiang.example/-/bai"),
        ("bai.html", "https://vamrach.cuugiang.example/web/guest/bai.html"),
        ("//b.example/x", "https://b.example/x"),
        (" https://a.example/x\n ", "https://a.example/x"),
        ('https://a.example/a?x=1&y="><b>', "https://a.example/a?x=1&y=%22%3E%3Cb%3E"),
        ("https://a.example/tin-tức", "https://a.example/tin-t%E1%BB%A9c"),
        ("https://a.example/%c3%a0", "https://a.example/%C3%A0"),
        ("https://a.example/?a=1&&b=", "https://a.example/?a=1&b="),
        ("javascript:alert(1)", ""),
        ("mailto:a@b.example", ""),
        ("tg://user?id=1", ""),
        ("ftp://a.example/x", ""),
        ("https://nguoi:mat-khau@a.example/", ""),
        ("http://[::1", ""),
        ("http://a.example:99999/", ""),
        ("http:///x", ""),
    ],
)
def test_an_address_loses_what_changes_from_visit_to_visit(url: str, canonical: str) -> None:
    assert canonical_url(url, BASE) == canonical


def test_a_portlets_address_keeps_what_opens_the_article() -> None:
    url = (
        "https://a.example/tin?p_p_id=101_INSTANCE_x&p_p_lifecycle=0&p_p_state=maximized"
        "&_101_INSTANCE_x_assetEntryId=77&_101_INSTANCE_x_urlTitle=bai&_101_INSTANCE_x_redirect=y"
    )
    kept = "p_p_id=101_INSTANCE_x&_101_INSTANCE_x_assetEntryId=77&_101_INSTANCE_x_urlTitle=bai"
    assert canonical_url(url) == f"https://a.example/tin?{kept}"
    assert entry_id_in(url) == "77"


@settings(max_examples=300)
@given(st.text(max_size=80), st.sampled_from(["", BASE]))
def test_a_canonical_address_is_canonical(url: str, base: str) -> None:
    once = canonical_url(url, base)
    assert canonical_url(once) == once
    assert once == "" or once.startswith(("http://", "https://"))


def an_article(
    url: str = "https://a.example/bai",
    title: str = "Vàm Rạch trồng cây",
    *,
    entry_id: str = "",
    guid: str = "",
    at: datetime | None = DAY,
) -> NewArticle:
    return NewArticle(title=title, url=url, entry_id=entry_id, guid=guid, published_at=at)


def values(article: NewArticle) -> dict[KeyKind, str]:
    return {key.kind: key.value for key in keys_of(article, source_id=3)}


def test_all_keys_of_an_article() -> None:
    article = an_article("https://www.a.example/-/bai?redirect=x", entry_id="118", guid="news_4")
    assert values(article) == {
        KeyKind.PORTAL_ID: "a.example/118",
        KeyKind.URL: "a.example/-/bai",
        KeyKind.GUID: "3/news_4",
        KeyKind.TITLE_DAY: "3/vam rach trong cay/2026-05-12",
    }


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/" + "ứ" * 300,
        "https://a.example/" + "x" * 2000,
        "https://a.example/?" + "_instance_" * 300,
        "https://a.example" + "/-/asset_publisher/" * 2000,
        "data:image/png;base64," + "A" * 100_000,
    ],
    ids=["escaped", "long", "noise", "window states", "a picture itself"],
)
def test_what_is_too_long_is_no_address(url: str) -> None:
    assert canonical_url(url) == whole_url(url) == ""


def test_an_address_may_say_at_length_where_a_reader_came_from() -> None:
    assert canonical_url(f"{LIFERAY}?redirect={'x' * 3000}") == LIFERAY


def test_a_long_key_fits_an_index_and_still_tells_whose_it_is() -> None:
    long = an_article(
        "https://a.example/" + "x" * 1900, "Rất dài " * 99, entry_id="7" * 999, guid="ứ" * 999
    )
    other = an_article(long.url + "y", long.title + "y", entry_id="7" * 998, guid="ứ" * 998)
    assert len(values(long)) == 4
    assert all(len(value.encode()) <= 500 for value in values(long).values())
    assert values(long)[KeyKind.GUID].startswith("3/")
    assert not set(values(long).values()) & set(values(other).values())


def test_what_makes_a_list_stays_in_its_address() -> None:
    rss = "?p_p_id=101_INSTANCE_x&p_p_lifecycle=2&p_p_resource_id=getRSS"
    assert whole_url(f" HTTPS://A.example/tin{rss}#top") == f"https://a.example/tin{rss}"
    assert whole_url(rss, "https://a.example/tin") == f"https://a.example/tin{rss}"
    assert whole_url("javascript:;", BASE) == whole_url("http://[::1", BASE) == ""


def test_without_a_day_a_title_is_no_key() -> None:
    assert KeyKind.TITLE_DAY not in values(an_article(at=None))


HTTP = an_article("http://www.a.example/bai", "Tên khác", at=None)


@pytest.mark.parametrize(
    ("one", "other", "are_same"),
    [
        pytest.param(an_article(), HTTP, True, id="http and www"),
        pytest.param(
            an_article("https://a.example/content/id/118", "A", entry_id="118"),
            an_article("https://a.example/content/slug", "B", entry_id="118"),
            True,
            id="one entry id, two addresses, edited title",
        ),
        pytest.param(
            an_article("https://a.example/x", guid="news_1"),
            an_article("https://a.example/y", "Tên khác", guid="news_1"),
            True,
            id="one guid",
        ),
        pytest.param(
            an_article("https://a.example/x"),
            an_article("https://a.example/y", "VÀM  RẠCH trồng cây!"),
            True,
            id="one title and day",
        ),
        pytest.param(
            an_article("https://a.example/x", "Hòa Phú thuỷ lợi"),
            an_article("https://a.example/y", "Hoà Phú thủy lợi"),
            True,
            id="both tone placements",
        ),
        pytest.param(
            an_article("https://a.example/x", entry_id="1"),
            an_article("https://a.example/y"),
            True,
            id="one title and day, only one has an id",
        ),
        pytest.param(
            an_article("https://a.example/x", entry_id="1"),
            an_article("https://a.example/y", entry_id="2"),
            False,
            id="one title and day, two entry ids",
        ),
        pytest.param(
            an_article("https://a.example/x", guid="1"),
            an_article("https://a.example/y", guid="2"),
            False,
            id="one title and day, two guids",
        ),
        pytest.param(
            an_article("https://a.example/x", at=None),
            an_article("https://a.example/y", at=None),
            False,
            id="one title, no day",
        ),
        pytest.param(
            an_article("https://a.example/x", entry_id="1", at=None),
            an_article("https://b.example/x", "Tên khác", entry_id="1", at=None),
            False,
            id="one entry id, two hosts",
        ),
    ],
)
def test_which_articles_are_the_same_one(
    one: NewArticle, other: NewArticle, are_same: bool
) -> None:
    keys = [keys_of(article, source_id=3) for article in (one, other)]
    assert same(keys[0], keys[1]) is are_same
    assert same(keys[1], keys[0]) is are_same


def test_guids_and_titles_of_two_sources_say_nothing_about_each_other() -> None:
    one = keys_of(an_article("https://a.example/x", guid="1"), source_id=1)
    other = keys_of(an_article("https://a.example/y", guid="1"), source_id=2)
    assert not same(one, other)


def test_ids_learnt_later_do_not_part_an_article_from_itself() -> None:
    known = (
        ArticleKey(kind=KeyKind.GUID, value="3/1"),
        ArticleKey(kind=KeyKind.GUID, value="3/2"),
        ArticleKey(kind=KeyKind.URL, value="a.example/x"),
    )
    assert same(known, keys_of(an_article("https://a.example/y", guid="2"), source_id=3))
