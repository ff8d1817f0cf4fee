"""The webhook: where updates are posted while one is set, and how that went."""

import re
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from bot.rehearsal.guard import is_own
from bot.rehearsal.telegram.errors import WEBHOOK_ACTIVE, ApiError, bad_request
from bot.rehearsal.telegram.records import Json

SECRET = re.compile(r"[A-Za-z0-9_-]*")  # core.telegram.org/bots/api#setwebhook
MOST_SECRET_CHARS = 256
USUAL_CONNECTIONS = 40


@dataclass(slots=True, kw_only=True)
class Webhook:
    url: str = ""  # empty: none is set
    secret: str = ""
    connections: int = USUAL_CONNECTIONS
    retry_seconds: float = 1  # after a first failure; then less and less often
    failed_at: datetime | None = None
    failure: str = ""

    @property
    def terms(self) -> tuple[str, str, int]:
        """What a bot may set."""
        return self.url, self.secret, self.connections

    def set(self, url: str, secret: str, connections: int) -> None:
        """Raises ApiError. Any port of this machine will do, and no certificate is needed."""
        if len(secret) > MOST_SECRET_CHARS:
            raise bad_request("secret token is too long")
        if not SECRET.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")
        if not is_own(url):
            # The rehearsal reaches nothing outside this machine.
            raise bad_request("bad webhook: Failed to resolve host: Name or service not known")
        self.url, self.secret = url, secret
        self.connections = connections or USUAL_CONNECTIONS
        self.failed_at, self.failure = None, ""

    def remove(self) -> None:
        self.url, self.secret, self.connections = "", "", USUAL_CONNECTIONS
        self.failed_at, self.failure = None, ""

    def refuse_polls(self) -> None:
        if self.url:
            raise ApiError(HTTPStatus.CONFLICT, WEBHOOK_ACTIVE)

    def note_failure(self, reason: str, at: datetime) -> None:
        self.failed_at, self.failure = at, reason

    def to_api(self, pending: int, allowed: list[str]) -> Json:
        shown: Json = {
            "url": self.url,
            "has_custom_certificate": False,
            "pending_update_count": pending,
        }
        if self.url:
            shown["max_connections"] = self.connections
            shown["ip_address"] = "127.0.0.1"
        if self.failed_at is not None:
            shown["last_error_date"] = int(self.failed_at.timestamp())
            shown["last_error_message"] = self.failure
        return shown | ({"allowed_updates": allowed} if allowed else {})
