"""What is taken, what is refused, and when 250 is said."""

import asyncio
import shutil
import smtplib
import subprocess
from collections.abc import Sequence

import pytest
from mail_server.peers import Dial, Shelf, Start

from handlers.intake import Accepted

MAIL = (
    "From: Ann <ann@example.org>\r\nSubject: Costs\r\nMessage-ID: <1@example.org>\r\n\r\nHello\r\n"
)
US = "dars@triagebot.example"


def send(port: int, mail: str | bytes = MAIL, sender: str = "ann@example.org") -> None:
    """Send with the standard library's client; the replies that it refuses raise."""
    with smtplib.SMTP("127.0.0.1", port, timeout=30) as client:
        client.sendmail(sender, [US], mail)


async def test_a_mail_is_kept_byte_for_byte_with_its_envelope(start: Start, shelf: Shelf) -> None:
    server = await start()
    await asyncio.to_thread(send, server.port, MAIL + "\r\n.dot\r\n..two\r\n")
    [mail] = shelf.mails
    assert mail.raw == (MAIL + "\r\n.dot\r\n..two\r\n").encode()
    assert (mail.envelope_from, mail.envelope_to) == ("ann@example.org", (US,))
    assert mail.peer == "127.0.0.1"


async def test_eight_bit_text_is_kept_as_it_came(start: Start, shelf: Shelf) -> None:
    server = await start()
    await asyncio.to_thread(send, server.port, "Subject: x\r\n\r\nZoë £5\r\n".encode("latin-1"))
    assert shelf.mails[0].raw.endswith(b"Zo\xeb \xa35\r\n")


async def test_the_null_sender_is_taken_and_kept_as_empty(start: Start, shelf: Shelf) -> None:
    server = await start()
    await asyncio.to_thread(send, server.port, sender="")
    assert shelf.mails[0].envelope_from == ""


async def test_250_is_not_said_before_the_commit(start: Start, shelf: Shelf, dial: Dial) -> None:
    committed = asyncio.Event()

    async def slowly(mails: Sequence[Accepted]) -> None:
        await committed.wait()
        await shelf.keep(mails)

    line = await dial((await start(slowly)).port)
    await line.hear()
    await line.envelope()
    answer = asyncio.create_task(line.say(MAIL + "."))
    await asyncio.sleep(0.2)
    assert not answer.done()
    committed.set()
    assert (await answer).startswith("250")
    assert len(shelf.mails) == 1


async def test_a_store_that_fails_means_451(start: Start) -> None:
    async def fail(mails: Sequence[Accepted]) -> None:
        raise ConnectionError("the database is gone")

    server = await start(fail)
    with pytest.raises(smtplib.SMTPDataError) as refusal:
        await asyncio.to_thread(send, server.port)
    assert refusal.value.smtp_code == 451
    assert b"database" not in refusal.value.smtp_error


async def test_a_store_that_is_silent_means_451(start: Start) -> None:
    async def hang(mails: Sequence[Accepted]) -> None:
        await asyncio.sleep(60)

    server = await start(hang, smtp_commit_seconds=0.3)
    with pytest.raises(smtplib.SMTPDataError) as refusal:
        await asyncio.to_thread(send, server.port)
    assert refusal.value.smtp_code == 451


async def test_after_a_failure_the_next_mail_is_taken(start: Start, shelf: Shelf) -> None:
    failures = [ConnectionError("gone")]

    async def once(mails: Sequence[Accepted]) -> None:
        if failures:
            raise failures.pop()
        await shelf.keep(mails)

    server = await start(once)
    with pytest.raises(smtplib.SMTPDataError):
        await asyncio.to_thread(send, server.port)
    await asyncio.to_thread(send, server.port)
    assert len(shelf.mails) == 1


@pytest.mark.parametrize(
    "address",
    [
        US,
        "DARS@Triagebot.Example",
        "dars+ENQ-7K3MQD@triagebot.example",
        "postmaster@triagebot.example",
        "Postmaster",
        "data@other.example",
        "postmaster@other.example",
    ],
)
async def test_our_own_addresses_are_taken(start: Start, dial: Dial, address: str) -> None:
    line = await dial((await start(own_addresses=("data@other.example",))).port)
    await line.hear()
    await line.envelope(address)


@pytest.mark.parametrize(
    "address",
    [
        "ann@example.org",
        "dars@example.org",
        "darsx@triagebot.example",
        "dars%example.org@triagebot.example",
        "dars@triagebot.example@example.org",
        "root",
    ],
)
async def test_we_relay_for_nobody(start: Start, dial: Dial, address: str) -> None:
    line = await dial((await start()).port)
    await line.hear()
    await line.say("EHLO client.example")
    await line.say("MAIL FROM:<ann@example.org>")
    assert (await line.say(f"RCPT TO:<{address}>"))[:3] in {"550", "553"}


async def test_an_address_that_cannot_be_stored_is_refused(start: Start, dial: Dial) -> None:
    line = await dial((await start()).port)
    await line.hear()
    await line.say("EHLO client.example")
    assert (await line.say(b"MAIL FROM:<a\x00b@example.org>\r\n")).startswith("553")


async def test_the_greeting_and_ehlo_name_no_software(start: Start, dial: Dial) -> None:
    line = await dial((await start()).port)
    greeting = await line.hear()
    offered = await line.say("EHLO client.example")
    assert greeting == "220 triagebot.example ESMTP"
    assert "SIZE 26214400" in offered
    assert "8BITMIME" in offered
    for word in ("Python", "aiosmtpd", "AUTH", "STARTTLS"):
        assert word not in greeting + offered


async def test_vrfy_and_expn_tell_nothing(start: Start, dial: Dial) -> None:
    line = await dial((await start()).port)
    await line.hear()
    await line.say("EHLO client.example")
    known, unknown = await line.say(f"VRFY {US}"), await line.say("VRFY nobody@example.org")
    assert known == unknown
    assert (await line.say("EXPN staff")).startswith("502")


async def test_many_sessions_share_few_commits(start: Start, shelf: Shelf) -> None:
    async def slowly(mails: Sequence[Accepted]) -> None:
        await asyncio.sleep(0.05)
        await shelf.keep(mails)

    server = await start(slowly)
    mails = [MAIL.replace("<1@", f"<{number}@") for number in range(60)]
    await asyncio.gather(*(asyncio.to_thread(send, server.port, mail) for mail in mails))
    assert len({mail.key for mail in shelf.mails}) == 60
    assert len(shelf.groups) < 40


async def test_stopping_finishes_the_mail_in_hand_and_dismisses_the_idle(
    start: Start, shelf: Shelf, dial: Dial
) -> None:
    server = await start()
    port = server.port
    busy, idle = await dial(server.port), await dial(server.port)
    await busy.hear()
    await busy.envelope()
    await idle.hear()
    stopping = asyncio.create_task(server.close())
    assert (await idle.hear()).startswith("421")
    assert (await busy.say(MAIL + ".")).startswith("250")
    assert (await busy.hear()).startswith("421")
    await stopping
    assert len(shelf.mails) == 1
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", port)


async def test_swaks_delivers(start: Start, shelf: Shelf) -> None:
    swaks = shutil.which("swaks")
    if swaks is None:
        pytest.skip("the command swaks is not installed")
    server = await start()
    run = await asyncio.to_thread(
        subprocess.run,
        [swaks, "--server", f"127.0.0.1:{server.port}", "--to", US, "--from", "ann@example.org",
         "--header", "Subject: A question", "--body", "How much is it?"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    assert b"How much is it?" in shelf.mails[0].raw
