"""Where a bot wants its updates posted."""

from dataclasses import dataclass
from datetime import datetime

from bot.rehearsal.zalo.errors import bad_request, empty
from bot.rehearsal.zalo.records import Json

SECRET_CHARS = range(8, 257)


@dataclass(slots=True)
class Webhook:
    url: str = ""  # empty: none is set
    secret: str = ""
    updated_at: datetime | None = None
    failure: str = ""  # of the last update that was not taken

    def set(self, url: str, secret: str, now: datetime) -> None:
        """Raises ApiError. Any address is kept, whether or not it can be called."""
        if not url:
            raise empty("url")
        if not secret:
            raise empty("secret_token")
        if len(secret) not in SECRET_CHARS:
            raise bad_request("The secret_token must be between 8 and 256 characters")
        self.url, self.secret, self.updated_at, self.failure = url, secret, now, ""

    def remove(self, now: datetime) -> None:
        self.url, self.secret, self.updated_at, self.failure = "", "", now, ""

    def to_api(self) -> Json:
        at = self.updated_at
        return {"url": self.url, "updated_at": int(at.timestamp() * 1000) if at else 0}
