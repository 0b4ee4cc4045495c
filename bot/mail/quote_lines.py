"""The lines of a mail's text, each with a kind: written, quoted, a header, a rule, an addition."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.mail import footer_words
from bot.mail import quote_words as words
from bot.mail.quote_heads import LONGEST_LINE, is_run_together, labelled, unlabelled

TEXT, BLANK, QUOTED, WROTE, ORIGINAL = "t", " ", ">", "w", "o"
FORWARD, HEADER, STRONG, WEAK, ADDED = "f", "h", "-", "=", "m"
"""Kinds: `w` says who wrote what follows, `o` and `f` announce an old or a forwarded message,
`h` is the head of one, `-` and `=` are rules that do or may open a signature, `m` is what a
telephone or a mail program adds."""

_MOST_WRAPPED_LINES = 4
_WRAPPED_FROM = 60
"""Characters: shorter lines are not wrapped by any program."""

_LINK_ALONE = re.compile(r"^\s*[(<\[]https?://[^\s)>\]]+[)>\]]\s*>?\s*$")
_LINK_OPEN = re.compile(r"[(<\[]https?://[^\s)>\]]*$")
_LINK_ENDS = re.compile(r"^[^\s()<>\[\]]+[)>\]]\s*>?\s*$")
_SHARED_END = 200
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u202a-\u202e]")
_ARMOUR_HEAD = re.compile(
    r"^-----BEGIN PGP SIGNED MESSAGE-----\n(?:[A-Za-z]+: .*\n)*\n?", re.MULTILINE
)
_SIGNATURE_BEGINS = "-----BEGIN PGP SIGNATURE-----\n"
_SIGNATURE_ENDS = re.compile(r"^-----END PGP SIGNATURE-----\n?", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines and their kinds, side by side."""

    lines: tuple[str, ...]
    kinds: str

    def __getitem__(self, span: slice) -> "Lines":
        return Lines(self.lines[span], self.kinds[span])

    def without(self, spans: list[tuple[int, int]]) -> "Lines":
        """What is left when some spans, in order and apart, are taken out, each leaving a gap."""
        lines: list[str] = []
        kinds = ""
        position = 0
        for start, end in [*spans, (len(self.lines), len(self.lines))]:
            lines += [*self.lines[position:start], ""]
            kinds += self.kinds[position:start] + BLANK
            position = end
        return Lines(tuple(lines), kinds)

    @property
    def text(self) -> str:
        """The lines as one text, without blank lines around and runs of them within."""
        return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in self.lines)).strip()


def plain_lines(text: str) -> list[str]:
    """The lines of a text without what cannot be seen, and without PGP's armour."""
    text = re.sub(r"\r\n?|\u2028|\u2029", "\n", text).replace("\u00a0", " ")
    text = _INVISIBLE.sub("", text)
    if "-----BEGIN PGP SIG" in text:
        text = _without_armoured_signatures(_ARMOUR_HEAD.sub("", text))
        text = re.sub(r"^- (?=-)", "", text, flags=re.MULTILINE)
    return list(_unshared(text.split("\n")))


def _unshared(lines: list[str]) -> Iterator[str]:
    """The lines, with an attribution above a quotation on a line of its own."""
    for at, line in enumerate(lines):
        below = next((one for one in lines[at + 1 : at + 3] if one.strip()), "")
        shared = below.lstrip().startswith(">") and len(line) <= LONGEST_LINE
        # Looked for near the end only: a long line of dates would take long.
        match = words.SHARED.search(line, max(0, len(line) - _SHARED_END)) if shared else None
        if match and not line.lstrip().startswith(">") and words.WHEN.search(match[1]):
            yield line[: match.start()]
            yield match[1]
        else:
            yield line


def _runs_over(quoted: str, line: str) -> bool:
    """Whether a line is the rest of a quoted one that was wrapped without its mark."""
    if _LINK_ALONE.match(line) or (_LINK_OPEN.search(quoted) and _LINK_ENDS.match(line)):
        return True
    open_end = re.search(r"[\w,]\s*$", quoted) is not None
    return len(quoted) >= _WRAPPED_FROM and open_end and line[:1].islower()


def _without_armoured_signatures(text: str) -> str:
    kept: list[str] = []
    position = 0
    while (begin := text.find(_SIGNATURE_BEGINS, position)) >= 0:
        end = _SIGNATURE_ENDS.search(text, begin)
        if end is None:
            break
        kept.append(text[position:begin])
        position = end.end()
    return "".join(kept) + text[position:]


def marked(lines: list[str]) -> Lines:
    """The lines with their kinds."""
    kinds = [_kind(line) for line in lines]
    for at in range(1, len(lines) - 1):
        if kinds[at - 1 : at + 2] == [QUOTED, TEXT, QUOTED] and _runs_over(
            lines[at - 1], lines[at]
        ):
            kinds[at] = QUOTED
    for at, line in enumerate(lines):
        if kinds[at] == TEXT and len(line) <= LONGEST_LINE:
            for earlier in range(_attribution_lines(lines, kinds, at)):
                kinds[at - earlier] = WROTE
    at = 0
    while at < len(lines):
        length = _head_lines(lines, kinds, at) if kinds[at] == TEXT else 0
        kinds[at : at + length] = HEADER * length
        if length:
            _mark_announcement(lines, kinds, at)
        at += length or 1
    return Lines(tuple(lines), "".join(kinds))


def _mark_announcement(lines: list[str], kinds: list[str], head: int) -> None:
    """Words between rules right above the head of a message belong to it."""
    above = next((at for at in range(head - 1, max(head - 4, -1), -1) if kinds[at] != BLANK), None)
    if above is not None and kinds[above] == TEXT and words.FRAMED.match(lines[above]):
        kinds[above] = ORIGINAL


def _kind(line: str) -> str:
    bare = line.strip()
    if not bare:
        return BLANK
    if bare[0] == ">" or bare.startswith("&gt;"):
        framed = bare.startswith(">>> ") and len(bare) <= LONGEST_LINE
        return ORIGINAL if framed and words.ORIGINAL.search(bare) else QUOTED
    if len(line) > LONGEST_LINE:
        return TEXT
    shown = re.sub(r"\s+", " ", bare)  # patterns take long over long runs of blanks
    for pattern, kind in (
        (words.ORIGINAL, ORIGINAL),
        (words.REPLY_ABOVE, ORIGINAL),
        (words.FORWARDED, FORWARD),
        (footer_words.STRONG_RULE, STRONG),
        (footer_words.WEAK_RULE, WEAK),
        (footer_words.MOBILE, ADDED),
    ):
        if pattern.search(shown):
            return kind
    return HEADER if is_run_together(shown) else TEXT


def _attribution_lines(lines: list[str], kinds: list[str], at: int) -> int:
    """How many lines, this one the last, say who wrote the quotation that follows; 0 if none."""
    last = " ".join(lines[at].split()).rstrip("*_ ")
    quote_follows = next((kind for kind in kinds[at + 1 : at + 4] if kind != BLANK), "") == QUOTED
    says_wrote = words.WROTE.search(last) is not None
    stamped = words.STAMPED.search(last) is not None
    quotes = quote_follows and last.endswith((":", "\uff1a", ">"))
    if not (says_wrote or stamped or quotes):
        return 0
    joins = list(_joined(lines, kinds, at))
    opened = (count for count, joined in joins if says_wrote and _opens(joined))
    told = (
        count
        for count, joined in joins
        if _names(joined, quote_follows=quote_follows)
        and (says_wrote or quotes or _begins_with_date(joined))
    )
    return next(opened, 0) or next(told, 0) or int(says_wrote and quote_follows)


def _joined(lines: list[str], kinds: list[str], at: int) -> Iterator[tuple[int, str]]:
    """This line, then with the one above it, and so on: programs wrap what they insert."""
    joined = ""
    for count in range(1, min(_MOST_WRAPPED_LINES, at + 1) + 1):
        line = " ".join(lines[at - count + 1].split())
        if kinds[at - count + 1] != TEXT or len(joined) + len(line) > LONGEST_LINE:
            return
        joined = f"{line} {joined}".rstrip()
        yield count, joined


def _opens(joined: str) -> bool:
    """Whether it reads 'On <date>, <somebody> wrote:' as only a program puts it."""
    made = words.WHEN.search(joined) or words.ADDRESS.search(joined)
    return made is not None and words.ON.search(joined) is not None


def _begins_with_date(joined: str) -> bool:
    dated = words.DATED_FIRST.match(joined) or words.ON.match(joined)
    return dated is not None and words.DATE.search(joined) is not None


def _names(joined: str, *, quote_follows: bool) -> bool:
    """Whether it tells a date and an address, or one of them right above a quotation."""
    address = words.ADDRESS.search(joined) is not None
    when = words.WHEN.search(joined) is not None
    dated = when or words.DATE.search(joined) is not None
    return (address and when) or (quote_follows and dated and (address or _opens(joined)))


def _head_lines(lines: list[str], kinds: list[str], at: int) -> int:
    """How many lines from this one are the head of a quoted message; 0 where they are not."""
    near = slice(at, at + 16)
    plain = [kind in {TEXT, BLANK} for kind in kinds[near]]
    return labelled(lines[near], plain) or unlabelled(lines[near])
