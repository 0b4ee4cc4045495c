"""A running SMTP server, and raw connections to it."""

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from mail_server.peers import Dial, Line, Shelf, Start

from bot.mail.acceptor import Keep
from bot.mail.server import SmtpServer, start_smtp
from bot.settings import Settings


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
async def start(shelf: Shelf, tmp_path: Path) -> AsyncIterator[Start]:
    """Starts a server with these settings; each is closed after the test."""
    running: list[SmtpServer] = []

    async def start_one(keep: Keep | None = None, **options: Any) -> SmtpServer:
        # The shortest stop that still lets a mail in hand finish, unless a test says otherwise.
        options = {"smtp_port": 0, "smtp_commit_seconds": 2, "data_dir": tmp_path, **options}
        running.append(await start_smtp(Settings(**options), keep or shelf.keep))
        return running[-1]

    yield start_one
    for server in running:
        await server.close()


@pytest.fixture
async def dial() -> AsyncIterator[Dial]:
    """Opens raw connections to a port on this machine; all are closed after the test."""
    lines: list[Line] = []

    async def open_one(port: int) -> Line:
        lines.append(Line(*await asyncio.open_connection("127.0.0.1", port)))
        return lines[-1]

    yield open_one
    for line in lines:
        line.writer.close()
    for line in lines:
        try:
            await line.writer.wait_closed()
        except (ConnectionError, asyncio.IncompleteReadError):
            continue


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A self-signed certificate for localhost, and its key."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("the command openssl, which makes the certificate, is not installed")
    folder = tmp_path_factory.mktemp("tls")
    chain, key = folder / "chain.pem", folder / "key.pem"
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
         "-keyout", str(key), "-out", str(chain)],
        check=True,
        capture_output=True,
    )  # fmt: skip
    return chain, key
