"""A mail of ours that comes back is shown in its case, though a machine reports it."""

import pytest

from handlers.cases import Officer, Press, resolve
from handlers.errors import NotAllowed
from handlers.mail_tables import DeliveryReport
from handlers.replies import reply
from handlers.returned import is_dead, lift
from handlers.tables import Case, CaseState, Enquiry, Outgoing, Participant, StoredMessage
from triage.decision import Route

ASHA = Officer("U1", "Asha Verma", may_act=True)
REPORT = """\
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

The mail could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.uni.example

Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 no such user
--b
Content-Type: message/rfc822

From: dars@triagebot.example
Message-ID: {ident}

It is with the panel.
--b--
"""


def report(ident: str, *, address="robin@uni.example", action="failed", status="5.1.1") -> str:
    return REPORT.format(ident=ident, address=address, action=action, status=status)


@pytest.fixture
def ignoring(make_pipeline):
    """A pipeline that ignores what machines send."""

    def decide(message):
        decided = make_pipeline().decide(message)
        route = Route.IGNORE if message.is_automatic else Route.ESCALATE
        return decided.model_copy(update={"route": route})

    return make_pipeline(decide)


@pytest.fixture
async def replied(ignoring, accept, rows, store, desk):
    """The Message-ID of an officer's reply."""
    await ignoring.triage(await accept(), 0)
    [case] = await rows(Case)
    async with store.unit() as unit:
        await reply(unit, Press(case.id, case.version, ASHA), "It is with the panel.", desk)
    return next(one.message_id for one in await rows(StoredMessage) if one.author == ASHA.name)


@pytest.fixture
def come_back(ignoring, accept, replied):
    """Has that reply reported on, with what a test says of it."""

    async def back(**said: str) -> None:
        head = report(replied, **said)
        await ignoring.triage(await accept("", sender="mailer-daemon@mx.uni.example", head=head), 0)

    return back


async def test_an_officers_reply_that_bounced_is_noted_in_the_case(
    ignoring, accept, rows, store, replied
):
    head = report(replied)
    await ignoring.triage(await accept("", sender="mailer-daemon@mx.uni.example", head=head), 0)
    assert len(await rows(Enquiry)) == 1
    assert [one.kind for one in await rows(Outgoing)][-2:] == ["returned_note", "message_note"]
    async with store.unit() as unit:
        assert await unit.session.get(Participant, (1, "mailer-daemon@mx.uni.example")) is None


async def test_a_report_on_a_mail_that_is_not_ours_joins_nothing(ignoring, accept, rows, replied):
    head = report(replied.replace("ENQ-", "ENQ-X"))
    await ignoring.triage(await accept("", sender="mailer-daemon@mx.uni.example", head=head), 0)
    assert len(await rows(Enquiry)) == 2
    assert "message_note" not in [one.kind for one in await rows(Outgoing)]


async def test_an_address_from_which_mail_came_back_for_good_is_written_to_no_more(
    ignoring, accept, rows, store, come_back
):
    await come_back()
    [kept] = await rows(DeliveryReport)
    assert (kept.address, kept.kind, kept.status) == ("robin@uni.example", "failed", "5.1.1")
    before = len(await rows(Outgoing))
    await ignoring.triage(await accept("One more question."), 0)
    assert "mail" not in [one.transport for one in (await rows(Outgoing))[before:]]


async def test_an_officer_cannot_reply_to_where_mail_came_back_for_good(
    rows, store, desk, come_back
):
    await come_back()
    [case] = await rows(Case)
    async with store.unit() as unit:
        with pytest.raises(NotAllowed, match="came back for good"):
            await reply(unit, Press(case.id, case.version, ASHA), "Are you there?", desk)


async def test_once_an_officer_lifts_it_mail_goes_there_again(rows, store, desk, come_back):
    await come_back()
    async with store.unit() as unit:
        assert await lift(unit, "Robin@uni.example", ASHA) == 1
        [case] = await rows(Case)
        await reply(unit, Press(case.id, case.version, ASHA), "Are you there?", desk)


async def test_a_report_that_it_is_late_stops_nothing(store, come_back):
    await come_back(action="delayed", status="4.4.1")
    async with store.unit() as unit:
        assert not await is_dead(unit, "robin@uni.example")


async def test_a_failure_of_the_class_4_is_for_now(rows, come_back):
    await come_back(status="4.2.2")
    assert [one.kind for one in await rows(DeliveryReport)] == ["delayed"]


async def test_a_report_cuts_off_nobody_but_whom_the_mail_went_to(rows, come_back):
    await come_back(address="dean@uni.example")
    assert await rows(DeliveryReport) == []


async def test_a_report_never_reopens_a_resolved_case(rows, store, come_back):
    async with store.unit() as unit:
        [case] = await rows(Case)
        await resolve(unit, Press(case.id, case.version, ASHA), "answered")
    await come_back()
    [case] = await rows(Case)
    assert case.state == CaseState.RESOLVED
