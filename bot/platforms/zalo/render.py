"""A content as Zalo shows it: plain text, addresses on lines of their own, no buttons. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from jobs.messenger import Button, Content, Part
from jobs.rich_text import RichText, Span, Style, split, utf16_length
from storage.records import Attachment, AttachmentKind

# "2,000 characters", of a text as of a caption; which ones is not said, so the strictest: UTF-16
TEXT_LIMIT: Final = 2000

_WEB: Final = ("http://", "https://")
_NUMBER: Final = re.compile(r"\D*(\d+)")  # a link button's label: "3", "Đọc tin 3"
_NO_PHOTO: Final = "(Có một ảnh kèm theo, không gửi được qua Zalo.)"
_NO_DOCUMENT: Final = "(Có một tài liệu kèm theo{name}, không gửi được qua Zalo.)"
_STYLE_CODES: Final = {Style.BOLD: "b", Style.ITALIC: "i", Style.QUOTE: "i"}


def parts_of(content: Content) -> list[Part]:
    """In order. A photo comes first: the text is its caption when all of it fits."""
    links = [button for row in content.buttons for button in row if button.url.startswith(_WEB)]
    words = normalised(content.text)
    text = _with_addresses(words, links)
    if utf16_length(text.text) > TEXT_LIMIT:
        text = _with_addresses(_headlines(words, links), links)
    photo = content.attachment
    if photo is not None and not is_public_photo(photo):
        note = RichText(_cannot_be_sent(photo))
        text = text + RichText("\n\n") + note if text.text else note
        photo = None
    texts = split(text, TEXT_LIMIT)
    if photo is None:
        return [Part(text=each) for each in texts]
    if len(texts) == 1:
        return [Part(text=texts[0], attachment=photo)]
    return [Part(text=RichText(""), attachment=photo), *(Part(text=each) for each in texts)]


def styles_of(text: RichText) -> list[dict[str, object]]:
    """As `text_styles` takes them; start and length are UTF-16 units."""
    return [
        {"start": span.start, "len": span.length, "st": [_STYLE_CODES[span.style]]}
        for span in text.spans
        if span.style in _STYLE_CODES
    ]


def is_public_photo(attachment: Attachment) -> bool:
    """Zalo fetches photos itself; what another platform has stored it cannot see."""
    is_photo = attachment.kind is AttachmentKind.PHOTO
    return is_photo and attachment.file_id.startswith(_WEB)


def normalised(text: RichText) -> RichText:
    """In NFC: a text with detached marks would count, and be cut, otherwise than it is shown."""
    if unicodedata.is_normalized("NFC", text.text):
        return text
    units = text.text.encode("utf-16-le", "surrogatepass")

    def moved(unit: int) -> int:
        before = units[: 2 * unit].decode("utf-16-le", "surrogatepass")
        return utf16_length(unicodedata.normalize("NFC", before))

    spans = (
        replace(each, start=moved(each.start), length=moved(end) - moved(each.start))
        for each in text.spans
        for end in (each.start + each.length,)
    )
    return RichText(
        unicodedata.normalize("NFC", text.text), tuple(each for each in spans if each.length > 0)
    )


@dataclass(frozen=True, slots=True)
class _Insertion:
    at: int  # characters
    text: str


def _with_addresses(text: RichText, links: Sequence[Button]) -> RichText:
    """Each address once, below the line or the numbered item it belongs to, the rest at the end.

    Buttons that say something back are left out: what they offer is asked for in words.
    """
    shown = set(_addresses_in(text.text))
    placed, left = _below_numbers(text.text, links)
    bare = RichText(text.text, tuple(s for s in text.spans if s.style is not Style.LINK))
    filled = _inserted(bare, [*_below_lines(text, shown), *placed])
    shown |= {span.url for span in text.spans if span.url}
    ending = "\n\n".join(
        f"{button.label}:\n{button.url}" for button in left if button.url not in shown
    )
    if not ending:
        return filled
    return filled + RichText(f"\n\n{ending}") if filled.text else RichText(ending)


def _addresses_in(text: str) -> Iterable[str]:
    return (word for word in text.split() if word.startswith(_WEB))


def _below_lines(text: RichText, shown: set[str]) -> Iterable[_Insertion]:
    told = set(shown)
    for span in text.spans:
        if span.style is not Style.LINK or span.url in told:
            continue
        told.add(span.url)
        end = _characters(text.text, span.start + span.length)
        line_end = text.text.find("\n", end)
        yield _Insertion(len(text.text) if line_end < 0 else line_end, f"\n{span.url}")


def _below_numbers(text: str, links: Sequence[Button]) -> tuple[list[_Insertion], list[Button]]:
    """Those whose number an item of the text bears; and the others."""
    placed, left = [], []
    for link in links:
        item = _item_of(link, text)
        if item is not None:
            placed.append(_Insertion(item.end(), f"\n{link.url}"))
        else:
            left.append(link)
    return placed, left


def _item_of(link: Button, text: str) -> re.Match[str] | None:
    """Its first line in group 1, its others in group 2."""
    number = _NUMBER.fullmatch(link.label)
    if number is None:
        return None
    return re.search(rf"(?m)^({number[1]}\. .*)((?:\n(?!\n|\d+\. ).*)*)", text)


def _headlines(text: RichText, links: Sequence[Button]) -> RichText:
    """Items in their first lines alone: each part more would cost a message of the month's."""
    for link in links:
        item = _item_of(link, text.text)
        if item is not None:
            text = _cut(text, *item.span(2))
    return text


def _inserted(text: RichText, insertions: Iterable[_Insertion]) -> RichText:
    """From the last to the first, so that no place moves before its turn; spans move along.

    Those of one place stay in their order.
    """
    for each in sorted(insertions, key=lambda one: one.at)[::-1]:
        at, added = utf16_length(text.text[: each.at]), utf16_length(each.text)
        spans = tuple(_moved(span, at, added) for span in text.spans)
        text = RichText(text.text[: each.at] + each.text + text.text[each.at :], spans)
    return text


def _moved(span: Span, at: int, added: int) -> Span:
    if span.start >= at:
        return replace(span, start=span.start + added)
    is_inside = at < span.start + span.length
    return replace(span, length=span.length + added) if is_inside else span


def _cut(text: RichText, start: int, end: int) -> RichText:
    """Without these characters, in which no style begins or ends."""
    at, gone = utf16_length(text.text[:start]), utf16_length(text.text[start:end])
    spans = tuple(
        replace(span, start=span.start - gone) if span.start >= at + gone else span
        for span in text.spans
    )
    return RichText(text.text[:start] + text.text[end:], spans)


def _characters(text: str, units: int) -> int:
    before = text.encode("utf-16-le", "surrogatepass")[: 2 * units]
    return len(before.decode("utf-16-le", "surrogatepass"))


def _cannot_be_sent(attachment: Attachment) -> str:
    if attachment.kind is AttachmentKind.PHOTO:
        return _NO_PHOTO
    return _NO_DOCUMENT.format(name=f": {attachment.name}" if attachment.name else "")
