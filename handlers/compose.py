"""Replies put together from approved passages and published series; nothing is generated.

Every sentence of an answer comes from a passage (kept here with article, version and hash) or
from a template. A passage that may not be sent today (not approved, past its review, a contact
missing) is left out, and the reason is returned so that the enquiry goes to a person.
"""

import calendar
import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from handlers.drafts import Question, notes
from handlers.letters import Content, Link, Part, Series
from knowledge import catalogue
from knowledge.articles import Passage
from knowledge.fit import Fit
from knowledge.library import Library
from triage.barred import withheld
from triage.decision import Decision, PassageHit, Withheld

TEMPLATES = Path(__file__).with_name("templates")
MONTH = re.compile(r"\d{4}-\d{2}")


class Composer:
    """Puts replies together. `contacts` are the placeholders that this deployment has filled in."""

    def __init__(self, library: Library, contacts: Mapping[str, str]) -> None:
        self._contacts = contacts
        self._passages = {(one.article.id, one.id): one for one in library.passages}
        self._series = {one.id: one for one in library.series}
        environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            autoescape=False,  # noqa: S701  plain text for an officer's text box
        )
        self._draft = environment.get_template("draft.txt")

    def content(self, decision: Decision, today: date) -> tuple[Content, tuple[str, ...]]:
        """What can be said to this enquiry today, and why anything had to be left out."""
        passages = [self._passages.get((hit.article, hit.passage)) for hit in decision.passages]
        objections = [
            self._objection(hit, passage, today)
            for hit, passage in zip(decision.passages, passages, strict=True)
        ]
        parts = [
            part_of(passage, self._contacts)
            for passage, objection in zip(passages, objections, strict=True)
            if passage is not None and objection is None
        ]
        # A decision of an earlier version says nothing of why its series fit.
        fits = (one.sentence for one in (*decision.fits, *(Fit() for _ in decision.series)))
        series = [
            _described(self._series[ident], fits_by)
            for ident, fits_by in zip(decision.series, fits, strict=False)
        ]
        why = dict.fromkeys(one for one in objections if one is not None)
        unmet = decision.unmet.sentence if decision.unmet else None
        sure = not decision.fits or any(one.sure for one in decision.fits)
        return (
            Content(parts=tuple(parts), series=tuple(series), sure=sure, unmet=unmet),
            tuple(why),
        )

    def withheld(self, decision: Decision, today: date) -> tuple[Withheld, ...]:
        """The articles of a decision whose passages may not be sent today, each once."""
        found = [
            withheld(passage, hindrance, why)
            for hit in decision.passages
            if (passage := self._passages.get((hit.article, hit.passage)))
            and (hindrance := passage.hindrance(today, self._contacts))
            and (why := passage.sendable(today, self._contacts))
        ]
        return tuple(dict.fromkeys((*decision.withheld, *found)))

    def _objection(self, hit: PassageHit, passage: Passage | None, today: date) -> str | None:
        """Why a passage that triage chose, perhaps in an older library, is not sent today."""
        if passage is None:
            return f"article {hit.article} has changed since it was read"
        if passage.article.version != hit.version:
            return f"article {hit.article} was replaced by version {passage.article.version}"
        return passage.sendable(today, self._contacts)

    def changed(self, content: Content, today: date) -> str | None:
        """Why content that was put together earlier may not be sent today; None where it may."""
        for part in content.parts:
            passage = self._passages.get((part.article, part.passage))
            if passage is None or part_of(passage, self._contacts) != part:
                return "its guidance has changed"
            if objection := passage.sendable(today, self._contacts):
                return objection
        if any(one.id not in self._series for one in content.series):
            return "its published series have changed"
        return None

    def draft(self, content: Content, name: str, asked: Sequence[Question] = ()) -> str:
        """A letter for an officer to edit: what guidance covers, in the words that are approved.

        Notes say which question each passage is for, and which are left to the officer.
        """
        noted = notes(content, asked)
        return self._draft.render(content=content, name=name, notes=noted).strip() + "\n"


def part_of(passage: Passage, contacts: Mapping[str, str]) -> Part:
    """A passage as it is sent. Raises KeyError where a placeholder has no value."""
    return Part(
        article=passage.article.id,
        version=passage.article.version,
        passage=passage.id,
        sha256=hashlib.sha256(passage.text.encode()).hexdigest(),
        heading=passage.heading,
        text=passage.filled(contacts),
        links=tuple(Link(text=link.text, url=str(link.url)) for link in passage.links),
    )


def _described(entry: catalogue.Series, why: str | None) -> Series:
    """The entry with those facts alone that somebody has checked, and what of a need it meets."""

    def stated(field: str, value: str | None) -> str | None:
        return value if value and entry.is_checked(field) else None

    ended = entry.to if entry.to != "ongoing" else None
    return Series(
        id=entry.id,
        title=entry.title,
        publisher=entry.publisher,
        url=str(entry.url),
        why=why,
        geography=stated("geography", entry.geography),
        first=stated("from", _spoken(entry.first)),
        last=stated("to", _spoken(ended)),
        frequency=stated("frequency", entry.frequency),
        without=entry.does_not_hold if stated("does_not_hold", entry.id) else (),
    )


def _spoken(period: str | None) -> str | None:
    """`2013-04` as `April 2013`; years, and years from April to March, as they are."""
    if period is None or not MONTH.fullmatch(period):
        return period
    year, month = period.split("-")
    return f"{calendar.month_name[int(month)]} {year}"
