"""Handing a mail over: what is certain after each way in which it can go."""

import asyncio
import shutil
import ssl
import subprocess
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult
from mail_out.sinks import Sink, dropping, listening, relay

from bot.mail.send import Relay
from bot.settings import Settings
from handlers.delivery import AlreadyTaken, InDoubt, Later, Refused, Sent

TO = ("ann@example.org",)


def mail(text: str = "Hello\n") -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = "Costs"
    message["From"] = "dars@triagebot.example"
    message.set_content(text)
    return message


class Takes:
    """Counts how often a mail was taken; says what it is told."""

    def __init__(self, answer: bool = True) -> None:  # noqa: FBT001, FBT002  reads well where used
        self.answer = answer
        self.count = 0

    async def __call__(self) -> bool:
        self.count += 1
        return self.answer


async def test_a_mail_is_handed_over_with_the_null_sender_and_the_answer_is_kept() -> None:
    sink, take = Sink(), Takes()
    async with listening(sink) as port, relay(port) as out:
        result = await out.send(mail("One\n.\n.two\n"), "", TO, take)
    assert isinstance(result, Sent)
    assert result.receipt.startswith("250")
    assert take.count == 1
    [envelope] = sink.taken
    assert envelope.mail_from == "<>"
    assert envelope.rcpt_tos == ["ann@example.org"]
    assert isinstance(envelope.content, bytes)
    assert envelope.content.endswith(b"\r\n\r\nOne\r\n.\r\n.two\r\n")


async def test_without_a_relay_mail_waits_and_says_why() -> None:
    take = Takes()
    result = await Relay.of(Settings(relay_host=None)).send(mail(), "", TO, take)
    assert isinstance(result, Later)
    assert "no relay is set" in result.why
    assert take.count == 0


async def test_a_connection_serves_many_mails() -> None:
    sink = Sink()
    async with listening(sink) as port, relay(port) as out:
        for _ in range(10):
            assert isinstance(await out.send(mail(), "", TO, Takes()), Sent)
    assert sink.seen["EHLO"] == 1
    assert len(sink.taken) == 10


async def test_eight_mails_at_once_use_at_most_eight_connections() -> None:
    sink = Sink()
    async with listening(sink) as port, relay(port) as out:
        await asyncio.gather(*(out.send(mail(), "", TO, Takes()) for _ in range(60)))
    assert sink.seen["EHLO"] <= 8
    assert len(sink.taken) == 60


async def test_a_mail_that_another_worker_took_is_not_sent() -> None:
    sink, take = Sink(), Takes(answer=False)
    async with listening(sink) as port, relay(port) as out:
        assert await out.send(mail(), "", TO, take) == AlreadyTaken()
        assert sink.seen["DATA"] == 0
        assert isinstance(await out.send(mail(), "", TO, Takes()), Sent)
    assert sink.seen["RSET"] == 1
    assert sink.seen["EHLO"] == 1


async def test_a_take_that_fails_is_raised_and_nothing_is_sent() -> None:
    async def fail() -> bool:
        raise RuntimeError("no database")

    sink = Sink()
    async with listening(sink) as port, relay(port) as out:
        with pytest.raises(RuntimeError):
            await out.send(mail(), "", TO, fail)
        assert isinstance(await out.send(mail(), "", TO, Takes()), Sent)
    assert len(sink.taken) == 1


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize(
    ("answer", "kind"),
    [("451 4.3.0 Come back", Later), ("452 4.2.2 Full", Later), ("550 5.7.1 Never", Refused)],
)
async def test_an_answer_4xx_means_later_and_5xx_never(
    command: str, answer: str, kind: type
) -> None:
    sink, take = Sink(answers={command: answer}), Takes()
    async with listening(sink) as port, relay(port) as out:
        result = await out.send(mail(), "", TO, take)
        assert isinstance(result, kind)
        assert answer in result.why
        assert take.count == (1 if command == "DATA" else 0)
        sink.answers.clear()
        assert isinstance(await out.send(mail(), "", TO, Takes()), Sent)


async def test_a_copy_that_is_refused_is_left_out_and_noted() -> None:
    sink = Sink(answers={"old@example.org": "550 5.1.1 Unknown"})
    async with listening(sink) as port, relay(port) as out:
        result = await out.send(mail(), "", (*TO, "old@example.org"), Takes())
    assert isinstance(result, Sent)
    assert "old@example.org: 550" in result.receipt
    assert len(sink.taken) == 1


async def test_a_copy_that_is_put_off_puts_the_mail_off() -> None:
    sink, take = Sink(answers={"new@example.org": "450 4.2.0 Greylisted"}), Takes()
    async with listening(sink) as port, relay(port) as out:
        assert isinstance(await out.send(mail(), "", (*TO, "new@example.org"), take), Later)
    assert take.count == 0


@pytest.mark.parametrize("step", ["greeting", "EHLO", "MAIL", "RCPT", "DATA", "content"])
async def test_a_connection_lost_before_the_final_dot_means_later(step: str) -> None:
    async with dropping(step) as (port, heard), relay(port) as out:
        # Too large for the network to swallow it before the connection is lost.
        text = ("x" * 70 + "\n") * 200_000 if step == "content" else "Hello\n"
        result = await out.send(mail(text), "", TO, Takes())
    assert isinstance(result, Later), result
    assert not any(line.endswith(b"\r\n.\r\n") for line in heard)


async def test_a_connection_lost_after_the_final_dot_is_doubt() -> None:
    async with dropping("dot") as (port, heard), relay(port) as out:
        result = await out.send(mail(), "", TO, Takes())
    assert isinstance(result, InDoubt)
    assert heard[-1].endswith(b"\r\n.\r\n")


async def test_a_relay_that_is_silent_after_the_dot_is_doubt() -> None:
    class Silent(Sink):
        async def handle_DATA(self, *_: object) -> str:  # noqa: N802  the library's name
            await asyncio.sleep(3)
            return "250 too late"

    async with listening(Silent()) as port, relay(port, timeout=0.1) as out:
        assert isinstance(await out.send(mail(), "", TO, Takes()), InDoubt)


async def test_a_connection_that_the_relay_closed_meanwhile_is_replaced() -> None:
    async with dropping("MAIL", times=1) as (port, heard), relay(port) as out:
        result = await out.send(mail(), "", TO, take := Takes())
    assert isinstance(result, Sent)
    assert take.count == 1
    assert [line[:4] for line in heard].count(b"EHLO") == 2


async def test_a_relay_that_is_not_there_means_later() -> None:
    async with listening(Sink()) as port:
        pass
    async with relay(port) as out:
        result = await out.send(mail(), "", TO, Takes())
    assert isinstance(result, Later)


@pytest.mark.parametrize(
    "recipients", [(), ("zoë@",), ("a b@example.org",), ("a@b\r\nRSET",), ("<a@b>",)]
)
async def test_an_address_that_smtp_cannot_carry_is_refused(recipients: tuple[str, ...]) -> None:
    sink = Sink()
    async with listening(sink) as port, relay(port) as out:
        assert isinstance(await out.send(mail(), "", recipients, Takes()), Refused)
    assert not sink.seen


@pytest.fixture(scope="session")
def tls(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """A server's context with a certificate that nobody vouches for."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("the command openssl, which makes the certificate, is not installed")
    folder = tmp_path_factory.mktemp("relay")
    chain, key = Path(folder / "chain.pem"), Path(folder / "key.pem")
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-keyout", str(key), "-out", str(chain)],
        check=True,
        capture_output=True,
    )  # fmt: skip
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(chain, key)
    return context


async def test_tls_is_used_where_it_is_offered(tls: ssl.SSLContext) -> None:
    sink = Sink()
    async with listening(sink, tls_context=tls) as port, relay(port) as out:
        assert isinstance(await out.send(mail(), "", TO, Takes()), Sent)
    assert sink.encrypted == [True]


async def test_tls_is_left_alone_where_the_setting_says_never(tls: ssl.SSLContext) -> None:
    sink = Sink()
    async with listening(sink, tls_context=tls) as port, relay(port, starttls="never") as out:
        assert isinstance(await out.send(mail(), "", TO, Takes()), Sent)
    assert sink.encrypted == [False]


async def test_always_means_that_mail_waits_without_tls_or_with_a_wrong_certificate(
    tls: ssl.SSLContext,
) -> None:
    for options in ({}, {"tls_context": tls}):
        sink = Sink()
        async with listening(sink, **options) as port, relay(port, starttls="always") as out:
            assert isinstance(await out.send(mail(), "", TO, Takes()), Later)
        assert not sink.taken


async def test_a_password_is_not_sent_in_clear_unless_allowed() -> None:
    passwords: list[object] = []

    def authenticate(*arguments: object) -> AuthResult:
        passwords.append(arguments[-1])
        return AuthResult(success=True)

    sink = Sink()
    account = {"username": "bot", "password": "open sesame"}
    options = {"authenticator": authenticate, "auth_require_tls": False}
    async with listening(sink, **options) as port:
        async with relay(port, **account) as out:
            result = await out.send(mail(), "", TO, Takes())
        assert isinstance(result, Later)
        assert "not sent without it" in result.why
        assert "sesame" not in result.why
        assert not passwords
        async with relay(port, starttls="never", **account) as out:
            assert isinstance(await out.send(mail(), "", TO, Takes()), Sent)
        assert len(passwords) == 1


@pytest.mark.alone
async def test_a_hundred_and_fifty_mails_a_second_leave() -> None:
    sink = Sink()
    async with listening(sink) as port, relay(port) as out:
        started = asyncio.get_running_loop().time()
        results = await asyncio.gather(*(out.send(mail(), "", TO, Takes()) for _ in range(300)))
        seconds = asyncio.get_running_loop().time() - started
    assert all(isinstance(result, Sent) for result in results)
    assert 300 / seconds > 150
