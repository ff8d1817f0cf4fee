"""Feeds, as portals serve them and as nobody should."""

import json
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
    return list(parse(sent, PORTAL, now=NOW, content_type=content_type).articles)


def a_feed(*items: str, head: str = "") -> str:
    return f'<rss version="2.0"><channel><title>t</title>{head}{"".join(items)}</channel></rss>'


def an_item(inside: str = "", *, title: str = "Tin", link: str = "https://a.example/1") -> str:
    return f"<item><title>{title}</title><link>{link}</link>{inside}</item>"


@pytest.mark.parametrize("name", FEEDS)
@pytest.mark.parametrize("form", ["as saved", "decomposed"])
def test_a_saved_feed_gives_what_is_expected(name: str, form: str) -> None:
    told = expected(name)
    page = saved(name) if form == "as saved" else decomposed(saved(name))
    articles = parse(page, told["url"], now=NOW).articles
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


def a_json_feed(*entries: object, **others: object) -> str:
    head = {"version": "https://jsonfeed.org/version/1.1", "title": "Xã Láng Cò"}
    return json.dumps({**head, "items": entries, **others})


AN_ENTRY = {
    "id": "a1",
    "url": "/bai/1",
    "title": "Nạo vét <b>kênh</b> &amp; cống",
    "content_html": "<p>Câu một.</p><p>Câu hai.</p><p>Tin, ảnh: Lê Hà</p>",
    "image": "/a.jpg",
    "date_published": "2026-05-12T14:05:09+07:00",
    "tags": ["Kinh tế"],
}


def test_a_json_feed_is_a_feed() -> None:
    page = a_json_feed(AN_ENTRY, next_url="/feed.json?page=2").encode()
    listing = parse(page, PORTAL, now=NOW)
    (article,) = listing.articles
    assert article.title == "Nạo vét kênh & cống"
    assert article.url == "https://vamrach.cuugiang.example/bai/1"
    assert article.text == ("Câu một.", "Câu hai.")
    assert (article.lead, article.guid, article.categories) == ("Câu một.", "a1", ("Kinh tế",))
    assert article.image_url == "https://vamrach.cuugiang.example/a.jpg"
    assert article.precision is Precision.SECOND
    assert listing.next_page == "https://vamrach.cuugiang.example/feed.json?page=2"


@pytest.mark.parametrize(
    ("entry", "lead"),
    [
        ({"content_text": "Câu một.\n\nCâu hai."}, "Câu một."),
        ({"summary": "Tóm tắt."}, "Tóm tắt."),
        ({"summary": "Tóm tắt bị cắt..."}, ""),
        ({"external_url": "https://khac.example/1"}, ""),
    ],
)
def test_what_a_json_feed_may_leave_out(entry: dict[str, object], lead: str) -> None:
    page = a_json_feed({"id": 1, "title": "Tin", "url": "https://a.example/1", **entry})
    assert read(page)[0].lead == lead


@pytest.mark.parametrize(
    ("page", "health"),
    [
        (a_json_feed(), Health.EMPTY),
        (a_json_feed({"id": 1}, 7, None), Health.BROKEN),
        (a_json_feed(AN_ENTRY)[:-20], Health.BROKEN),
        ('{"version": "https://jsonfeed.org/version/1", "items": ' + "[" * 50_000, Health.BROKEN),
        (a_json_feed(*[AN_ENTRY] * 1001), Health.TOO_LARGE),
        ('{"code": "rest_no_route"}', Health.NOT_A_FEED),
    ],
    ids=["no articles", "no titles", "cut off", "nested", "too many", "other JSON"],
)
def test_what_is_wrong_with_a_json_feed_is_told(page: str, health: Health) -> None:
    with pytest.raises(SourceError) as caught:
        read(page)
    assert caught.value.health is health


@pytest.mark.parametrize(
    ("head", "rest", "hours", "days"),
    [
        ("", timedelta(0), set(), set()),
        ("<ttl>60</ttl>", timedelta(hours=1), set(), set()),
        ("<ttl>999999999</ttl>", timedelta(0), set(), set()),
        ("<ttl>99999</ttl>", timedelta(days=1), set(), set()),
        ("<ttl>mỗi giờ</ttl>", timedelta(0), set(), set()),
        ("<skipHours><hour>0</hour><hour>24</hour><hour>19</hour></skipHours>",
         timedelta(0), {0, 19}, set()),
        ("<skipDays><day>Sunday</day><day>saturday</day><day>Tết</day></skipDays>",
         timedelta(0), set(), {5, 6}),
        ("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>",
         timedelta(hours=6), set(), set()),
        ("<skipHours>" + "".join(f"<hour>{n}</hour>" for n in range(24)) + "</skipHours>",
         timedelta(0), set(), set()),
    ],
)  # fmt: skip
def test_a_feed_may_say_when_it_wants_to_be_read(
    head: str, rest: timedelta, hours: set[int], days: set[int]
) -> None:
    page = a_feed(an_item(), head=head).replace(
        "<rss ", '<rss xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" '
    )
    listing = parse(page.encode(), PORTAL, now=NOW)
    assert listing.rest == rest
    assert (set(listing.quiet_hours), set(listing.quiet_days)) == (hours, days)


def test_a_feed_in_pages_names_the_next() -> None:
    page = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><link rel="next" href="?p=2"/>'
        '<entry><id>1</id><title>Tin</title><link href="/bai/1"/></entry></feed>'
    )
    listing = parse(page.encode(), PORTAL, now=NOW)
    assert listing.next_page == "https://vamrach.cuugiang.example/tin-tuc?p=2"


ODD = {
    "Netscape's DOCTYPE": '<!DOCTYPE rss PUBLIC "-//N//DTD RSS 0.91//EN" "http://n/rss.dtd">'
    + a_feed(an_item()),
    "a style sheet before it": '<?xml version="1.0"?><?xml-stylesheet href="a.xsl"?>'
    + a_feed(an_item()),
    "white space before it": "\n\n  " + a_feed(an_item()),
    "another namespace for items": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
    ' xmlns="http://purl.org/rss/1.0/"><channel rdf:about="x"><title>t</title></channel>'
    '<item rdf:about="https://a.example/1"><title>Tin</title><link>https://a.example/1</link></item>'
    "</rdf:RDF>",
    "a link only as guid": a_feed(
        "<item><title>Tin</title><guid>https://a.example/1</guid></item>"
    ),
    "two links": a_feed(an_item("<link>https://a.example/2</link>")),
    "an enclosure first": '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Tin</title>'
    '<link rel="enclosure" href="/a.mp3"/><link href="https://a.example/1"/></entry></feed>',
    "a title of HTML": '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title type="xhtml">'
    '<div xmlns="http://www.w3.org/1999/xhtml"><b>Tin</b></div></title>'
    '<link href="https://a.example/1"/></entry></feed>',
    "an entity of HTML": a_feed(an_item("<description>M&aacute;y &nbsp;c&agrave;y</description>")),
    "white space in the link": a_feed(an_item(link="\n https://a.example/1\n ")),
    "a bad date": a_feed(an_item("<pubDate>Hôm qua</pubDate>")),
    "no channel": "<rss version='2.0'>" + an_item() + "</rss>",
    "tags in capitals": a_feed(an_item()).replace("rss", "RSS").replace("item>", "ITEM>"),
    "a tag nobody knows": a_feed(an_item("<x:y><z/></x:y>")),
}


@pytest.mark.parametrize("page", ODD.values(), ids=ODD)
def test_an_odd_feed_still_gives_its_article(page: str) -> None:
    (article,) = read(page)
    assert article.title == "Tin"
    assert article.url.startswith("https://a.example/")


@pytest.mark.parametrize(
    "boilerplate",
    [
        'The post <a href="/1">Tin</a> appeared first on <a href="/">Xã Láng Cò</a>.',
        'Bài viết <a href="/1">Tin</a> đã xuất hiện đầu tiên vào ngày <a href="/">Xã Láng Cò</a>.',
    ],
)
def test_what_wordpress_puts_below_each_text_is_left_out(boilerplate: str) -> None:
    html = f"<p>Câu một.</p><p>{boilerplate}</p>"
    page = a_feed(an_item(f"<description><![CDATA[{html}]]></description>"))
    assert read(page)[0].lead == "Câu một."


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


CONTENT = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'


def test_captions_in_the_text_of_a_feed_are_left_out() -> None:
    picture = "<p><img src='/b.jpg'></p><p style='text-align:center'><em>Bà con ra đồng</em></p>"
    html = f"<img src='/a.jpg'><p>Câu một.</p>{picture}<p>Câu hai.</p>"
    item = an_item(f"<content:encoded><![CDATA[{html}]]></content:encoded>")
    article = read(a_feed(item).replace("<rss", f"<rss {CONTENT}"))[0]
    assert article.text == ("Câu một.", "Câu hai.")


def test_a_description_cut_off_gives_way_to_the_text() -> None:
    item = an_item(
        "<description>Xã Láng Cò nạo [&amp;#8230;]</description><content:encoded>"
        "<![CDATA[<p>Xã Láng Cò nạo vét kênh.</p><p>Câu hai.</p>]]></content:encoded>"
    )
    assert read(a_feed(item).replace("<rss", f"<rss {CONTENT}"))[0].lead == (
        "Xã Láng Cò nạo vét kênh."
    )


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


@settings(max_examples=150)
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


@settings(max_examples=150)
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
    articles = parse(feed.encode(), "https://tanlap.example/rss", now=NOW).articles
    assert [article.title for article in articles] == ["Tin một", "Tin hai"]
