"""A message as it arrived, byte for byte: for who holds a link of ours, and for a while only."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from bot.settings import Settings
from bot.web.app import create_app
from bot.web.health import TriageStatus
from bot.web.server import WebServer
from handlers.desk import Desk
from handlers.raw_mail import LASTS, RawLinks, inbound_of
from handlers.tables import Inbound
from handlers.unit import Store

RAW = b"From: a@uni.example\r\nSubject: \xff\r\n\r\n<script>alert(1)</script>\x00"
KEY = "a key of this test"


@pytest.fixture
async def asking(store: Store, desk: Desk) -> AsyncIterator[aiohttp.ClientSession]:
    """Asks the pages of a deployment."""
    app = create_app(store, Settings(), TriageStatus(model="m1", has_encoder=True), desk)
    server = WebServer(app, "127.0.0.1", 0)
    async with aiohttp.ClientSession(await server.start()) as session:
        yield session
    await server.stop()


@pytest.fixture
async def kept(store: Store) -> int:
    """The number of a mail that arrived."""
    row = Inbound(
        key="one",
        channel="email",
        envelope_from="a@uni.example",
        envelope_to=["dars@triagebot.example"],
        peer="127.0.0.1",
        raw=RAW,
    )
    async with store.unit() as unit:
        unit.session.add(row)
        await unit.session.flush()
        return row.id


def path(number: int, now: datetime) -> str:
    return (
        RawLinks("http://pages.example", KEY).link(number, now).removeprefix("http://pages.example")
    )


async def test_a_link_gives_the_bytes_as_a_file_that_no_browser_runs(
    asking: aiohttp.ClientSession, kept: int
) -> None:
    async with asking.get(path(kept, datetime.now(UTC))) as answer:
        assert answer.status == 200
        assert await answer.read() == RAW
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["Cache-Control"] == "no-store"


async def test_a_link_ends(asking: aiohttp.ClientSession, kept: int) -> None:
    async with asking.get(path(kept, datetime.now(UTC) - LASTS - timedelta(seconds=1))) as answer:
        assert answer.status == 404
        assert "has ended" in await answer.text()


def test_a_link_of_one_message_is_none_of_another_and_cannot_be_made_longer() -> None:
    now = datetime.now(UTC)
    token = path(7, now).rpartition("/")[2]
    number, until, sign = token.split("-")
    assert inbound_of(token, KEY, now) == 7
    assert inbound_of(f"8-{until}-{sign}", KEY, now) is None
    assert inbound_of(f"{number}-{int(until) + 1}-{sign}", KEY, now) is None
    assert inbound_of(token, "another key", now) is None
    assert inbound_of("7", KEY, now) is None
