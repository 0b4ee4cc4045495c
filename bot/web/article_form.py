"""The form in which an article is typed: its fields read, and rows added or left out.

The pages run no script, so a row more comes with the page that answers a press of a button. A
field's name says where it stands, as a fault does: `passages.0.sources.1.url`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from knowledge.article_checks import MOST_PASSAGES, Fault
from knowledge.typed_article import TypedArticle, TypedLink, TypedPassage, TypedSource

_PLAIN = ("id", "topic", "title", "owner", "effective_from", "effective_until", "review_by")
_ROW = re.compile(r"\.?(\d{1,3})\.")


@dataclass(frozen=True, slots=True)
class Rows:
    """How many empty rows the form shows beyond what is typed, and where the writer goes on."""

    sources: int = 1
    links: int = 1
    focus: str = ""


def read_typed(form: Mapping[str, str]) -> TypedArticle:
    """The article as the form has it; rows that are empty throughout are left out."""
    passages = tuple(_passage(form, prefix) for prefix in _rows(form, "passages"))
    return TypedArticle(
        **{name: form.get(name, "") for name in _PLAIN},
        links=_links(form, ""),
        passages=tuple(one for one in passages if one != TypedPassage(id=one.id))
        or (TypedPassage(),),
    )


def rearranged(typed: TypedArticle, do: str) -> tuple[TypedArticle, Rows] | None:
    """The form after a button that changes its rows; None where `do` is no such button."""
    what, _, where = do.partition(":")
    if what == "passage" and len(typed.passages) < MOST_PASSAGES:
        number = len(typed.passages)
        more = replace(typed, passages=(*typed.passages, TypedPassage()))
        return more, Rows(focus=f"passages.{number}.heading")
    place = int(where) if where.isdecimal() else -1
    if what == "drop" and 0 <= place < len(typed.passages):
        left = (*typed.passages[:place], *typed.passages[place + 1 :]) or (TypedPassage(),)
        return replace(typed, passages=left), Rows(focus=f"passages.{max(place - 1, 0)}.heading")
    if what == "up" and 0 < place < len(typed.passages):
        order = list(typed.passages)
        order[place - 1], order[place] = order[place], order[place - 1]
        return replace(typed, passages=tuple(order)), Rows(focus=f"passages.{place - 1}.heading")
    if what == "rows":
        return typed, Rows(sources=3, links=3, focus=_next_row(typed, place))
    return None


def written(typed: TypedArticle) -> str:
    """All the words of a form, to be copied from where there is no form to show them in."""
    said = (
        line
        for one in typed.passages
        for line in (one.heading, one.text, *one.questions, *(source.url for source in one.sources))
    )
    return "\n".join(line for line in (typed.title, *said) if line.strip())


def by_field(faults: Sequence[Fault]) -> dict[str, list[str]]:
    """What is wrong, by the name of the field that it stands beside."""
    found: dict[str, list[str]] = {}
    for fault in faults:
        found.setdefault(".".join(map(str, fault.where)), []).append(fault.said)
    return found


def _next_row(typed: TypedArticle, place: int) -> str:
    if not 0 <= place < len(typed.passages):
        return ""
    return f"passages.{place}.sources.{len(typed.passages[place].sources)}.url"


def _passage(form: Mapping[str, str], prefix: str) -> TypedPassage:
    asked = form.get(f"{prefix}questions", "").splitlines()
    return TypedPassage(
        id=form.get(f"{prefix}id", ""),
        heading=form.get(f"{prefix}heading", ""),
        text=form.get(f"{prefix}text", ""),
        questions=tuple(one.strip() for one in asked if one.strip()),
        sources=_sources(form, prefix),
        links=_links(form, prefix),
    )


def _sources(form: Mapping[str, str], prefix: str) -> tuple[TypedSource, ...]:
    found = (
        TypedSource(
            form.get(f"{row}url", ""),
            "seen" if form.get(f"{row}kind") == "seen" else "dated",
            form.get(f"{row}day", ""),
        )
        for row in _rows(form, f"{prefix}sources")
    )
    return tuple(one for one in found if one.url.strip() or one.day.strip())


def _links(form: Mapping[str, str], prefix: str) -> tuple[TypedLink, ...]:
    found = (
        TypedLink(form.get(f"{row}text", ""), form.get(f"{row}url", ""))
        for row in _rows(form, f"{prefix}links")
    )
    return tuple(one for one in found if one.text.strip() or one.url.strip())


def _rows(form: Mapping[str, str], start: str) -> list[str]:
    """The beginnings of the names of each row, in order, such as `passages.0.`."""
    rows = {
        int(found.group(1))
        for name in form
        if name.startswith(start) and (found := _ROW.match(name, len(start)))
    }
    return [f"{start}.{row}." for row in sorted(rows)]
