"""Unpacks a page while it arrives, so that no stream and no gzip bomb fills memory."""

import zlib

from jobs.page import CUT_OFF, Broken, TooLarge


class Body:
    def __init__(self, encoding: str, limit_bytes: int) -> None:
        """Raises Broken for a packing that is not known."""
        self._limit_bytes = limit_bytes
        self._raw_bytes = 0
        self._unpacked = bytearray()
        self._unpacker = _unpacker(encoding)

    def add(self, chunk: bytes) -> None:
        """Raises TooLarge or Broken."""
        self._raw_bytes += len(chunk)
        self.check_size(self._raw_bytes)
        self._unpacked += self._unpack(chunk)
        self.check_size(len(self._unpacked))

    def check_size(self, size_bytes: int) -> None:
        if size_bytes > self._limit_bytes:
            raise TooLarge(f"Trang lớn hơn {_size(self._limit_bytes)}.")

    def _unpack(self, chunk: bytes) -> bytes:
        if self._unpacker is None:
            return chunk
        room = self._limit_bytes + 1 - len(self._unpacked)
        try:
            return self._unpacker.decompress(chunk, room)
        except zlib.error as error:
            raise Broken("Trang nén bị hỏng.") from error

    def so_far(self) -> bytes:
        return bytes(self._unpacked)

    def whole(self) -> bytes:
        """Raises Broken when the end is missing."""
        if self._unpacker is not None and self._raw_bytes and not self._unpacker.eof:
            raise Broken(CUT_OFF)
        return bytes(self._unpacked)


def _unpacker(encoding: str) -> "zlib._Decompress | None":
    match encoding.strip().lower():
        case "" | "identity":
            return None
        case "gzip" | "x-gzip":
            return zlib.decompressobj(zlib.MAX_WBITS | 16)  # 16: with gzip's own header
        case _:
            raise Broken("Máy chủ nén trang theo kiểu không đọc được.")


def _size(size_bytes: int) -> str:
    megabytes = size_bytes / (1024 * 1024)
    return f"{megabytes:.1f} MB".replace(".0 ", " ").replace(".", ",")
