"""A mail of ours that comes back is shown in its case, though a machine reports it."""

import pytest

from handlers.cases import Officer, Press
from handlers.replies import reply
from handlers.tables import Case, Enquiry, Outgoing, Participant, StoredMessage
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

Final-Recipient: rfc822; robin@uni.example
Action: failed
Status: 5.1.1
--b
Content-Type: message/rfc822

From: dars@triagebot.example
Message-ID: {ident}

It is with the panel.
--b--
"""


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


async def test_an_officers_reply_that_bounced_is_noted_in_the_case(
    ignoring, accept, rows, store, replied
):
    head = REPORT.format(ident=replied)
    await ignoring.triage(await accept("", sender="mailer-daemon@mx.uni.example", head=head), 0)
    assert len(await rows(Enquiry)) == 1
    assert [one.kind for one in await rows(Outgoing)][-1] == "message_note"
    async with store.unit() as unit:
        assert await unit.session.get(Participant, (1, "mailer-daemon@mx.uni.example")) is None


async def test_a_report_on_a_mail_that_is_not_ours_joins_nothing(ignoring, accept, rows, replied):
    head = REPORT.format(ident=replied.replace("ENQ-", "ENQ-X"))
    await ignoring.triage(await accept("", sender="mailer-daemon@mx.uni.example", head=head), 0)
    assert len(await rows(Enquiry)) == 2
    assert "message_note" not in [one.kind for one in await rows(Outgoing)]
