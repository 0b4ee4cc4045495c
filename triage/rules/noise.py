"""Text that is no text: bytes that no program could read as words."""

from triage.decision import Reason
from triage.message import Message

_KEPT = "\t\n\r\x0b\x0c"
"""Control characters that ordinary mails hold: spaces and line ends of every kind."""
_SHARE = 0.02
"""Mails with a stray control character stay far below it; bytes read as text far above."""


def unreadable(message: Message) -> Reason | None:
    """What cannot be read as text is looked at by a person, who has the raw copy."""
    text = f"{message.subject}\n{message.text}"
    odd = sum(one == "\ufffd" or (ord(one) < ord(" ") and one not in _KEPT) for one in text)
    if odd < _SHARE * len(text):
        return None
    return Reason(rule="unreadable", text="Cannot be read as text; the raw copy is kept")
