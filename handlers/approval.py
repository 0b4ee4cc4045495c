"""An answer that waits for a person: an officer reads it on the card, and has it sent."""

from datetime import date

from handlers.answer import post
from handlers.case_life import Action
from handlers.cases import Press, advance, begin, end, reply_begins
from handlers.desk import Desk
from handlers.errors import NotAllowed
from handlers.freshness import decided_since
from handlers.letters import Content, Letter
from handlers.tables import Case, Enquiry
from handlers.undo import draw_once_left, held_mail
from handlers.unit import Unit

RESOLUTION = "answered"


async def approve(unit: Unit, press: Press, desk: Desk) -> Case:
    """Send the answer as it stands on the card, in the officer's name, and end the case.

    Raises:
        NotAllowed: when none waits, or its guidance has changed or lapsed since.
    """
    case = await begin(unit, press, Action.APPROVE)
    if case.answer is None:
        raise NotAllowed("No answer waits for approval here. Please reply yourself.")
    content = Content.model_validate(case.answer)
    today = date.today()  # noqa: DTZ011  the service's day
    changed = desk.composer.changed(content, today) or await decided_since(unit, content)
    if changed is not None:
        raise NotAllowed(f"This answer can no longer be sent: {changed}. Please reply yourself.")
    enquiry = await unit.session.get_one(Enquiry, case.enquiry_id)
    is_first = case.first_reply_at is None
    await reply_begins(unit, case, press.officer)
    await end(unit, case, RESOLUTION)
    key = f"case:{case.id}:approved:{case.version + 1}"
    passages = [f"{part.article} v{part.version} {part.passage}" for part in content.parts]
    series = [one.id for one in content.series]
    held = await held_mail(unit, key, desk, is_first=is_first)
    detail = {"passages": passages, "series": series, **held}
    await advance(unit, case, Action.APPROVE, press.officer, detail)
    await draw_once_left(unit, case, desk)
    await post(
        unit,
        enquiry,
        desk,
        key=key,
        letter=Letter(
            template="answer",
            reference=enquiry.reference,
            to=enquiry.requester,
            to_name=enquiry.requester_name,
            subject=enquiry.subject,
            content=content,
            officer_name=press.officer.name,
            message_id="",
        ),
    )
    return case
