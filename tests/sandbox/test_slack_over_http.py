"""An app that is called by HTTP: signed, acknowledged within the time, tried again if not."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from sandbox.slack_desk import Desk
from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.sandbox.slack import NoAnswerError

Json = dict[str, Any]
BUTTON = {
    "type": "actions",
    "elements": [
        {
            "type": "button",
            "action_id": "claim",
            "text": {"type": "plain_text", "text": "Claim"},
        }
    ],
}


@contextlib.asynccontextmanager
async def listening(application: web.Application) -> AsyncIterator[str]:
    runner = web.AppRunner(application)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    finally:
        await runner.cleanup()


@pytest.fixture
async def app(desk: Desk) -> AsyncIterator[AsyncApp]:
    """A Bolt app on an HTTP port, installed with its request URL."""
    made = AsyncApp(client=desk.client, signing_secret=desk.slack.app.signing_secret)
    async with listening(made.web_app("/slack/events")) as url:
        assert await desk.slack.delivery.verify_request_url(url, "token")
        desk.slack.configure(request_url=url)
        yield made


async def test_events_presses_and_commands_arrive_and_are_answered(
    desk: Desk, app: AsyncApp
) -> None:
    heard: asyncio.Queue[str] = asyncio.Queue()

    @app.event("message")
    async def message(event: Json) -> None:
        await heard.put(event["text"])

    @app.action("claim")
    async def claim(ack: AsyncAck, body: Json) -> None:
        await ack()
        await heard.put(body["actions"][0]["action_id"])

    @app.command("/triage")
    async def triage(ack: AsyncAck, command: Json) -> None:
        await ack({"text": f"Asked for {command['text']}", "response_type": "in_channel"})

    desk.officer.say(desk.channel, "Hello")
    assert await asyncio.wait_for(heard.get(), 5) == "Hello"
    posted = await desk.client.chat_postMessage(channel=desk.channel, text="7", blocks=[BUTTON])
    await desk.officer.press(desk.channel, posted["ts"], "claim")
    assert await asyncio.wait_for(heard.get(), 5) == "claim"
    await desk.officer.command(desk.channel, "/triage", "stats")
    assert desk.slack.workspace.history(desk.channel)[-1].text == "Asked for stats"


async def test_bolt_refuses_what_is_not_signed_with_the_secret(desk: Desk, app: AsyncApp) -> None:
    headers = {"X-Slack-Signature": "v0=00", "X-Slack-Request-Timestamp": "1"}
    url = str(desk.slack.app.request_url)
    body = {"type": "event_callback"}
    async with (
        aiohttp.ClientSession() as other,
        other.post(url, json=body, headers=headers) as answer,
    ):
        assert answer.status == 401


async def test_an_event_is_tried_again_with_its_number_and_reason(desk: Desk) -> None:
    seen: list[tuple[str | None, str | None, str]] = []

    async def take(request: web.Request) -> web.Response:
        body = json.loads(await request.text())
        number = request.headers.get("X-Slack-Retry-Num")
        seen.append((number, request.headers.get("X-Slack-Retry-Reason"), body["event_id"]))
        if len(seen) == 1:
            return web.Response(status=500)
        if len(seen) == 2:
            await asyncio.sleep(1.5)
        return web.Response()

    application = web.Application()
    application.router.add_post("/slack/events", take)
    async with listening(application) as url:
        desk.slack.configure(request_url=url)
        desk.officer.say(desk.channel, "Hello")
        await desk.slack.delivery.settled()
    assert [one[:2] for one in seen] == [(None, None), ("1", "http_error"), ("2", "http_timeout")]
    assert len({event_id for _, _, event_id in seen}) == 1


async def test_an_app_can_ask_not_to_be_tried_again(desk: Desk) -> None:
    seen: list[str] = []

    async def refuse(request: web.Request) -> web.Response:
        seen.append(request.path)
        return web.Response(status=500, headers={"X-Slack-No-Retry": "1"})

    application = web.Application()
    application.router.add_post("/slack/events", refuse)
    async with listening(application) as url:
        desk.slack.configure(request_url=url)
        desk.officer.say(desk.channel, "Hello")
        await desk.slack.delivery.settled()
        with pytest.raises(NoAnswerError, match="http_error"):
            await desk.officer.command(desk.channel, "/triage")
    assert len(seen) == 2
    assert [d.failure for d in desk.slack.delivery.journal] == ["http_error", "http_error"]
