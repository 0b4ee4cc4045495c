"""Fixtures for figures and pages: a store over a fresh database, and the pages being served."""

from collections.abc import AsyncIterator
from functools import partial

import aiohttp
import pytest
from web.ledger import Ledger, NoJobs

from bot.mail.render import Identity
from bot.previews import preview
from bot.settings import Settings
from bot.web.app import create_app
from bot.web.health import TriageStatus
from bot.web.knowledge import KnowledgePages
from bot.web.server import WebServer
from handlers.unit import Store

CONTACTS = {"organisation": "NHS England", "telephone": "0300 303 5678"}
IDENTITY = Identity("dars@triagebot.example", "DARS", "NHS England", "0300 303 5678", "")


@pytest.fixture
async def store(database: str) -> AsyncIterator[Store]:
    """The store over the test's own database."""
    store = Store(database, NoJobs(), pool_size=2)
    yield store
    await store.close()


@pytest.fixture
def ledger(store: Store) -> Ledger:
    """Writes what happened."""
    return Ledger(store)


@pytest.fixture
async def site(store: Store) -> AsyncIterator[str]:
    """The address of the pages, without the last slash."""
    app = create_app(store, Settings(), TriageStatus(model="m1", has_encoder=True))
    app.router.routes.extend(KnowledgePages(CONTACTS, partial(preview, IDENTITY)).routes())
    server = WebServer(app, "127.0.0.1", 0)
    address = await server.start()
    yield address.rstrip("/")
    await server.stop()


@pytest.fixture
async def client(site: str) -> AsyncIterator[aiohttp.ClientSession]:
    """Asks the pages by their paths."""
    async with aiohttp.ClientSession(site) as session:
        yield session
