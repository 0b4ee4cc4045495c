"""Signing in at the relay by a token, and TLS as the policy wants it."""

import asyncio
import base64
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiosmtpd.smtp import SMTP, AuthResult
from mail_out.sinks import Sink, listening, relay

from bot.mail.oauth import ClientCredentials, TokenError
from bot.mail.send import Relay
from handlers.delivery import Later, Result, Sent


@dataclass
class TokenServer:
    """Gives tokens numbered from 1, to who knows the secret."""

    life: float = 3600
    status: int = 200
    body: str | None = None
    forms: list[dict[str, str]] = field(default_factory=list)
    url: str = ""

    async def grant(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.forms.append(form)
        if self.body is not None or self.status != 200:
            return web.Response(status=self.status, text=self.body or "no")
        granted = {"access_token": f"token-{len(self.forms)}", "expires_in": self.life}
        return web.json_response({"token_type": "Bearer", **granted})

    def credentials(self) -> ClientCredentials:
        return ClientCredentials(self.url, "triagebot", "open sesame", "mail.send")


@pytest.fixture
async def tokens() -> AsyncIterator[TokenServer]:
    """A token server on this machine."""
    server = TokenServer()
    app = web.Application()
    app.router.add_post("/token", server.grant)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}/token"
    yield server
    await runner.cleanup()


@dataclass
class Guarded(Sink):
    """A relay that lets in who brings a token that it takes."""

    takes: set[str] = field(default_factory=set)
    brought: list[str] = field(default_factory=list)

    async def auth_XOAUTH2(self, server: SMTP, words: list[str]) -> Any:  # noqa: N802  the library's name
        said = base64.b64decode(words[1]).decode()
        assert said.startswith("user=dars@triagebot.example\x01auth=Bearer ")
        self.brought.append(said.split("Bearer ")[1].strip("\x01"))
        if self.brought[-1] in self.takes:
            return AuthResult(success=True, auth_data=self.brought[-1])
        # As Exchange does: the reason as a challenge, then the refusal.
        await server.challenge_auth("eyJzdGF0dXMiOiI0MDEifQ==", encode_to_b64=False)
        await server.push("535 5.7.3 Authentication unsuccessful")
        return AuthResult(success=False, handled=True)


async def take() -> bool:
    return True


def mail() -> EmailMessage:
    message = EmailMessage()
    message.set_content("Hello")
    return message


@asynccontextmanager
async def signing_in(sink: Guarded, server: TokenServer, **options: Any) -> AsyncIterator[Relay]:
    account = {"username": "dars@triagebot.example", "starttls": "never"}
    async with listening(sink, auth_require_tls=False) as port:
        known = {**account, "tokens": server.credentials(), **options}
        async with relay(port, **known) as out:
            yield out


async def hand(out: Relay) -> Result:
    return await out.send(mail(), "", ["ann@example.org"], take)


async def test_mail_leaves_where_the_token_is_taken(tokens: TokenServer) -> None:
    sink = Guarded(takes={"token-1"})
    async with signing_in(sink, tokens) as out:
        assert isinstance(await hand(out), Sent)
    assert tokens.forms == [
        {
            "grant_type": "client_credentials",
            "client_id": "triagebot",
            "client_secret": "open sesame",
            "scope": "mail.send",
        }
    ]


async def test_a_token_that_was_taken_back_is_replaced_once(tokens: TokenServer) -> None:
    sink = Guarded(takes={"token-2"})
    async with signing_in(sink, tokens) as out:
        assert isinstance(await hand(out), Sent)
    assert sink.brought == ["token-1", "token-2"]


async def test_a_relay_that_takes_none_is_away_and_is_not_asked_for_ever(
    tokens: TokenServer,
) -> None:
    sink = Guarded()
    async with signing_in(sink, tokens) as out:
        result = await hand(out)
        assert isinstance(await hand(out), Later)
    assert isinstance(result, Later)
    assert not result.counts
    assert len(sink.brought) == 2
    assert "token-" not in result.why


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (401, None, "refused with 401"),
        (200, "<html>", "cannot be read"),
        (200, "{}", "cannot be read"),
        (302, None, "refused with 302"),
    ],
)
async def test_without_a_token_mail_waits_and_says_why_without_the_secret(
    tokens: TokenServer, status: int, body: str | None, words: str
) -> None:
    tokens.status, tokens.body = status, body
    async with signing_in(Guarded(), tokens) as out:
        result = await hand(out)
    assert isinstance(result, Later)
    assert words in result.why
    assert not result.counts
    assert "sesame" not in result.why


async def test_no_token_crosses_the_network_in_clear_unless_allowed(tokens: TokenServer) -> None:
    sink = Guarded(takes={"token-1"})
    async with signing_in(sink, tokens, starttls="if-offered") as out:
        assert isinstance(await hand(out), Later)
    assert not sink.brought


async def test_a_token_serves_until_shortly_before_its_end(tokens: TokenServer) -> None:
    tokens.life = 1
    credentials = tokens.credentials()
    assert [await credentials.token() for _ in range(3)] == ["token-1"] * 3
    await asyncio.sleep(0.85)
    assert await credentials.token() == "token-2"


async def test_many_who_ask_at_once_cause_one_question(tokens: TokenServer) -> None:
    credentials = tokens.credentials()
    found = await asyncio.gather(*(credentials.token() for _ in range(20)))
    assert set(found) == {"token-1"}
    assert "sesame" not in repr(credentials)


async def test_a_token_server_that_is_not_there_is_told(tokens: TokenServer) -> None:
    away = ClientCredentials("http://127.0.0.1:9/token", "triagebot", "open sesame", "")
    with pytest.raises(TokenError, match="cannot be reached"):
        await away.token()


@dataclass
class Certified:
    """A server's certificate, and the file by which it can be checked."""

    context: ssl.SSLContext
    chain: Path


@pytest.fixture(scope="session")
def certified(tmp_path_factory: pytest.TempPathFactory) -> Certified:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("the command openssl, which makes the certificate, is not installed")
    folder = tmp_path_factory.mktemp("relay")
    chain, key = folder / "chain.pem", folder / "key.pem"
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1",
         "-keyout", str(key), "-out", str(chain)],
        check=True,
        capture_output=True,
    )  # fmt: skip
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(chain, key)
    return Certified(context, chain)


@asynccontextmanager
async def implicit(sink: Sink, context: ssl.SSLContext) -> AsyncIterator[int]:
    """A relay that speaks TLS from the first byte on."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(sink, loop=loop, hostname="relay.example"), "127.0.0.1", 0, ssl=context
    )
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()


async def test_tls_from_the_first_byte_with_a_certificate_that_our_file_vouches_for(
    certified: Certified,
) -> None:
    sink = Sink()
    async with (
        implicit(sink, certified.context) as port,
        relay(port, tls="implicit", ca_file=certified.chain) as out,
    ):
        assert isinstance(await hand(out), Sent)
    assert len(sink.taken) == 1


async def test_a_certificate_that_nobody_vouches_for_keeps_mail_back(
    certified: Certified,
) -> None:
    sink = Sink()
    async with implicit(sink, certified.context) as port, relay(port, tls="implicit") as out:
        assert isinstance(await hand(out), Later)
    assert not sink.taken


async def test_an_older_tls_than_the_policy_wants_keeps_mail_back(certified: Certified) -> None:
    old = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    old.load_cert_chain(certified.chain, certified.chain.with_name("key.pem"))
    old.maximum_version = ssl.TLSVersion.TLSv1_2
    sink = Sink()
    async with implicit(sink, old) as port:
        known = {"tls": "implicit", "ca_file": certified.chain}
        async with relay(port, tls_minimum="1.3", **known) as out:
            assert isinstance(await hand(out), Later)
        async with relay(port, tls_minimum="1.2", **known) as out:
            assert isinstance(await hand(out), Sent)
    assert len(sink.taken) == 1
