"""Guidance that is not sent today or soon will not be: by its days, or for want of a setting."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from pydantic import BaseModel, ConfigDict

from knowledge.articles import Article
from knowledge.front_matter import FrontMatter, Hindrance

SOON = timedelta(days=60)


class Lapse(BaseModel):
    """One reason for which an approved article, or some passages of it, are not sent."""

    model_config = ConfigDict(frozen=True)

    article: str
    version: int
    title: str
    owner: str
    hindrance: Hindrance
    now: bool
    """Whether it holds today; else from the day after `day` on."""
    day: date | None = None
    """The last day on which it is sent; of one that is early the first."""
    setting: str | None = None
    passages: tuple[str, ...]
    """Those that are not sent for it."""


def lapses(articles: Sequence[Article], contacts: Mapping[str, str], today: date) -> list[Lapse]:
    """What is not sent today, then what will not be sent within 60 days, the soonest first."""
    found = [
        one
        for article in articles
        if article.front.status == "approved"
        for one in (*_by_day(article, today), *_by_setting(article, contacts))
    ]
    return sorted(found, key=lambda one: (not one.now, one.day or date.min, one.article))


def in_words(found: Sequence[Lapse], known: frozenset[str]) -> list[str]:
    """One line each, but one a setting; `known` are the names that settings have."""
    days = [_of_day(one) for one in found if one.setting is None]
    lacking: dict[str, list[Lapse]] = {}
    for one in found:
        if one.setting is not None:
            lacking.setdefault(one.setting, []).append(one)
    settings = [_of_setting(name, of, name in known) for name, of in sorted(lacking.items())]
    return [*days, *settings]


def _by_day(article: Article, today: date) -> Iterator[Lapse]:
    front = article.front
    match front.hindrance(today):
        case Hindrance.EARLY:
            yield _lapse(article, Hindrance.EARLY, front.effective_from, now=True)
        case Hindrance.EXPIRED:
            yield _lapse(article, Hindrance.EXPIRED, front.effective_until, now=True)
        case Hindrance.REVIEW:
            yield _lapse(article, Hindrance.REVIEW, front.review_by, now=True)
        case None:
            yield from _soon(article, front, today)


def _soon(article: Article, front: FrontMatter, today: date) -> Iterator[Lapse]:
    if front.review_by <= today + SOON:
        yield _lapse(article, Hindrance.REVIEW, front.review_by, now=False)
    if front.effective_until is not None and front.effective_until <= today + SOON:
        yield _lapse(article, Hindrance.EXPIRED, front.effective_until, now=False)


def _by_setting(article: Article, contacts: Mapping[str, str]) -> Iterator[Lapse]:
    lacking: dict[str, list[str]] = {}
    for passage in article.passages:
        for name in sorted(passage.placeholders - contacts.keys()):
            lacking.setdefault(name, []).append(passage.id)
    for name, passages in lacking.items():
        one = _lapse(article, Hindrance.SETTING, None, now=True)
        yield one.model_copy(update={"setting": name, "passages": tuple(passages)})


def _lapse(article: Article, hindrance: Hindrance, day: date | None, *, now: bool) -> Lapse:
    front = article.front
    return Lapse(
        article=front.id,
        version=front.version,
        title=front.title,
        owner=front.owner,
        hindrance=hindrance,
        now=now,
        day=day,
        passages=tuple(one.id for one in article.passages),
    )


def _of_day(one: Lapse) -> str:
    match one.hindrance, one.now:
        case Hindrance.EARLY, _:
            said = f"not in force before {one.day}; until then its enquiries go to a person"
        case Hindrance.EXPIRED, True:
            said = f"expired on {one.day}; its enquiries go to a person"
        case Hindrance.EXPIRED, False:
            said = f"expires after {one.day}"
        case _, True:
            said = f"was due for review by {one.day}; its enquiries go to a person"
        case _:
            said = f"to be reviewed by {one.day}, or it is no longer sent"
    return f"{one.article}: {said}; owner: {one.owner}"


def _of_setting(name: str, of: Sequence[Lapse], is_known: bool) -> str:  # noqa: FBT001 -- private
    number = sum(len(one.passages) for one in of)
    where = "; ".join(f"{one.article}: {', '.join(one.passages)}" for one in of)
    lacks = f"no TRIAGEBOT_{name.upper()}" if is_known else f"{{{name}}} is the name of no setting"
    passages = "1 passage is" if number == 1 else f"{number} passages are"
    return f"{lacks}: {passages} not sent ({where})"
