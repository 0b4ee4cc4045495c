"""Tables of the mail's way: what came back, and what people or the machine switched."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from handlers.columns import Base, row_id, written_at


class ReportKind(StrEnum):
    """What a report on delivery says (RFC 3464 2.3.3); `failed` is for good, `delayed` for now."""

    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"


class DeliveryReport(Base):
    """What a mail server told us of one recipient of a mail of ours.

    An address is dead from a `failed` report on, until an officer lifts it.
    """

    __tablename__ = "delivery_report"
    __table_args__ = (Index("delivery_report_of_address", "address", "id"),)

    id: Mapped[int] = row_id()
    address: Mapped[str]
    """The recipient, in lower case."""
    kind: Mapped[str]
    status: Mapped[str]
    """The enhanced status code (RFC 3463), such as `5.1.1`; empty where none was told."""
    diagnostic: Mapped[str]
    outgoing_id: Mapped[int | None] = mapped_column(ForeignKey("outgoing.id"))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))
    """The message that told it; none where the relay did so itself."""
    at: Mapped[datetime] = written_at()
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[str | None]


class SwitchEvent(Base):
    """A switch was set, by a person or by the machine. Only ever added to: the last one holds."""

    __tablename__ = "switch_event"
    __table_args__ = (Index("switch_event_by_name", "name", "id"),)

    id: Mapped[int] = row_id()
    name: Mapped[str]
    """`mode:*`, `mode:` and a type, or `brake`."""
    value: Mapped[str]
    actor: Mapped[str]
    actor_name: Mapped[str]
    note: Mapped[str]
    at: Mapped[datetime] = written_at()
