"""The tables. Each class is one; the words are those of the design (message, enquiry, case …)."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from handlers.columns import Base, row_id, written_at

IMPORT = "import"
"""The origin of mail from an archive, and the channel under which its decisions are kept: it is
recorded in shadow, and no figure of live mail counts it."""


class InboundState(StrEnum):
    """`new` until its outcome is committed; `set_aside` when it failed three times."""

    NEW = "new"
    DONE = "done"
    SET_ASIDE = "set_aside"


class OutgoingState(StrEnum):
    """`held`: it was being handed over when we were killed, and nobody can say if it left."""

    READY = "ready"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    HELD = "held"


class CaseState(StrEnum):
    """Where a case stands; `waiting` is for the enquirer."""

    NEW = "new"
    OPEN = "open"
    WAITING = "waiting"
    RESOLVED = "resolved"


class Deployment(Base):
    """What belongs to this deployment alone, such as the key that signs references."""

    __tablename__ = "deployment"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class Inbound(Base):
    """What was accepted, byte for byte. Committed before the sender hears 250."""

    __tablename__ = "inbound"
    __table_args__ = (
        Index("inbound_unfinished", "received_at", postgresql_where=text("state = 'new'")),
        Index("inbound_set_aside", "received_at", postgresql_where=text("state = 'set_aside'")),
    )

    id: Mapped[int] = row_id()
    key: Mapped[str] = mapped_column(unique=True)
    channel: Mapped[str]
    envelope_from: Mapped[str]
    envelope_to: Mapped[list[str]]
    peer: Mapped[str]
    helo: Mapped[str | None]
    """How the host that handed it over presented itself."""
    origin: Mapped[str] = mapped_column(server_default="smtp")
    """By which way it came: `smtp`, `mailbox`, `import` or `slack`."""
    raw: Mapped[bytes] = mapped_column(LargeBinary)
    received_at: Mapped[datetime] = written_at()
    state: Mapped[str] = mapped_column(server_default=InboundState.NEW)
    failures: Mapped[int] = mapped_column(server_default="0")
    error: Mapped[str | None]


class Enquiry(Base):
    """A conversation: one enquirer, one subject."""

    __tablename__ = "enquiry"
    __table_args__ = (
        Index(
            "enquiry_of_thread",
            "slack_thread",
            "slack_channel",
            postgresql_where=text("slack_thread IS NOT NULL"),
        ),
    )

    id: Mapped[int] = row_id()
    reference: Mapped[str] = mapped_column(unique=True)
    channel: Mapped[str]
    requester: Mapped[str]
    requester_name: Mapped[str]
    subject: Mapped[str]
    slack_channel: Mapped[str | None]
    slack_thread: Mapped[str | None]
    continues: Mapped[int | None] = mapped_column(ForeignKey("enquiry.id"))
    """The older enquiry that it names, though its sender took no part in that one, or is not
    shown to be who they say."""
    opened_at: Mapped[datetime] = written_at()


class Participant(Base):
    """An address that took part in an enquiry, in lower case."""

    __tablename__ = "participant"

    enquiry_id: Mapped[int] = mapped_column(ForeignKey("enquiry.id"), primary_key=True)
    address: Mapped[str] = mapped_column(primary_key=True, index=True)


class StoredMessage(Base):
    """One message of an enquiry, in or out."""

    __tablename__ = "message"
    __table_args__ = (
        Index("message_of_enquiry", "enquiry_id", "id"),
        Index("message_of_author", "author", "at"),
    )

    id: Mapped[int] = row_id()
    enquiry_id: Mapped[int] = mapped_column(ForeignKey("enquiry.id"))
    inbound_id: Mapped[int | None] = mapped_column(ForeignKey("inbound.id"), unique=True)
    direction: Mapped[str]
    author: Mapped[str]
    author_name: Mapped[str]
    message_id: Mapped[str | None] = mapped_column(index=True)
    references: Mapped[list[str]]
    subject: Mapped[str]
    text: Mapped[str]
    new_text: Mapped[str]
    attachments: Mapped[list[dict[str, Any]]]
    automatic_reason: Mapped[str | None]
    is_bounce: Mapped[bool]
    authentication: Mapped[dict[str, Any] | None]
    """Whether the sender is who they say, and whose word that is; none for Slack."""
    at: Mapped[datetime] = written_at()


class StoredDecision(Base):
    """A decision as it was made, with all that is needed to explain it later."""

    __tablename__ = "decision"
    # Both hold all that figures read, so that the rows, which are wide, need not be read for them.
    __table_args__ = (
        Index(
            "decision_metrics",
            "decided_at",
            postgresql_include=["outcome", "route", "channel", "types", "topics", "flags"],
        ),
        Index(
            "decision_times",
            "decided_at",
            postgresql_include=["outcome", "milliseconds", "channel"],
        ),
    )

    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), primary_key=True)
    channel: Mapped[str]
    """`email`, `slack`, or `import` for mail from an archive."""
    route: Mapped[str]
    """What triage said."""
    outcome: Mapped[str]
    """`answered`, `case`, `joined`, `ignored`, `duplicate`, `shadow`, or `set_aside`."""
    types: Mapped[list[str]]
    topics: Mapped[list[str]]
    flags: Mapped[list[str]]
    confidence: Mapped[float]
    likeness: Mapped[float | None]
    """Where the message ranks among calibration messages; the watch for drift reads it."""
    record: Mapped[dict[str, Any]]
    milliseconds: Mapped[float]
    decided_at: Mapped[datetime] = written_at()


class Case(Base):
    """An enquiry that an officer owns or will own. `version` rises with every event."""

    __tablename__ = "case_record"
    __table_args__ = (
        Index("case_by_state", "state", "opened_at"),
        Index(
            "case_by_opening",
            "opened_at",
            postgresql_include=["id", "enquiry_id", "first_reply_at"],
        ),
    )

    id: Mapped[int] = row_id()
    enquiry_id: Mapped[int] = mapped_column(ForeignKey("enquiry.id"), unique=True)
    state: Mapped[str]
    version: Mapped[int] = mapped_column(server_default="1")
    types: Mapped[list[str]]
    flags: Mapped[list[str]]
    reasons: Mapped[list[dict[str, Any]]]
    summary: Mapped[str]
    """The first lines of what was asked, patient identifiers masked."""
    draft: Mapped[str]
    answer: Mapped[dict[str, Any] | None]
    """An answer that waits for an officer's approval, as it would be sent."""
    officer: Mapped[str | None]
    officer_name: Mapped[str | None]
    resolution: Mapped[str | None]
    slack_channel: Mapped[str | None]
    slack_ts: Mapped[str | None]
    opened_at: Mapped[datetime] = written_at()
    first_reply_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]


class CaseEvent(Base):
    """What happened to a case. Only ever added to."""

    __tablename__ = "case_event"
    __table_args__ = (
        UniqueConstraint("case_id", "version"),
        Index(
            "case_event_came_back",
            "case_id",
            "at",
            postgresql_where=text("kind IN ('write_again', 'ask_for_person')"),
        ),
    )

    id: Mapped[int] = row_id()
    case_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"))
    version: Mapped[int]
    """The version that it made, from 1; below zero for what changed nothing, such as a reading."""
    kind: Mapped[str]
    actor: Mapped[str]
    actor_name: Mapped[str]
    detail: Mapped[dict[str, Any]]
    at: Mapped[datetime] = written_at()


class Outgoing(Base):
    """One effect on the world, with a key that makes it happen once."""

    __tablename__ = "outgoing"
    __table_args__ = (
        Index("outgoing_unfinished", "created_at", postgresql_where=text("sent_at IS NULL")),
        Index("outgoing_to", "recipient", "created_at", postgresql_where=text("automatic")),
        Index("outgoing_automatic", "created_at", postgresql_where=text("automatic")),
        Index(
            "outgoing_answers",
            "created_at",
            postgresql_include=["id", "enquiry_id", "sent_at"],
            postgresql_where=text("kind = 'answer'"),
        ),
    )

    id: Mapped[int] = row_id()
    key: Mapped[str] = mapped_column(unique=True)
    transport: Mapped[str]
    kind: Mapped[str]
    enquiry_id: Mapped[int] = mapped_column(ForeignKey("enquiry.id"), index=True)
    recipient: Mapped[str]
    automatic: Mapped[bool]
    payload: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(server_default=OutgoingState.READY)
    attempts: Mapped[int] = mapped_column(server_default="0")
    error: Mapped[str | None]
    receipt: Mapped[str | None]
    """What the other side answered: the relay's last line, or Slack's message ts."""
    sent_copy: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The mail as it was handed over, byte for byte."""
    created_at: Mapped[datetime] = written_at()
    sending_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
