"""What Slack is told of a case: its card, drawn anew, and notes in the card's thread."""

from uuid import uuid4

from handlers.outbox import Effect, send_later
from handlers.tables import Case, Outgoing
from handlers.unit import Unit


async def draw_card(unit: Unit, case: Case) -> None:
    """Have the card drawn from the case as it will be when Slack is told."""
    await send_later(
        unit,
        Effect(
            key=f"case:{case.id}:card:{case.version}",
            transport="slack",
            kind="card",
            enquiry_id=case.enquiry_id,
            recipient="cases",
            automatic=False,
            payload={"case_id": case.id},
        ),
    )


async def note_message(unit: Unit, case: Case, message_id: int) -> None:
    """Have a later message of the enquirer shown in the card's thread."""
    await send_later(
        unit,
        Effect(
            key=f"case:{case.id}:message:{message_id}",
            transport="slack",
            kind="message_note",
            enquiry_id=case.enquiry_id,
            recipient="cases",
            automatic=False,
            payload={"case_id": case.id, "message_id": message_id},
        ),
    )


async def note_delivery(unit: Unit, outgoing: Outgoing, case_id: int | None) -> None:
    """Have it said, in the case's thread or the channel, that a mail failed or is held."""
    await send_later(
        unit,
        Effect(
            key=f"outgoing:{outgoing.id}:note:{uuid4()}",
            transport="slack",
            kind="delivery_note",
            enquiry_id=outgoing.enquiry_id,
            recipient="cases",
            automatic=False,
            payload={"outgoing_id": outgoing.id, "case_id": case_id},
        ),
    )
