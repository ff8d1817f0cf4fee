"""What must be known of a picture, without a library for pictures: its size; and plain ones."""

import struct
import zlib

PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8"
# A JPEG says its size in the segment that starts a frame; C4, C8 and CC are other things.
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
ALONE = frozenset({0x01, *range(0xD0, 0xD9)})  # segments without a length
GREY = bytes((0xB4, 0xBE, 0xC8))


def size_of(picture: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG or JPEG; None for what is neither."""
    if picture.startswith(PNG) and picture[12:16] == b"IHDR" and len(picture) > 24:  # noqa: PLR2004
        width, height = struct.unpack(">II", picture[16:24])
        return width, height
    return _size_of_jpeg(picture) if picture.startswith(JPEG) else None


def is_png(picture: bytes) -> bool:
    return picture.startswith(PNG)


def plain_png(width: int, height: int) -> bytes:
    """A grey picture."""
    rows = (b"\0" + GREY * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        PNG + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + check


def _size_of_jpeg(picture: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(picture) and picture[at] == 0xFF:  # noqa: PLR2004
        marker = picture[at + 1]
        if marker in FRAMES:
            height, width = struct.unpack(">HH", picture[at + 5 : at + 9])
            return width, height
        if marker in ALONE or marker == 0xFF:  # noqa: PLR2004
            at += 1 if marker == 0xFF else 2  # noqa: PLR2004
        else:
            at += 2 + int.from_bytes(picture[at + 2 : at + 4], "big")
    return None
