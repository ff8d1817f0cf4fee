"""Walls are recognised, pages are not taken for one."""

from pathlib import Path

import pytest

from jobs.fetching.wall import is_wall

PAGES = Path(__file__).parents[2] / "pages"

COOKIE = 'document.cookie="D1N=0a1b2c"+"; expires=Fri, 31-Dec-2037 23:59:59 GMT; path=/";'
ARTICLE = "<p>" + "Ban Thường vụ Đảng ủy xã họp phiên thường kỳ tháng mười một. " * 8 + "</p>"


@pytest.mark.parametrize(
    "page",
    [
        f"<html><body><script>{COOKIE}window.location.reload(true);</script></body></html>",
        f"<script>{COOKIE}</script>",
        f"<script>{COOKIE}location.href='/';",
        "<script>document['cookie'] = 'a=b'; location = '/'</script><noscript>Xin chờ</noscript>",
        f"<title>Cổng thông tin điện tử</title><script>{COOKIE}</script><p>Hãy bật JavaScript",
        "<title>Just a moment...</title><p>Enable JavaScript and cookies to continue</p>",
        "<script src='/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1'></script>",
        "<iframe src='/_Incapsula_Resource?SWUDNSAI=31'></iframe>Request unsuccessful.",
        "<form><div class='g-recaptcha' data-sitekey='x'></div><button>Tiếp tục</button></form>",
    ],
)
def test_a_wall_is_recognised(page: str) -> None:
    assert is_wall(page.encode())


@pytest.mark.parametrize(
    "page",
    [
        "",
        "<html><body></body></html>",
        f"<script>{COOKIE}window.location.reload();</script>{ARTICLE}",
        f"<script>if (document.cookie == 'a') location = '/'</script>{ARTICLE}",
        f"<div class='g-recaptcha'></div>{ARTICLE}",
        "<script>document.cookie = 'da_xem=1'</script>" + "<a href='/1'>Họp đảng bộ xã</a>" * 3,
        "<p>Trang đang bảo trì, mời quay lại sau.</p>",
        "<rss><channel><title>Tin</title></channel></rss>",
        f"<!-- {'x' * 70_000} --><script>{COOKIE}</script>",
    ],
    ids=[
        "nothing",
        "an empty page",
        "an article beside a script that sets a cookie",
        "a script that reads a cookie",
        "an article with a form below",
        "a short list beside a script that sets a cookie",
        "a notice",
        "an empty feed",
        "far too long for a wall",
    ],
)
def test_a_page_is_no_wall(page: str) -> None:
    assert not is_wall(page.encode())


@pytest.mark.parametrize("path", sorted(PAGES.glob("*.*ml")), ids=lambda path: path.name)
def test_no_saved_page_is_taken_for_a_wall(path: Path) -> None:
    assert not is_wall(path.read_bytes())


def test_a_marker_is_enough_where_the_server_refused() -> None:
    page = f"<script>window._cf_chl_opt = {{}}</script>{ARTICLE}".encode()
    assert is_wall(page, refused=True)
    assert not is_wall(page)
