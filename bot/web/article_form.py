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
    """How many empty rows the form shows beyond what is typed."""

    sources: int = 1
    links: int = 1


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
    passages, place = typed.passages, int(where) if where.isdecimal() else -1
    if what == "passage" and len(passages) < MOST_PASSAGES:
        return replace(typed, passages=(*passages, TypedPassage())), Rows()
    if what == "rows":
        return typed, Rows(sources=3, links=3)
    if what == "drop" and 0 <= place < len(passages):
        left = (*passages[:place], *passages[place + 1 :]) or (TypedPassage(),)
        return replace(typed, passages=left), Rows()
    if what == "up" and 0 < place < len(passages):
        before, one = passages[place - 1 : place + 1]
        order = (*passages[: place - 1], one, before, *passages[place + 1 :])
        return replace(typed, passages=order), Rows()
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
