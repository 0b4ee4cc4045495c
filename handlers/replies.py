"""An officer's words to the enquirer: they leave by the enquirer's own channel, in the thread."""

import re
from collections.abc import Sequence

from handlers.answer import post
from handlers.case_files import chosen_files
from handlers.case_life import Action
from handlers.cases import Press, advance, begin, reply_begins
from handlers.desk import Desk
from handlers.drafts import NEEDED, for_sending
from handlers.enquiries import add_participants
from handlers.errors import NotAllowed
from handlers.letters import Letter
from handlers.presence import stops_writing
from handlers.returned import is_dead
from handlers.tables import Case, Enquiry
from handlers.undo import draw_once_left, held_mail
from handlers.unit import Unit

LONGEST = 20_000
"""Characters of a reply; a Slack text box holds 3,000, the web page more."""
MOST_COPIES = 10
"""Addresses in Cc."""
_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")


async def reply(
    unit: Unit,
    press: Press,
    text: str,
    desk: Desk,
    *,
    copies: Sequence[str] = (),
    files: Sequence[str] = (),
) -> Case:
    """Send the officer's words to the requester; an unclaimed case becomes theirs.

    Those in `copies` have them too, and may write to the case from then on. `files` are keys of
    files of the case that go with it.
    """
    return await _write(unit, press, Action.REPLY, text, desk, copies, files)


async def request_information(unit: Unit, press: Press, text: str, desk: Desk) -> Case:
    """Ask the enquirer for what is missing; the case waits for them, and so do its clocks."""
    return await _write(unit, press, Action.REQUEST_INFORMATION, text, desk, ())


def checked_words(text: str) -> str:
    """The letter as it leaves, without notes for its officer. Raises NotAllowed."""
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
    return words


def is_address(text: str) -> bool:
    """Whether a mail can be sent to what somebody typed."""
    return _ADDRESS.fullmatch(text) is not None


def addresses_in(text: str) -> list[str]:
    """Addresses as a person lists them, each once. Raises NotAllowed for what is none."""
    named = [one for one in re.split(r"[\s,;]+", text) if one]
    wrong = [one for one in named if not is_address(one)]
    if wrong:
        raise NotAllowed(f"“{wrong[0][:80]}” is no mail address; nothing was sent.")
    if len(named) > MOST_COPIES:
        raise NotAllowed(f"A reply goes to at most {MOST_COPIES} addresses in Cc.")
    return list(dict.fromkeys(named))


async def _write(  # noqa: PLR0917 -- the parts of a letter, in their order
    unit: Unit,
    press: Press,
    action: Action,
    text: str,
    desk: Desk,
    copies: Sequence[str],
    files: Sequence[str] = (),
) -> Case:
    case = await begin(unit, press, action)
    words = checked_words(text)
    enquiry = await unit.session.get_one(Enquiry, case.enquiry_id)
    others = [one for one in copies if one.lower() != enquiry.requester.lower()]
    await _refuse_unreachable(unit, enquiry, others, desk)
    sent = await chosen_files(unit, enquiry.id, files)
    is_first = case.first_reply_at is None
    await reply_begins(unit, case, press.officer)
    key = f"case:{case.id}:{action}:{case.version + 1}"
    joined = await add_participants(unit, enquiry.id, set(others))
    detail = {
        "characters": len(words),
        **({"copies": others, "joined": joined} if others else {}),
        **({"files": [one.key for one in sent]} if sent else {}),
        **await held_mail(unit, key, desk, is_first=is_first),
    }
    await stops_writing(unit, case, press.officer)
    await advance(unit, case, action, press.officer, detail)
    await draw_once_left(unit, case, desk)
    await post(
        unit,
        enquiry,
        desk,
        key=key,
        letter=Letter(
            template="officer",
            reference=enquiry.reference,
            to=enquiry.requester,
            to_name=enquiry.requester_name,
            cc=tuple(others),
            subject=enquiry.subject,
            body=words,
            files=sent,
            officer_name=press.officer.name,
            message_id="",
        ),
    )
    return case


async def _refuse_unreachable(
    unit: Unit, enquiry: Enquiry, copies: Sequence[str], desk: Desk
) -> None:
    if enquiry.channel != "email":
        if copies:
            raise NotAllowed("They asked in Slack: a reply in their thread has no Cc.")
        return
    for address in (enquiry.requester, *copies):
        if await is_dead(unit, address):
            raise NotAllowed(
                f"Mail to {address} came back for good, so nothing was sent. If the address"
                f" works again, write “/triage lift {address}”, then reply once more."
            )
    ours = [one for one in copies if desk.caution.is_ours(one)]
    if ours:
        raise NotAllowed(f"{ours[0]} is our own address, which has it already.")
