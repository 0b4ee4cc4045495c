"""The links below an answer by mail: «Did this answer your question?», and the token in each.

A token is the outgoing row's id and its signature, `1234-5f2c…`: HMAC-SHA256 with a key derived
from the deployment's own for this purpose alone, 128 bits shown. No reference, Message-ID or
other thing that we sign can stand for one.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass

from handlers.knowledge_tables import Said
from handlers.letters import Link

PATH = "/feedback"
"""Where the pages of these links are; a proxy need forward no other path."""

_PURPOSE = b"triagebot: what an enquirer says of an answer, 1"
_SHOWN = 32
_TOKEN = re.compile(r"([1-9][0-9]{0,17})-([0-9a-f]{32})", re.ASCII)

WORDS = {
    Said.YES: "Yes, it answered my question",
    Said.NO: "No, it did not answer my question",
    Said.PERSON: "I need to hear from a person",
}
"""Each link, and the button behind it."""


@dataclass(frozen=True, slots=True)
class FeedbackLinks:
    """Makes the links. `public_url` is where people reach the web pages."""

    public_url: str
    signing_key: str

    def below(self, outgoing_id: int) -> tuple[Link, ...]:
        """The three links of one answer; the same ones each time."""
        token = token_of(outgoing_id, self.signing_key)
        base = self.public_url.rstrip("/") + PATH
        return tuple(
            Link(text=words, url=f"{base}/{said}/{token}") for said, words in WORDS.items()
        )


def token_of(outgoing_id: int, signing_key: str) -> str:
    """What names an answer in a link and cannot be guessed."""
    return f"{outgoing_id}-{_signature(str(outgoing_id), signing_key)}"


def outgoing_of(token: str, signing_key: str) -> int | None:
    """The id in a token that we signed; None for any other text."""
    found = _TOKEN.fullmatch(token)
    if found is None:
        return None
    number, sign = found.groups()
    return int(number) if hmac.compare_digest(_signature(number, signing_key), sign) else None


def _signature(number: str, signing_key: str) -> str:
    purpose = hmac.new(signing_key.encode(), _PURPOSE, hashlib.sha256).digest()
    return hmac.new(purpose, number.encode(), hashlib.sha256).hexdigest()[:_SHOWN]
