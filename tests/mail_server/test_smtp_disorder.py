"""Commands out of order, and peers that break off anywhere: one clear answer, and nothing kept."""

import asyncio
import socket
import ssl
import struct
from collections.abc import Sequence
from pathlib import Path

import pytest
import uvloop
from mail_server.peers import Dial, Line, Shelf, Start

from bot.mail.server import SmtpServer, start_smtp
from bot.settings import Settings
from handlers.intake import Accepted

US = "dars@triagebot.example"
EHLO = "EHLO client.example"
MAIL = "MAIL FROM:<ann@example.org>"
RCPT = f"RCPT TO:<{US}>"


@pytest.mark.parametrize(
    ("before", "said", "code"),
    [
        ((), MAIL, "503"),
        ((), RCPT, "503"),
        ((), "DATA", "503"),
        ((EHLO,), RCPT, "503"),
        ((EHLO,), "DATA", "503"),
        ((EHLO, MAIL), "DATA", "503"),
        ((EHLO, MAIL), MAIL, "503"),
        ((EHLO, MAIL, RCPT, EHLO), "DATA", "503"),
        ((EHLO, MAIL, RCPT, "RSET"), "DATA", "503"),
        ((EHLO, MAIL, RCPT), "DATA now", "501"),
        ((EHLO,), "MAIL FROM:<ann@example.org> SIZE=many", "5"),
        ((EHLO,), "MAIL FROM:<ann@example.org> BODY=9BITMIME", "5"),
        ((EHLO,), "MAIL FROM:<ann@example.org> FOO=bar", "555"),
        ((EHLO,), "MAIL", "501"),
        ((EHLO, MAIL), "RCPT TO:", "501"),
        ((EHLO, MAIL), "RCPT TO:<@relay.example:ann@far.example>", "5"),
        ((EHLO, MAIL), "RCPT TO:<ann%far.example@relay.example>", "550"),
        ((EHLO, MAIL), f"RCPT TO:<{US}> NOTIFY=NEVER", "555"),
        ((EHLO,), "RSET all", "501"),
        ((EHLO,), "EXPN staff", "502"),
        ((EHLO,), "AUTH PLAIN AGEAYg==", "5"),
        ((EHLO,), "BDAT 10 LAST", "500"),
        ((EHLO,), "GET / HTTP/1.1", "500"),
        ((), "EHLO", "501"),
        ((), "HELO", "501"),
    ],
)
async def test_what_comes_out_of_order_is_refused_and_the_session_goes_on(
    start: Start, dial: Dial, before: tuple[str, ...], said: str, code: str
) -> None:
    line = await dial((await start()).port)
    await line.hear()
    for command in before:
        assert (await line.say(command)).startswith("250")
    assert (await line.say(said)).startswith(code)
    assert (await line.say("NOOP")).startswith("250")


@pytest.mark.parametrize(
    "said",
    [b"EHLO \xff\xfe\r\n", b"MAIL FROM:<\xff@b.example>\r\n", b"\x16\x03\x01\x02\x00\x01\xfc\r\n"],
    ids=["a name", "an address", "the beginning of TLS"],
)
async def test_bytes_that_are_no_text_are_refused(start: Start, dial: Dial, said: bytes) -> None:
    line = await dial((await start()).port)
    await line.hear()
    await line.say(EHLO)
    assert (await line.say(said))[:1] in {"4", "5"}
    assert (await line.say("NOOP")).startswith("250")


async def until_empty(server: SmtpServer) -> None:
    """Wait until no session is open, so that none holds a place for ever."""
    async with asyncio.timeout(4):
        while server.session_count:  # noqa: ASYNC110  sessions end in callbacks
            await asyncio.sleep(0.01)


def reset(line: Line) -> None:
    """Break the connection off without a goodbye, as a router does."""
    plug = line.writer.get_extra_info("socket")
    plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    line.writer.transport.abort()


@pytest.mark.parametrize("how", ["reset", "close"])
@pytest.mark.parametrize(
    "half",
    [b"", b"EHLO cl", b"NOOP " + b"x" * 600, b"DATA\r\n", b"DATA\r\nSubject: 1\r\n\r\nhalf\r\n.\r"],
    ids=["before a command", "in one", "in a long one", "after DATA", "before the last byte"],
)
async def test_a_peer_that_breaks_off_leaves_nothing(
    start: Start, shelf: Shelf, dial: Dial, half: bytes, how: str
) -> None:
    server = await start()
    line = await dial(server.port)
    await line.hear()
    for command in (EHLO, MAIL, RCPT):
        await line.say(command)
    line.writer.write(half)
    await line.writer.drain()
    await asyncio.sleep(0.05)
    if how == "reset":
        reset(line)
    else:
        line.writer.close()
    await until_empty(server)
    assert shelf.mails == []
    await (await dial(server.port)).hear()


async def test_a_peer_that_begins_tls_and_falls_silent_is_closed(
    start: Start, dial: Dial, certificate: tuple[Path, Path]
) -> None:
    chain, key = certificate
    server = await start(smtp_certificate=chain, smtp_key=key, smtp_idle_seconds=0.5)
    line = await dial(server.port)
    await line.hear()
    await line.say(EHLO)
    assert (await line.say("STARTTLS")).startswith("220")
    await until_empty(server)
    assert await line.reader.read() == b""


def test_so_it_is_on_uvloop(certificate: tuple[Path, Path], tmp_path: Path) -> None:
    """Its transports are none of asyncio's classes."""
    chain, key = certificate

    async def keep(mails: Sequence[Accepted]) -> None:
        del mails

    async def journey() -> bytes:
        settings = Settings(
            smtp_port=0, smtp_certificate=chain, smtp_key=key, smtp_idle_seconds=0.5,
            data_dir=tmp_path,
        )  # fmt: skip
        server = await start_smtp(settings, keep)
        line = Line(*await asyncio.open_connection("127.0.0.1", server.port))
        await line.hear()
        await line.say(EHLO)
        await line.say("STARTTLS")
        await until_empty(server)
        heard = await line.reader.read()
        line.writer.close()
        await server.close()
        return heard

    assert uvloop.run(journey()) == b""


@pytest.mark.parametrize("how", ["reset", "close", "nonsense"])
async def test_a_handshake_that_fails_gives_its_place_back(
    start: Start, dial: Dial, certificate: tuple[Path, Path], how: str
) -> None:
    chain, key = certificate
    server = await start(smtp_certificate=chain, smtp_key=key)
    line = await dial(server.port)
    await line.hear()
    await line.say(EHLO)
    assert (await line.say("STARTTLS")).startswith("220")
    if how == "nonsense":
        line.writer.write(b"this is no handshake\r\n\r\n")
    elif how == "reset":
        reset(line)
    else:
        line.writer.close()
    await until_empty(server)


async def test_starttls_is_taken_once_without_arguments_and_after_a_greeting(
    start: Start, dial: Dial, certificate: tuple[Path, Path]
) -> None:
    chain, key = certificate
    line = await dial((await start(smtp_certificate=chain, smtp_key=key)).port)
    await line.hear()
    await line.say(EHLO)
    assert (await line.say("STARTTLS now")).startswith("501")
    assert (await line.say("STARTTLS")).startswith("220")
    trusting = ssl.create_default_context(cafile=str(chain))
    await line.writer.start_tls(trusting, server_hostname="localhost")
    offered = await line.say(EHLO)
    assert "STARTTLS" not in offered
    assert (await line.say("STARTTLS"))[:1] in {"4", "5"}
    assert (await line.say("NOOP")).startswith("250")


async def test_a_slow_handshake_or_slow_mails_keep_nobody_else_waiting(
    start: Start, shelf: Shelf, dial: Dial
) -> None:
    """Slow senders hold places, not the server."""
    server = await start(smtp_max_connections=60, smtp_max_connections_per_address=60)
    slow = [await dial(server.port) for _ in range(50)]
    for one in slow:
        await one.hear()
        await one.envelope()
        one.writer.write(b"Subject: slow\r\n\r\nfirst")
    quick = await dial(server.port)
    async with asyncio.timeout(5):
        await quick.hear()
        await quick.envelope()
        assert (await quick.say("Subject: quick\r\n\r\nHello\r\n.")).startswith("250")
    assert [mail.raw for mail in shelf.mails] == [b"Subject: quick\r\n\r\nHello\r\n"]
