"""Sitemaps, the last resort."""

import pytest

from jobs.source_errors import SourceError
from jobs.sources.listing import Listing
from jobs.sources.sitemap import MOST_ARTICLES, MOST_PARTS, parse
from jobs.vietnamese_date import VIETNAM
from storage.records import Health
from tests.saved_pages import NOW

SITE = "https://langco.cuugiang.example"
NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


def read(page: str, **config: object) -> Listing:
    return parse(page.encode(), f"{SITE}/sitemap.xml", now=NOW, config=config)


def a_map(*entries: str) -> str:
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    return f"{head}<urlset xmlns='http://x' {NEWS}>{''.join(entries)}</urlset>"


def an_entry(place: str, changed: str = "", more: str = "") -> str:
    when = f"<lastmod>{changed}</lastmod>" if changed else ""
    return f"<url><loc>{SITE}{place}</loc>{when}{more}</url>"


def places_of(listing: Listing) -> list[str]:
    return [article.url.removeprefix(SITE) for article in listing.articles]


def test_the_newest_come_first_whether_the_zone_has_a_colon_or_not() -> None:
    page = a_map(
        an_entry("/-/xa-lang-co-cu", "2026-05-01T08:00:00+0700"),
        an_entry("/-/xa-lang-co-moi-nhat", "2026-05-10T08:00:00+07:00"),
        an_entry("/-/xa-lang-co-khong-ngay"),
        an_entry("/-/xa-lang-co-giua-ky", "2026-05-05"),
    )
    assert places_of(read(page)) == [
        "/-/xa-lang-co-moi-nhat",
        "/-/xa-lang-co-giua-ky",
        "/-/xa-lang-co-cu",
        "/-/xa-lang-co-khong-ngay",
    ]


def test_when_a_page_was_changed_is_not_when_it_was_published() -> None:
    listing = read(a_map(an_entry("/-/mot-hai-ba-bon", "2026-05-10")))
    assert listing.articles[0].published_at is None
    assert listing.articles[0].title == ""


def test_a_sitemap_of_news_tells_title_and_day() -> None:
    news = (
        "<news:news><news:publication><news:name>Xã</news:name></news:publication>"
        "<news:publication_date>2026-05-10T08:00:00+07:00</news:publication_date>"
        "<news:title><![CDATA[Nạo vét kênh &amp; cống]]></news:title></news:news>"
    )
    (article,) = read(a_map(an_entry("/-/mot-hai-ba-bon", more=news))).articles
    assert article.title == "Nạo vét kênh & cống"
    assert article.published_at
    assert article.published_at.astimezone(VIETNAM).isoformat() == "2026-05-10T08:00:00+07:00"


def test_what_a_sitemap_calls_its_pictures_is_no_title() -> None:
    picture = "<image:image><image:title>Ảnh của buổi lễ</image:title></image:image>"
    listing = read(a_map(an_entry("/mot-hai-ba-bon", more=picture)))
    assert [article.title for article in listing.articles] == [""]


def test_addresses_are_unescaped_however_often_they_were_escaped() -> None:
    page = a_map(an_entry("/bai?mot=1&amp;hai=2"), an_entry("/bai?mot=1&amp;amp;hai=3"))
    assert places_of(read(page, include="/bai")) == ["/bai?mot=1&hai=2", "/bai?mot=1&hai=3"]


def test_only_what_reads_like_an_article_is_one_unless_told_otherwise() -> None:
    page = a_map(
        an_entry("/tin-tuc"),
        an_entry("/chuyen-muc/tin-tuc-su-kien-noi-bat"),
        an_entry("/anh-chup-hoi-nghi-xa.jpg"),
        an_entry("/gioi-thieu/lich-su-hinh-thanh-va-phat-trien"),
        an_entry("/tin/xa-lang-co-nao-vet-kenh.html"),
        an_entry("/tin/12345"),
    )
    assert places_of(read(page)) == ["/tin/xa-lang-co-nao-vet-kenh.html"]
    assert places_of(read(page, include="/tin/")) == [
        "/tin/xa-lang-co-nao-vet-kenh.html",
        "/tin/12345",
    ]


def test_a_sitemap_is_capped() -> None:
    page = a_map(*(an_entry(f"/mot-hai-ba-bon-{n}") for n in range(MOST_ARTICLES + 5)))
    assert len(read(page).articles) == MOST_ARTICLES


def test_an_index_names_its_newest_parts_and_not_all() -> None:
    parts = "".join(
        f"<sitemap><loc>{SITE}/sitemap.xml?p_l_id={n}&amp;groupId=7</loc>"
        f"<lastmod>2026-05-{n + 1:02}</lastmod></sitemap>"
        for n in range(MOST_PARTS + 5)
    )
    listing = read(f"<sitemapindex>{parts}</sitemapindex>")
    assert listing.articles == ()
    assert len(listing.parts) == MOST_PARTS
    assert listing.parts[0].startswith(f"{SITE}/sitemap.xml?")
    assert "groupId=7" in listing.parts[0]


@pytest.mark.parametrize(
    ("page", "health"),
    [
        ("", Health.EMPTY),
        (a_map(), Health.EMPTY),
        ("<sitemapindex></sitemapindex>", Health.EMPTY),
        (a_map(an_entry("/tin-tuc")), Health.LAYOUT_CHANGED),
        (a_map(an_entry("/mot-hai-ba-bon"))[:-30], Health.BROKEN),
        ("<html><body>404</body></html>", Health.NOT_A_FEED),
        ("<!DOCTYPE x [<!ENTITY a 'b'>]><urlset></urlset>", Health.UNSAFE),
        ("<urlset>" + "<url>" * 60_000 + "</urlset>", Health.TOO_LARGE),
    ],
)
def test_what_is_no_sitemap_of_articles_says_why(page: str, health: Health) -> None:
    with pytest.raises(SourceError) as caught:
        read(page)
    assert caught.value.health is health
