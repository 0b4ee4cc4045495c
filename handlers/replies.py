"""An officer's reply: it leaves by the enquirer's own channel, in the thread."""

from handlers.answer import post
from handlers.case_life import Action
from handlers.cases import Press, advance, begin, reply_begins
from handlers.desk import Desk
from handlers.drafts import NEEDED, for_sending
from handlers.errors import NotAllowed
from handlers.letters import Letter
from handlers.returned import is_dead
from handlers.tables import Case, Enquiry
from handlers.unit import Unit

LONGEST = 20_000
"""Characters of a reply; a Slack text box holds 3,000, the web page more."""


async def reply(unit: Unit, press: Press, text: str, desk: Desk) -> Case:
    """Send the officer's words to the requester; an unclaimed case becomes theirs."""
    case = await begin(unit, press, Action.REPLY)
    words, left = for_sending(text)
    if left:
        raise NotAllowed(
            f"{left} line(s) still say “{NEEDED.strip()}”. Write the answer in their place, "
            "or take them out; nothing was sent."
        )
    if not words:
        raise NotAllowed("The reply is empty.")
    if len(words) > LONGEST:
        raise NotAllowed(f"The reply is longer than {LONGEST:,} characters.")
    enquiry = await unit.session.get_one(Enquiry, case.enquiry_id)
    if enquiry.channel == "email" and await is_dead(unit, enquiry.requester):
        raise NotAllowed(
            f"Mail to {enquiry.requester} came back for good, so nothing was sent. If the address"
            f" works again, write “/triage lift {enquiry.requester}”, then reply once more."
        )
    await reply_begins(unit, case, press.officer)
    await advance(unit, case, Action.REPLY, press.officer, {"characters": len(words)})
    await post(
        unit,
        enquiry,
        desk,
        key=f"case:{case.id}:reply:{case.version}",
        letter=Letter(
            template="officer",
            reference=enquiry.reference,
            to=enquiry.requester,
            to_name=enquiry.requester_name,
            subject=enquiry.subject,
            body=words,
            officer_name=press.officer.name,
            message_id="",
        ),
    )
    return case
