"""An outgoing row as it leaves: envelope sender, recipients, and the letter rendered."""

import email
import email.policy

import pytest
from mail_out.letters import IDENTITY, LETTERS
from mail_out.sinks import Sink, listening, relay

from bot.mail.transport import MailTransport
from handlers.delivery import InDoubt, Sent
from handlers.tables import Outgoing


def row(name: str) -> Outgoing:
    return Outgoing(id=1, transport="mail", payload=LETTERS[name].model_dump(mode="json"))


async def take() -> bool:
    return True


@pytest.mark.parametrize(
    ("name", "sender"),
    [("answer", "<>"), ("acknowledgement", "<>"), ("officer", "dars@triagebot.example")],
)
async def test_automatic_mail_leaves_with_the_null_sender_and_an_officers_with_ours(
    name: str, sender: str
) -> None:
    sink = Sink()
    async with listening(sink) as port, relay(port) as out:
        assert isinstance(await MailTransport(out, IDENTITY).deliver(row(name), take), Sent)
    [envelope] = sink.taken
    assert envelope.mail_from == sender
    assert envelope.rcpt_tos == [LETTERS[name].to, *LETTERS[name].cc]
    assert isinstance(envelope.content, bytes)
    arrived = email.message_from_bytes(envelope.content, policy=email.policy.default)
    assert arrived["Message-ID"] == LETTERS[name].message_id


async def test_what_became_of_a_mail_in_doubt_cannot_be_asked() -> None:
    async with relay(1) as out:
        assert isinstance(await MailTransport(out, IDENTITY).find(row("answer")), InDoubt)
