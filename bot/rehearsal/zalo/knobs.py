"""Where those who measured Zalo disagree, and what nobody has measured: each can be chosen."""

from dataclasses import dataclass
from enum import StrEnum


class Idle(StrEnum):
    """How a long poll ends that brought nothing; in both the body says error 408."""

    STATUS_408 = "408"
    STATUS_200 = "200"


class ErrorStatus(StrEnum):
    MIRRORED = "mirrored"  # the HTTP status is the error's code
    ALWAYS_200 = "always-200"


class Updates(StrEnum):
    ONCE = "once"
    REPLAY = "replay"  # each is handed out again, behind those that wait
    LIVE_ONLY = "live-only"  # lost when nobody polls at that moment


class ImageField(StrEnum):
    PHOTO = "photo"  # as documented
    PHOTO_URL = "photo_url"  # as seen


class WebhookBody(StrEnum):
    ENVELOPE = "envelope"  # {"ok": true, "result": update}
    BARE = "bare"


class Probe(StrEnum):
    """What setWebhook posts to the address at once."""

    JSON = "json"
    EMPTY = "empty"


class WrongToken(StrEnum):
    JSON = "json"  # error 401
    HTML = "html"  # no JSON at all


@dataclass(frozen=True, slots=True, kw_only=True)
class Knobs:
    """As free bots are documented where nothing else is said; `None` means no limit."""

    idle: Idle = Idle.STATUS_408
    errors: ErrorStatus = ErrorStatus.MIRRORED
    updates: Updates = Updates.ONCE
    image_field: ImageField = ImageField.PHOTO_URL
    webhook_body: WebhookBody = WebhookBody.ENVELOPE
    probe: Probe = Probe.JSON
    wrong_token: WrongToken = WrongToken.JSON
    monthly_messages: int | None = 3000  # of each bot
    counts_received: bool = True  # whether what people write uses up the month too
    most_people: int | None = 50  # of each bot; the bot never hears of those beyond
    most_groups: int | None = 3
    can_join_groups: bool = True
    gone_code: int = 400  # what a send to somebody who left is refused with
    gone_words: str = "Bad request: chat not found"
    latency_seconds: float = 0.0  # before every answer
    webhook_tries: int = 3  # of one update
    webhook_retry_seconds: float = 1.0
