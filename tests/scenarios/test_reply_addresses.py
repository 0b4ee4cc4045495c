"""A reply finds its enquiry by the address that it goes to; a stranger's mail does not join it."""

import asyncio
from email.message import EmailMessage

import pytest
from scenarios.enquiries import reference_of
from scenarios.service import MAILBOX, post, until

pytestmark = pytest.mark.asyncio(loop_scope="module")

QUESTION = "Can you extend our agreement DARS-NIC-381078-Y9C5K until March, please?"


def written(ident: str, text: str, *, sender: str, to: str = MAILBOX) -> EmailMessage:
    """A mail as a client writes it that knows of no thread: nothing but `to` ties it to another."""
    message = EmailMessage()
    message["From"] = f"Robin Asker <{sender}>"
    message["To"] = to
    message["Subject"] = f"About {ident}"
    message["Message-ID"] = f"<{ident}@uni.example>"
    message.set_content(text)
    return message


async def hand_in(desk, message):
    await asyncio.to_thread(post, desk.service.port("mail"), message)


async def opened(desk, asker):
    """The reference of a case, and the address to which replies about it go."""
    asked = written(asker.partition("@")[0], QUESTION, sender=asker)
    await hand_in(desk, asked)
    acknowledgement = await desk.reply_to(asked)
    assert acknowledgement.answer_to != MAILBOX
    return reference_of(acknowledgement), acknowledgement.answer_to


async def test_a_reply_joins_by_its_address_alone(desk):
    reference, address = await opened(desk, "robin@uni.example")
    card = await desk.card(reference)
    await hand_in(
        desk, written("later", "It is for the board.", sender="robin@uni.example", to=address)
    )
    await desk.card(reference)
    await until(
        lambda: any("for the board" in one for one in desk.thread_of(card)), 5, "it in the thread"
    )


async def test_a_stranger_who_has_the_address_gets_a_case_of_their_own(desk):
    reference, address = await opened(desk, "sam@uni.example")
    card = await desk.card(reference)
    asked = written("curious", "What did they ask?", sender="curious@far.example", to=address)
    await hand_in(desk, asked)
    acknowledgement = await desk.reply_to(asked)
    own = reference_of(acknowledgement)
    assert own != reference
    assert reference not in acknowledgement.source
    await desk.card(own, f"They write about {reference}")
    await desk.card(reference, own)
    assert not desk.thread_of(card)
