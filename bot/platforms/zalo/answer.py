"""An answer of the Bot Platform: HTTP status and `ok` are judged apart. Pure."""

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from bot.platforms.events import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int  # HTTP's
    envelope: Json | None  # None: it is none of Zalo's

    @property
    def is_zalos(self) -> bool:
        return self.envelope is not None

    @property
    def is_ok(self) -> bool:
        """What Zalo itself says."""
        return self.envelope is not None and self.envelope.get("ok") is True

    @property
    def is_success_status(self) -> bool:
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    @property
    def is_success(self) -> bool:
        """Not "no error_code": live successes carry 0, the documentation's none."""
        return self.is_ok and self.is_success_status

    @property
    def result(self) -> Any:  # noqa: ANN401 - each method's own
        return (self.envelope or {}).get("result")

    @property
    def code(self) -> int | None:
        """Zalo's own where it names one, else HTTP's; None when neither is an error."""
        envelope = self.envelope or {}
        for name in ("error_code", "errorCode"):  # the second where testWebhook is overused
            found = envelope.get(name)
            if isinstance(found, int | str) and str(found).isdecimal() and int(found):
                return int(found)
        return None if self.is_success_status else self.status

    @property
    def description(self) -> str:
        return str((self.envelope or {}).get("description") or "")


def read_answer(status: int, body: bytes) -> Answer:
    """Nothing of a body that is not Zalo's is kept: a proxy's page may repeat the token."""
    try:
        envelope = json.loads(body)
    except (ValueError, RecursionError):
        envelope = None
    is_zalos = isinstance(envelope, dict) and "ok" in envelope
    return Answer(status=status, envelope=envelope if is_zalos else None)
