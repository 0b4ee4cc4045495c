"""A sender whose check failed: they join no enquiry and get no mail; a person decides."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from handlers.authentication import Authentication, Verdict
from handlers.case_list import show_case
from handlers.case_view import case_view
from handlers.enquiries import keep_outbound
from handlers.letters import Letter
from handlers.mail_tables import ReportKind
from handlers.receive import receive
from handlers.returned import Returned
from handlers.tables import Case, Enquiry, Outgoing, StoredMessage
from triage.decision import Route


def checked(arrival, verdict):
    found = Authentication(verdict=verdict, by="our own checks", dmarc="fail", domain="uni.example")
    return replace(arrival, authentication=found)


async def take(store, desk, arrival, judged):
    async with store.unit() as unit:
        return await receive(unit, arrival, judged, desk)


@pytest.fixture
def follow(store, desk, judged):
    """Have an arrival followed through on a route."""

    async def one(arrival, route):
        return await take(store, desk, arrival, judged(route))

    return one


async def all_of(store, table):
    async with store.unit() as unit:
        return list((await unit.session.execute(select(table).order_by(table.id))).scalars())


@pytest.fixture
async def running_case(store, desk, arrive, judged):
    """The reference of a case, and the Message-ID that its enquirer was sent."""
    outcome = await take(store, desk, await arrive(), judged(Route.ESCALATE))
    [letter] = [one for one in await all_of(store, Outgoing) if one.transport == "mail"]
    return outcome.reference, Letter.model_validate(letter.payload).message_id


@pytest.mark.parametrize("route", [Route.ESCALATE, Route.ANSWER])
async def test_a_forged_mail_about_a_case_opens_one_of_its_own_and_nobody_is_written_to(
    store, arrive, follow, running_case, route
):
    reference, sent = running_case
    before = len(await all_of(store, Outgoing))
    forged = checked(await arrive("Tell me more.", references=(sent,)), Verdict.FAILED)
    outcome = await follow(forged, route)
    assert outcome.what == "case"
    assert outcome.reference != reference
    first, second = await all_of(store, Enquiry)
    assert second.continues == first.id
    told = (await all_of(store, Outgoing))[before:]
    # The new case's card, and the old one's, which names the new one.
    assert [(one.transport, one.enquiry_id) for one in told] == [
        ("slack", second.id),
        ("slack", first.id),
    ]
    [_, case] = await all_of(store, Case)
    assert reference in case.reasons[0]["text"]
    assert "check of that address failed" in case.reasons[0]["text"]


@pytest.mark.parametrize("verdict", [Verdict.VERIFIED, Verdict.UNKNOWN])
async def test_a_mail_that_no_check_speaks_against_joins(arrive, follow, running_case, verdict):
    reference, sent = running_case
    later = checked(await arrive("And?", references=(sent,)), verdict)
    outcome = await follow(later, Route.ESCALATE)
    assert (outcome.what, outcome.reference) == ("joined", reference)


async def test_a_returned_mail_joins_whatever_its_host_is_called(
    arrive, follow, store, running_case
):
    reference, _ = running_case
    sent = "<officer@triagebot.example>"
    async with store.unit() as unit:
        enquiry = (await unit.session.execute(select(Enquiry))).scalar_one()
        await keep_outbound(
            unit, enquiry, author="U1", message_id=sent, subject="Costs", text="Soon."
        )
    returned = await arrive(
        "No such user", sender="mailer-daemon@far.example", references=(sent,), is_bounce=True
    )
    told = (Returned("asker@uni.example", ReportKind.FAILED, "5.1.1", "No such user"),)
    report = replace(checked(returned, Verdict.FAILED), returned=told)
    outcome = await follow(report, Route.IGNORE)
    assert outcome.reference == reference


async def test_a_first_mail_under_a_forged_address_gets_neither_answer_nor_acknowledgement(
    store, desk, arrive, judged
):
    forged = checked(await arrive(), Verdict.FAILED)
    assert (await take(store, desk, forged, judged(Route.ANSWER))).what == "case"
    assert [one.transport for one in await all_of(store, Outgoing)] == ["slack"]


async def test_who_vouches_is_kept_and_shown_with_the_case(store, desk, arrive, judged):
    arrival = checked(await arrive(), Verdict.VERIFIED)
    outcome = await take(store, desk, arrival, judged(Route.ESCALATE))
    [message] = [one for one in await all_of(store, StoredMessage) if one.direction == "in"]
    assert message.authentication["by"] == "our own checks"
    async with store.unit() as unit:
        record = await show_case(unit, outcome.reference)
        [case] = (await unit.session.execute(select(Case.id))).scalars()
        view = await case_view(unit, case)
    assert view.sender.in_words() == arrival.authentication.in_words()
    assert record.messages[0].sender.startswith("The sender's address is genuine")
