"""Approved articles: who approved what, until when, and the passages that replies are made of."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, HttpUrl, ValidationError, model_validator

from knowledge.topics import Topic

ARTICLES = Path(__file__).parent / "articles"

_SECTION = re.compile(r"^## +([a-z0-9-]+)\s*$", re.MULTILINE)
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


class ArticleError(ValueError):
    """An article breaks the form; the words name its file."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Link(_Strict):
    """An address to read on, and words that say where it goes."""

    text: str
    url: HttpUrl


class _Dated(_Strict):
    """A page: dated by itself, or, where it carries no date, by when it was seen."""

    dated: date | None = None
    seen: date | None = None

    @model_validator(mode="after")
    def _one_date(self) -> Self:
        if (self.dated is None) == (self.seen is None):
            raise ValueError("give either 'dated' or 'seen'")
        return self


class Source(_Dated):
    """Where a passage's facts stand."""

    url: HttpUrl


class Approval(_Dated):
    """The published page that an article restates: it, and no unnamed person, approves."""

    page: HttpUrl
    title: str


class PassageEntry(_Strict):
    """What the front matter says of one passage."""

    heading: str
    sources: tuple[Source, ...] = Field(min_length=1)
    questions: tuple[str, ...] = Field(min_length=1)
    links: tuple[Link, ...] = ()


class FrontMatter(_Strict):
    """The head of an article's file."""

    id: str
    topic: Topic
    title: str
    version: int = Field(ge=1)
    status: Literal["draft", "approved", "withdrawn"]
    approval: Approval
    effective_from: date
    review_by: date
    owner: str
    links: tuple[Link, ...] = ()
    passages: Mapping[str, PassageEntry]


@dataclass(frozen=True)
class Passage:
    """One paragraph that may be sent as it stands, once its placeholders are filled."""

    article: FrontMatter
    id: str
    text: str

    @property
    def topic(self) -> Topic:
        """The topic of its article."""
        return self.article.topic

    @property
    def heading(self) -> str:
        """The question that it answers."""
        return self.article.passages[self.id].heading

    @property
    def questions(self) -> tuple[str, ...]:
        """Ways in which people ask it."""
        return self.article.passages[self.id].questions

    @property
    def links(self) -> tuple[Link, ...]:
        """Where to read on: its own links, else those of its article."""
        return self.article.passages[self.id].links or self.article.links

    @property
    def placeholders(self) -> frozenset[str]:
        """Names that must be filled before it can be sent."""
        return frozenset(_PLACEHOLDER.findall(self.text))

    def sendable(self, today: date, contacts: Mapping[str, str]) -> str | None:
        """None if it may be sent today, else the reason why not, in words for an officer."""
        article = self.article
        if article.status != "approved":
            return f"article {article.id} is {article.status}"
        if today < article.effective_from:
            return f"article {article.id} is not in force before {article.effective_from}"
        if today > article.review_by:
            return f"article {article.id} was due for review by {article.review_by}"
        if missing := sorted(self.placeholders - contacts.keys()):
            return f"no setting for {', '.join(missing)}"
        return None

    def filled(self, contacts: Mapping[str, str]) -> str:
        """The text with its placeholders filled.

        Raises:
            KeyError: when one has no value; ask `sendable` first.
        """
        return _PLACEHOLDER.sub(lambda match: contacts[match.group(1)], self.text)


@dataclass(frozen=True)
class Article:
    """An article: its front matter, and its passages in order."""

    front: FrontMatter
    passages: tuple[Passage, ...]


def read_article(path: Path) -> Article:
    """Read one file.

    Raises:
        ArticleError: when it breaks the form, or sections and passages do not match.
    """
    try:
        _, head, body = path.read_text(encoding="utf-8").split("---\n", 2)
        front = FrontMatter.model_validate(yaml.safe_load(head))
    except (ValueError, ValidationError, yaml.YAMLError) as error:
        raise ArticleError(f"{path.name}: {error}") from error
    pieces = _SECTION.split(body)
    texts = {
        name: " ".join(text.split()) for name, text in zip(pieces[1::2], pieces[2::2], strict=True)
    }
    if pieces[0].strip() or texts.keys() != front.passages.keys() or not all(texts.values()):
        raise ArticleError(f"{path.name}: the sections are not those of the front matter")
    return Article(front, tuple(Passage(front, name, text) for name, text in texts.items()))


def read_articles(folder: Path = ARTICLES) -> list[Article]:
    """Read all articles of a folder, in order of name.

    Raises:
        ArticleError: at the first that breaks the form, or an id that is used twice.
    """
    found: dict[str, Article] = {}
    for path in sorted(folder.glob("*.md")):
        article = read_article(path)
        if article.front.id in found:
            raise ArticleError(f"{path.name}: id {article.front.id} is used twice")
        found[article.front.id] = article
    return list(found.values())
