"""Feeds, as portals serve them and as nobody should."""

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.source_errors import NotAFeed, SourceError
from jobs.sources.feed import parse
from jobs.vietnamese_date import VIETNAM
from storage.records import Health, NewArticle, Precision
from tests.saved_pages import FEEDS, NOW, PORTAL, SAVED, decomposed, expected, saved


def read(page: bytes | str, content_type: str = "") -> list[NewArticle]:
    sent = page if isinstance(page, bytes) else page.encode()
    return parse(sent, PORTAL, now=NOW, content_type=content_type)


def a_feed(*items: str, head: str = "") -> str:
    return f'<rss version="2.0"><channel><title>t</title>{head}{"".join(items)}</channel></rss>'


def an_item(inside: str = "", *, title: str = "Tin", link: str = "https://a.example/1") -> str:
    return f"<item><title>{title}</title><link>{link}</link>{inside}</item>"


@pytest.mark.parametrize("name", FEEDS)
@pytest.mark.parametrize("form", ["as saved", "decomposed"])
def test_a_saved_feed_gives_what_is_expected(name: str, form: str) -> None:
    told = expected(name)
    page = saved(name) if form == "as saved" else decomposed(saved(name))
    articles = parse(page, told["url"], now=NOW)
    assert [article.title for article in articles] == [item["title"] for item in told["items"]]
    for article, item in zip(articles, told["items"], strict=True):
        assert article.guid == item.get("guid", article.guid)
        assert article.entry_id == item.get("entry_id", article.entry_id)
        at = article.published_at.astimezone(VIETNAM).isoformat() if article.published_at else ""
        assert at.startswith(item.get("date", ""))
        assert bool(at) is ("date" in item)
        assert article.lead
        assert "<" not in article.lead


def test_nukeviets_minutes_are_not_believed() -> None:
    articles = read(saved("05_rss20_nukeviet.xml"))
    assert {article.precision for article in articles} == {Precision.HOUR}
    assert {article.published_at.minute for article in articles if article.published_at} == {0}


@pytest.mark.parametrize(
    ("name", "health"),
    [
        ("h01_billion_laughs.xml", Health.UNSAFE),
        ("h02_quadratic_blowup.xml", Health.UNSAFE),
        ("h03_xxe.xml", Health.UNSAFE),
        ("h05_xss_article.html", Health.NOT_A_FEED),
        ("h06_html_instead_of_feed_200.html", Health.NOT_A_FEED),
        ("h07_empty_200.xml", Health.EMPTY),
        ("h09_truncated_feed.xml", Health.BROKEN),
    ],
)
def test_a_bad_feed_says_what_is_wrong(name: str, health: Health) -> None:
    with pytest.raises(SourceError) as caught:
        read(saved(f"hostile/{name}"))
    assert caught.value.health is health
    assert caught.value.reason


def test_a_page_instead_of_a_feed_is_named() -> None:
    with pytest.raises(NotAFeed, match="“Tin tức - Huyện Vàm Rạch”"):
        read(saved("hostile/h06_html_instead_of_feed_200.html"))


def test_hostile_titles_come_out_as_plain_text_and_useless_items_stay_out() -> None:
    articles = read(saved("hostile/h04_telegram_breaking_feed.xml"))
    assert [len(article.title) <= 300 for article in articles] == [True, True]
    start, end = 'Tin khẩn & "nóng" bấm x u <code> @all /start', "cod.exe"
    assert articles[0].title.startswith(start)
    assert articles[0].title.endswith(end)
    assert "\u202e" not in articles[0].title
    assert articles[0].url == "https://vamrach.cuugiang.example/a?x=1&y=%22%3E%3Cb%3E"


@pytest.mark.parametrize(
    ("page", "health"),
    [
        pytest.param("", Health.EMPTY, id="nothing"),
        pytest.param(" \n\ufeff ", Health.EMPTY, id="white space"),
        pytest.param(a_feed(), Health.EMPTY, id="no articles"),
        pytest.param(a_feed(an_item(title=" ")), Health.BROKEN, id="no title"),
        pytest.param(a_feed(an_item(link="javascript:x")), Health.BROKEN, id="no link"),
        pytest.param("<?xml version='1.0'?>", Health.BROKEN, id="cut before the root"),
        pytest.param("<?xml version='1.0'?><rss version='2.0'><chan", Health.BROKEN, id="in it"),
        pytest.param(a_feed(an_item())[:-40], Health.BROKEN, id="cut in an article"),
        pytest.param("<urlset><url/></urlset>", Health.NOT_A_FEED, id="a sitemap"),
        pytest.param('{"version": "jsonfeed.org"}', Health.NOT_A_FEED, id="JSON"),
        pytest.param("Xin chào", Health.NOT_A_FEED, id="words"),
        pytest.param(a_feed(*[an_item()] * 1001), Health.TOO_LARGE, id="a thousand and one"),
        pytest.param(
            "<!-- <rss> --><!DOCTYPE rss [<!ENTITY a 'b'>]>" + a_feed(an_item()),
            Health.UNSAFE,
            id="an entity after a comment",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_apart(page: str, health: Health) -> None:
    with pytest.raises(SourceError) as caught:
        read(page)
    assert caught.value.health is health


@pytest.mark.parametrize("cut", range(200, 2600, 240))
def test_a_feed_cut_anywhere_gives_nothing(cut: int) -> None:
    with pytest.raises(SourceError) as caught:
        read(saved("05_rss20_nukeviet.xml")[:cut])
    assert caught.value.health is Health.BROKEN


def test_a_feed_is_known_by_itself_not_by_its_content_type() -> None:
    assert len(read(saved(FEEDS[0]), content_type="text/html; charset=utf-8")) == 5


@pytest.mark.parametrize(
    "written",
    [
        "Điểm &lt; 80% &amp; tăng",
        "Điểm &amp;lt; 80% &amp;amp; tăng",
        "<![CDATA[Điểm &lt; 80% &amp; <b>tăng</b>]]>",
        "<![CDATA[<script>x</script>Điểm < 80% & t\u00adăng\u200b]]>",
    ],
)
def test_a_title_is_plain_text_however_often_it_was_escaped(written: str) -> None:
    assert read(a_feed(an_item(title=written)))[0].title == "Điểm < 80% & tăng"


def test_the_text_a_feed_carries_comes_in_paragraphs_without_its_credit() -> None:
    html = "<p><img src='/a.jpg'>Câu một.</p><p>Câu hai.</p><p><b>Tin, ảnh: Lê Hà</b></p>"
    space = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    item = an_item(f"<content:encoded><![CDATA[{html}]]></content:encoded>")
    article = read(a_feed(item).replace("<rss", f"<rss {space}"))[0]
    assert article.text == ("Câu một.", "Câu hai.")
    assert article.lead == "Câu một."
    assert article.image_url == "https://vamrach.cuugiang.example/a.jpg"


@pytest.mark.parametrize(
    ("written", "lead"),
    [
        ("&lt;img src='x.jpg'&gt;Lãnh đạo huyện tiếp công dân", "Lãnh đạo huyện tiếp công dân"),
        ("Lãnh đạo huyện tiếp công...", ""),
        ("Lãnh đạo huyện tiếp công [&amp;hellip;]", ""),
        ("Lãnh đạo huyện tiếp công dân....", "Lãnh đạo huyện tiếp công dân."),
    ],
)
def test_a_lead_is_whole_or_absent(written: str, lead: str) -> None:
    assert read(a_feed(an_item(f"<description>{written}</description>")))[0].lead == lead


def test_the_categories_are_the_portals_words() -> None:
    item = an_item("<category>Đoàn thể</category><category> Tin   tức </category>")
    assert read(a_feed(item))[0].categories == ("Đoàn thể", "Tin tức")


def test_an_unescaped_ampersand_costs_nothing() -> None:
    articles = read(a_feed(an_item(title="Mặt trận & Đoàn"), an_item(link="https://a.example/2")))
    assert [article.title for article in articles] == ["Mặt trận & Đoàn", "Tin"]


def test_an_article_listed_twice_is_one() -> None:
    again = an_item(link="https://a.example/1?utm_source=rss")
    assert len(read(a_feed(an_item(), again))) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1258"])
def test_a_feed_in_another_encoding_is_read(encoding: str) -> None:
    title = "Thông báo của xã"
    page = f'<?xml version="1.0" encoding="{encoding}"?>' + a_feed(an_item(title=title))
    if encoding == "cp1258":  # it writes most tones as marks of their own
        page = page.replace("ã", "a\u0303").replace("ủ", "u\u0309")
    assert read(page.encode(encoding))[0].title == title


def test_rdf_is_a_feed() -> None:
    page = (
        '<?xml version="1.0"?><!DOCTYPE rdf:RDF PUBLIC "x" "http://127.0.0.1:9/x.dtd">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        ' xmlns="http://purl.org/rss/1.0/"><channel><title>t</title></channel>'
        "<item><title>Tin</title><link>https://a.example/1</link></item></rdf:RDF>"
    )
    assert read(page)[0].title == "Tin"


def test_a_date_too_far_ahead_is_no_date() -> None:
    late = (NOW + timedelta(days=30)).isoformat()
    article = read(a_feed(an_item(f"<pubDate>{late}</pubDate>")))[0]
    assert (article.published_at, article.precision) == (None, Precision.NONE)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(SAVED),
    st.integers(0, 20_000),
    st.integers(0, 20_000),
    st.binary(max_size=20),
)
def test_a_damaged_page_gives_articles_or_a_reason(
    name: str, start: int, length: int, put: bytes
) -> None:
    page = saved(name)
    with suppress(SourceError):
        read(page[:start] + put + page[start + length % 200 :])


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_give_articles_or_a_reason(junk: bytes) -> None:
    for page in (junk, b"<rss version='2.0'><channel><item>" + junk + b"</item></channel></rss>"):
        with suppress(SourceError):
            read(page)


@pytest.mark.parametrize("bad", ["&#xD800;", "&#99999999;", "&amp;#xDFFF;", "&#x110000;"])
def test_a_reference_to_no_character_costs_no_article(bad: str) -> None:
    feed = f"""<rss version="2.0"><channel><title>t</title>
        <item><title>Tin{bad} một</title><link>https://tanlap.example/1</link></item>
        <item><title>Tin hai</title><link>https://tanlap.example/2</link></item>
        </channel></rss>"""
    articles = parse(feed.encode(), "https://tanlap.example/rss", now=NOW)
    assert [article.title for article in articles] == ["Tin một", "Tin hai"]
