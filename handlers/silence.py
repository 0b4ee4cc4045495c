"""Closing what waits for an enquirer who is silent: with a warning by mail, never without it.

The days of silence count from the last word to the enquirer. Some working days before the end a
mail says when the case will be closed, and that a reply keeps it open. It is closed only where that
mail has left, and left in time. A reply afterwards takes the case up again.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from handlers.answer import post
from handlers.authentication import Authentication, is_forged
from handlers.cases import BOT, Press, resolve
from handlers.desk import Desk
from handlers.escalate import objection_to_writing
from handlers.letters import Letter
from handlers.switches import Mode, switches
from handlers.tables import Case, CaseEvent, CaseState, Enquiry, Outgoing, StoredMessage
from handlers.unit import Unit
from handlers.working_time import WorkingHours

RESOLUTION = "silence"
"""The reason for which it ends; see `cases.RESOLUTIONS`."""
WORDS_TO_ENQUIRER = ("reply", "request_information")
"""Events that leave the next word to the enquirer."""
PAGE = 200


@dataclass(frozen=True, slots=True)
class Patience:
    """How long silence may last, in working days."""

    close_after: int = 15
    """0 never closes a case."""
    warn_before: int = 5


@dataclass(frozen=True, slots=True)
class Silent:
    """A case that waits, and since when; `word` is the event of our last word."""

    case_id: int
    word: int
    since: datetime

    @property
    def key(self) -> str:
        """The key of the warning: one for each time that the enquirer was left the next word."""
        return f"case:{self.case_id}:closing:{self.word}"


async def silent_cases(unit: Unit, *, after: int = 0) -> list[Silent]:
    """The next cases that wait for their enquirer, after the one with number `after`."""
    word = func.max(CaseEvent.id)
    rows = await unit.session.execute(
        select(Case.id, word, func.max(CaseEvent.at))
        .join(CaseEvent, CaseEvent.case_id == Case.id)
        .where(
            Case.state == CaseState.WAITING,
            Case.id > after,
            CaseEvent.kind.in_(WORDS_TO_ENQUIRER),
        )
        .group_by(Case.id)
        .order_by(Case.id)
        .limit(PAGE)
    )
    return [Silent(*row) for row in rows]


async def follow(
    unit: Unit, silent: Silent, patience: Patience, desk: Desk, now: datetime
) -> str | None:
    """Warn the enquirer or close the case, where it is time; `warned`, `closed` or None."""
    hours = desk.clocks.hours
    case = await _still_silent(unit, silent)
    if case is None or not hours.is_open(now):
        return None
    warned = await _warning(unit, silent)
    if warned is not None:
        closes = _closes_on(warned, patience, hours)
        if closes is None or hours.local(now).date() < closes:
            return None
        await resolve(unit, Press(case.id, case.version, BOT), RESOLUTION)
        return "closed"
    since = hours.local(silent.since).date()
    warns = hours.working_day_after(since, patience.close_after - patience.warn_before)
    if hours.local(now).date() < warns:
        return None
    enquiry = await unit.session.get_one(Enquiry, case.enquiry_id)
    if not await _may_warn(unit, enquiry, desk):
        return None
    last = hours.working_day_after(since, patience.close_after)
    notice = hours.working_day_after(hours.local(now).date(), patience.warn_before)
    await _warn(unit, silent, enquiry, desk, max(last, notice))
    return "warned"


async def _still_silent(unit: Unit, silent: Silent) -> Case | None:
    """The case, locked, where it has not been taken up since it was listed."""
    row = await unit.session.execute(
        select(Case)
        .where(Case.id == silent.case_id, Case.state == CaseState.WAITING)
        .with_for_update()
    )
    return row.scalar_one_or_none()


async def _warning(unit: Unit, silent: Silent) -> Outgoing | None:
    row = await unit.session.execute(select(Outgoing).where(Outgoing.key == silent.key))
    return row.scalar_one_or_none()


async def _may_warn(unit: Unit, enquiry: Enquiry, desk: Desk) -> bool:
    """Whether a person wrote, who is who they say, and automatic mail may go to them now."""
    if (await switches(unit, desk.usual_mode)).mode(()) is Mode.SHADOW:
        return False
    row = await unit.session.execute(
        select(StoredMessage.authentication)
        .where(
            StoredMessage.enquiry_id == enquiry.id,
            StoredMessage.direction == "in",
            StoredMessage.automatic_reason.is_(None),
            StoredMessage.is_bounce.is_(False),
        )
        .order_by(StoredMessage.id.desc())
        .limit(1)
    )
    wrote = row.one_or_none()
    if wrote is None:
        return False
    known = Authentication.model_validate(wrote[0]) if wrote[0] else None
    return not is_forged(known) and await objection_to_writing(unit, enquiry, None, desk) is None


async def _warn(unit: Unit, silent: Silent, enquiry: Enquiry, desk: Desk, closes: date) -> None:
    letter = Letter(
        template="closing",
        reference=enquiry.reference,
        to=enquiry.requester,
        to_name=enquiry.requester_name,
        subject=enquiry.subject,
        closes_on=closes,
        message_id="",
    )
    await post(unit, enquiry, desk, key=silent.key, letter=letter)


def _closes_on(warned: Outgoing, patience: Patience, hours: WorkingHours) -> date | None:
    """The day that the mail named, or a later one where it left late; None while it has not."""
    named = Letter.model_validate(warned.payload).closes_on
    if named is None or warned.sent_at is None:
        return None
    left = hours.local(warned.sent_at).date()
    return max(named, hours.working_day_after(left, patience.warn_before))
