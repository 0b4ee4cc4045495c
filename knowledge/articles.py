"""Approved articles: who approved what, until when, and the passages that replies are made of."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml
from pydantic import ValidationError

from knowledge.front_matter import FrontMatter, Hindrance, Link
from knowledge.topics import Topic
from knowledge.wanted import Lack

ARTICLES = Path(__file__).parent / "articles"

_SECTION = re.compile(r"^## +([a-z0-9-]+)\s*$", re.MULTILINE)
_LINE = re.compile(r"^---\n", re.MULTILINE)
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


class ArticleError(ValueError):
    """An article breaks the form; one line that names its file and says where."""


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
    def steers(self) -> tuple[Lack, ...]:
        """Why nothing published may meet a need, where it says what to do then."""
        return self.article.passages[self.id].steers

    @property
    def placeholders(self) -> frozenset[str]:
        """Names that must be filled before it can be sent."""
        return frozenset(_PLACEHOLDER.findall(self.text))

    def hindrance(self, today: date, contacts: Mapping[str, str]) -> Hindrance | None:
        """Why it may not be sent today; None where it may."""
        lacks = self.placeholders - contacts.keys()
        return self.article.hindrance(today) or (Hindrance.SETTING if lacks else None)

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
        head, body = split_article(text)
    except ValueError as error:
        raise ArticleError(f"{name}: {error}") from None
    try:
        front = FrontMatter.model_validate(yaml.safe_load(head))
    except (ValidationError, yaml.YAMLError) as error:
        raise ArticleError(f"{name}: {_one_line(error)}") from error
    except (ValueError, RecursionError) as error:  # a 30 February; brackets without end
        raise ArticleError(f"{name}: the head cannot be read: {error}") from error
    texts = split_sections(body)
    if (
        _SECTION.split(body, 1)[0].strip()
        or texts.keys() != front.passages.keys()
        or not all(texts.values())
    ):
        differ = sorted(texts.keys() ^ front.passages.keys())
        which = f" ({', '.join(differ)})" if differ else ""
        raise ArticleError(f"{name}: the sections are not those of the front matter{which}")
    passages = tuple(Passage(front, passage, words) for passage, words in texts.items())
    return Article(front, passages, text)


def split_article(text: str) -> tuple[str, str]:
    """The head and the sections of an article's text. Raises ValueError, which says what lacks."""
    pieces = _LINE.split(text, 2)
    if len(pieces) < len(("", "head", "body")):
        raise ValueError("the head must stand between two lines of '---'")
    if pieces[0]:
        raise ValueError("line 1: the first line must be '---'")
    return pieces[1], pieces[2]


def split_sections(body: str) -> dict[str, str]:
    """The sections by name, each as one line; nothing before the first."""
    pieces = _SECTION.split(body)
    return {
        name: " ".join(text.split()) for name, text in zip(pieces[1::2], pieces[2::2], strict=True)
    }


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
