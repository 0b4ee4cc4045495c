"""STARTTLS: offered with a certificate, on both event loops, and closed to injection."""

import asyncio
import smtplib
import ssl
from collections.abc import Sequence
from pathlib import Path

import pytest
import uvloop
from mail_server.peers import Dial, Shelf, Start

from bot.mail.server import start_smtp
from bot.settings import Settings
from handlers.intake import Accepted

US = "dars@triagebot.example"
MAIL = "Subject: Costs\r\n\r\nHello\r\n"


def send_encrypted(port: int, chain: Path) -> bytes:
    """Send over verified TLS; the EHLO answer after it."""
    with smtplib.SMTP("127.0.0.1", port, timeout=15) as client:
        client.ehlo()
        assert client.has_extn("starttls")
        client.starttls(context=ssl.create_default_context(cafile=str(chain)))
        _, offered = client.ehlo()
        client.sendmail("ann@example.org", [US], MAIL)
        return offered


async def test_mail_comes_in_over_tls(
    start: Start, shelf: Shelf, certificate: tuple[Path, Path]
) -> None:
    chain, key = certificate
    server = await start(smtp_certificate=chain, smtp_key=key)
    offered = await asyncio.to_thread(send_encrypted, server.port, chain)
    assert b"STARTTLS" not in offered
    assert b"AUTH" not in offered
    assert len(shelf.mails) == 1


def test_mail_comes_in_over_tls_on_uvloop(certificate: tuple[Path, Path], tmp_path: Path) -> None:
    chain, key = certificate
    kept: list[Accepted] = []

    async def keep(mails: Sequence[Accepted]) -> None:
        kept.extend(mails)

    async def journey() -> None:
        settings = Settings(smtp_port=0, smtp_certificate=chain, smtp_key=key, data_dir=tmp_path)
        server = await start_smtp(settings, keep)
        await asyncio.to_thread(send_encrypted, server.port, chain)
        await server.close()

    uvloop.run(journey())
    assert len(kept) == 1


async def test_commands_pipelined_behind_starttls_are_dropped(
    start: Start, shelf: Shelf, certificate: tuple[Path, Path]
) -> None:
    """CVE-2011-0411: plaintext sent ahead must not be run inside the encrypted session."""
    chain, key = certificate
    server = await start(smtp_certificate=chain, smtp_key=key)

    def attack() -> list[int]:
        with smtplib.SMTP("127.0.0.1", server.port, timeout=15) as client:
            client.ehlo()
            client.sock.sendall(b"STARTTLS\r\nMAIL FROM:<eve@example.org>\r\nNOOP\r\n")
            assert client.getreply()[0] == 220
            context = ssl.create_default_context(cafile=str(chain))
            client.file.close()
            client.file = None
            client.sock = context.wrap_socket(client.sock, server_hostname="127.0.0.1")
            # The only replies are those to what was said inside.
            codes = [client.noop()[0], client.ehlo()[0], client.rcpt(US)[0]]
            client.quit()
            return codes

    try:
        codes = await asyncio.to_thread(attack)
    except (ssl.SSLError, ConnectionError):
        codes = []  # The handshake failed on the stray bytes, which is as safe.
    assert codes in ([], [250, 250, 503])
    assert shelf.mails == []


async def test_the_state_before_tls_is_forgotten(
    start: Start, certificate: tuple[Path, Path]
) -> None:
    chain, key = certificate
    server = await start(smtp_certificate=chain, smtp_key=key)

    def journey() -> int:
        with smtplib.SMTP("127.0.0.1", server.port, timeout=15) as client:
            client.ehlo()
            client.mail("ann@example.org")
            client.starttls(context=ssl.create_default_context(cafile=str(chain)))
            client.ehlo()
            return client.rcpt(US)[0]

    assert await asyncio.to_thread(journey) == 503


async def test_a_failed_handshake_leaves_the_server_well(
    start: Start, shelf: Shelf, dial: Dial, certificate: tuple[Path, Path]
) -> None:
    chain, key = certificate
    server = await start(smtp_certificate=chain, smtp_key=key)
    line = await dial(server.port)
    await line.hear()
    await line.say("EHLO client.example")
    assert (await line.say("STARTTLS")).startswith("220")
    line.writer.write(b"this is no handshake\r\n\r\n")
    await line.reader.read()
    await asyncio.to_thread(send_encrypted, server.port, chain)
    assert len(shelf.mails) == 1


async def test_a_key_that_does_not_fit_is_told_at_the_start(
    start: Start, certificate: tuple[Path, Path], tmp_path: Path
) -> None:
    chain, _ = certificate
    wrong = tmp_path / "wrong.pem"
    wrong.write_text("not a key")
    with pytest.raises(ssl.SSLError):
        await start(smtp_certificate=chain, smtp_key=wrong)
