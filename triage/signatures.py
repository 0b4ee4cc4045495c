"""Where a text is signed: the lines that say who wrote it, not what is asked."""

import re
from collections.abc import Iterator
from functools import lru_cache

from triage.parts import is_sign_off

_BLOCK = re.compile(r"[^\n]+(?:\n[^\n]+)*")
_NAME = re.compile(
    r"(?:(?:Dr|Prof|Professor|Mr|Mrs|Ms|Rev|Cllr)\.? )?"
    r"[A-Z][\w.'\u2019-]*(?: [A-Z][\w.'\u2019-]*){0,3}"
    r"(?:,? \(?(?:she|he|they|BSc|MSc|PhD|RGN|RN|MBE|OBE|FRCP|MRCP|MBA)\b.*)?,?"
)
_STATION = re.compile(
    r"\b(?:manager|officer|lead|head|director|assistant|analyst|researcher|fellow|professor|"
    r"lecturer|student|nurse|consultant|registrar|coordinator|administrator|secretary|adviser|"
    r"advisor|champion|clerk|engineer|developer|scientist|statistician|librarian|partner|"
    r"solicitor|executive|chair|trustee|editor|correspondent|reporter|team|office|department|"
    r"dept|services?|trust|university|college|council|hospitals?|institute|foundation|charity|"
    r"school|board|group|ltd|limited|llp|plc|inc|cic|nhs|icb|tel|phone|mob|mobile|ext|direct)\b",
    re.IGNORECASE,
)
_WHERE = re.compile(r"@|\bwww\.|https?:|\d{4,}", re.IGNORECASE)
_MARK = re.compile(r"\s*(?:[-*\u2022\u2013>]|\(?[0-9a-z][.)]\s)")
_SMALL = frozenset(("of", "and", "the", "for", "in", "at", "to", "on", "a", "an"))
_FEW = 2
"""Words of a post that may all be small (`Trial manager`, `senior statistician`)."""
_LONGEST_LINE = 11
"""Words: a line of a signature says a name, a post or an address."""
_SENTENCE = re.compile(r"[?!]|\.\s+[a-z]|\b(?:I|we|our|my|please|thanks)\b", re.IGNORECASE)


def signatures(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each run of lines below a name that only say who the writer is.

    The name itself stays: it is the line that opens a block, or that follows a sign-off. A block
    of which a line asks, or reads as a sentence, is no signature: rules must hear it.
    """
    blocks = list(_BLOCK.finditer(text))
    for number, block in enumerate(blocks):
        lines = [(one.start(), one.end()) for one in re.finditer(r"[^\n]+", block[0])]
        words = [block[0][start:end].strip() for start, end in lines]
        first = int(is_sign_off(words[0]))
        if number == 0 or len(words) < first + 2 or not _NAME.fullmatch(words[first]):
            continue
        opened = first == 1 or is_sign_off(blocks[number - 1][0])
        if not opened and " " not in words[first]:  # a heading, such as 'Also' or 'Urgent'
            continue
        below = words[first + 1 :]
        if all(_says_who(line) for line in below) and (
            opened or any(_STATION.search(line) or _WHERE.search(line) for line in below)
        ):
            yield block.start() + lines[first + 1][0], block.end()


@lru_cache(maxsize=16)  # every rule reads the same message in turn
def unsigned(text: str) -> str:
    """The text without those lines."""
    kept, start = [], 0
    for signature in signatures(text):
        kept.append(text[start : signature[0]])
        start = signature[1]
    return "".join([*kept, text[start:]])


def _says_who(line: str) -> bool:
    """Whether a line may stand in a signature: posts and names are written with capitals."""
    content = [word for word in re.findall(r"[^\W\d_]+", line) if word.lower() not in _SMALL]
    small = sum(word[0].islower() for word in content)
    titled = len(content) <= _FEW or small * 2 <= len(content) or _WHERE.search(line)
    short = len(line.split()) <= _LONGEST_LINE
    return short and bool(titled) and not _MARK.match(line) and not _SENTENCE.search(line)
