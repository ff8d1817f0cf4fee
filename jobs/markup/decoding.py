"""The bytes of a page → its text, in NFC, without control characters. Pure."""

import codecs
import re
import unicodedata

from charset_normalizer import from_bytes

from jobs.markup.old_fonts import old_encoding
from jobs.source_errors import NothingThere, Unreadable

_HEAD_BYTES = 4096
_SAMPLE_BYTES = 100_000
_MOST_BROKEN = 0.1  # share of a UTF-8 page's other-than-ASCII characters that may be damaged
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_IN_HEADER = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# what servers say when nobody has set anything; the page may be in any of the older code pages
_SAID_BY_DEFAULT = frozenset({"ascii", "iso8859-1", "cp1252"})
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


def decode(page: bytes, content_type: str = "") -> str:
    """Raises NothingThere, Unreadable."""
    if not page.strip():
        raise NothingThere
    decoded = _decoded(page, content_type)
    if name := old_encoding(decoded):
        raise Unreadable(f"Trang dùng bảng mã {name}, không phải Unicode, nên không đọc được.")
    text = unicodedata.normalize("NFC", _CONTROL.sub("", decoded))
    if not text.strip("\ufeff \t\r\n"):
        raise NothingThere
    return text.lstrip("\ufeff")


def _decoded(page: bytes, content_type: str) -> str:
    for bom, encoding in _BOMS:
        if page.startswith(bom):
            return page.decode(encoding, "replace")
    declared = _declared(page, content_type)
    if declared.startswith(("utf-16", "utf-32")) and b"\x00" in page:
        return page.decode(declared, "replace")
    try:  # first: what is valid UTF-8 is UTF-8, whatever is declared
        return page.decode("utf-8")
    except UnicodeDecodeError:
        return _not_quite_utf8(page, declared)


def _declared(page: bytes, content_type: str) -> str:
    """The codec's own name, or nothing where none is declared or known."""
    in_page = _DECLARED.search(page[:_HEAD_BYTES])
    in_header = _IN_HEADER.search(content_type)
    said = in_page[1].decode("ascii", "ignore") if in_page else ""
    for name in (in_header[1] if in_header else "", said):
        try:
            b"".decode(name)  # hex and zip are codecs too, but of no text
            return codecs.lookup(name).name
        except (LookupError, ValueError):
            continue
    return ""


def _not_quite_utf8(page: bytes, declared: str) -> str:
    damaged = page.decode("utf-8", "replace")
    marked = sum(map(len, re.findall("[^\x00-\x7f]+", damaged)))
    if damaged.count("\ufffd") <= marked * _MOST_BROKEN:
        return damaged.replace("\ufffd", "")
    if declared and declared != "utf-8" and declared not in _SAID_BY_DEFAULT:
        return page.decode(declared, "replace")
    if old_encoding(bare := page.decode("latin-1")):
        return bare
    guess = from_bytes(page[:_SAMPLE_BYTES], cp_isolation=["cp1258", "cp1252"]).best()
    return page.decode(guess.encoding if guess else "cp1252", "replace").replace("\ufffd", "")
