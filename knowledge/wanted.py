"""What a question about figures asks for: area, period, breakdowns, and figures or records."""

import re
from enum import StrEnum
from typing import NamedTuple

from knowledge import want_words as words
from knowledge.catalogue import Series

NOT_ASKED = 0.15
"""What it costs a series to be about a nation that nobody named."""
PARTLY = 0.05
"""What it costs to begin after the first year that is asked for."""
FAR_BACK = 1980
"""A series of which nobody knows when it begins is not taken to reach back to years before."""
UNSPLIT = 0.04
"""What it costs to lack a breakdown that is asked for, each."""

_NEVER = frozenset({"person", "school", "postcode"})
"""Levels that nothing is published for, also where a wider one is named beside them."""
_AREAS_OF = {"trust": {"trust", "hospital-site"}}

_Named = tuple[str, tuple[str, ...], re.Pattern[str]]
"""A name, fragments of which one must stand in the text, and the words that mean it.

Looking for fragments first is ten times as quick as trying every pattern.
"""


def _ready(named: tuple[tuple[str, str, str], ...]) -> tuple[_Named, ...]:
    return tuple(
        (name, tuple(cues.split("|")), re.compile(pattern, re.IGNORECASE))
        for name, cues, pattern in named
    )


_LEVEL, _NATION, _SPLIT = _ready(words.LEVELS), _ready(words.NATIONS), _ready(words.SPLITS)
_TRAIT = _ready(words.TRAITS)
_RECORD = _ready((("records", words.RECORD_CUES, words.RECORDS),))


class Lack(StrEnum):
    """Why a series cannot meet a need, whatever it is about."""

    RECORDS = "records"
    NATION = "nation"
    AREA = "area"
    YEARS = "years"
    FUTURE = "future"
    TRAIT = "trait"


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
    traits: frozenset[str] = frozenset()
    """What people are to be told apart by that hardly any series tells: faith, work, diet."""
    future: bool = False
    """What has not happened yet."""
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
        if begins is None and self.last is not None and self.last < FAR_BACK:
            return None
        late = begins is not None and self.first is not None and self.first < begins
        lacking = len(self.splits - set(series.breakdowns)) if series.breakdowns else 0
        lost = UNSPLIT * lacking + (PARTLY if late else 0.0)
        return lost + (NOT_ASKED if not self.nations and is_elsewhere(series) else 0.0)

    def in_light_of(self, whole: "Wanted") -> "Wanted":
        """What one question wants, where the whole message says what it leaves out.

        Records, forecasts and traits are asked of the message: nothing published is to be named
        beside a wish for them.
        """
        dated = self if self.first is not None else whole
        return self._replace(
            levels=self.levels or whole.levels,
            nations=self.nations or whole.nations,
            splits=self.splits or whole.splits,
            first=dated.first,
            last=dated.last,
            traits=whole.traits,
            future=whole.future,
            records=whole.records,
        )

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
            Lack.AREA: bool(self.levels & _NEVER)
            or (bool(self.levels) and not any(_has(series, level) for level in self.levels)),
            Lack.FUTURE: self.future,
            Lack.YEARS: before or after,
            # Without breakdowns it varies what an entry tells apart.
            Lack.TRAIT: bool(series.breakdowns) and bool(self.traits - set(series.breakdowns)),
        }
        return tuple(lack for lack, is_so in found.items() if is_so)


def read_wanted(text: str) -> Wanted:
    """Read from a question what figures would meet it."""
    plain = " ".join(text.split())
    low = plain.lower()
    years = [int(year) for year in words.YEAR.findall(low)]
    open_ended = "since" in low or "onwards" in low
    return Wanted(
        subject=_subject(plain, low),
        levels=_named(low, _LEVEL),
        nations=_named(low, _NATION),
        splits=_named(low, _SPLIT),
        traits=_named(low, _TRAIT),
        first=min(years, default=None),
        last=None if open_ended else max(years, default=None),
        future=words.FUTURE.search(low) is not None,
        records=bool(_named(low, _RECORD)),
    )


def _subject(plain: str, low: str) -> str:
    for _, cues, pattern in (*_LEVEL, *_RECORD):
        if any(cue in low for cue in cues):
            plain = pattern.sub(" ", plain)
    return " ".join(words.YEAR.sub(" ", plain).split())


def _named(low: str, ready: tuple[_Named, ...]) -> frozenset[str]:
    return frozenset(
        name
        for name, cues, pattern in ready
        if any(cue in low for cue in cues)
        and any(not _denied(low, found.start()) for found in pattern.finditer(low))
    )


def _denied(low: str, start: int) -> bool:
    """Whether the words just before say that this is not wanted."""
    return words.DENIED.search(low[max(0, start - 24) : start]) is not None


def _year(period: str | None) -> int | None:
    """The year that a period of the catalogue begins in."""
    return int(period[:4]) if period and period[:4].isdigit() else None


def is_elsewhere(series: Series) -> bool:
    """Whether a series is about a nation other than England."""
    return series.id.startswith(("scotland-", "wales-", "northern-ireland-"))


def _covers(series: Series, nation: str) -> bool:
    if nation == "england":
        return not is_elsewhere(series)
    area = series.geography.lower()
    return nation in area or (nation != "abroad" and ("united kingdom" in area or "uk" in area))


def _has(series: Series, level: str) -> bool:
    if is_elsewhere(series):
        return level != "postcode"  # Their levels have names of their own, told in words alone.
    if level == "ward":
        return "ward" in series.geography.lower()
    return bool(_AREAS_OF.get(level, {level}) & set(series.geography_levels))
