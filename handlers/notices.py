"""What Slack is told of a case: its card, drawn anew, and notes in the card's thread."""

from typing import Any, Literal
from uuid import uuid4

from handlers.outbox import Effect, send_later
from handlers.tables import Case, Outgoing
from handlers.unit import Unit

CaseNote = Literal["note", "ask", "assign", "hand_over", "wake", "absorb", "split"]
"""What is said in a card's thread, by the action that it came of."""


async def draw_card(unit: Unit, case: Case) -> None:
    """Have the card drawn from the case as it will be when Slack is told."""
    await _tell(
        unit, case.enquiry_id, "card", f"case:{case.id}:card:{case.version}", case_id=case.id
    )


async def draw_card_later(unit: Unit, case: Case, seconds: float) -> None:
    """Have the card drawn once more after a while, when what it says by the clock is over."""
    await _tell(
        unit,
        case.enquiry_id,
        "card",
        f"case:{case.id}:card:{case.version}:{uuid4()}",
        after_seconds=seconds,
        case_id=case.id,
    )


async def note_case(
    unit: Unit, case: Case, said: CaseNote, *, by: str, to: str | None = None, text: str = ""
) -> None:
    """Have something said in the card's thread, to one person where it is for one.

    It stays among colleagues: no mail is made of it.
    """
    key = f"case:{case.id}:note:{case.version}:{said}"
    await _tell(
        unit, case.enquiry_id, "case_note", key, case_id=case.id, said=said, by=by, to=to, text=text
    )


async def tell_team(unit: Unit, case: Case, channel: str, *, by: str, text: str) -> None:
    """Have a case shown in another team's channel, with what an officer says about it."""
    key = f"case:{case.id}:team:{case.version}"
    await _tell(
        unit,
        case.enquiry_id,
        "team_note",
        key,
        case_id=case.id,
        channel=channel,
        by=by,
        text=text,
    )


async def note_message(unit: Unit, case: Case, message_id: int) -> None:
    """Have a later message of the enquirer shown in the card's thread."""
    key = f"case:{case.id}:message:{message_id}"
    await _tell(unit, case.enquiry_id, "message_note", key, case_id=case.id, message_id=message_id)


async def note_feedback(unit: Unit, case: Case, outgoing_id: int, said: str) -> None:
    """Have it said in the card's thread that an answer did not help, or that a person is wanted."""
    key = f"case:{case.id}:feedback:{outgoing_id}:{said}"
    await _tell(unit, case.enquiry_id, "feedback_note", key, case_id=case.id, said=said)


async def note_delivery(unit: Unit, outgoing: Outgoing, case_id: int | None) -> None:
    """Have it said, in the case's thread or the channel, that a mail failed or is held.

    The key is new each time: a mail that was sent again may fail again, and that is told too.
    """
    key = f"outgoing:{outgoing.id}:note:{uuid4()}"
    await _tell(
        unit,
        outgoing.enquiry_id,
        "delivery_note",
        key,
        outgoing_id=outgoing.id,
        case_id=case_id,
    )


async def note_returned(unit: Unit, outgoing: Outgoing, case_id: int | None, said: str) -> None:
    """Have it said that a mail came back, and whether for good; once for each thing said."""
    key = f"outgoing:{outgoing.id}:returned:{said}"
    await _tell(
        unit,
        outgoing.enquiry_id,
        "returned_note",
        key,
        outgoing_id=outgoing.id,
        case_id=case_id,
        said=said,
    )


async def note_article(unit: Unit, enquiry_id: int, key: str, withheld: dict[str, Any]) -> None:
    """Have an article's owner asked, in the cases channel, to mend it; once for each key."""
    await _tell(unit, enquiry_id, "article_note", key, **withheld)


async def note_brake(unit: Unit, enquiry_id: int, mails: int, minutes: int) -> None:
    """Have the officers told that automatic mail is stopped, and after how much of it."""
    key = f"brake:{uuid4()}"
    await _tell(unit, enquiry_id, "brake_note", key, mails=mails, minutes=minutes)


async def _tell(
    unit: Unit,
    enquiry_id: int,
    kind: str,
    key: str,
    *,
    after_seconds: float = 0,
    **payload: str | int | None,
) -> None:
    effect = Effect(
        key=key,
        transport="slack",
        kind=kind,
        enquiry_id=enquiry_id,
        recipient="cases",
        automatic=False,
        payload=dict(payload),
    )
    await send_later(unit, effect, after_seconds=after_seconds)
