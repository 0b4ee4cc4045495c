"""What is asked of a relay that offers it: reports on delivery, and addresses of any script."""

import asyncio
import email
import email.policy
from typing import Any

import pytest
from mail_out.letters import IDENTITY, LETTERS
from mail_out.sinks import Sink, listening, relay

from bot.mail.render import render
from bot.mail.transport import MailTransport
from handlers.delivery import Refused, Result, Sent
from handlers.tables import Outgoing


class Modern:
    """A relay that offers reports and addresses of any script, and keeps what it hears."""

    def __init__(self) -> None:
        self.mail = ""
        self.recipients: list[str] = []
        self.content = b""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 relay.example\r\n")
        while line := (await reader.readline()).decode().rstrip():
            match line.partition(" ")[0].upper():
                case "EHLO":
                    writer.write(b"250-relay.example\r\n250-DSN\r\n250-SIZE\r\n250 SMTPUTF8\r\n")
                case "DATA":
                    writer.write(b"354 Go on\r\n")
                    self.content = await reader.readuntil(b"\r\n.\r\n")
                    writer.write(b"250 Taken\r\n")
                case "MAIL":
                    self.mail = line
                    writer.write(b"250 OK\r\n")
                case "RCPT":
                    self.recipients.append(line)
                    writer.write(b"250 OK\r\n")
                case "QUIT":
                    writer.write(b"221 Bye\r\n")
                    break
                case _:
                    writer.write(b"250 OK\r\n")
        writer.close()


async def take() -> bool:
    return True


def row(name: str, **changes: Any) -> Outgoing:
    letter = LETTERS[name].model_copy(update=changes)
    payload = letter.model_dump(mode="json")
    return Outgoing(id=1, key="enquiry:7:officer+1", transport="mail", payload=payload)


async def sent(sink: Sink, outgoing: Outgoing) -> Result:
    async with listening(sink) as port, relay(port) as out:
        return await MailTransport(out, IDENTITY).deliver(outgoing, take)


async def sent_by(modern: Modern, outgoing: Outgoing) -> Result:
    server = await asyncio.start_server(modern.serve, "127.0.0.1", 0)
    async with server, relay(server.sockets[0].getsockname()[1]) as out:
        return await MailTransport(out, IDENTITY).deliver(outgoing, take)


async def test_a_report_is_asked_for_and_will_name_the_letter_and_its_reader() -> None:
    modern = Modern()
    assert isinstance(await sent_by(modern, row("officer", to="ann+x@example.org", cc=())), Sent)
    assert {"RET=HDRS", "ENVID=enquiry:7:officer+2B1"} <= set(modern.mail.split())
    assert modern.recipients == [
        "RCPT TO:<ann+x@example.org> NOTIFY=FAILURE,DELAY ORCPT=rfc822;ann+2Bx@example.org"
    ]


async def test_automatic_mail_has_no_sender_whom_a_report_could_reach() -> None:
    modern = Modern()
    assert isinstance(await sent_by(modern, row("answer")), Sent)
    assert modern.mail.startswith("MAIL FROM:<> SIZE=")
    assert modern.recipients == ["RCPT TO:<zoe@example.org>"]


async def test_a_relay_that_offers_no_reports_is_asked_for_none() -> None:
    sink = Sink()
    assert isinstance(await sent(sink, row("officer", cc=())), Sent)
    assert not [one for one in sink.taken[0].rcpt_options if "NOTIFY" in one]


async def test_a_domain_of_another_script_leaves_in_ascii_in_envelope_and_header() -> None:
    sink = Sink()
    result = await sent(sink, row("officer", to="ann@faß.example", cc=()))
    assert isinstance(result, Sent)
    [envelope] = sink.taken
    assert envelope.rcpt_tos == ["ann@xn--fa-hia.example"]
    assert isinstance(envelope.content, bytes)
    arrived = email.message_from_bytes(envelope.content, policy=email.policy.default)
    assert arrived["To"].addresses[0].addr_spec == "ann@xn--fa-hia.example"


async def test_an_address_of_another_script_is_refused_clearly_where_the_relay_cannot() -> None:
    sink = Sink()
    result = await sent(sink, row("officer", to="zoë@example.org"))
    assert isinstance(result, Refused)
    assert "SMTPUTF8" in result.why
    assert sink.seen["MAIL"] == 0


@pytest.mark.parametrize(
    "address", ["zoë@example.org", "дарья@пример.example", "用户@例子.example"]
)
async def test_where_the_relay_can_it_leaves_as_it_is_written(address: str) -> None:
    modern = Modern()
    assert isinstance(await sent_by(modern, row("officer", to=address, to_name="Zoë", cc=())), Sent)
    assert {"SMTPUTF8", "BODY=8BITMIME"} <= set(modern.mail.split())
    local, _, domain = address.partition("@")
    [recipient] = modern.recipients
    assert recipient.startswith(f"RCPT TO:<{local}@")
    assert (f"@{domain}>" in recipient) == domain.isascii()
    head = modern.content.partition(b"\r\n\r\n")[0]
    [field] = [line for line in head.split(b"\r\n") if line.startswith(b"To:")]
    assert f"<{local}@" in field.decode()


def test_in_a_preview_nothing_is_written_as_what_it_is_not() -> None:
    message = render(LETTERS["officer"].model_copy(update={"to": "zoë@example.org"}), IDENTITY)
    assert message["To"].addresses[0].addr_spec == "zoë@example.org"
