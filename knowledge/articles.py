"""Approved articles: who approved what, until when, and the passages that replies are made of."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Literal, Self

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    HttpUrl,
    ValidationError,
    field_validator,
    model_validator,
)

from knowledge.topics import Topic

ARTICLES = Path(__file__).parent / "articles"

_SECTION = re.compile(r"^## +([a-z0-9-]+)\s*$", re.MULTILINE)
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


class ArticleError(ValueError):
    """An article breaks the form; one line that names its file and says where."""


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


class Approval(_Strict):
    """What stands behind an article: the published page that it restates, a person, or both.

    A person stands here only once they approved this version on the knowledge page.
    """

    page: HttpUrl | None = None
    title: str | None = None
    dated: date | None = None
    seen: date | None = None
    by: str | None = None
    at: datetime | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        dates = (self.dated is not None) + (self.seen is not None)
        named = self.page is not None
        if named != (self.title is not None) or named != (dates == 1):
            raise ValueError("a page is given with its 'title' and either 'dated' or 'seen'")
        if (self.by is None) != (self.at is None):
            raise ValueError("give 'by' and 'at' together")
        if not (named or self.by):
            raise ValueError("give the 'page' that is restated; a person approves on the page")
        return self


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
    status: Literal["draft", "approved", "retired"]
    approval: Approval | None = None
    effective_from: date
    effective_until: date | None = None
    """The last day on which it is sent, where what it says ends on a known day."""
    review_by: date
    owner: str
    links: tuple[Link, ...] = ()
    passages: Mapping[str, PassageEntry]

    @field_validator("status", mode="before")
    @classmethod
    def _older_word(cls, status: object) -> object:
        return "retired" if status == "withdrawn" else status

    @model_validator(mode="after")
    def _approved_by_something(self) -> Self:
        if self.status != "draft" and self.approval is None:
            raise ValueError("only a draft goes without 'approval'")
        if self.effective_until is not None and self.effective_until < self.effective_from:
            raise ValueError("'effective_until' is before 'effective_from'")
        return self

    def objection(self, today: date) -> str | None:
        """Why nothing of it may be sent today, in words for an officer; None where it may."""
        if self.status != "approved":
            return f"article {self.id} is {self.status}"
        if today < self.effective_from:
            return f"article {self.id} is not in force before {self.effective_from}"
        if self.effective_until is not None and today > self.effective_until:
            return f"article {self.id} expired on {self.effective_until}"
        if today > self.review_by:
            return f"article {self.id} was due for review by {self.review_by}"
        return None


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
        if objection := self.article.objection(today):
            return objection
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
    """An article: its front matter, its passages in order, and its text as in a file."""

    front: FrontMatter
    passages: tuple[Passage, ...]
    text: str


def parse_article(text: str, name: str) -> Article:
    """Read an article from its text; `name` is how an error calls it.

    Raises:
        ArticleError: when it breaks the form, or sections and passages do not match.
    """
    try:
        start, head, body = text.split("---\n", 2)
    except ValueError:
        raise ArticleError(f"{name}: the head must stand between two lines of '---'") from None
    if start:
        raise ArticleError(f"{name}: line 1: the first line must be '---'")
    try:
        front = FrontMatter.model_validate(yaml.safe_load(head))
    except (ValidationError, yaml.YAMLError) as error:
        raise ArticleError(f"{name}: {_one_line(error)}") from error
    pieces = _SECTION.split(body)
    texts = {
        name: " ".join(text.split()) for name, text in zip(pieces[1::2], pieces[2::2], strict=True)
    }
    if pieces[0].strip() or texts.keys() != front.passages.keys() or not all(texts.values()):
        differ = sorted(texts.keys() ^ front.passages.keys())
        which = f" ({', '.join(differ)})" if differ else ""
        raise ArticleError(f"{name}: the sections are not those of the front matter{which}")
    passages = tuple(Passage(front, passage, words) for passage, words in texts.items())
    return Article(front, passages, text)


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


def read_article(path: Path) -> Article:
    """Read one file.

    Raises:
        ArticleError: when it breaks the form.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ArticleError(f"{path.name}: it is not UTF-8") from error
    return parse_article(text, path.name)


def _one_line(error: ValidationError | yaml.YAMLError) -> str:
    """The first thing that is wrong, and where."""
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        where = " > ".join(str(one) for one in first["loc"])
        said = first["msg"].removeprefix("Value error, ")
        return f"{where}: {said}" if where else said
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        # The head starts in line 2, and marks count from 0.
        return f"line {error.problem_mark.line + 2}: {error.problem}"
    return " ".join(str(error).split())
