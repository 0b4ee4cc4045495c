"""Tables beside cases: how cases belong together, and who is at work on one at this moment."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from handlers.columns import Base, row_id, written_at


class Priority(StrEnum):
    """How soon a case is to be worked on; the most urgent last."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class LinkKind(StrEnum):
    """How the first of two cases belongs to the second."""

    RELATED = "related"
    DUPLICATE = "duplicate"
    MERGED = "merged"
    SPLIT = "split"
    """It was made of a message of the second."""


class CaseLink(Base):
    """That two cases belong together."""

    __tablename__ = "case_link"
    __table_args__ = (
        UniqueConstraint("case_id", "other_id", "kind"),
        Index("case_link_of_other", "other_id"),
    )

    id: Mapped[int] = row_id()
    case_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"))
    kind: Mapped[str]
    at: Mapped[datetime] = written_at()


class OfficerAbsence(Base):
    """An officer who is away up to a day; it ends by itself."""

    __tablename__ = "officer_absence"

    officer: Mapped[str] = mapped_column(primary_key=True)
    officer_name: Mapped[str]
    until: Mapped[date]
    set_by: Mapped[str]
    at: Mapped[datetime] = written_at()


class CasePresence(Base):
    """An officer who is writing a reply, as far as we know; it ends by itself."""

    __tablename__ = "case_presence"

    case_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"), primary_key=True)
    officer: Mapped[str] = mapped_column(primary_key=True)
    officer_name: Mapped[str]
    until: Mapped[datetime]
