"""Fixtures of the mailbox: its page served beside a recording service, all on free ports."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from sandbox_mailbox.recording import Place, RecordingService

from bot.sandbox.mailbox import Mailbox, Surroundings, add_mailbox


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    """A mailbox that listens, and its page as `serve --sandbox` has it."""
    mailbox, service = Mailbox(), RecordingService()
    async with service.listening() as door, mailbox.listening() as sink:
        app = web.Application()
        around = Surroundings("127.0.0.1", door, service.address, "http://127.0.0.1:1/dashboard")
        add_mailbox(app, mailbox, around)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            base_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
            async with aiohttp.ClientSession(base_url) as client:
                yield Place(mailbox, sink, service, base_url, client)
        finally:
            await runner.cleanup()
