"""Each limit of the SMTP server, its clear answer, and that the next sender is served."""

import asyncio
import smtplib
from collections.abc import Sequence
from pathlib import Path

import pytest
import uvloop
from mail_server.peers import Dial, Shelf, Start

from bot.mail.gate import neighbourhood
from bot.mail.server import start_smtp
from bot.settings import Settings
from handlers.intake import Accepted

US = "dars@triagebot.example"
MIB = 1024 * 1024


async def test_a_size_beyond_the_limit_is_refused_at_mail_from(start: Start, dial: Dial) -> None:
    line = await dial((await start(smtp_max_bytes=1000)).port)
    await line.hear()
    assert "SIZE 1000" in await line.say("EHLO client.example")
    assert (await line.say("MAIL FROM:<ann@example.org> SIZE=1001")).startswith("552")
    assert (await line.say("MAIL FROM:<ann@example.org> SIZE=1000")).startswith("250")


async def test_a_mail_that_grows_beyond_the_limit_is_refused_after_its_end(
    start: Start, shelf: Shelf, dial: Dial
) -> None:
    line = await dial((await start(smtp_max_bytes=1000)).port)
    await line.hear()
    await line.envelope()
    assert (await line.say(b"x" * 70 + b"\r\n" + b"y" * 70 + b"\r\n" * 500 + b".\r\n"))[:3] == "552"
    await line.envelope()
    assert (await line.say("Subject: short\r\n\r\nfits\r\n.")).startswith("250")
    assert len(shelf.mails) == 1


async def test_thirty_megabytes_are_refused_by_default_and_taken_when_allowed(
    start: Start, shelf: Shelf
) -> None:
    mail = "Subject: large\r\n\r\n" + ("0123456789" * 7 + "\r\n") * (30 * MIB // 72)

    def send(port: int) -> None:
        with smtplib.SMTP("127.0.0.1", port, timeout=60) as client:
            client.ehlo()
            # Without announcing its size, so that the mail itself has to be looked at.
            client.mail("ann@example.org")
            client.rcpt(US)
            code, _ = client.data(mail)
            assert code in {250, 552}
            if code == 552:
                raise smtplib.SMTPDataError(code, b"")

    with pytest.raises(smtplib.SMTPDataError):
        await asyncio.to_thread(send, (await start()).port)
    await asyncio.to_thread(send, (await start(smtp_max_bytes=40 * MIB)).port)
    assert [len(one.raw) for one in shelf.mails] == [len(mail)]


async def test_a_mail_without_end_is_cut_off(start: Start, dial: Dial) -> None:
    line = await dial((await start(smtp_max_bytes=100_000)).port)
    await line.hear()
    await line.envelope()

    async def send_on() -> None:
        for _ in range(200):
            # Not one line ending: nothing of this may pile up either.
            line.writer.write(b"x" * 65_536)
            await line.writer.drain()
            await asyncio.sleep(0.001)

    with pytest.raises(ConnectionError):
        await send_on()


async def test_two_thousand_recipients_are_put_off_beyond_the_hundredth(
    start: Start, shelf: Shelf
) -> None:
    server = await start(smtp_max_commands=5000)

    def send() -> list[int]:
        with smtplib.SMTP("127.0.0.1", server.port, timeout=60) as client:
            client.ehlo()
            client.mail("ann@example.org")
            codes = [client.rcpt(f"dars+{number}@triagebot.example")[0] for number in range(2000)]
            assert client.data("Subject: many\r\n\r\nHello\r\n")[0] == 250
            return codes

    codes = await asyncio.to_thread(send)
    assert codes == [250] * 100 + [452] * 1900
    assert len(shelf.mails[0].envelope_to) == 100


async def test_three_hundred_connections_are_served_up_to_the_limit_and_the_rest_hear_421(
    start: Start, dial: Dial
) -> None:
    server = await start(smtp_max_connections=256, smtp_max_connections_per_address=300)
    lines = [await dial(server.port) for _ in range(300)]
    greetings = await asyncio.gather(*(line.hear() for line in lines))
    assert [text[:3] for text in greetings].count("220") == 256
    assert [text[:3] for text in greetings].count("421") == 44
    for line in lines:
        line.writer.close()
    await asyncio.sleep(0.2)
    assert (await (await dial(server.port)).hear()).startswith("220")


async def test_one_address_cannot_take_every_connection(start: Start, dial: Dial) -> None:
    server = await start(smtp_max_connections_per_address=3)
    lines = [await dial(server.port) for _ in range(4)]
    assert [(await line.hear())[:3] for line in lines] == ["220", "220", "220", "421"]


def test_addresses_of_one_ipv6_network_count_as_one() -> None:
    assert neighbourhood("2001:db8::1") == neighbourhood("2001:db8::ffff:1")
    assert neighbourhood("2001:db8:0:1::1") != neighbourhood("2001:db8:0:2::1")
    assert neighbourhood("::ffff:192.0.2.7") == neighbourhood("192.0.2.7")
    assert neighbourhood("fe80::1%eth0") == neighbourhood("fe80::2%eth0")


async def test_too_many_commands_end_the_session(start: Start, dial: Dial) -> None:
    line = await dial((await start(smtp_max_commands=10)).port)
    await line.hear()
    replies = [await line.say("NOOP") for _ in range(9)]
    assert all(reply.startswith("250") for reply in replies)
    assert (await line.say("NOOP")).startswith("250")
    assert (await line.hear()).startswith("421")
    assert await line.hear() == ""


async def test_empty_lines_and_nonsense_count_as_commands(start: Start, dial: Dial) -> None:
    line = await dial((await start(smtp_max_commands=10)).port)
    await line.hear()
    line.writer.write(b"\r\n" * 50)
    heard = (await line.reader.read()).decode()
    assert heard.count("500") <= 11
    assert "421" in heard


async def test_a_mail_that_was_taken_clears_the_count_of_commands(
    start: Start, shelf: Shelf
) -> None:
    server = await start(smtp_max_commands=10)

    def send() -> None:
        with smtplib.SMTP("127.0.0.1", server.port, timeout=30) as client:
            for number in range(20):
                client.sendmail("ann@example.org", [US], f"Subject: {number}\r\n\r\nHello\r\n")

    await asyncio.to_thread(send)
    assert len(shelf.mails) == 20


async def test_a_silent_session_is_closed(start: Start, dial: Dial) -> None:
    line = await dial((await start(smtp_idle_seconds=0.3)).port)
    await line.hear()
    assert (await line.hear()).startswith("421 4.4.2")
    assert await line.hear() == ""


async def test_a_sender_that_trickles_is_closed_at_the_end_of_its_time(
    start: Start, dial: Dial
) -> None:
    line = await dial((await start(smtp_idle_seconds=0.5, smtp_session_seconds=1)).port)
    await line.hear()
    await line.envelope()
    started = asyncio.get_running_loop().time()
    farewell = asyncio.create_task(line.hear())
    while not farewell.done():
        line.writer.write(b"x")
        await asyncio.sleep(0.1)
    assert (await farewell).startswith("421 4.4.2")
    assert 0.5 < asyncio.get_running_loop().time() - started < 2.5


async def test_a_slow_sender_that_is_not_silent_is_served(
    start: Start, shelf: Shelf, dial: Dial
) -> None:
    line = await dial((await start(smtp_idle_seconds=0.5)).port)
    await line.hear()
    await line.envelope()
    for _ in range(10):
        line.writer.write(b"word\r\n")
        await asyncio.sleep(0.1)
    assert (await line.say(".")).startswith("250")


@pytest.mark.alone
async def test_a_peer_that_does_not_read_is_closed(start: Start, dial: Dial) -> None:
    server = await start(smtp_idle_seconds=0.3, smtp_max_commands=1_000_000)
    line = await dial(server.port)
    line.writer.transport.pause_reading()
    line.writer.write(b"NOOP\r\n" * 400_000)
    await asyncio.sleep(1)
    # It is dismissed, and its place is free after the seconds that it had to say goodbye.
    await asyncio.sleep(5)
    assert server.session_count == 0


async def test_a_line_that_no_mail_has_is_refused_and_the_session_goes_on(
    start: Start, shelf: Shelf, dial: Dial
) -> None:
    line = await dial((await start()).port)
    await line.hear()
    await line.envelope()
    assert (await line.say(b"x" * 200_000 + b"\r\n.\r\n")).startswith("500")
    await line.envelope()
    assert (await line.say(b"x" * 20_000 + b"\r\n.\r\n")).startswith("250")
    assert [len(mail.raw) for mail in shelf.mails] == [20_002]


async def test_a_command_line_that_is_too_long_is_refused(start: Start, dial: Dial) -> None:
    line = await dial((await start()).port)
    await line.hear()
    assert (await line.say("NOOP " + "x" * 5000)).startswith("500")
    assert (await line.say("NOOP")).startswith("250")


def test_a_session_beyond_its_limit_is_ended_on_uvloop_too(tmp_path: Path) -> None:
    """Its transports are none of asyncio's classes."""

    async def keep(mails: Sequence[Accepted]) -> None:
        del mails

    async def journey() -> tuple[bytes, bytes]:
        settings = Settings(
            smtp_port=0,
            smtp_max_connections_per_address=1,
            smtp_idle_seconds=0.2,
            data_dir=tmp_path,
        )
        server = await start_smtp(settings, keep)
        first, writer = await asyncio.open_connection("127.0.0.1", server.port)
        second, other = await asyncio.open_connection("127.0.0.1", server.port)
        heard = await first.read(), await second.read()
        writer.close()
        other.close()
        await server.close()
        return heard

    silent, turned_away = uvloop.run(journey())
    assert b"421 4.4.2" in silent
    assert turned_away.startswith(b"421 4.7.0")
