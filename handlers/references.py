"""References of enquiries: short enough to read out, signed so that a guess is refused.

The form is `ENQ-7K3MQD-4T9P`: six random characters and four that sign them with the
deployment's key (HMAC-SHA256, 20 bits shown). The alphabet is Crockford's base 32, without
letters that are mistaken for digits (https://www.crockford.com/base32.html).

Replies come back to an address that carries the reference too, as a tag after a plus sign
(`enq-7k3mqd-4t9p.` and sixteen characters). Its signature is another one, 80 bits of it, so that
who has only read the reference in a subject cannot make the address.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PATTERN = re.compile(r"\bENQ-([0-9A-HJKMNP-TV-Z]{6})-([0-9A-HJKMNP-TV-Z]{4})\b", re.IGNORECASE)

_TAG = re.compile(
    r"(ENQ-[0-9A-HJKMNP-TV-Z]{6}-[0-9A-HJKMNP-TV-Z]{4})\.([0-9A-HJKMNP-TV-Z]{16})", re.IGNORECASE
)
_TAG_BYTES = 10
_OUTGOING = re.compile(rb"<ENQ-[0-9A-Z]{6}-[0-9A-Z]{4}\.[0-9a-f]{20}@[^<>\s]{1,255}>")


def new_reference(key: str) -> str:
    """A fresh reference, signed with this deployment's key."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(6))
    return f"ENQ-{body}-{_signature(body, key)}"


def references_in(text: str, key: str) -> list[str]:
    """The references in a text that this deployment signed, in order, each once."""
    found = (
        f"ENQ-{body.upper()}-{sign.upper()}"
        for body, sign in PATTERN.findall(text)
        if hmac.compare_digest(_signature(body.upper(), key), sign.upper())
    )
    return list(dict.fromkeys(found))


def reply_tag(reference: str, key: str) -> str:
    """What stands after the plus sign in the address to which replies about this enquiry go."""
    return f"{reference}.{_tag_signature(reference, key)}".lower()


def references_of_tags(tags: Iterable[str], key: str) -> list[str]:
    """The references in tags that this deployment signed, in order, each once."""
    read = (_TAG.fullmatch(tag.upper()) for tag in tags)
    signed = (
        match[1]
        for match in read
        if match and hmac.compare_digest(_tag_signature(match[1], key), match[2])
    )
    return list(dict.fromkeys(signed))


def outgoing_message_id(reference: str, outgoing_key: str, domain: str, key: str) -> str:
    """The Message-ID of one outgoing mail: the same each time it is sent, and ours to recognise."""
    tail = hmac.new(key.encode(), outgoing_key.encode(), hashlib.sha256).hexdigest()[:20]
    return f"<{reference}.{tail}@{domain}>"


def outgoing_ids_in(raw: bytes) -> list[str]:
    """What looks like Message-IDs of ours, as they stand in a mail that came back; each once."""
    return list(dict.fromkeys(found.decode("ascii", "replace") for found in _OUTGOING.findall(raw)))


def _signature(body: str, key: str) -> str:
    digest = hmac.new(key.encode(), body.encode(), hashlib.sha256).digest()
    return "".join(ALPHABET[byte & 31] for byte in digest[:4])


def _tag_signature(reference: str, key: str) -> str:
    # Named for what it signs: the signature within the reference is made with the same key.
    said = b"reply to " + reference.upper().encode()
    digest = hmac.new(key.encode(), said, hashlib.sha256).digest()
    whole = int.from_bytes(digest[:_TAG_BYTES], "big")
    return "".join(ALPHABET[whole >> shift & 31] for shift in range(8 * _TAG_BYTES - 5, -1, -5))
