"""Any list page: engines' ready rules, rules of one's own, and none at all."""

from datetime import datetime

import pytest

from jobs.extract import shown_date
from jobs.source_errors import BadRules, NoArticleList, SourceError
from jobs.sources.html_list import parse
from jobs.sources.listing import Listing
from jobs.sources.rules import READY, rules_of
from jobs.vietnamese_date import VIETNAM
from storage.records import NewArticle
from tests.saved_pages import HTML_LISTS, NOW, decomposed, expected, saved, spaced

SITE = "https://langco.cuugiang.example/tin-tuc"
TITLES = ("Xã Láng Cò nạo vét kênh", "Trường học đón bằng đạt chuẩn", "Hội Nông dân tập huấn lúa")


def read(page: str, rules: object = "", url: str = SITE) -> Listing:
    return parse(page.encode(), url, now=NOW, config={"rules": rules} if rules else {})


def titles_of(listing: Listing) -> tuple[str, ...]:
    return tuple(article.title for article in listing.articles)


def day_of(article: NewArticle) -> str:
    assert article.published_at
    return article.published_at.astimezone(VIETNAM).strftime("%Y-%m-%d")


def rows(row: str) -> str:
    """One for each title; {t} is it, {n} its number."""
    return "".join(row.format(t=title, n=n) for n, title in enumerate(TITLES, 1))


@pytest.mark.parametrize("name", HTML_LISTS)
@pytest.mark.parametrize("form", ["as saved", "decomposed"])
def test_a_saved_list_gives_what_is_expected(name: str, form: str) -> None:
    told = expected(name)
    page = saved(name) if form == "as saved" else decomposed(saved(name))
    listing = parse(page, told["url"], now=NOW)
    assert titles_of(listing) == tuple(spaced(item["title"]) for item in told["items"])
    for article, item in zip(listing.articles, told["items"], strict=True):
        assert article.url == item["url"]
        assert article.published_at
        assert article.published_at.astimezone(VIETNAM).isoformat().startswith(item["date"][:10])
        assert article.published_at <= datetime.fromisoformat(
            item["date"] if "T" in item["date"] else f"{item['date']}T23:59:59+07:00"
        )
    assert listing.next_page == told.get("next", listing.next_page)


@pytest.mark.parametrize(
    ("name", "leads"), [(HTML_LISTS[0], 5), (HTML_LISTS[1], 5), (HTML_LISTS[2], 3)]
)
def test_leads_come_whole_and_without_counts_of_views(name: str, leads: int) -> None:
    told = [
        article.lead for article in parse(saved(name), expected(name)["url"], now=NOW).articles
    ]
    assert len(list(filter(None, told))) == leads
    assert not any(word in lead for lead in told for word in ("Đã xem", "Đọc tiếp", "Phản hồi"))


def test_pictures_that_are_loaded_late_are_found() -> None:
    articles = parse(saved(HTML_LISTS[3]), SITE, now=NOW).articles
    assert articles[0].image_url == "https://langco.cuugiang.example/upload/0.jpg"


NUKEVIET = {
    "list": rows('<a class="show h4" href="/vi/news/bai-{n}.html" data-content="x" title="{t}">'
                 '<h4 class="list-group-item-heading"><span class="label">{n}</span>&nbsp;{t}'
                 '<span class="icon_new">&nbsp;</span></h4></a>'),
    "grid": rows('<div class="col-sm-12"><div class="thumbnail"><a title="x" href="/bai-{n}.html">'
                 '<img src="/a{n}.jpg"/></a><div class="caption text-center"><h4><a class="show" '
                 'href="/bai-{n}.html">{t}</a></h4><span></span></div></div></div>'),
    "two columns": rows('<div class="news_column two_column"><div class="panel"><div class="panel-'
                        'heading"><h4><a href="/muc-{n}">Một mục tin của xã</a></h4></div><div '
                        'class="panel-body"><h3><a href="/bai-{n}.html">{t}</a></h3><p>Tóm tắt</p>'
                        '</div></div></div>'),
    "first and others": '<div class="news_column"><div class="panel-body featured"><h2><a href='
                        f'"/bai-0.html">{TITLES[0]}</a></h2><p class="text-justify">Tóm tắt.</p>'
                        '<ul class="related">' + "".join(
                            f'<li><a href="/bai-{n}.html">{title}</a></li>'
                            for n, title in enumerate(TITLES[1:], 1)) + "</ul></div></div>",
    "others with dates": '<div class="news_column"></div><ul class="related">' + rows(
        '<li><a href="/bai-{n}.html" title="{t}">{t} <em>(0{n}/05/2026) </em></a></li>') + "</ul>",
}  # fmt: skip


@pytest.mark.parametrize("view", NUKEVIET.values(), ids=NUKEVIET)
def test_every_view_of_nukeviet_is_read(view: str) -> None:
    page = f'<meta name="generator" content="NukeViet v4.5"><div class="list-group">{view}</div>'
    assert titles_of(read(page)) == TITLES
    assert titles_of(read(page, "nukeviet")) == TITLES


WORDPRESS = {
    "blocks": rows('<li class="wp-block-post"><h2 class="wp-block-post-title"><a href="/{n}-bai/">'
                   '{t}</a></h2><time datetime="2026-05-0{n}T08:00:00+07:00">x</time></li>'),
    "Newspaper": rows('<div class="td_module_wrap"><a href="/{n}-bai/"><img src="/x.jpg"></a><h3 '
                      'class="entry-title"><a href="/{n}-bai/">{t}</a></h3><time class="entry-date'
                      ' td-module-date" datetime="2026-05-0{n}T08:00:00+00:00">x</time></div>'),
    "Flatsome": rows('<div class="post-item"><a href="/{n}-bai/" class="plain"><div><h5 class='
                     '"post-title">{t}</h5><div class="x">0{n}/05/2026</div></div></a></div>'),
    "JNews": rows('<article class="jeg_post"><h3 class="jeg_post_title"><a href="/{n}-bai">{t}</a>'
                  '</h3><div class="jeg_meta_date"><a href="/{n}-bai">0{n} Tháng 5, 2026</a></div>'
                  '</article>'),
}  # fmt: skip


@pytest.mark.parametrize("theme", WORDPRESS.values(), ids=WORDPRESS)
def test_the_usual_themes_of_wordpress_are_read(theme: str) -> None:
    page = f"<link href='/wp-content/x.css' rel=stylesheet><body><main>{theme}</main>"
    listing = read(page)
    assert titles_of(listing) == TITLES
    assert [day_of(article) for article in listing.articles] == [
        "2026-05-01", "2026-05-02", "2026-05-03"
    ]  # fmt: skip


IN_TIME = (
    '<div class="td_module_wrap"><h3 class="entry-title"><a href="/{n}-bai/">{t}</a></h3>'
    '<span class="td-post-date posted-on"><time class="updated" datetime="2026-05-09T10:00:00'
    '+07:00">9/5/2026</time><time class="entry-date" datetime="2026-05-0{n}T08:00:00+07:00">'
    "0{n}/05/2026</time></span></div>"
)


def test_the_time_that_machines_are_told_is_finer_and_not_that_of_a_change() -> None:
    page = f"<link href='/wp-content/x.css' rel=stylesheet><body><main>{rows(IN_TIME)}</main>"
    assert [shown_date(one.published_at, one.precision) for one in read(page).articles] == [
        f"2026-05-0{n}T08:00:00+07:00" for n in (1, 2, 3)
    ]


@pytest.mark.parametrize(
    "pager",
    [
        '<nav><div class="nav-previous"><a href="/page/2/">← Bài cũ hơn</a></div></nav>',
        '<nav><div class="nav-previous"><a href="/page/2/">Các bài viết cũ hơn</a></div></nav>',
        '<div class="page-nav"><span class="current">1</span><a href="/page/2/">2</a></div>',
        '<div class="wp-pagenavi"><span class="current">1</span><a href="/page/2/">2</a></div>',
    ],
)
def test_the_next_page_of_a_wordpress_theme_is_found(pager: str) -> None:
    page = f"<link href='/wp-content/x.css' rel=stylesheet><body>{rows(IN_TIME)}{pager}"
    assert read(page).next_page == "https://langco.cuugiang.example/page/2/"


def test_a_title_with_its_date_and_time_is_no_lead() -> None:
    row = '<div><a href="/b/{n}">{t}</a><span>(0{n}/05/2026 07:30:00)</span><div>{t}: 36 ấp đã'
    leads = [
        one.lead for one in read(f"<body>{rows(row + ' cùng ra quân.</div></div>')}").articles
    ]
    assert leads == [f"{title}: 36 ấp đã cùng ra quân." for title in TITLES]


@pytest.mark.parametrize(
    "when", ["Văn phòng - 0{n}/05/2026", "Tin tức | 0{n}/05/2026", "Bởi Lê Hà vào 0{n}/05/2026"]
)
def test_a_date_among_others_is_the_articles(when: str) -> None:
    row = f'<div><h3><a href="/b/{{n}}">{{t}}</a></h3><div>{when}</div></div>'
    listing = read(f"<body><div>{rows(row)}</div>")
    assert [day_of(article) for article in listing.articles] == [
        "2026-05-01", "2026-05-02", "2026-05-03"
    ]  # fmt: skip


def test_an_article_shown_twice_is_read_where_more_is_said() -> None:
    above = rows('<div><a href="/b/{n}"><img src="/{n}.jpg"></a><a href="/b/{n}">{t}</a></div>')
    below = rows('<div><h3><a href="/b/{n}">{t}</a></h3><i>0{n}/05/2026</i></div>')
    listing = read(f"<body><div>{above}</div><div>{below}</div>")
    assert all(article.image_url for article in listing.articles)
    assert [day_of(article) for article in listing.articles] == [
        "2026-05-01", "2026-05-02", "2026-05-03"
    ]  # fmt: skip


UNKNOWN = {
    "rows of a table": "<table>" + rows('<tr><td>{n}</td><td><a href="/b/{n}">{t}</a></td>'
                                        "<td>0{n}/05/2026</td></tr>") + "</table>",
    "cards that are links": rows('<a class="card" href="/b/{n}"><img src="/x.jpg"><h3>{t}</h3>'
                                 '<span>0{n}/05/2026</span></a>'),
    "cards with a block for the day": rows('<a class="card" href="/b/{n}"><div>{t}</div>'
                                           '<div>0{n}/05/2026</div></a>'),
    "a plain list": "<ul>" + rows('<li><a href="/b/{n}">{t}</a> (0{n}/05/2026)</li>') + "</ul>",
    "definition list": "<dl>" + rows('<dt><a href="/b/{n}">{t}</a></dt><dd>0{n}/05/2026</dd>')
                       + "</dl>",
    "addresses with a day": rows('<div><a href="/tin/2026-05-0{n}-bai.html">{t}</a></div>'),
}  # fmt: skip
MENU = (
    '<nav><a href="/a">Cơ cấu tổ chức của đơn vị</a><a href="/b">Lịch sử hình thành phát triển</a>'
    '<a href="/c">Chức năng nhiệm vụ quyền hạn</a><a href="/d">Văn bản chỉ đạo điều hành</a></nav>'
)


@pytest.mark.parametrize("markup", UNKNOWN.values(), ids=UNKNOWN)
def test_a_list_of_no_known_engine_is_read(markup: str) -> None:
    page = (
        f"<body>{MENU}<div class='giua'>{markup}</div><aside><a href='/q'>Tin đọc nhiều nhất</a>"
        f"</aside><footer><a href='/f'>Bản đồ trang thông tin</a></footer></body>"
    )
    listing = read(page)
    assert titles_of(listing) == TITLES
    if "<dl>" not in markup:
        assert day_of(listing.articles[1]) == "2026-05-02"


OWN = """<div class="sidebar"><section class="tin"><b class="ten">{t}</b><i>ngày 0{n}.05.2026</i>
<u>Một đoạn tóm tắt.</u><a class="anh" href="/anh/{n}.jpg"><img src="/n/{n}.jpg"></a>
<a class="di" href="/bai/{n}">Xem</a><div class="bo"><a href="/khac">Tin khác</a></div></section>
</div>"""
OWN_RULES = {
    "item": "section.tin",
    "link": "a.di",
    "title": ".ten",
    "date": "i",
    "summary": "u",
    "image": ".anh img",
    "next": ".sau",
    "drop": [".bo"],
}


def test_rules_of_ones_own_say_everything() -> None:
    listing = read(rows(OWN) + '<a class="sau" href="?p=2">&gt;&gt;</a><p>›</p>', OWN_RULES)
    assert titles_of(listing) == TITLES
    first = listing.articles[0]
    assert first.url == "https://langco.cuugiang.example/bai/1"
    assert (day_of(first), first.lead) == ("2026-05-01", "Một đoạn tóm tắt.")
    assert first.image_url == "https://langco.cuugiang.example/n/1.jpg"
    assert listing.next_page == "https://langco.cuugiang.example/tin-tuc?p=2"


def test_one_rule_of_ones_own_is_enough() -> None:
    assert titles_of(read(rows(OWN), {"link": "a.di", "title": ".ten"})) == TITLES


def test_a_list_of_one_is_a_list_where_a_rule_says_so() -> None:
    page = '<div class="x"><a href="/bai/1">Tin</a></div>'
    assert titles_of(read(page, {"item": ".x"})) == ("Tin",)
    with pytest.raises(NoArticleList):
        read(page)


@pytest.mark.parametrize(
    "rules",
    [
        "joomla",
        {"item": "div["},
        {"item": ":hover("},
        {"item": "x" * 501},
        {"items": "div"},
        {"item": 7},
        {"drop": [".a"] * 21},
        {"drop": 7},
        ["div"],
    ],
    ids=str,
)
def test_rules_that_make_no_sense_are_refused_by_name(rules: object) -> None:
    with pytest.raises(BadRules) as caught:
        read(rows(OWN), rules)
    assert "Quy tắc" in caught.value.reason or "quy tắc" in caught.value.reason


def test_ready_rules_are_valid_rules() -> None:
    assert [rules_of(name) for name in READY] == list(READY.values())


@pytest.mark.parametrize(
    "page",
    [
        "<p>Một trang chỉ có chữ.</p>",
        MENU,
        "<ul><li><a href='https://khac.example/1'>Một tiêu đề ở máy chủ khác</a></ul>" * 3,
        "<a href='/'>Trang chủ của cổng thông tin</a>" * 5,
        rows('<a href="/tep-{n}.pdf">{t}</a>'),
        rows('<a href="javascript:mo({n})">{t}</a>'),
    ],
)
def test_a_page_without_a_list_says_so(page: str) -> None:
    with pytest.raises(NoArticleList):
        read(page)


def test_a_page_of_nothing_but_links_to_itself_is_no_list() -> None:
    with pytest.raises(SourceError):
        read(rows(f'<a href="{SITE}#{{n}}">{{t}}</a>'))
