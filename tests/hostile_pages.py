"""Pages made to cost time or memory, of any size."""

from collections.abc import Callable

LINK = '<a href="/tin/bai-mot">Một tiêu đề có nhiều chữ trong đó</a>'
FEED = "<rss version='2.0'><channel>", "</channel></rss>"


def _filled(piece: str, head: str = "", tail: str = "") -> Callable[[int], bytes]:
    def page(size_bytes: int) -> bytes:
        room = size_bytes - len((head + tail).encode())
        return (head + piece * (room // len(piece.encode())) + tail).encode()

    return page


def _encoded(piece: str, encoding: str) -> Callable[[int], bytes]:
    def page(size_bytes: int) -> bytes:
        one = piece.encode(encoding)
        return one * (size_bytes // len(one))

    return page


HOSTILE: dict[str, Callable[[int], bytes]] = {
    "paragraphs never closed": _filled("<p>"),
    "paragraphs": _filled("<p>Một câu dài hơn một chút để làm chữ cho đủ dài.</p>"),
    "line breaks": _filled("chữ<br>", "<p>"),
    "nested boxes": _filled("<div>"),
    "nested bold": _filled("<b>"),
    "links": _filled(LINK),
    "links in articles": _filled(f"<article>{LINK}</article>"),
    "links in a portal's boxes": _filled(f"<div class='news_column'><h3>{LINK}"),
    "Liferay's articles never closed": _filled(f"<div class='asset-abstract'>{LINK}"),
    "pagers": _filled('<ul class="pagination"><li class="active"><a href="?p=1">1</a></li>'),
    "leads": _filled('<p class="sapo">a'),
    "tables": _filled("<table><tr><td>"),
    "rows": _filled("<tr><td>a</td><td>b</td></tr>", "<table>", "</table>"),
    "pictures": _filled("<img src=a>"),
    "attributes": _filled("a=1 ", "<p ", ">"),
    "quotes never closed": _filled(' x="', "<p "),
    "classes": _filled("a ", '<p class="', '">x</p>'),
    "styles": _filled("color:#fff;", '<p style="', '">x</p>'),
    "angle brackets": _filled("<"),
    "comments never closed": _filled("<!--"),
    "scripts never closed": _filled("<script>"),
    "cookies": _filled("document.cookie=", "<script>", "</script>"),
    "linked data": _filled('<script type="application/ld+json">['),
    "titles": _filled("<title>"),
    "entities": _filled("&#x1EA0;"),
    "half entities": _filled("&amp"),
    "white space": _filled(" ", "<p>a</p>", "b"),
    "one word": _filled("ă", "<p>", "</p>"),
    "one number": _filled("1", "<p>", "</p>"),
    "dates": _filled("1/1/", "<p>", "</p>"),
    "breadcrumbs": _filled("a > ", "<p>", "</p>"),
    "VNI": _filled("aâ", "<p>", "</p>"),
    "soft hyphens": _filled("\u00ad", "<p>"),
    "UTF-16": _encoded("<p>chữ", "utf-16-le"),
    "another code page": _encoded("âì ", "latin-1"),
    "all bytes": lambda size_bytes: bytes(range(256)) * (size_bytes // 256),
    "feed items": _filled("<item><title>a</title><link>http://a/</link></item>", *FEED),
    "feed items never closed": _filled("<item>", *FEED),
    "feed of CDATA": _filled("<![CDATA[", FEED[0] + "<item>", "</item>" + FEED[1]),
    "feed of tags": _filled("<a", FEED[0] + "<item>", "</item>" + FEED[1]),
    "feed of quoted tags": _filled("&lt;p&gt;", FEED[0] + "<item><link>http://a/1</link><title>t"
                                   "</title><description>", "</description></item>" + FEED[1]),
    "feed of hours": _filled("<skipHours>", FEED[0], "<item></item>" + FEED[1]),
    "sitemap never closed": _filled("<url>", "<urlset>", "</urlset>"),
    "sitemap": _filled("<url><loc>http://a/mot-hai-ba-bon</loc></url>", "<urlset>", "</urlset>"),
    "sitemap of places": _filled("<loc>", "<urlset><url>", "</urlset>"),
    "JSON lists": _filled("["),
    "JSON objects": _filled('{"a":'),
    "posts": _filled('{"title":{"rendered":"a b"},"link":"http://a/1"},', "[", "{}]"),
    "JSON feed": _filled('{"title":"a b","url":"http://a/1"},',
                         '{"version":"https://jsonfeed.org/version/1","items":[', "{}]}"),
}  # fmt: skip
