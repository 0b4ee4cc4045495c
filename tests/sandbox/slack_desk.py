"""A small workspace, served on a free port, with a real Bolt app beside it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import Acting, PretendSlack, User, running


@dataclass
class Desk:
    """A served pretend Slack, with the ids that tests speak of."""

    slack: PretendSlack
    client: AsyncWebClient
    channel: str
    officer: Acting
    officer_id: str
    colleague: Acting
    colleague_id: str
    base_url: str


@contextlib.asynccontextmanager
async def served(slack: PretendSlack) -> AsyncIterator[Desk]:
    """Serve a workspace of two people and one channel."""
    workspace = slack.workspace
    asha = workspace.add_user(User("UASHA", "asha", "Asha Verma", email="asha@dars.example"))
    tom = workspace.add_user(User("UTOM", "tom", "Tom Ellery", email="tom@dars.example"))
    channel = workspace.add_channel("dars-cases", [asha.id, tom.id, slack.app.user_id])
    workspace.add_usergroup("dars-officers", "Officers", [asha.id])
    async with running(slack) as base_url:
        client = AsyncWebClient(slack.bot_token, base_url=slack.api_url)
        yield Desk(
            slack,
            client,
            channel.id,
            Acting(slack, asha.id),
            asha.id,
            Acting(slack, tom.id),
            tom.id,
            base_url,
        )


async def until(slack: PretendSlack, seen: Callable[[], bool], seconds: float = 5) -> None:
    """Wait until something can be seen in the workspace."""
    with slack.changes.listen() as changed:
        async with asyncio.timeout(seconds):
            while not seen():
                await changed.wait()
                changed.clear()


@contextlib.asynccontextmanager
async def connected(desk: Desk, build: Callable[[AsyncApp], object]) -> AsyncIterator[AsyncApp]:
    """A real Bolt app on Socket Mode, its listeners added by `build`."""
    app = AsyncApp(client=desk.client, ignoring_self_events_enabled=True)
    build(app)
    handler = AsyncSocketModeHandler(app, desk.slack.app_token, ping_interval=2)
    try:
        await handler.connect_async()
        await desk.slack.delivery.sockets.connected()
        yield app
    finally:
        await handler.close_async()
        await handler.client.aiohttp_client_session.close()
