"""Ending a case that is not ours to answer: passed to another team, or spam."""

from sqlalchemy import func, select

from handlers.case_life import Action
from handlers.cases import Press, advance, begin, end
from handlers.desk import Desk
from handlers.enquiries import add_participants, keep_outbound
from handlers.errors import NotAllowed
from handlers.letters import Letter
from handlers.notices import tell_team
from handlers.outbox import Effect, send_later
from handlers.references import outgoing_message_id
from handlers.tables import Case, Enquiry, StoredMessage
from handlers.unit import Unit

MOST_FORWARDED = 20_000
"""Characters of the enquirer's message that a team is mailed."""


async def send_to_team(unit: Unit, press: Press, team: str, note: str, desk: Desk) -> Case:
    """Pass the case to another team of the settings, by mail or in its Slack channel; it ends.

    By mail the team has the enquirer's latest message whole, and its answer comes into the
    case. In Slack it sees the masked summary alone: a channel has many readers.

    Raises CaseError.
    """
    case = await begin(unit, press, Action.SEND_TO_TEAM)
    where = desk.teams.get(team)
    if where is None:
        raise NotAllowed("Please choose one of the listed teams.")
    enquiry = await unit.session.get_one(Enquiry, case.enquiry_id)
    await end(unit, case, "passed_on")
    detail = {"team": team, "note": note.strip(), "resolution": "passed_on"}
    await advance(unit, case, Action.SEND_TO_TEAM, press.officer, detail)
    if "@" in where:
        await _mail(unit, case, enquiry, press, where, team, note.strip(), desk)
    else:
        await tell_team(unit, case, where, by=press.officer.name, text=note.strip())
    return case


async def mark_spam(unit: Unit, press: Press) -> Case:
    """End the case as spam; nobody is written to. Raises CaseError."""
    case = await begin(unit, press, Action.MARK_SPAM)
    await end(unit, case, "spam")
    await advance(unit, case, Action.MARK_SPAM, press.officer, {"resolution": "spam"})
    return case


async def _mail(  # noqa: PLR0917 -- the parts of a letter, in their order
    unit: Unit,
    case: Case,
    enquiry: Enquiry,
    press: Press,
    address: str,
    team: str,
    note: str,
    desk: Desk,
) -> None:
    key = f"case:{case.id}:team:{case.version}"
    message_id = outgoing_message_id(enquiry.reference, key, desk.mail_domain, desk.signing_key)
    author, text = await _latest_words(unit, enquiry)
    opening = f"{note}\n\n" if note else ""
    body = (
        f"Dear {team},\n\n{opening}We pass this enquiry on to you. "
        f"{author} wrote:\n\n{text}\n\nPlease answer them directly, and keep our reference."
    )
    letter = Letter(
        template="officer",
        reference=enquiry.reference,
        to=address,
        to_name=team,
        subject=enquiry.subject,
        body=body,
        officer_name=press.officer.name,
        message_id=message_id,
    )
    effect = Effect(
        key=key,
        transport="mail",
        kind="officer",
        enquiry_id=enquiry.id,
        recipient=address.lower(),
        automatic=False,
        payload=letter.model_dump(mode="json"),
    )
    await send_later(unit, effect)
    await add_participants(unit, enquiry.id, {address})
    await keep_outbound(
        unit,
        enquiry,
        author=press.officer.name,
        message_id=message_id,
        subject=enquiry.subject,
        text=body,
    )


async def _latest_words(unit: Unit, enquiry: Enquiry) -> tuple[str, str]:
    row = await unit.session.execute(
        select(
            StoredMessage.author_name,
            StoredMessage.author,
            func.left(StoredMessage.new_text, MOST_FORWARDED),
        )
        .where(StoredMessage.enquiry_id == enquiry.id, StoredMessage.direction == "in")
        .order_by(StoredMessage.id.desc())
        .limit(1)
    )
    name, address, text = row.one()
    return (f"{name} ({address})" if name else address), text
