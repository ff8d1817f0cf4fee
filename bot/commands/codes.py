"""One-time codes that people type: how they look, and how they are stored and compared."""

import hashlib
import hmac
import re
import secrets
from typing import Final

_ALPHABET: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # without what looks alike: I L O 0 1
_CODE: Final = re.compile(rf"(?=.*[A-Z])(?=.*\d)[{_ALPHABET}]{{8}}")  # no word is a code


def new_code() -> str:
    while True:
        code = "".join(secrets.choice(_ALPHABET) for _ in range(8))
        if _CODE.fullmatch(code):
            return code


def shown(code: str) -> str:
    return f"{code[:4]}-{code[4:]}"


def read_code(text: str) -> str | None:
    """However it is typed; None when it cannot be one."""
    code = re.sub(r"[\s–—-]", "", text.upper())
    return code if _CODE.fullmatch(code) else None


def new_salt() -> str:
    return secrets.token_hex(16)


def hashed(code: str, salt: str) -> str:
    """Takes its time, so that a stolen database is not searched: in a thread, please."""
    return hashlib.scrypt(code.encode(), salt=bytes.fromhex(salt), n=2**14, r=8, p=1).hex()


def is_same(one_hash: str, other_hash: str) -> bool:
    """In a time that does not tell how much of it is right."""
    return hmac.compare_digest(one_hash, other_hash)
