"""What a relay's refusal means for a mail: when to try again, or that there is no use in it.

The classes are those of RFC 3463; where a relay gives none, its reply code decides alone
(RFC 5321 4.2.1): 4xx may work later, 5xx never will.
"""

import re
from dataclasses import dataclass

from handlers.delivery import Later, Refused

PERMANENT = 500
_MINUTE = 60.0
_HOUR = 60 * _MINUTE
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?!\.?\d)")
_OURS = frozenset({530, 534, 535, 538})
"""Reply codes that ask us to sign in, or to encrypt (RFC 4954 6, RFC 3207 4)."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a class of failure says, and for how long it is left alone at least."""

    words: str
    wait: float = 0
    """Seconds at least; the usual waits grow beyond it."""


TEMPORARY = {
    "2.1": Meaning("the mailbox is switched off for now", 4 * _HOUR),  # RFC 3463 3.3
    "2.2": Meaning("the mailbox is full", _HOUR),  # 3.3
    "2": Meaning("the mailbox cannot take it now", 15 * _MINUTE),  # 3.3
    "3.1": Meaning("the mail system is full", 15 * _MINUTE),  # 3.4
    "3.2": Meaning("the mail system takes no mail now", 15 * _MINUTE),  # 3.4
    "4": Meaning("the way there is disturbed"),  # 3.5
    "5.3": Meaning("too many recipients at once", 5 * _MINUTE),  # 3.6
    "7": Meaning("mail from us is put off, as by greylisting", 5 * _MINUTE),  # 3.8
}
"""By the subject and detail of a 4.x.x status; the longest that fits."""

FINAL = {
    "1": Meaning("the address does not exist"),  # RFC 3463 3.2
    "2.1": Meaning("the mailbox is switched off"),  # 3.3
    "2.2": Meaning("the mailbox is full, and stays so"),  # 3.3
    "2.3": Meaning("the mail is too long for the mailbox"),  # 3.3
    "3.4": Meaning("the mail is too long for the system"),  # 3.4
    "6.7": Meaning("the way there carries no addresses outside ASCII"),  # RFC 6531 3.5
    "7": Meaning("their policy refuses it"),  # RFC 3463 3.8
}
"""As above, of a 5.x.x status."""

_SIGN_IN = Meaning("the relay does not let us send: check how we sign in", 10 * _MINUTE)


def status_of(text: str) -> str:
    """The enhanced status in a relay's words, such as `4.2.2`; empty where there is none."""
    found = _STATUS.search(text[:200])
    return found[1] if found else ""


def result_of(code: int, text: str) -> Later | Refused:
    """What a relay's answer other than yes means; `text` is one line."""
    why = f"{code} {text}".strip()
    if code in _OURS:
        # No mail is to blame for that, and none may be given up for it.
        return Later(f"{_SIGN_IN.words}: {why}", _SIGN_IN.wait, counts=False)
    final = code >= PERMANENT
    status = status_of(text)
    # A status of the other class contradicts its reply code, which then stands alone.
    fits = status.startswith("5" if final else "4")
    meaning = _named(FINAL if final else TEMPORARY, status) if fits else None
    said = why if meaning is None else f"{meaning.words}: {why}"
    if final:
        return Refused(said)
    return Later(said, at_least=meaning.wait) if meaning else Later(said)


def _named(table: dict[str, Meaning], status: str) -> Meaning | None:
    _, subject, detail = status.split(".")
    return table.get(f"{subject}.{detail}") or table.get(subject)
