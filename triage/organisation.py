"""Which organisation somebody writes for: what their signature says, else what their address shows.

Neither is proof. A signature is what the writer says of themselves, and an address may be forged;
whoever shows this says which of the two it is.
"""

import re
from typing import Literal, NamedTuple

from triage.signatures import signatures

LONGEST_NAME = 100
"""Characters; a longer line is an address or a disclaimer, not a name."""
_PROVIDERS = (
    "gmail.com googlemail.com outlook.com hotmail.com hotmail.co.uk live.com live.co.uk msn.com "
    "yahoo.com yahoo.co.uk ymail.com icloud.com me.com aol.com aol.co.uk btinternet.com "
    "protonmail.com proton.me sky.com talktalk.net virginmedia.com ntlworld.com gmx.com "
    "gmx.co.uk mail.com zoho.com fastmail.com"
)
_PUBLIC = frozenset(_PROVIDERS.split())
_KINDS = (
    (re.compile(r"(?:^|\.)nhs\.(?:uk|net|scot|wales)$"), "NHS"),
    (re.compile(r"(?:^|\.)(?:hscni\.net|wales\.nhs\.uk)$"), "NHS"),
    (re.compile(r"(?:^|\.)(?:ac\.[a-z]{2}|edu|edu\.[a-z]{2})$"), "a university or college"),
    (re.compile(r"(?:^|\.)(?:gov|gov\.[a-z]{2}|parliament\.uk|mod\.uk)$"), "government"),
    (re.compile(r"(?:^|\.)police\.uk$"), "police"),
    (re.compile(r"(?:^|\.)sch\.uk$"), "a school"),
)
_BODY = re.compile(
    r"\b(?:university|trust|hospitals?|institute|college|council|foundation|charity|nhs|icb|"
    r"ccg|ltd|limited|llp|plc|inc|gmbh|cic|school of|royal|society|association|agency|"
    r"department for|department of health|ministry|health board|research centre|registry|"
    r"partnership|federation|public health|cancer alliance)\b",
    re.IGNORECASE,
)
_WITHIN = re.compile(
    r"^(?:department|dept|school|faculty|division|team|unit|office|centre)\b", re.IGNORECASE
)
_BETWEEN = re.compile(r"\s*(?:\||,|;|\u2022|\s[-\u2013\u2014]\s)\s*")
_WHERE = re.compile(
    r"@|https?:|\bwww\.|\d{5,}|\b(?:tel|phone|mob|mobile|email|ext)\b", re.IGNORECASE
)


class Organisation(NamedTuple):
    """An organisation as an officer reads it, and what it was read from."""

    name: str
    read_from: Literal["signature", "address"]


def organisation(address: str, text: str) -> Organisation | None:
    """The writer's organisation; None for a personal address without a telling signature."""
    named = _signed(text)
    if named:
        return Organisation(named, "signature")
    domain = _domain(address)
    if not domain or domain in _PUBLIC:
        return None
    kind = next((kind for pattern, kind in _KINDS if pattern.search(domain)), None)
    return Organisation(f"{domain} ({kind})" if kind else domain, "address")


def is_personal(address: str) -> bool:
    """Whether an address is of a provider that anybody may use, so that it shows no employer."""
    return _domain(address) in _PUBLIC


def _domain(address: str) -> str:
    domain = address.rpartition("@")[2].strip().rstrip(".").lower() if "@" in address else ""
    return domain if "." in domain else ""


def _signed(text: str) -> str:
    """The organisation that the last signature names; the body itself before a part of it."""
    said: list[str] = []
    for start, end in signatures(text):
        said = [
            one.strip()
            for line in text[start:end].splitlines()
            for one in _BETWEEN.split(line)
            if one.strip()
        ]
    bodies = [
        one
        for one in said
        if len(one) <= LONGEST_NAME and _BODY.search(one) and not _WHERE.search(one)
    ]
    whole = [one for one in bodies if not _WITHIN.match(one)]
    return next(iter(whole or bodies), "")
