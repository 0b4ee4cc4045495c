"""An outgoing row as it leaves: envelope sender, recipients, and the letter rendered."""

import email
import email.policy

import pytest
from mail_out.letters import IDENTITY, LETTERS
from mail_out.sinks import Sink, listening, relay

from bot.mail.transport import MailTransport
from handlers.delivery import InDoubt, Sent
from handlers.feedback_links import FeedbackLinks
from handlers.tables import Outgoing


def row(name: str) -> Outgoing:
    return Outgoing(id=1, transport="mail", payload=LETTERS[name].model_dump(mode="json"))


async def take() -> bool:
    return True


@pytest.mark.parametrize(
    ("name", "sender"),
    [
        *[(one, "<>") for one in ("answer", "acknowledgement", "closing")],
        ("officer", "dars@triagebot.example"),
    ],
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


@pytest.mark.parametrize("name", LETTERS)
async def test_what_the_relay_took_is_given_with_the_result_byte_for_byte(name: str) -> None:
    sink = Sink()
    async with listening(sink) as port, relay(port) as out:
        result = await MailTransport(out, IDENTITY).deliver(row(name), take)
    assert isinstance(result, Sent)
    assert result.copy == sink.taken[0].content


@pytest.mark.parametrize("name", LETTERS)
async def test_only_answers_ask_whether_they_helped_and_only_where_pages_can_be_reached(
    name: str,
) -> None:
    sink = Sink()
    links = FeedbackLinks("https://answers.example", "a key of this test")
    async with listening(sink) as port, relay(port) as out:
        await MailTransport(out, IDENTITY).deliver(row(name), take)
        await MailTransport(out, IDENTITY, links).deliver(row(name), take)
    asks = [b"Did this answer your question?" in bytes(one.content or b"") for one in sink.taken]
    assert asks == [False, LETTERS[name].template == "answer"]


async def test_what_became_of_a_mail_in_doubt_cannot_be_asked() -> None:
    async with relay(1) as out:
        assert isinstance(await MailTransport(out, IDENTITY).find(row("answer")), InDoubt)
