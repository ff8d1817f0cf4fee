"""What stands ready on every phone to be sent: a picture and a document, both invented."""

from functools import cache
from importlib.resources import files

PICTURE_NAME = "Ảnh hội nghị"
DOCUMENT_NAME = "Lịch công tác.pdf"
LARGE_NAME = "Tệp 25 MB.zip"
LARGE_BYTES = 25 << 20  # more than a bot may download


@cache
def picture() -> bytes:
    return (files(__package__) / "samples" / "anh-hoi-nghi.jpg").read_bytes()


@cache
def document() -> bytes:
    return (files(__package__) / "samples" / "lich-cong-tac.pdf").read_bytes()
