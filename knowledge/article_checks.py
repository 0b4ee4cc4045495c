"""What is wrong with an article as typed, field by field, and its text once nothing is.

The rules are those of the files: the text is made, and read as a file's would be.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from knowledge.articles import Article, ArticleError, parse_article, split_article
from knowledge.front_matter import FrontMatter
from knowledge.typed_article import TypedArticle, TypedLink, TypedPassage, slug
from knowledge.when import first_day, read_when

LEAST_QUESTIONS = 8
"""Different ways of asking that a passage needs, to be found by people who ask otherwise."""
MOST_PASSAGES = 60
_HEAD = (
    *("id", "topic", "title", "version", "status", "approval", "effective_from"),
    *("effective_until", "review_by", "owner", "links", "passages"),
)
_SAID = {
    "string_too_short": "Please fill this in.",
    "string_pattern_mismatch": "Use small letters, digits and single hyphens only.",
    "string_too_long": "This is too long.",
    "enum": "Please choose one.",
    "too_short": "Please give at least one.",
    "missing": "Please fill this in.",
    "date_type": "Give a day, such as 2027-02-28.",
}


class Fault(NamedTuple):
    """One fault: where it is, as the fields are nested, and what to do about it."""

    where: tuple[str | int, ...]
    said: str


class FaultsError(ValueError):
    """An article as typed cannot be kept; `faults` has all that is wrong."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(
            "; ".join(f"{'.'.join(map(str, one.where))}: {one.said}" for one in faults)
        )
        self.faults = tuple(faults)


def named(typed: TypedArticle) -> str:
    """The article's id: as typed, else made from its title."""
    return typed.id.strip() or slug(typed.title)


def checked(typed: TypedArticle, version: int, today: date, base: str = "") -> Article:
    """The draft of this version. What a form does not show is taken from the text of `base`.

    Raises:
        FaultsError: with every fault of every field.
    """
    ids = _passage_ids(typed.passages)
    head = _head(typed, ids, version, base)
    faults = [*_own_faults(typed, today)]
    front = None
    try:
        front = FrontMatter.model_validate(head)
    except ValidationError as error:
        found = [_fault(one, ids) for one in error.errors(include_url=False)]
        faults += [one for one in found if _is_news(one, [*faults, *found], typed)]
    if faults:
        raise FaultsError(list(dict.fromkeys(faults)))
    try:
        article = parse_article(_text(head, typed.passages, ids), named(typed))
    except ArticleError as error:
        raise FaultsError([Fault((), str(error))]) from None
    if article.front != front:
        raise FaultsError(
            [Fault((), "This cannot be kept as it is typed; please use plain words.")]
        )
    return article


def _is_news(fault: Fault, others: Sequence[Fault], typed: TypedArticle) -> bool:
    """Whether a fault says more than others do: one of a list says more than that it is short."""
    if fault.where == ("id",) and not (typed.id.strip() or typed.title.strip()):
        return False
    size = len(fault.where)
    return not any(one.where[:size] == fault.where and one is not fault for one in others)


def too_few_questions(article: Article) -> Iterator[tuple[str, str]]:
    """The passages that ask in too few ways, and what to say of each."""
    for passage in article.passages:
        if fault := _few(passage.questions):
            yield passage.id, fault


def _few(questions: Sequence[str]) -> str:
    """What is wrong where fewer than enough of these differ; letters and digits alone count."""
    number = len({" ".join(re.findall(r"\w+", one.lower())) for one in questions} - {""})
    if number >= LEAST_QUESTIONS:
        return ""
    return (
        f"Give at least {LEAST_QUESTIONS} different ways of asking, one a line; there are {number}."
    )


def _own_faults(typed: TypedArticle, today: date) -> Iterator[Fault]:
    """What the form of a file does not ask, or asks only once all else is right."""
    first, last = _day(typed.effective_from), _day(typed.effective_until)
    review = _day(typed.review_by)
    if isinstance(first, date) and isinstance(last, date) and last < first:
        yield Fault(("effective_until",), "This is before the first day.")
    if isinstance(review, date) and review < today:
        yield Fault(("review_by",), "This day is past; give a later one.")
    if len(typed.passages) > MOST_PASSAGES:
        yield Fault(("passages",), f"These are more than {MOST_PASSAGES} passages.")
    for place, passage in enumerate(typed.passages):
        yield from _passage_faults(passage, ("passages", place), today)


def _passage_faults(passage: TypedPassage, where: tuple[str, int], today: date) -> Iterator[Fault]:
    if not passage.text.strip():
        yield Fault((*where, "text"), "Please write what is to be said.")
    elif passage.text.lstrip().startswith("## "):
        yield Fault((*where, "text"), "A passage cannot begin with '## '.")
    for row, source in enumerate(passage.sources):
        told = _told(source.day)
        if told is not None and first_day(told) > today:
            yield Fault((*where, "sources", row, "day"), "This day is still to come.")
    if fault := _few(passage.questions):
        yield Fault((*where, "questions"), fault)


def _passage_ids(passages: Sequence[TypedPassage]) -> list[str]:
    """A name for each: the one that it has, else one made from its heading, each once."""
    ids: list[str] = []
    kept = {one.id for one in passages if one.id}
    for number, passage in enumerate(passages, start=1):
        wanted = passage.id or slug(passage.heading) or f"passage-{number}"
        taken = {*ids, *(() if passage.id else kept)}
        again = (f"{wanted}-{count}" for count in range(2, len(passages) + 2))
        ids.append(next(one for one in (wanted, *again) if one not in taken))
    return ids


def _head(typed: TypedArticle, ids: Sequence[str], version: int, base: str) -> dict[str, Any]:
    before = yaml.safe_load(split_article(base)[0]) if base else {}
    entries = before.get("passages", {})
    values = before | {
        "id": named(typed),
        "topic": typed.topic,
        "title": " ".join(typed.title.split()),
        "version": version,
        "status": "draft",
        "effective_from": _day(typed.effective_from),
        "effective_until": _day(typed.effective_until) if typed.effective_until.strip() else None,
        "review_by": _day(typed.review_by),
        "owner": " ".join(typed.owner.split()),
        "links": _links(typed.links),
        "passages": {
            ident: _entry(passage, entries.get(ident, {}))
            for ident, passage in zip(ids, typed.passages, strict=True)
        },
    }
    return {name: values[name] for name in _HEAD if values.get(name) not in (None, [])}


def _entry(passage: TypedPassage, before: Mapping[str, Any]) -> dict[str, Any]:
    values = {
        "heading": " ".join(passage.heading.split()),
        "sources": [
            {"url": one.url.strip(), one.kind: _written(one.day)} for one in passage.sources
        ],
        "links": _links(passage.links),
        "questions": [" ".join(one.split()) for one in passage.questions],
    }
    # In the order of the text before, so that only what was changed differs.
    found = {name: values.get(name, before[name]) for name in before} | values
    return {name: value for name, value in found.items() if name != "links" or value}


def _links(links: Sequence[TypedLink]) -> list[dict[str, str]]:
    return [{"text": " ".join(one.text.split()), "url": one.url.strip()} for one in links]


def _written(typed: str) -> date | str | int:
    told = _told(typed)
    # A year stands in a file without quotes, as a day does.
    return int(told) if isinstance(told, str) and told.isdigit() else told or typed


def _told(typed: str) -> date | str | None:
    """The date of a page, as exact as it was typed; None where it is none."""
    try:
        return read_when(typed)
    except ValueError:
        return None


def _day(typed: str) -> date | str:
    """The day, or what was typed where it is none, for the rules to refuse."""
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        return typed


def _fault(error: ErrorDetails, ids: Sequence[str]) -> Fault:
    where = list(error["loc"])
    if where[:1] == ["passages"] and len(where) > 1:
        where[1] = ids.index(str(where[1]))
    if "questions" in where:
        where = where[: where.index("questions") + 1]
    if where and where[-1] in {"dated", "seen"}:
        where[-1] = "day"
    return Fault(tuple(where), _said(error))


def _said(error: ErrorDetails) -> str:
    kind = error["type"]
    if kind.startswith("date"):
        kind = "date_type"
    if kind.startswith("url"):
        return "Give a whole address, such as https://digital.nhs.uk/services."
    return _SAID.get(kind, error["msg"].removeprefix("Value error, "))


class _Indented(yaml.SafeDumper):
    """Writes lists as the files have them."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: FBT001, FBT002 -- as the library calls it
        del indentless
        super().increase_indent(flow, indentless=False)


def _text(head: Mapping[str, Any], passages: Sequence[TypedPassage], ids: Sequence[str]) -> str:
    front = yaml.dump(
        dict(head), Dumper=_Indented, sort_keys=False, allow_unicode=True, width=1_000_000
    )
    sections = (
        f"## {ident}\n{' '.join(passage.text.split())}\n"
        for ident, passage in zip(ids, passages, strict=True)
    )
    return f"---\n{front}---\n" + "\n".join(sections)
