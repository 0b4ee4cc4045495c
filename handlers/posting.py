"""What posting to Slack has to know and to keep: where things stand, and whose turn it is."""

from dataclasses import dataclass

from sqlalchemy import select, update

from handlers.tables import Case, Enquiry, Outgoing, OutgoingState
from handlers.unit import Unit


@dataclass(frozen=True, slots=True)
class Place:
    """A thread in Slack: its channel, and the ts of its first message."""

    channel: str
    thread: str


async def place_of_card(unit: Unit, case_id: int) -> Place | None:
    """Where the case's card stands; None while it is not posted."""
    row = await unit.session.execute(
        select(Case.slack_channel, Case.slack_ts).where(Case.id == case_id)
    )
    return _place(*row.one_or_none() or (None, None))


async def place_of_enquiry(unit: Unit, enquiry_id: int) -> Place | None:
    """Where an enquiry was asked in Slack; None where it came by mail."""
    row = await unit.session.execute(
        select(Enquiry.slack_channel, Enquiry.slack_thread).where(Enquiry.id == enquiry_id)
    )
    return _place(*row.one_or_none() or (None, None))


async def types_of_case(unit: Unit, case_id: int) -> list[str]:
    """What the case is about."""
    row = await unit.session.execute(select(Case.types).where(Case.id == case_id))
    return list(row.scalar_one_or_none() or ())


async def keep_card_place(unit: Unit, case_id: int, place: Place) -> None:
    """Remember where the card was posted. It is no event: the case itself did not change."""
    await unit.session.execute(
        update(Case)
        .where(Case.id == case_id)
        .values(slack_channel=place.channel, slack_ts=place.thread)
    )


async def forget_card_place(unit: Unit, case_id: int) -> None:
    """Somebody deleted the card: the next drawing posts it anew."""
    await unit.session.execute(
        update(Case).where(Case.id == case_id).values(slack_channel=None, slack_ts=None)
    )


async def reference_of(unit: Unit, enquiry_id: int) -> str:
    """The reference of an enquiry."""
    row = await unit.session.execute(select(Enquiry.reference).where(Enquiry.id == enquiry_id))
    return row.scalar_one()


async def is_behind(unit: Unit, outgoing: Outgoing) -> bool:
    """Whether an earlier drawing of the same card is unfinished, and so may be posting it now.

    Only the first in line posts a card; those after it draw it anew in its place. That a case
    gets one card only rests on this: ask it before asking where the card stands.
    """
    row = await unit.session.execute(
        select(Outgoing.id)
        .where(
            Outgoing.enquiry_id == outgoing.enquiry_id,
            Outgoing.kind == outgoing.kind,
            Outgoing.id < outgoing.id,
            Outgoing.state.in_((OutgoingState.READY, OutgoingState.SENDING)),
        )
        .limit(1)
    )
    return row.scalar_one_or_none() is not None


def _place(channel: str | None, ts: str | None) -> Place | None:
    return Place(channel, ts) if channel and ts else None
