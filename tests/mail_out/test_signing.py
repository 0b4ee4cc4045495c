"""Mail that leaves under our domain's signature, and settings that cannot sign."""

import base64
import shutil
import subprocess
from pathlib import Path

import dkim
import pytest
from mail_out.letters import IDENTITY, LETTERS
from mail_out.sinks import Sink, listening

from bot.checking import problems_of
from bot.mail.relay_pool import RelayAddress
from bot.mail.send import Relay
from bot.mail.signing import Signer, SigningError
from bot.mail.transport import MailTransport
from bot.settings import Settings
from handlers.delivery import Sent
from handlers.tables import Outgoing


@pytest.fixture(scope="session")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key file as operators make it."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("the command openssl, which makes the key, is not installed")
    path = tmp_path_factory.mktemp("dkim") / "key.pem"
    subprocess.run([openssl, "genrsa", "-out", str(path), "2048"], check=True, capture_output=True)
    return path


def published(key: Path) -> bytes:
    command = ["openssl", "rsa", "-in", str(key), "-pubout", "-outform", "DER"]
    public = subprocess.run(command, check=True, capture_output=True).stdout
    return b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)


async def take() -> bool:
    return True


@pytest.mark.parametrize("name", ["answer", "officer"])
async def test_a_letter_leaves_signed_and_the_copy_that_is_kept_is_the_signed_one(
    name: str, key: Path
) -> None:
    signer = Signer.of(Settings(dkim_key=key, dkim_selector="s1"))
    sink = Sink()
    async with listening(sink) as port:
        address = RelayAddress("127.0.0.1", port, 2, "never", None, None, "triagebot.example")
        relay = Relay(address, signer=signer)
        outgoing = Outgoing(id=1, payload=LETTERS[name].model_dump(mode="json"))
        result = await MailTransport(relay, IDENTITY).deliver(outgoing, take)
        await relay.close()
    assert isinstance(result, Sent)
    raw = sink.taken[0].content
    assert isinstance(raw, bytes)
    assert result.copy == raw
    asked: list[bytes] = []

    def known(name: bytes, timeout: float = 0) -> bytes:
        asked.append(name)
        return published(key)

    assert dkim.verify(raw, dnsfunc=known)
    assert asked == [b"s1._domainkey.triagebot.example."]
    assert not dkim.verify(raw.replace(b"Subject: ", b"Subject: Not "), dnsfunc=known)
    assert not dkim.verify(b"From: eve@evil.example\r\n" + raw, dnsfunc=known)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"dkim_selector": ""}, "set TRIAGEBOT_DKIM_SELECTOR"),
        ({"dkim_domain": "else.example"}, "does not speak for dars@triagebot.example"),
        ({"dkim_domain": "no domain"}, "is not a domain"),
        ({"dkim_key": Path("/nowhere/key.pem")}, "cannot be read: No such file"),
        ({"dkim_key": Path(__file__)}, "is no RSA key"),
    ],
)
def test_settings_that_cannot_sign_are_told_in_one_line_by_check(
    changed: dict[str, object], words: str, key: Path
) -> None:
    settings = Settings(**{"dkim_key": key, "dkim_selector": "s1", **changed})
    with pytest.raises(SigningError):
        Signer.of(settings)
    [problem] = [one for one in problems_of(settings, ()) if "DKIM" in one]
    assert problem.startswith("error: ")
    assert words in problem
    assert "\n" not in problem


def test_no_key_means_no_signature_and_no_problem() -> None:
    assert Signer.of(Settings()) is None
    assert not [one for one in problems_of(Settings(), ()) if "DKIM" in one]


def test_a_signer_never_shows_its_key(key: Path) -> None:
    assert "PRIVATE" not in repr(Signer.of(Settings(dkim_key=key, dkim_selector="s1")))
