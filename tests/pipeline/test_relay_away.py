"""A relay that is away: mail waits for it as long as it takes, and holds up nothing else."""

import asyncio
from email.message import EmailMessage

from bot.mail.relay_pool import RelayAddress
from bot.mail.send import Relay
from bot.settings import Settings
from handlers.delivery import Later


def mail() -> EmailMessage:
    """A mail like any other."""
    message = EmailMessage()
    message["To"] = "ann@example.org"
    message.set_content("One")
    return message


async def never() -> bool:
    """Take what nobody may take."""
    raise AssertionError


async def handed(relay: Relay) -> Later:
    """What became of a mail."""
    result = await relay.send(mail(), "", ["ann@example.org"], never)
    assert isinstance(result, Later)
    return result


async def test_without_a_relay_no_try_is_used_up() -> None:
    assert not (await handed(Relay.of(Settings(relay_host=None)))).counts


async def test_a_relay_that_was_away_is_left_alone_for_a_while() -> None:
    knocks = []

    async def refuse(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        knocks.append(1)
        writer.write(b"554 not today\r\n")
        writer.close()

    server = await asyncio.start_server(refuse, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    relay = Relay(RelayAddress("127.0.0.1", port, 5, "never", None, None, "triagebot.example"))
    results = [await handed(relay) for _ in range(20)]
    assert len(knocks) == 1
    assert {one.counts for one in results} == {False}
    assert all(0 < (one.after_seconds or 0) <= 5 for one in results)
    await relay.close()
    server.close()
