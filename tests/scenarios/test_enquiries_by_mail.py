"""Twenty enquiries go in over SMTP: each is answered, becomes a case, or is rightly left alone."""

import asyncio

import pytest
from scenarios.enquiries import ALL, see_through
from scenarios.service import post

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize("enquiry", ALL, ids=lambda one: one.name)
async def test_each_enquiry_has_its_right_outcome_within_five_seconds(desk, enquiry):
    asked = enquiry.mail("smtplib")
    await asyncio.to_thread(post, desk.service.port("mail"), asked)
    await see_through(desk, enquiry, asked)


async def test_an_enquirer_gets_each_reply_once(desk):
    sent = [one.message_id for one in desk.mailbox.newest(most=1000)]
    assert len(sent) == len(set(sent))
    assert len({one.enquirer for one in desk.mailbox.newest(most=1000)}) == len(sent)
