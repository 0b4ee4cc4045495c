"""What a reply holds before it is rendered: approved passages, series, an officer's words."""

from datetime import date
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from handlers.case_files import CaseFile

Template = Literal["answer", "acknowledgement", "closing", "officer"]


class Link(BaseModel):
    """A link, with text that says where it goes."""

    model_config = ConfigDict(frozen=True)

    text: str
    url: str


class Part(BaseModel):
    """One approved passage as it is sent, with what it takes to trace it."""

    model_config = ConfigDict(frozen=True)

    article: str
    version: int
    passage: str
    sha256: str
    heading: str
    text: str
    links: tuple[Link, ...]


class Series(BaseModel):
    """One published series that may meet the need. Only facts with a source are stated."""

    model_config = ConfigDict(frozen=True)

    id: str
    title: str
    publisher: str
    url: str
    why: str | None = None
    """What of the need it meets."""
    geography: str | None = None
    first: str | None = None
    """The first period that it covers, such as `April 2013` or `2019/20`."""
    last: str | None = None
    """The last one, where the series has ended."""
    frequency: str | None = None
    without: tuple[str, ...] = ()
    """What people look for in it and do not find."""


class Content(BaseModel):
    """What an answer says: passages in the order of the questions, then series."""

    model_config = ConfigDict(frozen=True)

    parts: tuple[Part, ...] = ()
    series: tuple[Series, ...] = ()
    sure: bool = True
    """Whether the best of the series was found surely; else they come near, and that is said."""
    unmet: str | None = None
    """That nothing published meets the need, and why."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say."""
        return not (self.parts or self.series)


class Letter(BaseModel):
    """One mail to an enquirer, complete but for its looks; stored with the outgoing row."""

    model_config = ConfigDict(frozen=True)

    template: Template
    reference: str
    to: str
    to_name: str = ""
    cc: tuple[str, ...] = ()
    subject: str
    """The enquirer's subject, without reply marks."""
    content: Content = Content()
    body: str = ""
    """An officer's words; empty in automatic mail."""
    files: tuple[CaseFile, ...] = ()
    """What of the case goes with it."""
    officer_name: str = ""
    """Who wrote it, or approved an answer."""
    closes_on: date | None = None
    """The day on which the enquiry will be closed, in the warning that comes before."""
    message_id: str
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()

    @property
    def automatic(self) -> bool:
        """Whether nobody had it sent, so that it must carry the marks of RFC 3834."""
        return not self.officer_name


class Rendered(NamedTuple):
    """A letter as its reader has it before them."""

    subject: str
    text: str
    html: str
