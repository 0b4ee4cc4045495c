"""Modes, the brake and the caps: what leaves by itself, and what stops it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from handlers.cases import Officer
from handlers.errors import NotAllowed
from handlers.mail_tables import SwitchEvent
from handlers.receive import receive
from handlers.switches import ALL, Mode, release_brake, set_mode, switches
from handlers.tables import Case, Outgoing
from triage.decision import EnquiryType, Route

LEAD = Officer(id="ULEA", name="Lea Marsh", may_act=True, leads=True)
ASHA = Officer(id="UASHA", name="Asha Verma", may_act=True)


async def take(store, desk, arrival, judged):
    async with store.unit() as unit:
        return (await receive(unit, arrival, judged, desk)).what


async def switched(store, kind, mode):
    async with store.unit() as unit:
        await set_mode(unit, kind, mode, LEAD, "an example")


async def kinds(store) -> list[str]:
    async with store.unit() as unit:
        rows = await unit.session.execute(select(Outgoing.kind).order_by(Outgoing.id))
    return list(rows.scalars())


async def number_of(store, table) -> int:
    async with store.unit() as unit:
        row = await unit.session.execute(select(func.count()).select_from(table))
    return row.scalar_one()


def cautious(desk, **limits: object):
    return replace(desk, caution=replace(desk.caution, **limits))


@pytest.mark.parametrize("route", list(Route))
async def test_in_shadow_messages_are_decided_and_nothing_leaves(
    store, desk, arrive, judged, route
):
    await switched(store, ALL, Mode.SHADOW)
    assert await take(store, desk, await arrive(), judged(route)) == "shadow"
    assert await kinds(store) == []
    assert await number_of(store, Case) == 0


async def test_in_approve_an_answer_waits_on_the_card_until_an_officer_sends_it(
    store, desk, arrive, judged
):
    await switched(store, ALL, Mode.APPROVE)
    assert await take(store, desk, await arrive(), judged(Route.ANSWER)) == "case"
    async with store.unit() as unit:
        case = (await unit.session.execute(select(Case))).scalar_one()
    assert case.answer is not None
    assert "an officer approves each answer" in case.reasons[0]["text"]
    assert await kinds(store) == ["card", "acknowledgement"]


async def test_switched_off_an_enquiry_is_a_case_with_a_draft_and_no_answer_to_send(
    store, desk, arrive, judged
):
    await switched(store, ALL, Mode.OFF)
    assert await take(store, desk, await arrive(), judged(Route.ANSWER)) == "case"
    async with store.unit() as unit:
        case = (await unit.session.execute(select(Case))).scalar_one()
    assert case.answer is None
    assert "published guidance" in case.draft


async def test_of_several_types_the_most_cautious_mode_holds(store, desk, arrive, judged):
    await switched(store, EnquiryType.CHARGES, Mode.APPROVE)
    assert await take(store, desk, await arrive(), judged(Route.ANSWER)) == "case"
    await switched(store, EnquiryType.CHARGES, Mode.AUTOMATIC)
    assert await take(store, desk, await arrive(), judged(Route.ANSWER)) == "answered"


async def test_where_nobody_switched_the_setting_holds(store, desk, arrive, judged):
    shadow = replace(desk, usual_mode=Mode.SHADOW)
    assert await take(store, shadow, await arrive(), judged(Route.ANSWER)) == "shadow"
    await switched(store, ALL, Mode.AUTOMATIC)
    assert await take(store, shadow, await arrive(), judged(Route.ANSWER)) == "answered"


async def test_only_a_lead_switches_and_each_switch_is_kept_with_who_and_why(store):
    async with store.unit() as unit:
        with pytest.raises(NotAllowed, match="Only leads"):
            await set_mode(unit, ALL, Mode.OFF, ASHA)
        with pytest.raises(NotAllowed, match="Only leads"):
            await release_brake(unit, ASHA)
    await switched(store, ALL, Mode.OFF)
    async with store.unit() as unit:
        [kept] = (await unit.session.execute(select(SwitchEvent))).scalars()
    assert (kept.name, kept.value, kept.actor_name, kept.note) == (
        "mode:*",
        "off",
        "Lea Marsh",
        "an example",
    )


async def test_a_part_of_the_enquiries_cannot_be_in_shadow(store):
    async with store.unit() as unit:
        with pytest.raises(NotAllowed, match="all enquiries or none"):
            await set_mode(unit, EnquiryType.NDRS, Mode.SHADOW, LEAD)


async def test_too_much_mail_trips_the_brake_and_officers_are_told_once(
    store, desk, arrive, judged
):
    braking = cautious(desk, most_at_once=3, at_once=timedelta(minutes=10))
    for number in range(6):
        arrival = await arrive(sender=f"{number}@uni.example", subject=f"Question {number}")
        await take(store, braking, arrival, judged(Route.ANSWER))
    assert (await kinds(store)).count("answer") == 3
    assert (await kinds(store)).count("acknowledgement") == 0
    assert (await kinds(store)).count("brake_note") == 1
    assert await number_of(store, Case) == 3
    async with store.unit() as unit:
        assert (await switches(unit)).braked == "3 automatic mails within 10 minutes"


async def test_after_a_lead_released_the_brake_mail_leaves_again(store, desk, arrive, judged):
    await take(store, desk, await arrive(), judged(Route.ANSWER))
    await take(store, cautious(desk, most_at_once=1), await arrive(), judged(Route.ANSWER))
    assert await take(store, desk, await arrive(), judged(Route.ANSWER)) == "case"
    async with store.unit() as unit:
        await release_brake(unit, LEAD, "it was a fair")
    assert await take(store, desk, await arrive(), judged(Route.ANSWER)) == "answered"


async def test_a_loop_that_changes_its_address_is_stopped_by_its_subject(
    store, desk, arrive, judged
):
    capped = cautious(desk, per_subject_per_hour=2)
    for number in range(4):
        subject = "Re: " * number + "Your ticket"
        arrival = await arrive(sender=f"loop{number}@robot.example", subject=subject)
        await take(store, capped, arrival, judged(Route.ANSWER))
    other = await arrive(sender="asker@uni.example", subject="Something else")
    assert await take(store, capped, other, judged(Route.ANSWER)) == "answered"
    assert (await kinds(store)).count("answer") == 3
