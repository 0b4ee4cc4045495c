"""What the writer newly wrote, told apart from what is quoted, signed or added by machines.

Every line gets a kind, one letter each, and the rules look at the string of kinds. Doubt
keeps text: a line that no rule explains was written by the sender of the message.
"""

import re
from dataclasses import dataclass
from itertools import islice

from bot.mail import footer_words as words
from bot.mail import sign_off
from bot.mail.quote_lines import (
    ADDED,
    BLANK,
    FORWARD,
    QUOTED,
    STRONG,
    TEXT,
    WROTE,
    Lines,
    marked,
    plain_lines,
)

_MOST_SIGNATURE_LINES = 30
_QUOTED_OR_ADDED = BLANK + WROTE + QUOTED + ADDED
_MOST_RULES = 40
"""So many lines of decoration are tried as the opening of a signature."""

_SHORT_LINES, _SHORT_WORDS = 6, 6
_LONGEST_FOOTER = 5_000
_CUES_ALONE = 3
_MOST_CHARACTERS = 400_000
_MOST_LINES = 10_000
"""So much of a text is looked at, a second's work: what is newly written stands above it."""

_SAID = re.compile(r"\w|[\u2600-\u27bf\U0001f300-\U0001faff]")
"""What says something: a letter, a figure, or a picture such as a raised thumb."""

_SENTENCE = re.compile(r"(?:\S+\s+){3,}\S+[.!?]\s*$")
_CONTACT = re.compile(
    r"@|https?:|www\.|\b(?:tel|phone|mobile|fax|unsubscribe|mailing\s+list)\b|\+?\d[\d ()-]{8,}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Parts:
    """One text in three: newly written, quoted from older messages, signature and footers.

    `new` is never empty unless the text is: where nothing new was found, it is the whole text.
    """

    new: str
    quoted: str = ""
    signature: str = ""
    signed: str = ""
    """The new text with the post and the address below a sign-off left in: rules hear from
    them who writes, such as the press."""


def newly_written(text: str, *, forwarded: bool = False) -> str:
    """What the writer newly wrote in a plain text, as triage reads it; see `Parts.signed`."""
    return split(text, forwarded=forwarded).signed


def split(text: str, *, forwarded: bool = False) -> Parts:
    """Tell the new text of a message from the quoted text and from signature and footers.

    Replies above, below and between quoted lines are understood, in the languages of
    `quote_words`. A forwarded message is content: it is kept below what was written above
    it. `forwarded` says that the subject announces one, for Outlook marks replies and
    forwards alike. A sign-off ('Kind regards, Jane') stays.
    """
    whole = marked(plain_lines(text[:_MOST_CHARACTERS])[:_MOST_LINES])
    old = _old_start(whole, forwarded=forwarded)
    head, older = whole[:old], whole[old:]
    forward = head.kinds.find(FORWARD)
    head, tail = (head[:forward], head[forward:]) if forward >= 0 else (head, head[:0])
    head, signature = _without_signature(head)
    fresh, quoted = _without_quotes(head)
    bare, contacts = _without_contacts(fresh)
    bare, footers = _without_footers(bare)
    new = _joined(bare, tail)
    if not _SAID.search(new):
        return Parts(whole.text, signed=whole.text)
    return Parts(
        new,
        _joined(quoted, older),
        _joined(signature, contacts, footers),
        _joined(_without_footers(fresh)[0], tail),
    )


def _joined(*pieces: Lines) -> str:
    return "\n\n".join(piece.text for piece in pieces if piece.text)


def _old_start(whole: Lines, *, forwarded: bool) -> int:
    """Where everything below is an older message that is quoted without marks.

    An older message with nothing above it is what its sender passes on, so it is kept.
    """
    for match in re.finditer(r"o|h++|(?<!w)w++(?![w ]*+>)", whole.kinds):
        above = whole.kinds[: match.start()]
        passed_on = TEXT not in above or (forwarded and match[0][0] != WROTE)
        return len(whole.lines) if passed_on or FORWARD in above else match.start()
    return len(whole.lines)


def _without_signature(head: Lines) -> tuple[Lines, Lines]:
    """The text above the first line that opens a signature, and the signature."""
    for match in islice(re.finditer(r"[-=]", head.kinds), _MOST_RULES):
        start = match.start()
        if TEXT not in head.kinds[:start]:
            continue
        end = next(
            (at for at in range(start + 1, len(head.kinds)) if head.kinds[at] in "w>"),
            len(head.kinds),
        )
        below = head[start + 1 : end]
        if _is_signature(below, strong=match[0] == STRONG, exact=head.lines[start] == "-- "):
            return head.without([(start, end)]), below
    return head, head[:0]


def _is_signature(below: Lines, *, strong: bool, exact: bool) -> bool:
    written = [line for line in below.lines if line.strip()]
    prose = " ".join(written)[:_LONGEST_FOOTER]
    if len(words.DISCLAIMER_CUES.findall(prose)) > 1 or not written:
        return True
    if len(written) > _MOST_SIGNATURE_LINES:
        return False
    if exact:
        return True
    if _is_letter(written):
        return False
    if words.ASKING.search(prose):
        return False
    return strong or _looks_like_footer(written)


def _is_letter(written: list[str]) -> bool:
    """Whether lines under a rule go on with the letter: a sentence, and a sign-off below it."""
    told = next((at for at, line in enumerate(written) if _SENTENCE.search(line)), len(written))
    return any(words.SIGN_OFF.match(line) for line in written[told + 1 :])


def _looks_like_footer(written: list[str]) -> bool:
    """Whether lines under a mere line of decoration are contact details or a list's footer."""
    short = all(len(line.split()) <= _SHORT_WORDS for line in written)
    return any(_CONTACT.search(line) for line in written) or (
        len(written) <= _SHORT_LINES and short
    )


def _without_quotes(head: Lines) -> tuple[Lines, Lines]:
    """The new lines, and the quoted ones that are not the ground of an answer below them."""
    spans: list[tuple[int, int]] = []
    end = len(head.kinds.rstrip(_QUOTED_OR_ADDED))
    if any(kind in head.kinds[end:] for kind in (WROTE, QUOTED)):
        spans.append((end, len(head.kinds)))
    else:
        end = len(head.kinds)
    kinds = head.kinds[:end]
    regions = [match.span() for match in re.finditer(r"[ w>]++", kinds) if QUOTED in match[0]]
    if len(regions) == 1 and WROTE in kinds:
        spans.insert(0, regions[0])  # the answer stands below one quotation, not between pieces
    else:
        spans[:0] = [match.span() for match in re.finditer(r"w++", kinds)]
    quoted = "\n".join("\n".join(head.lines[start:stop]) for start, stop in spans)
    return head.without(spans), Lines((quoted,), QUOTED)


def _without_footers(fresh: Lines) -> tuple[Lines, Lines]:
    """The new lines without telephones' signatures, gateways' banners and disclaimers."""
    spans = []
    for match in re.finditer(r"m|[^ m]+", fresh.kinds):
        start = match.start() + _opening(fresh.lines[match.start() : match.end()])
        paragraph = "\n".join(fresh.lines[start : match.end()])
        if match[0] == ADDED or _is_footer(paragraph):
            spans.append((start, match.end()))
    footers = "\n".join("\n".join(fresh.lines[start:stop]) for start, stop in spans)
    return fresh.without(spans), Lines((footers,), ADDED)


def _opening(paragraph: tuple[str, ...]) -> int:
    """The line of a paragraph at which a disclaimer may open, below an address; else the first."""
    opens = (at for at, line in enumerate(paragraph) if words.DISCLAIMER_START.match(line))
    return next(opens, 0)


def _without_contacts(fresh: Lines) -> tuple[Lines, Lines]:
    """The new lines without the contact details below a sign-off, and those details."""
    cut, spans = sign_off.contact_details(fresh)
    spans = spans or sign_off.dashed_name(fresh)
    details = "\n".join("\n".join(fresh.lines[start:stop]) for start, stop in spans)
    return cut.without(spans), Lines((details,), ADDED)


def _is_footer(paragraph: str) -> bool:
    if len(paragraph) > _LONGEST_FOOTER or words.ASKING.search(paragraph):
        return False
    if words.BANNER.match(paragraph):
        return True
    cues = len(words.DISCLAIMER_CUES.findall(paragraph))
    opens = words.DISCLAIMER_START.match(paragraph) is not None
    return (
        cues >= _CUES_ALONE
        or (opens and cues >= 1)
        or (opens and "environment" in paragraph.lower())
    )
