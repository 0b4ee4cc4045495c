"""A name server, a key, and a deployment that checks senders itself."""

import base64
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator

import pytest
from senders.names import Names, answering

from bot.mail.authentic import SenderCheck
from bot.settings import Settings


@pytest.fixture
def names() -> Iterator[Names]:
    """The DNS of a test."""
    with answering(Names()) as server:
        yield server


@pytest.fixture
def straight(names: Names) -> Callable[..., SenderCheck]:
    """A deployment that mail comes straight to."""

    def check(**options: object) -> SenderCheck:
        known = {"check_senders": True, "check_senders_seconds": 5, "dns_server": "127.0.0.1"}
        return SenderCheck.of(Settings(**{**known, "dns_port": names.port, **options}))

    return check


@pytest.fixture(scope="session")
def key() -> bytes:
    """An RSA key as PEM."""
    return _openssl("genrsa", "2048")


@pytest.fixture(scope="session")
def published(key: bytes) -> str:
    """Its public half as it stands in the DNS."""
    public = _openssl("rsa", "-pubout", "-outform", "DER", given=key)
    return f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"


def _openssl(*arguments: str, given: bytes = b"") -> bytes:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("the command openssl, which makes the key, is not installed")
    done = subprocess.run([openssl, *arguments], input=given, check=True, capture_output=True)
    return re.sub(rb"\r\n", b"\n", done.stdout) if b"-----" in done.stdout else done.stdout
