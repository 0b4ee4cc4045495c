"""Passwords, kept only as scrypt hashes (RFC 7914, with the cost that OWASP asks for)."""

import base64
import hashlib
import hmac
import secrets

from bot.settings_officers import MADE_BY_COMMAND

COST, BLOCK, LANES = 2**15, 8, 3
"""32 MB and about a quarter of a second for each try."""
MOST_MEMORY = 64 * 1024 * 1024
LEAST_CHARACTERS = 12
MOST_CHARACTERS = 200

NOBODY = f"{MADE_BY_COMMAND}{'A' * 22}==${'A' * 43}="
"""A hash that no password has: tried where no officer has the name, so that time tells nothing."""


def hashed(password: str) -> str:
    """The hash that is kept, with a salt of its own."""
    salt = secrets.token_bytes(16)
    return f"{MADE_BY_COMMAND}{_text(salt)}${_text(_derived(password, salt))}"


def matches(password: str, kept: str) -> bool:
    """Whether this is the password; takes as long for a wrong one. False for a broken hash."""
    try:
        salt, derived = (base64.b64decode(one, validate=True) for one in kept.split("$")[1:])
    except ValueError:
        return False
    return hmac.compare_digest(_derived(password[:MOST_CHARACTERS], salt), derived)


def _derived(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(
        password.encode(), salt=salt, n=COST, r=BLOCK, p=LANES, maxmem=MOST_MEMORY, dklen=32
    )


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
