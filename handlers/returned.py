"""What came back: which mail of ours a report is about, who is told, and which address is dead."""

from dataclasses import dataclass

from sqlalchemy import func, select, update

from handlers.cases import Officer
from handlers.errors import NotAllowed
from handlers.mail_tables import DeliveryReport, ReportKind
from handlers.notices import note_returned
from handlers.tables import Case, Enquiry, Outgoing, StoredMessage
from handlers.unit import Unit


@dataclass(frozen=True, slots=True)
class Returned:
    """What a report says of one recipient; the address is empty where it names none."""

    address: str
    kind: ReportKind
    status: str
    diagnostic: str


async def keep_reports(
    unit: Unit,
    enquiry: Enquiry,
    message: StoredMessage,
    told: tuple[Returned, ...],
    case: Case | None,
) -> None:
    """Keep what a report says of recipients of ours, and have officers told.

    Only of an address that the mail went to is anything believed: a report can be forged by
    whoever has read one of our mails, and must not cut off others.
    """
    outgoing = await _about(unit, enquiry, message)
    if outgoing is None:
        return
    ours = {outgoing.recipient, *(one.lower() for one in outgoing.payload.get("cc", ()))}
    for one in told:
        address = one.address or outgoing.recipient
        if address not in ours:
            continue
        unit.session.add(
            DeliveryReport(
                address=address,
                kind=one.kind,
                status=one.status,
                diagnostic=one.diagnostic,
                outgoing_id=outgoing.id,
                message_id=message.id,
            )
        )
        if one.kind is not ReportKind.DELIVERED:
            case_id = None if case is None else case.id
            await note_returned(unit, outgoing, case_id, f"{address} {one.kind} {one.status}")


async def lift(unit: Unit, address: str, by: Officer) -> int:
    """Let mail go to an address again; how many reports stood against it."""
    if not by.may_act:
        raise NotAllowed("Only case officers can lift this.")
    rows = await unit.session.execute(
        update(DeliveryReport)
        .where(
            DeliveryReport.address == address.lower(),
            DeliveryReport.kind == ReportKind.FAILED,
            DeliveryReport.lifted_at.is_(None),
        )
        .values(lifted_at=func.now(), lifted_by=by.name)
        .returning(DeliveryReport.id)
    )
    return len(list(rows.scalars()))


async def is_dead(unit: Unit, address: str) -> bool:
    """Whether mail to an address came back for good, and nobody has lifted that since."""
    row = await unit.session.execute(
        select(DeliveryReport.id)
        .where(
            DeliveryReport.address == address.lower(),
            DeliveryReport.kind == ReportKind.FAILED,
            DeliveryReport.lifted_at.is_(None),
        )
        .limit(1)
    )
    return row.scalar_one_or_none() is not None


async def _about(unit: Unit, enquiry: Enquiry, message: StoredMessage) -> Outgoing | None:
    """The mail of ours that a report names; it is found in its enquiry, by its Message-ID."""
    row = await unit.session.execute(
        select(Outgoing)
        .where(
            Outgoing.enquiry_id == enquiry.id,
            Outgoing.transport == "mail",
            Outgoing.payload["message_id"].astext.in_(message.references),
        )
        .order_by(Outgoing.id.desc())
        .limit(1)
    )
    return row.scalar_one_or_none()
