"""From what a call names, by id or as an upload, to a photo or document that is kept."""

from bot.rehearsal.telegram import pictures
from bot.rehearsal.telegram.errors import WRONG_FILE, bad_request
from bot.rehearsal.telegram.files import FileKind, Files, StoredFile
from bot.rehearsal.telegram.multipart import Upload
from bot.rehearsal.telegram.params import Params
from bot.rehearsal.telegram.records import Media

MOST_PHOTO_BYTES = 10 << 20  # core.telegram.org/bots/api#sending-files
MOST_SIDES, MOST_RATIO = 10_000, 20  # core.telegram.org/bots/api#sendphoto
SMALL_SIDE = 90  # of the smallest size that Telegram makes of a photo; pixels


def media_from(files: Files, params: Params, name: str, kind: FileKind) -> Media:
    """`name` is the parameter. Raises ApiError."""
    upload = params.upload(name)
    if upload is not None:
        return _kept(files, upload, kind)
    value = params.text(name)
    if not value:
        raise bad_request(f"there is no {kind} in the request")
    if value.startswith(("http://", "https://")):
        # The rehearsal reaches nothing outside this machine.
        raise bad_request("failed to get HTTP URL content")
    file = files.find(value)
    if file is None:
        raise bad_request(WRONG_FILE)
    if file.kind is not kind:
        raise bad_request(f"can't use file of type {file.kind.title()} as {kind.title()}")
    return media_of(files, file)


def keep_photo(files: Files, content: bytes) -> StoredFile:
    """Raises ApiError for what Telegram takes for no photo."""
    if len(content) > MOST_PHOTO_BYTES:
        raise bad_request(
            f"file of size {len(content)} bytes is too big for a photo; "
            f"the maximum size is {MOST_PHOTO_BYTES} bytes"
        )
    size = pictures.size_of(content)
    if size is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    width, height = size
    if not 0 < width + height <= MOST_SIDES or max(size) > MOST_RATIO * min(size):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    suffix = "png" if pictures.is_png(content) else "jpg"
    return files.add_photo(content, f"photo.{suffix}", width=width, height=height)


def media_of(files: Files, file: StoredFile) -> Media:
    """A photo gets a small size beside its own, grey as there is nothing here to scale it with."""
    shrink = max(file.width, file.height) / SMALL_SIDE
    if file.kind is not FileKind.PHOTO or shrink <= 1:
        return Media(file=file)
    width, height = max(1, round(file.width / shrink)), max(1, round(file.height / shrink))
    grey = pictures.plain_png(width, height)
    name = f"{file.unique_id}.png"
    return Media(file=file, small=files.add_photo(grey, name, width=width, height=height))


def _kept(files: Files, upload: Upload, kind: FileKind) -> Media:
    if not upload.content:
        raise bad_request("file must be non-empty")
    if kind is FileKind.DOCUMENT:
        return Media(file=files.add_document(upload.name, upload.content))
    return media_of(files, keep_photo(files, upload.content))
