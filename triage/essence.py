"""What a message says, without who says it: for others to read, and to compare messages by.

Greeting and signature go; identifiers, names, addresses and references are masked. A name is
masked where it is known (the writer's, the officer's), follows a title, or stands alone at the end.
"""

import re
from collections.abc import Iterable, Sequence

from triage.masking import POSTCODE, SHORTEST_NAME, mask
from triage.parts import Part, plain_subject, split
from triage.signatures import unsigned

_ADDRESS = re.compile(r"<?\b(?:mailto:)?[\w.+'-]+@[\w-]+(?:\.[\w-]+)*\b>?")
_SLACK_PERSON = re.compile(r"<@\w+(?:\|[^>]*)?>")
_REFERENCE = re.compile(
    r"\b(?:DARS-)?NIC-\d{3,7}(?:-\w{2,8})?|\bCON-\d{3,7}(?:-\w{2,8})?|\bODR\d{4}[_-]\d{1,4}"
    r"|\bENQ-[\w-]+|\bMR\d{3,5}\b",
    re.IGNORECASE,
)
_TELEPHONE = re.compile(r"(?<![\w-])(?:\+44|\(?0)[\d\s().-]{8,}\d(?![\w-])")
_TITLED = re.compile(
    r"\b(Dr|Prof|Professor|Mr|Mrs|Ms|Miss|Sir|Dame|Rev|Cllr)\.? "
    r"[A-Z][\w'\u2019-]+(?: [A-Z][\w'\u2019-]+)?"
)
_NAME_LINE = re.compile(
    r"\n+[ \t]*(?:(?:Dr|Prof|Mr|Mrs|Ms)\.? )?[A-Z][\w.'\u2019-]*(?: [A-Z][\w.'\u2019-]*){0,3}"
    r"[ \t,]*$"
)
_FEW_PEOPLE = re.compile(
    r"\b(?:[1-9]|one|two|three|four|five|six|seven|eight|nine)"
    r"(?= (?:\w+ )?(?:patients?|people|persons?|cases?|deaths?|births?|babies|baby|child(?:ren)?|"
    r"women|woman|men|man|boys?|girls?|pregnanc(?:y|ies))\b)",
    re.IGNORECASE,
)
"""A count of people so small that a published table would hide it."""
_MARK = re.compile(r"\[[A-Za-z ]{4,15}\]")
_LONG_NUMBER = re.compile(r"(?<![\w,.])(?:\d{7,}|(?:\d[ -]?){8,}\d)(?![\w,])")


def sentences(text: str) -> list[Part]:
    """The sentences of a text, without greeting, signature, and a name alone at its end."""
    said = unsigned(text).rstrip()
    while shorter := _NAME_LINE.search(said):
        said = said[: shorter.start()].rstrip()
    return list(split(said))


def essence(subject: str, text: str) -> str:
    """Subject and sentences as one text: what it is about."""
    said = [plain_subject(subject), *(part.text for part in sentences(text))]
    return " ".join(" ".join(one.split()) for one in said if one)


def shown(text: str, people: Iterable[str]) -> str:
    """A text that names nobody and counts no few people.

    `people` are names, addresses and handles that are known.
    """
    text = _ADDRESS.sub("[address]", _SLACK_PERSON.sub("[name]", text))
    text = _REFERENCE.sub("[reference]", text)
    text = mask(text)
    text = POSTCODE.sub("[postcode]", text)
    text = _TELEPHONE.sub("[telephone]", text)
    text = _LONG_NUMBER.sub("[number]", text)
    text = _FEW_PEOPLE.sub("[number]", text)
    text = _TITLED.sub(r"\1 [name]", text)
    for name in known_names(people):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "[name]", text, flags=re.IGNORECASE)
    return re.sub(r"\[name\](?:[ ,]+\[name\])+", "[name]", text)


def comparable(subject: str, text: str, people: Iterable[str]) -> str:
    """What a message is about, without anybody's name and without the marks of masking."""
    return " ".join(_MARK.sub(" ", shown(essence(subject, text), people)).split())


def known_names(people: Iterable[str]) -> list[str]:
    """The names that people go by, whole and in parts, the longest first.

    An address gives the words of its local part: `robin.asker@` is written by Robin Asker.
    """
    found: set[str] = set()
    for one in people:
        name = one.partition("@")[0] if "@" in one else one
        parts = set(re.split(r"[\s._+,()\d]+", name))
        own = {part for part in parts if part and part.lower() not in COMMON}
        found |= own | ({name.strip()} if own else set())
    long = (name for name in found if len(name) >= SHORTEST_NAME)
    return sorted(long, key=lambda name: (-len(name), name))


_SHARED = (
    "data dars info enquiries enquiry research team admin office the and for mail contact support "
    "trust hospital university service services department"
)
COMMON = frozenset(_SHARED.split())
"""Words of shared mailboxes: masking them would hide what is asked, and nobody."""


def asked(text: str, most: int) -> Sequence[str]:
    """Its sentences that ask, or else its first ones."""
    parts = sentences(text)
    asking = [part.text for part in parts if part.asks] or [part.text for part in parts]
    return [" ".join(one.split()) for one in asking[:most]]
