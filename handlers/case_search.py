"""Finding a case again by its words: full text, ranked, over what stands on its card.

Words are looked for in references, requesters, subjects and summaries, all forms of a word
taken together («registrations» finds «registration»), and each as a beginning, so that part of
a name is enough. Cases that hold all of them come first; where none does, those with some.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, func, literal_column, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from handlers.case_queue import OpenCase, columns_of_lines, read_lines
from handlers.periods import LONDON
from handlers.tables import Case, Enquiry
from handlers.unit import Unit

MOST_WORDS = 12
MOST_WEIGHED = 300
"""Cases that are ranked: the newest of those that fit."""
_ALL, _SOME = " & ", " | "
_ENGLISH: ColumnElement[Any] = literal_column("'english'::regconfig")
_REFERENCE = re.compile(r"(?:ENQ-)?[0-9A-Z]{4,6}(?:-[0-9A-Z]{0,4})?", re.IGNORECASE)
_STEMMER: ColumnElement[Any] = literal_column("'english_stem'::regdictionary")
_NAMED = (Enquiry.reference, Enquiry.subject, Enquiry.requester_name, Enquiry.requester)
_DAYS = {"today": 0, "yesterday": 1}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for: words, and the day on which the case was opened, if one is named."""

    words: tuple[str, ...]
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Hits:
    """The best cases, and whether each holds all the words."""

    cases: tuple[OpenCase, ...]
    all_words: bool
    more: bool
    """Whether there are more than these."""


def asked(text: str, *, today: date) -> Asked:
    """What somebody typed, read: `today` and `yesterday` are days, all else is words."""
    words = re.findall(r"[^\W_]+(?:-[^\W_]+)*", text)
    named = [one.lower() for one in words if one.lower() in _DAYS]
    day = today - timedelta(days=_DAYS[named[-1]]) if named else None
    rest = tuple(one for one in words if one.lower() not in _DAYS)
    return Asked(rest[:MOST_WORDS], day)


async def search(unit: Unit, wanted: Asked, *, limit: int) -> Hits:
    """The cases that fit best, the newest first among equals."""
    by_name = await _by_reference(unit, wanted, limit)
    if by_name:
        return Hits(tuple(by_name), all_words=True, more=False)
    found = await _found(unit, wanted, _ALL, limit + 1)
    all_words = bool(found) or len(wanted.words) == 1
    if not all_words and wanted.words:
        found = await _found(unit, wanted, _SOME, limit + 1)
    return Hits(tuple(found[:limit]), all_words, len(found) > limit)


async def _by_reference(unit: Unit, wanted: Asked, limit: int) -> list[OpenCase]:
    """Cases whose reference begins with the one word that was given."""
    if len(wanted.words) != 1 or not _REFERENCE.fullmatch(wanted.words[0]):
        return []
    start = "ENQ-" + wanted.words[0].upper().removeprefix("ENQ-")
    query = _cases(wanted).where(Enquiry.reference.startswith(start, autoescape=True))
    return await read_lines(unit, query.order_by(Case.opened_at.desc()).limit(limit))


async def _found(unit: Unit, wanted: Asked, joined: str, limit: int) -> list[OpenCase]:
    query = _cases(wanted)
    newest_first = (Case.opened_at.desc(), Case.id.desc())
    if wanted.words:
        ids = await _candidates(unit, wanted, and_ if joined == _ALL else or_)
        tree = func.to_tsquery(_ENGLISH, joined.join(f"'{one}':*" for one in wanted.words))
        words = _weighed()
        query = query.where(Case.id.in_(ids), words.op("@@")(tree))
        query = query.order_by(func.ts_rank(words, tree).desc())
    return await read_lines(unit, query.order_by(*newest_first).limit(limit))


async def _candidates(
    unit: Unit, wanted: Asked, together: Callable[..., ColumnElement[bool]]
) -> list[int]:
    """The newest cases in whose text the stems of the words stand.

    To weigh the words of each case takes a hundred times as long as to look for letters.
    """
    stems = await _stems(unit, wanted.words)
    if not stems:
        return []
    text = func.concat_ws(" ", *_NAMED, Case.summary)
    within = together(*(text.icontains(one, autoescape=True) for one in stems))
    newest = _cases(wanted).with_only_columns(Case.id).where(within)
    rows = await unit.session.execute(newest.order_by(Case.opened_at.desc()).limit(MOST_WEIGHED))
    return list(rows.scalars())


async def _stems(unit: Unit, words: Sequence[str]) -> list[str]:
    """What all forms of each word begin with; stop words have none."""
    row = await unit.session.execute(
        select(*(func.ts_lexize(_STEMMER, one.lower(), type_=ARRAY(Text)) for one in words))
    )
    # Of «studies» the stem is «studi», which «study» does not hold.
    return [found[0].removesuffix("i") for found in row.one() if found]


def _cases(wanted: Asked) -> Select[*tuple[Any, ...]]:
    query = columns_of_lines()
    if wanted.day is None:
        return query
    begins = datetime.combine(wanted.day, time.min, LONDON)
    ends = datetime.combine(wanted.day + timedelta(days=1), time.min, LONDON)
    return query.where(Case.opened_at >= begins, Case.opened_at < ends)


def _weighed() -> ColumnElement[Any]:
    """The words of a case; those of its subject and of who asked weigh more than its text."""
    # An address is one word to PostgreSQL; in pieces, part of it is found as well.
    pieces = func.translate(Enquiry.requester, "@.-_+", "     ")
    above = func.to_tsvector(_ENGLISH, func.concat_ws(" ", *_NAMED, pieces))
    below = func.to_tsvector(_ENGLISH, Case.summary)
    return func.setweight(above, literal_column("'A'")).op("||")(below)
