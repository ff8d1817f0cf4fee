"""What a list page has where, as data: ready sets for engines, and a source's own rules. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from cssselect import SelectorError
from lxml.etree import XPathError

from jobs.markup.tree import selector
from jobs.source_errors import BadRules

LONGEST_RULE = 500  # characters
MOST_DROPS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """CSS selectors. What is empty is found out: an article's place by its link alone."""

    item: str = ""  # what holds one article
    link: str = ""  # in it, the link to the article
    title: str = ""
    date: str = ""
    summary: str = ""
    image: str = ""
    next: str = ""  # the link to the list's next page
    drop: tuple[str, ...] = ()  # what is no part of the list


# NukeViet 4: viewcat_page, _list, _top, _grid, _two_column, _main_* of themes/default/modules/news
NUKEVIET = Rules(
    link=".news_column h2 a, .news_column h3 a, .news_column h4 a, .list-group > a.show,"
    " .thumbnail .caption a, .featured h2 a, ul.related > li > a",
    date=".text-muted li, .date, em",
    summary=".text-justify",
    image="img.imghome, img.img-thumbnail",
    next=".pagination a, .generate_page a",
    drop=(".panel-heading", ".alert", ".panel-primary", "#footer"),
)
# SharePoint as the company Tân Dân builds it
TANDAN = Rules(
    link="[class*=tandan-][class*=title] a, [class*=tandan-] h3 a, .item-news a",
    date="[class*=tandan-][class*=date]",
    summary="[class*=tandan-][class*=summary]",
    image="[class*=tandan-] img",
    next=".paging a, .pager a, [class*=tandan-][class*=paging] a, a[href*='PageIndex=']",
    drop=(".tandan-div-article-other", ".td-menu"),
)
# posts of the usual themes: core's blocks, Astra, Flatsome, Newspaper, JNews
WORDPRESS = Rules(
    item="article, .type-post, li.wp-block-post, .td_module_wrap, .td-block-span12 > div,"
    " .jeg_post, .box-blog-post, .post-item",
    link=".entry-title a, .post-title a, .wp-block-post-title a, .jeg_post_title a, h1 a, h2 a,"
    " h3 a, h4 a, h5 a, a.plain",
    date=".entry-date, .posted-on, .post-date, .jeg_meta_date, .td-post-date",
    summary=".entry-summary, .entry-content, .wp-block-post-excerpt, .td-excerpt,"
    " .jeg_post_excerpt, .from_the_blog_excerpt, .excerpt",
    image=".post-thumbnail img, img.wp-post-image",
    next="a.next, .nav-previous a, .page-numbers a, .wp-block-query-pagination-next, .page-nav a,"
    " .wp-pagenavi a",
    drop=("aside", ".widget", ".sidebar", ".comments-area"),
)
GENERAL = Rules(
    date=".date, .time, .ngay, .ngay-dang, .post-date, .publish-date, .news-date",
    summary=".summary, .sapo, .description, .desc, .tom-tat, .mo-ta, .lead, .intro, .excerpt",
    next=".pagination a, .paging a, .pager a, .page a, .phan-trang a, [class*=paginat] a",
)
READY: Mapping[str, Rules] = {
    "nukeviet": NUKEVIET,
    "tandan": TANDAN,
    "wordpress": WORDPRESS,
    "general": GENERAL,
}


def rules_of(told: object) -> Rules:
    """The name of a ready set, or selectors by name. Raises BadRules."""
    if isinstance(told, str):
        if told not in READY:
            raise BadRules(f"Không có bộ quy tắc tên “{told}”. Có sẵn: {', '.join(READY)}.")
        return READY[told]
    if not isinstance(told, Mapping):
        raise BadRules
    names = [field.name for field in fields(Rules)]
    if unknown := [str(name) for name in told if name not in names]:
        raise BadRules(f"Không có quy tắc “{unknown[0]}”. Các quy tắc: {', '.join(names)}.")
    own: dict[str, Any] = {
        name: _selector(name, value) for name, value in told.items() if name != "drop"
    }
    return Rules(**own, drop=_drops(told.get("drop", ())))


def _drops(told: object) -> tuple[str, ...]:
    drops = [told] if isinstance(told, str) else told
    if not isinstance(drops, (list, tuple)) or len(drops) > MOST_DROPS:
        raise BadRules(f"Quy tắc “drop” là danh sách có không quá {MOST_DROPS} bộ chọn.")
    return tuple(_selector("drop", value) for value in drops)


def _selector(name: str, told: object) -> str:
    if not isinstance(told, str) or len(told) > LONGEST_RULE:
        raise BadRules(f"Quy tắc “{name}” phải là một bộ chọn CSS, dài không quá {LONGEST_RULE}.")
    try:
        selector(told or "*")
    except (SelectorError, XPathError) as error:
        raise BadRules(f"Quy tắc “{name}” không phải bộ chọn CSS hợp lệ: “{told}”.") from error
    return told.strip()
