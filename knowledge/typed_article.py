"""An article as a person types it: every field as it stands, before anything is checked.

It can be read from any text that is meant to be an article, so that a form can show a draft that
breaks the form, such as that of a gap.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import yaml

from knowledge.articles import split_article, split_sections


@dataclass(frozen=True, slots=True)
class TypedLink:
    """An address to read on, and its words."""

    text: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class TypedSource:
    """Where facts stand, and the day that the page carries or, without one, was seen on."""

    url: str = ""
    kind: Literal["dated", "seen"] = "dated"
    day: str = ""


@dataclass(frozen=True, slots=True)
class TypedPassage:
    """One passage; `id` is empty until it was kept once."""

    id: str = ""
    heading: str = ""
    text: str = ""
    questions: tuple[str, ...] = ()
    sources: tuple[TypedSource, ...] = ()
    links: tuple[TypedLink, ...] = ()


@dataclass(frozen=True, slots=True)
class TypedArticle:
    """A whole article; days are as typed."""

    id: str = ""
    topic: str = ""
    title: str = ""
    owner: str = ""
    effective_from: str = ""
    effective_until: str = ""
    review_by: str = ""
    links: tuple[TypedLink, ...] = ()
    passages: tuple[TypedPassage, ...] = (TypedPassage(),)


def slug(words: str, most: int = 48) -> str:
    """A short name for some words: lower case, digits and hyphens; empty where none is left."""
    plain = re.sub(
        r"[^a-z0-9]+", "-", re.sub(r"['\N{RIGHT SINGLE QUOTATION MARK}]", "", words.lower())
    )
    plain = plain.strip("-")
    return plain if len(plain) <= most else plain[: most + 1].rpartition("-")[0] or plain[:most]


def typed_of(text: str) -> TypedArticle:
    """What can be read of a text; one that is no article becomes the text of a passage."""
    try:
        head, body = split_article(text)
        front = yaml.safe_load(head)
    except (ValueError, RecursionError, yaml.YAMLError):
        front, body = None, ""
    if not isinstance(front, dict):
        return TypedArticle(passages=(TypedPassage(text=" ".join(text.split())),))
    named = {name: _word(front, name) for name in _PLAIN}
    entries = _mapping(front.get("passages"))
    return TypedArticle(
        **named,
        links=_links(front.get("links")),
        passages=tuple(
            _passage(name, _mapping(entries.get(name)), words)
            for name, words in split_sections(body).items()
        )
        or (TypedPassage(),),
    )


_PLAIN = ("id", "topic", "title", "owner", "effective_from", "effective_until", "review_by")


def _passage(name: str, entry: Mapping[str, Any], words: str) -> TypedPassage:
    questions = entry.get("questions")
    return TypedPassage(
        id=name,
        heading=_word(entry, "heading"),
        text=words,
        questions=tuple(map(str, questions)) if isinstance(questions, list) else (),
        sources=tuple(_source(one) for one in _mappings(entry.get("sources"))),
        links=_links(entry.get("links")),
    )


def _source(entry: Mapping[str, Any]) -> TypedSource:
    if "seen" in entry:
        return TypedSource(_word(entry, "url"), "seen", _word(entry, "seen"))
    return TypedSource(_word(entry, "url"), "dated", _word(entry, "dated"))


def _links(entries: object) -> tuple[TypedLink, ...]:
    return tuple(TypedLink(_word(one, "text"), _word(one, "url")) for one in _mappings(entries))


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _mappings(values: object) -> list[Mapping[str, Any]]:
    return [one for one in values if isinstance(one, dict)] if isinstance(values, list) else []


def _word(entry: Mapping[str, Any], name: str) -> str:
    value = entry.get(name)
    return "" if value is None else " ".join(str(value).split())
