"""Links by which the reader of a mail reaches a person in one click."""

import re
from urllib.parse import quote

_ADDRESS = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+")
_NUMBER = re.compile(r"\+?[\d\s()-]+")
LEAST_DIGITS = 3
"""A number with fewer digits is not one that can be called."""


def write_to(contact: str, reference: str) -> str | None:
    """A `mailto:` link whose subject holds the reference (RFC 6068); None where it is no address.

    The reference in the subject is what brings the mail to its enquiry.
    """
    if not _ADDRESS.fullmatch(contact):
        return None
    return f"mailto:{quote(contact, safe='@')}?subject={quote(f'My enquiry [{reference}]')}"


def call(telephone: str) -> str | None:
    """A `tel:` link (RFC 3966); None where the setting is not a number alone."""
    digits = re.sub(r"[^\d+]", "", telephone)
    if not _NUMBER.fullmatch(telephone.strip()) or len(digits) < LEAST_DIGITS:
        return None
    return f"tel:{digits}"
