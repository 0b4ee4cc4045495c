"""Opening a case for a person, and taking an enquirer's later messages into it."""

from datetime import date

from handlers.answer import write_letter
from handlers.assigning import assign_new, relieve_if_away
from handlers.authentication import is_forged
from handlers.case_life import Action
from handlers.cases import BOT, Officer, advance, record
from handlers.desk import Desk
from handlers.drafts import questions_of
from handlers.enquiries import Arrival, has_effect
from handlers.guard import Correspondent, objection
from handlers.notices import draw_card, note_message
from handlers.slack_threads import taken_over
from handlers.tables import Case, CaseState, Enquiry, StoredMessage
from handlers.unit import Unit
from triage.decision import Decision, Reason
from triage.masking import mask
from triage.message import Message
from triage.signatures import unsigned

SUMMARY_CHARACTERS = 600


async def open_case(
    unit: Unit,
    enquiry: Enquiry,
    message: StoredMessage,
    decision: Decision,
    desk: Desk,
    *,
    why: tuple[Reason, ...] = (),
    offer: bool = False,
) -> Case:
    """A tracked case with its reasons, a draft of what guidance covers, and its card.

    With `offer` an officer may have what guidance covers sent as it is, where all of it may be.
    """
    read = Message(subject=message.subject, text=message.text, new_text=message.new_text)
    content, unsendable = desk.composer.content(decision, date.today())  # noqa: DTZ011  the service's day
    sendable = not (unsendable or content.is_empty)
    case = Case(
        enquiry_id=enquiry.id,
        state=CaseState.NEW,
        version=1,
        types=[str(one) for one in decision.types],
        flags=[str(one) for one in decision.flags],
        reasons=[reason.model_dump() for reason in (*why, *decision.reasons)],
        summary=summary_of(unsigned(message.new_text or message.text)),
        draft=desk.composer.draft(content, enquiry.requester_name, questions_of(decision, read)),
        answer=content.model_dump(mode="json") if offer and sendable else None,
    )
    unit.session.add(case)
    await unit.session.flush()
    await record(unit, case, "opened", BOT, {"message": message.id})
    await draw_card(unit, case)
    await assign_new(unit, case, desk.roster)
    return case


async def acknowledge(
    unit: Unit, enquiry: Enquiry, arrival: Arrival | None, desk: Desk
) -> str | None:
    """Tell the enquirer that a person will read it, once an enquiry; or why nothing was sent.

    Without an arrival they asked for a person by pressing a button of ours.
    """
    if await has_effect(unit, enquiry.id, "acknowledgement"):
        return "acknowledged-before"
    reason = await objection_to_writing(unit, enquiry, arrival, desk)
    if reason is not None:
        return reason
    await write_letter(unit, enquiry, desk, template="acknowledgement")
    return None


async def objection_to_writing(
    unit: Unit, enquiry: Enquiry, arrival: Arrival | None, desk: Desk
) -> str | None:
    """Why the enquirer may not be written to by ourselves now; None where they may."""
    if enquiry.channel == "slack":
        # Whoever talks with a person there must not be talked to by a machine besides.
        return "a-person-took-over" if await taken_over(unit, enquiry.id) else None
    if arrival is None:
        to = Correspondent(enquiry.requester, enquiry.subject, None, may_auto_reply=True)
    else:
        reason = arrival.message.automatic_reason
        to = Correspondent(
            enquiry.requester,
            enquiry.subject,
            reason,
            arrival.may_auto_reply,
            may_be_forged=is_forged(arrival.authentication),
        )
    return await objection(unit, enquiry.id, to, desk.caution)


async def continue_case(  # noqa: PLR0917 -- a message, its enquiry and its case
    unit: Unit,
    case: Case,
    enquiry: Enquiry,
    message: StoredMessage,
    arrival: Arrival,
    desk: Desk,
) -> None:
    """Put a later message into the case; a person's word brings it back to the officers."""
    await note_message(unit, case, message.id)
    if arrival.message.is_automatic or arrival.message.is_bounce:
        return
    if case.state == CaseState.RESOLVED:
        case.resolution, case.resolved_at = None, None
    writer = Officer(
        id=arrival.message.sender,
        name=arrival.message.sender_name or enquiry.requester_name or "the enquirer",
        may_act=True,
    )
    await advance(unit, case, Action.WRITE_AGAIN, writer, {"message": message.id})
    await relieve_if_away(unit, case, desk.roster)


def summary_of(text: str) -> str:
    """The beginning of what was asked, masked, for a card that many people see."""
    masked = " ".join(mask(text).split())
    if len(masked) <= SUMMARY_CHARACTERS:
        return masked
    return masked[:SUMMARY_CHARACTERS].rsplit(" ", 1)[0] + " …"
