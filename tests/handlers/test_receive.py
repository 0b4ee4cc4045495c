"""What becomes of one message: each route once, nothing twice, everything together."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from handlers.errors import AlreadyDoneError
from handlers.letters import Letter
from handlers.receive import receive
from handlers.switches import Mode
from handlers.tables import (
    Case,
    CaseEvent,
    Enquiry,
    Inbound,
    Outgoing,
    StoredDecision,
    StoredMessage,
)
from triage.decision import Flag, Route


async def take(store, desk, arrival, judged):
    async with store.unit() as unit:
        return await receive(unit, arrival, judged, desk)


async def effects(store) -> list[Outgoing]:
    async with store.unit() as unit:
        return list((await unit.session.execute(select(Outgoing).order_by(Outgoing.id))).scalars())


async def number_of(store, table) -> int:
    async with store.unit() as unit:
        return (await unit.session.execute(select(func.count()).select_from(table))).scalar_one()


async def test_an_answerable_enquiry_gets_one_answer_made_of_its_passage(
    store, desk, arrive, judged, total_cost
):
    outcome = await take(store, desk, await arrive(), judged(Route.ANSWER))
    assert outcome.what == "answered"
    [effect] = await effects(store)
    letter = Letter.model_validate(effect.payload)
    assert (effect.transport, effect.kind, effect.automatic) == ("mail", "answer", True)
    assert [part.passage for part in letter.content.parts] == [total_cost.passage]
    assert letter.in_reply_to == "<1@uni.example>"
    assert letter.message_id.startswith(f"<{outcome.reference}.")
    assert await number_of(store, Case) == 0


async def test_an_enquiry_for_a_person_becomes_a_case_with_a_card_and_an_acknowledgement(
    store, desk, arrive, judged
):
    outcome = await take(store, desk, await arrive(), judged(Route.ESCALATE, (Flag.COMPLAINT,)))
    assert outcome.what == "case"
    assert [(one.transport, one.kind) for one in await effects(store)] == [
        ("slack", "card"),
        ("mail", "acknowledgement"),
    ]
    async with store.unit() as unit:
        case = (await unit.session.execute(select(Case))).scalar_one()
    assert case.flags == ["complaint"]
    assert "Thank you for your enquiry" in case.draft


async def test_what_nobody_waits_for_is_recorded_and_never_replied_to(store, desk, arrive, judged):
    arrival = await arrive(automatic_reason="auto-submitted")
    outcome = await take(store, desk, arrival, judged(Route.IGNORE))
    assert outcome.what == "ignored"
    assert await effects(store) == []
    assert await number_of(store, StoredDecision) == 1


async def test_a_second_worker_finds_the_message_done_and_changes_nothing(
    store, desk, arrive, judged
):
    arrival = await arrive()
    await take(store, desk, arrival, judged(Route.ANSWER))
    with pytest.raises(AlreadyDoneError):
        await take(store, desk, arrival, judged(Route.ANSWER))
    assert len(await effects(store)) == 1


async def test_two_workers_at_once_follow_a_message_through_once(store, desk, arrive, judged):
    arrival = await arrive()
    results = await asyncio.gather(
        *(take(store, desk, arrival, judged(Route.ANSWER)) for _ in range(4)),
        return_exceptions=True,
    )
    assert sum(isinstance(one, AlreadyDoneError) for one in results) == 3
    assert len(await effects(store)) == 1


async def test_what_fails_half_way_leaves_nothing_behind(store, desk, arrive, judged):
    arrival = await arrive()
    with pytest.raises(ZeroDivisionError):
        async with store.unit() as unit:
            await receive(unit, arrival, judged(Route.ESCALATE), desk)
            raise ZeroDivisionError
    for table in (Enquiry, StoredMessage, StoredDecision, Case, CaseEvent, Outgoing):
        assert await number_of(store, table) == 0
    async with store.unit() as unit:
        assert (await unit.session.execute(select(Inbound.state))).scalar_one() == "new"


async def test_the_same_mail_to_two_of_our_addresses_is_one_enquiry(store, desk, arrive, judged):
    first = await arrive(message_id="<same@uni.example>")
    second = await arrive(message_id="<same@uni.example>")
    await take(store, desk, first, judged(Route.ANSWER))
    outcome = await take(store, desk, second, judged(Route.ANSWER))
    assert outcome.what == "duplicate"
    assert len(await effects(store)) == 1


async def test_with_answers_switched_off_the_answer_becomes_a_draft(store, desk, arrive, judged):
    off = replace(desk, usual_mode=Mode.OFF)
    outcome = await take(store, off, await arrive(), judged(Route.ANSWER))
    assert outcome.what == "case"
    async with store.unit() as unit:
        case = (await unit.session.execute(select(Case))).scalar_one()
    assert "automatic answers are switched off" in case.reasons[0]["text"]


async def test_a_sender_over_the_daily_cap_gets_a_person_and_no_further_mail(
    store, desk, arrive, judged
):
    for _ in range(5):
        await take(store, desk, await arrive(), judged(Route.ANSWER))
    outcome = await take(store, desk, await arrive(), judged(Route.ANSWER))
    assert outcome.what == "case"
    assert [one.kind for one in await effects(store)] == ["answer"] * 5 + ["card"]


async def test_we_never_write_to_ourselves(store, desk, arrive, judged):
    arrival = await arrive(sender="DARS@triagebot.example")
    await take(store, desk, arrival, judged(Route.ANSWER))
    assert [one.kind for one in await effects(store)] == ["card"]


class TestTheirSecondMail:
    """What a later mail of the same conversation does."""

    async def first(self, store, desk, arrive, judged, route):
        outcome = await take(store, desk, await arrive(), judged(route))
        sent = (await effects(store))[-1]
        return outcome.reference, Letter.model_validate(sent.payload).message_id

    async def test_after_an_answer_it_reaches_a_person(self, store, desk, arrive, judged):
        reference, sent = await self.first(store, desk, arrive, judged, Route.ANSWER)
        later = await arrive("That did not help.", references=(sent,))
        outcome = await take(store, desk, later, judged(Route.ANSWER))
        assert (outcome.what, outcome.reference) == ("case", reference)
        kinds = [one.kind for one in await effects(store)]
        assert kinds == ["answer", "card", "acknowledgement"]

    async def test_it_goes_into_the_case_and_is_not_acknowledged_again(
        self, store, desk, arrive, judged
    ):
        reference, sent = await self.first(store, desk, arrive, judged, Route.ESCALATE)
        later = await arrive("One more thing.", references=(sent,))
        outcome = await take(store, desk, later, judged(Route.ESCALATE))
        assert (outcome.what, outcome.reference) == ("joined", reference)
        kinds = [one.kind for one in await effects(store)]
        assert kinds == ["card", "acknowledgement", "message_note", "card"]

    async def test_a_signed_reference_in_the_subject_is_enough_for_who_took_part(
        self, store, desk, arrive, judged
    ):
        reference, _ = await self.first(store, desk, arrive, judged, Route.ESCALATE)
        later = await arrive("And?", subject=f"Any news? [{reference.lower()}]")
        assert (await take(store, desk, later, judged(Route.ESCALATE))).reference == reference

    async def test_a_stranger_with_the_right_reference_opens_a_new_enquiry(
        self, store, desk, arrive, judged
    ):
        reference, sent = await self.first(store, desk, arrive, judged, Route.ESCALATE)
        later = await arrive(
            "Let me in", sender="stranger@else.example", subject=reference, references=(sent,)
        )
        assert (await take(store, desk, later, judged(Route.ESCALATE))).reference != reference

    async def test_an_automatic_reply_neither_reopens_nor_answers(
        self, store, desk, arrive, judged
    ):
        _, sent = await self.first(store, desk, arrive, judged, Route.ANSWER)
        away = await arrive("I am away", references=(sent,), automatic_reason="auto-submitted")
        outcome = await take(store, desk, away, judged(Route.IGNORE))
        assert outcome.what == "ignored"
        assert len(await effects(store)) == 1
