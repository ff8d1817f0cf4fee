"""What stands around an article on its page: menus, tools, related news. Pure."""

import re
from functools import lru_cache

from jobs.markup.tree import Element, Skip, classes, is_unseen

_FRAME_TAGS = frozenset({"nav", "header", "footer", "aside", "dialog"})
_FRAME = re.compile(  # classes and ids, whole names
    # Liferay
    r"asset-(?:links|more|actions|details|metadata|categories|tags|ratings|flag|priority|user-actions|user-info)"
    r"|asset-view-count-info|taglib-(?:asset-links|social.*|ratings|flags|discussion|page-iterator|header)"
    r"|lfr-(?:discussion|meta-actions|pagination)|metadata-author|print-actions?|export-actions?|locale-actions"
    r"|header-back-to|portlet-(?:topper|header|title.*)|subscribe-action|date-now|current-time|quick-access-nav"
    # NukeViet, Tân Dân, WordPress
    r"|detail-related|other-?news.*|id-?comment|news_rating|tandan-div-(?:article-other|share.*)|td-tags"
    r"|entry-(?:meta|footer)|post-(?:navigation|meta|tags|views.*)|nav-links|sharedaddy|jp-relatedposts|yarpp.*"
    r"|author-?box.*|addtoany.*|a2a_.*|wpd.*|tptn.*|widget.*"
    r"|crp_related.*|ez-toc-.*|toc|toc_container|lwptoc.*|kk-star-.*|heateor_.*|elementor-(?:widget-)?posts?"
    # any
    r"|breadcrumbs?.*|pagination|pager|page-iterator|social.*|share.*|.*-share|addthis.*|fb-.*|zalo-.*|rating.*"
    r"|comments?|comment-.*|(?:binh-?luan|phan-?hoi).*|related.*|.*lien-?quan.*|.*tin-?khac.*|tin-?moi.*|tin-?cung.*"
    r"|.*(?:xem|doc)-?nhieu.*|side-?bar.*|navbar.*|menu.*|footer|banner|quang-?cao.*|ads?|advert.*|counter|alert"
    r"|tags?|tag-?list|keywords?|tu-?khoa|luot-?xem|view-?count.*|tool-?box.*|toolbar.*|font-?size.*|co-?chu"
    r"|print|in-?bai|doc-?bai|audio-?player.*|copyright|newsletter.*|popup.*|modal.*|cookie-.*",
    re.IGNORECASE,
)

# of the frames, those that tell of the article itself: who published it, and when
_HEAD = re.compile(
    r"(?:entry|post|article|single|news)-(?:meta|header|info|footer)", re.IGNORECASE
)


def is_frame(element: Element) -> bool:
    """Whether an element stands around articles rather than in them."""
    if element.tag in _FRAME_TAGS or is_unseen(element):
        return True
    return any(map(_names_a_frame, (*classes(element), element.get("id", ""))))


@lru_cache(maxsize=4096)
def _names_a_frame(name: str) -> bool:
    return bool(_FRAME.fullmatch(name))


def is_framed(element: Element, within: Element, is_around: Skip = is_frame) -> bool:
    """Whether it, or what is around it inside `within`, is a frame."""
    if is_around(element):
        return True
    for around in element.iterancestors():
        if around is within:
            return False
        if is_around(around):
            return True
    return False


def is_foreign(element: Element) -> bool:
    """Whether it is a frame that tells nothing of the article it stands around."""
    if is_unseen(element) or any(map(_HEAD.fullmatch, classes(element))):
        return is_unseen(element)
    if element.tag == "header" and next(element.iterancestors("article"), None) is not None:
        return False
    return is_frame(element)
