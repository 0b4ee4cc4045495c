"""What a question about figures asks for: area, period, breakdowns, and figures or records."""

import re
from enum import StrEnum
from typing import NamedTuple

from knowledge.catalogue import Series

NOT_ASKED = 0.15
"""What it costs a series to be about a nation that nobody named."""
PARTLY = 0.05
"""What it costs to begin after the first year that is asked for."""
UNSPLIT = 0.04
"""What it costs to lack a breakdown that is asked for, each."""

_EACH = (
    r"\b(?:by|per|each|every|individual|single|our|my|which|between|across|named|at) (?:\w+ ){0,2}?"
)
_LEVELS = (
    (
        "postcode",
        "post|street|output area|village",
        r"\bpost ?codes?\b|\bstreets?\b|\bcensus output areas?\b|\bvillages?\b",
    ),
    ("lsoa", "lsoa|super output", r"\blsoas?\b|\blower(?: layer)? super output areas?\b"),
    (
        "msoa",
        "msoa|super output|neighbourhood",
        r"\bmsoas?\b|\bmiddle(?: layer)? super output areas?\b|\bneighbourhoods?\b",
    ),
    ("ward", "ward", rf"\b(?:electoral|council) wards?\b|{_EACH}wards?\b|\bwards?[- ]level\b"),
    (
        "gp-practice",
        "practice|surger",
        rf"{_EACH}(?:practices?|surger(?:y|ies))\b|\bpractice[- ]level\b",
    ),
    ("pcn", "pcn|primary care network", r"\bpcns?\b|\bprimary care networks?\b"),
    (
        "trust",
        "trust|hospital|provider",
        rf"{_EACH}(?:trusts?|hospitals?|providers?)\b|\b(?:trust|provider)[- ]level\b",
    ),
    (
        "local-authority",
        "council|borough|district|local auth",
        rf"{_EACH}(?:councils?|boroughs?|district|local authorit(?:y|ies))\b",
    ),
    ("icb", "icb|integrated", r"\bicbs?\b|\bintegrated care (?:boards?|systems?)\b"),
    ("cancer-alliance", "alliance", r"\bcancer alliances?\b"),
)
_NATIONS = (
    ("scotland", "scot", r"\bscot(?:land|tish)\b"),
    ("wales", "wales|welsh", r"\bwales\b|\bwelsh\b"),
    ("northern ireland", "northern", r"\bnorthern (?:ireland|irish)\b"),
    ("england", "engl", r"\bengland\b|\benglish\b"),
    (
        "abroad",
        "ireland|isle|jersey|guernsey|france|germany|spain|usa",
        r"\b(?:republic of ireland|isle of man|jersey|guernsey|france|germany|spain|usa)\b",
    ),
)
_SPLITS = (
    ("age", "age", r"\bage(?:s|d)?\b|\bage[- ]?(?:group|band)s?\b"),
    ("sex", "sex|gender", r"\b(?:sex|gender)\b"),
    ("ethnicity", "ethnic", r"\bethnic(?:ity| groups?)?\b"),
    ("deprivation", "depriv|imd", r"\bdepriv(?:ation|ed)\b|\bimd\b"),
    ("stage", "stage ", r"\bstage (?:at|of|[1-4i])"),
)
_RECORDS = (
    r"\b(?:patient|record|individual|person|row|episode|tumour)[- ]level\b"
    r"|\bdates? of birth\b|\bpseudonymi[sz]ed\b"
    r"|\bline listings?\b|\bone row (?:per|for)\b|\bnhs numbers?\b"
    r"|\blinkage\b|\blinked (?:records?|data|datasets?|extract)\b"
    r"|\blink(?:ed|ing)? (?:[\w-]+ ){0,6}?(?:to|with) "
    r"(?:the )?(?:hes|ons|mortality|hospital|cancer|deaths?|gp|sact|national|your)\b"
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_DENIED = re.compile(
    r"(?:\bno|\bnot|n't(?: need| want)?|\bwithout|\brather than|\bnever) (?:any |the )?$"
)
_AREAS_OF = {"trust": {"trust", "hospital-site"}}


_Named = tuple[str, tuple[str, ...], re.Pattern[str]]
"""A name, fragments of which one must stand in the text, and the words that mean it.

Looking for fragments first is ten times as quick as trying every pattern.
"""


def _ready(named: tuple[tuple[str, str, str], ...]) -> tuple[_Named, ...]:
    return tuple(
        (name, tuple(cues.split("|")), re.compile(words, re.IGNORECASE))
        for name, cues, words in named
    )


_LEVEL, _NATION, _SPLIT = _ready(_LEVELS), _ready(_NATIONS), _ready(_SPLITS)
_RECORD = _ready((("records", "level|pseudon|of birth|listing|one row|nhs number|link", _RECORDS),))


class Lack(StrEnum):
    """Why a series cannot meet a need, whatever it is about."""

    RECORDS = "records"
    NATION = "nation"
    AREA = "area"
    YEARS = "years"


class Wanted(NamedTuple):
    """What a text asks for; what it does not say is empty."""

    subject: str = ""
    """The text without the words for area, years and records: what the figures are to be about.

    Left in, *by GP practice* would bring up whatever is published by practice.
    """
    levels: frozenset[str] = frozenset()
    nations: frozenset[str] = frozenset()
    splits: frozenset[str] = frozenset()
    first: int | None = None
    last: int | None = None
    records: bool = False
    """Rows about single people, or their linkage: nothing published holds these."""

    def penalty(self, series: Series) -> float | None:
        """What a series loses for what it lacks; None where it cannot meet the need.

        Facts that nobody has checked count here, since they are not stated.
        """
        if self.lacks(series):
            return None
        if not series.geography_levels:
            return 0.0
        begins = _year(series.first)
        late = begins is not None and self.first is not None and self.first < begins
        lacking = len(self.splits - set(series.breakdowns)) if series.breakdowns else 0
        lost = UNSPLIT * lacking + (PARTLY if late else 0.0)
        return lost + (NOT_ASKED if not self.nations and _elsewhere(series) else 0.0)

    def lacks(self, series: Series) -> tuple[Lack, ...]:
        """What is asked for and a series cannot have; none where it may meet the need."""
        if not series.geography_levels:
            return ()  # A register of uses or audits: area and records are no matter to it.
        begins, ends = _year(series.first), _year(series.to)
        before = self.last is not None and begins is not None and self.last < begins
        after = self.first is not None and ends is not None and self.first > ends
        found = {
            Lack.RECORDS: self.records,
            Lack.NATION: bool(self.nations)
            and not any(_covers(series, nation) for nation in self.nations),
            Lack.AREA: bool(self.levels) and not any(_has(series, level) for level in self.levels),
            Lack.YEARS: before or after,
        }
        return tuple(lack for lack, is_so in found.items() if is_so)


def read_wanted(text: str) -> Wanted:
    """Read from a question what figures would meet it."""
    plain = " ".join(text.split())
    low = plain.lower()
    years = [int(year) for year in _YEAR.findall(low)]
    open_ended = "since" in low or "onwards" in low
    return Wanted(
        subject=_subject(plain, low),
        levels=_named(low, _LEVEL),
        nations=_named(low, _NATION),
        splits=_named(low, _SPLIT),
        first=min(years, default=None),
        last=None if open_ended else max(years, default=None),
        records=bool(_named(low, _RECORD)),
    )


def _subject(plain: str, low: str) -> str:
    for _, cues, pattern in (*_LEVEL, *_RECORD):
        if any(cue in low for cue in cues):
            plain = pattern.sub(" ", plain)
    return " ".join(_YEAR.sub(" ", plain).split())


def _named(low: str, ready: tuple[_Named, ...]) -> frozenset[str]:
    return frozenset(
        name
        for name, cues, pattern in ready
        if any(cue in low for cue in cues)
        and any(not _denied(low, found.start()) for found in pattern.finditer(low))
    )


def _denied(low: str, start: int) -> bool:
    """Whether the words just before say that this is not wanted."""
    return _DENIED.search(low[max(0, start - 24) : start]) is not None


def _year(period: str | None) -> int | None:
    """The year that a period of the catalogue begins in."""
    return int(period[:4]) if period and period[:4].isdigit() else None


def _elsewhere(series: Series) -> bool:
    return series.id.startswith(("scotland-", "wales-", "northern-ireland-"))


def _covers(series: Series, nation: str) -> bool:
    if nation == "england":
        return not _elsewhere(series)
    area = series.geography.lower()
    return nation in area or (nation != "abroad" and ("united kingdom" in area or "uk" in area))


def _has(series: Series, level: str) -> bool:
    if _elsewhere(series):
        return level != "postcode"  # Their levels have names of their own, told in words alone.
    if level == "ward":
        return "ward" in series.geography.lower()
    return bool(_AREAS_OF.get(level, {level}) & set(series.geography_levels))
