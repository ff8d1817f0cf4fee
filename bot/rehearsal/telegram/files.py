"""Files that this Telegram keeps: photos and documents, by the ids that name them."""

import base64
import hashlib
import mimetypes
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import count

CHUNK_BYTES = 65_536
PREFIXES = {"photo": "AgAC", "document": "BQAC"}  # how real ids of each kind begin


class FileKind(StrEnum):
    PHOTO = "photo"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    id: str
    unique_id: str
    kind: FileKind
    name: str
    mime: str
    content: bytes
    size: int  # bytes; what `content` lacks is zeros, so a large file needs no memory
    path: str  # of the download
    width: int = 0  # pixels, of a photo
    height: int = 0

    def chunks(self) -> Iterator[bytes]:
        yield self.content
        left = self.size - len(self.content)
        while left > 0:
            yield bytes(min(left, CHUNK_BYTES))
            left -= CHUNK_BYTES


class Files:
    """Ids follow from kind, name and content: a file sent again has the id it had before."""

    def __init__(self, bot_id: int) -> None:
        self._bot_id = bot_id
        self._by_id: dict[str, StoredFile] = {}
        self._numbers = count()

    def find(self, file_id: str) -> StoredFile | None:
        return self._by_id.get(file_id)

    def at(self, path: str) -> StoredFile | None:
        return next((file for file in self._by_id.values() if file.path == path), None)

    def add_document(self, name: str, content: bytes, *, size: int = 0) -> StoredFile:
        return self._add(FileKind.DOCUMENT, name, content, size=max(size, len(content)))

    def add_photo(self, content: bytes, name: str, *, width: int, height: int) -> StoredFile:
        return self._add(
            FileKind.PHOTO, name, content, size=len(content), width=width, height=height
        )

    def _add(
        self,
        kind: FileKind,
        name: str,
        content: bytes,
        *,
        size: int,
        width: int = 0,
        height: int = 0,
    ) -> StoredFile:
        what = f"{kind} {name} {size} ".encode() + content
        file_id = PREFIXES[kind] + _hash(f"{self._bot_id} ".encode() + what)
        mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
        dot = name.rpartition(".")
        suffix = f".{dot[2].lower()}" if dot[0] and dot[2].isalnum() and dot[2].isascii() else ""
        file = StoredFile(
            id=file_id,
            unique_id=_hash(what)[:15],
            kind=kind,
            name=name,
            mime=mime,
            content=content,
            size=size,
            path=f"{kind}s/file_{next(self._numbers)}{suffix}",
            width=width,
            height=height,
        )
        return self._by_id.setdefault(file_id, file)


def _hash(what: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(what).digest()).decode().rstrip("=")
