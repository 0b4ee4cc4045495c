"""Tables of what is known and how it helped: decisions on articles, feedback, and gaps."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Date, ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from handlers.columns import Base, row_id, written_at


class ArticleAction(StrEnum):
    """What a knowledge owner did with a version of an article."""

    DRAFTED = "drafted"
    APPROVED = "approved"
    RETIRED = "retired"


class ArticleEvent(Base):
    """A decision on an article, with the whole text that it is about. Only ever added to."""

    __tablename__ = "article_event"
    __table_args__ = (Index("article_event_of_article", "article", "id"),)

    id: Mapped[int] = row_id()
    article: Mapped[str]
    version: Mapped[int]
    action: Mapped[str]
    text: Mapped[str]
    """The article as a file: front matter and sections."""
    sha256: Mapped[str]
    author: Mapped[str]
    note: Mapped[str]
    at: Mapped[datetime] = written_at()


class Said(StrEnum):
    """What an enquirer said of an answer."""

    YES = "yes"
    NO = "no"
    PERSON = "person"


class Feedback(Base):
    """What an enquirer pressed below an answer; each thing counts once an answer."""

    __tablename__ = "feedback"
    __table_args__ = (UniqueConstraint("outgoing_id", "said"),)

    id: Mapped[int] = row_id()
    outgoing_id: Mapped[int] = mapped_column(ForeignKey("outgoing.id"))
    said: Mapped[str]
    at: Mapped[datetime] = written_at()


class GapState(StrEnum):
    """What became of a gap in what is known."""

    OPEN = "open"
    DRAFTED = "drafted"
    PUBLISHED = "published"
    DISMISSED = "dismissed"


class Gap(Base):
    """Enquiries of a week that no passage covered and that are alike."""

    __tablename__ = "gap"
    __table_args__ = (Index("gap_by_week", "week"),)

    id: Mapped[int] = row_id()
    week: Mapped[date] = mapped_column(Date())
    """The Monday on which the week starts."""
    words: Mapped[list[str]]
    """What they share, most telling first."""
    enquiries: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    examples: Mapped[list[str]]
    """A few of their texts, patient identifiers masked."""
    draft: Mapped[str]
    """An article to edit, from what officers replied; empty where nobody has."""
    state: Mapped[str] = mapped_column(server_default=GapState.OPEN)
    article: Mapped[str | None]
    """The article that closed it."""
    detail: Mapped[dict[str, Any]]
    made_at: Mapped[datetime] = written_at()
