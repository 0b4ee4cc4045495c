"""The head of an article: what it is about, who stands behind it, and when it holds."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    HttpUrl,
    StringConstraints,
    field_validator,
    model_validator,
)

from knowledge.topics import Topic
from knowledge.wanted import Lack
from knowledge.when import When, in_words

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
"""A text that says something."""
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
"""Lower case, digits and single hyphens: it is part of an address, and names a file."""


class Hindrance(StrEnum):
    """Why guidance may not be sent today. The first two are words of `status` as well."""

    DRAFT = "draft"
    RETIRED = "retired"
    EARLY = "early"
    EXPIRED = "expired"
    REVIEW = "review"
    SETTING = "setting"
    """It needs a setting that this deployment lacks."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Link(_Strict):
    """An address to read on, and words that say where it goes."""

    text: Words
    url: HttpUrl


class _Dated(_Strict):
    """A page: dated by itself, or, where it carries no date, by when it was seen."""

    dated: When | None = None
    seen: When | None = None

    @property
    def when(self) -> str:
        """Its date in words."""
        told = {"dated": self.dated, "seen": self.seen}
        return " ".join(f"{word} {in_words(day)}" for word, day in told.items() if day is not None)

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
    dated: When | None = None
    seen: When | None = None
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

    heading: Words
    sources: tuple[Source, ...] = Field(min_length=1)
    questions: tuple[Words, ...] = Field(min_length=1)
    links: tuple[Link, ...] = ()
    steers: tuple[Lack, ...] = ()
    """Where no published series meets a need for one of these reasons, it says what to do."""


class FrontMatter(_Strict):
    """The head of an article's file."""

    id: Slug
    topic: Topic
    title: Words
    version: int = Field(ge=1)
    status: Literal["draft", "approved", "retired"]
    approval: Approval | None = None
    effective_from: date
    effective_until: date | None = None
    """The last day on which it is sent, where what it says ends on a known day."""
    review_by: date
    owner: Words
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

    @property
    def last_day(self) -> date:
        """The last day on which it is sent as things stand: its end, or the day of its review."""
        return min(self.review_by, self.effective_until or self.review_by)

    def hindrance(self, today: date) -> Hindrance | None:
        """Why nothing of it may be sent today; None where it may."""
        if self.status != "approved":
            return Hindrance(self.status)
        if today < self.effective_from:
            return Hindrance.EARLY
        if self.effective_until is not None and today > self.effective_until:
            return Hindrance.EXPIRED
        return Hindrance.REVIEW if today > self.review_by else None

    def objection(self, today: date) -> str | None:
        """The same in words for an officer."""
        match self.hindrance(today):
            case None:
                return None
            case Hindrance.EARLY:
                return f"article {self.id} is not in force before {self.effective_from}"
            case Hindrance.EXPIRED:
                return f"article {self.id} expired on {self.effective_until}"
            case Hindrance.REVIEW:
                return f"article {self.id} was due for review by {self.review_by}"
            case _:
                return f"article {self.id} is {self.status}"
