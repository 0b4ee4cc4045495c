"""All mail that leaves lands in the mailbox: over a real socket, whatever it holds."""

import asyncio
import smtplib
from email.message import EmailMessage

import pytest
from sandbox_mailbox.recording import Place

from bot.sandbox.mailbox import Mailbox
from bot.sandbox.mailbox.mailbox import UnknownMailError


def deliver(
    port: int, raw: bytes, sender: str = "", to: tuple[str, ...] = ("a@x.example",)
) -> None:
    with smtplib.SMTP("127.0.0.1", port, local_hostname="localhost", timeout=10) as client:
        client.sendmail(sender, to, raw)


async def test_a_mail_sent_by_smtp_stands_on_the_page(place: Place) -> None:
    mail = EmailMessage()
    mail["From"] = "Data Access <dars@triagebot.example>"
    mail["To"] = "ada@northmere.example"
    mail["Subject"] = "Re: Costs [ENQ-7K3MQD-4T9P]"
    mail["Message-ID"] = "<one@triagebot.example>"
    mail.set_content("The Total Cost is an estimate.")
    to = ("ada@northmere.example", "copy@northmere.example")

    await asyncio.to_thread(deliver, place.smtp_port, mail.as_bytes(), "", to)

    [kept] = place.mailbox.newest()
    assert (kept.envelope_from, kept.envelope_to) == ("", to)
    listed = await place.text("/mail/")
    assert "Re: Costs [ENQ-7K3MQD-4T9P]" in listed
    assert 'data-message-id="&lt;one@triagebot.example&gt;"' in listed
    shown = await place.text(f"/mail/mails/{kept.id}")
    assert "The Total Cost is an estimate." in shown
    assert "&lt;&gt; (null sender)" in shown
    assert "copy@northmere.example" in shown


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\r\n",
        b"\xff\xfe\x00 no header at all \x80",
        b"Subject: =?utf-8?b?/////w==?=\r\nFrom: <<>>@@\r\nTo: \r\n\r\n\x00\x01",
        (
            b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/html;"
            b" charset=nonesuch\r\n\r\n<p>\xed\xa0\x80 half</p>"
        ),
        b"Message-ID: <>\r\nReferences: <<>\r\nDate: never\r\n\r\ntext",
        b"Subject: " + b"A" * 100_000 + b"\r\n\r\nbody",
    ],
)
async def test_what_cannot_be_read_is_still_shown(place: Place, raw: bytes) -> None:
    ident = place.from_service(raw)
    for path in ("/mail/", f"/mail/mails/{ident}", f"/mail/mails/{ident}?reply=1"):
        async with place.client.get(path) as answer:
            assert answer.status == 200
            assert f"/mail/mails/{ident}" in await answer.text()
    async with place.client.get(f"/mail/mails/{ident}/file") as answer:
        assert await answer.read() == raw


def test_the_oldest_mails_make_room() -> None:
    mailbox = Mailbox(most=3, most_bytes=1000)
    for number in range(5):
        mailbox.keep(
            b"Subject: %d\r\n\r\n" % number, envelope_from="", envelope_to=("a@x.example",)
        )
    assert [mail.subject for mail in mailbox.newest()] == ["4", "3", "2"]
    with pytest.raises(UnknownMailError):
        mailbox.mail(1)
    mailbox.keep(b"x" * 2000, envelope_from="", envelope_to=())
    assert len(mailbox) == 1, "a mail larger than all room is kept alone"


async def test_a_connection_that_is_kept_open_does_not_hold_up_the_end() -> None:
    mailbox = Mailbox()
    async with asyncio.timeout(5):
        async with mailbox.listening() as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            await reader.readline()
        assert await reader.read() == b""
    writer.close()
    await writer.wait_closed()


async def test_many_mails_at_once_are_all_kept(place: Place) -> None:
    def deliver_twenty(name: int) -> None:
        with smtplib.SMTP("127.0.0.1", place.smtp_port, local_hostname="localhost") as client:
            for number in range(20):
                client.sendmail("", ["a@x.example"], b"Subject: %d-%d\r\n\r\n." % (name, number))

    await asyncio.gather(*(asyncio.to_thread(deliver_twenty, name) for name in range(5)))
    assert len({mail.subject for mail in place.mailbox.newest()}) == 100
