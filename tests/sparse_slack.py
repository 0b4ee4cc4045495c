"""Another server that speaks as Slack does, built to be unlike our pretend one.

It knows the basics and no more, says little in what it sends, adds fields that nobody asked for,
and sends numbers as text. What is right only beside our own pretend Slack fails here.
"""

import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import WSMsgType, web
from slack_world import eventually

Json = dict[str, Any]
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
BOT_TOKEN, APP_TOKEN = "xoxb-sparse", "xapp-sparse"
TEAM, BOT_USER = "T024BE7LH", "U0BOT"


def says_unknown(method: str) -> web.Response:
    """As Slack says it."""
    del method
    return web.json_response({"ok": False, "error": "unknown_method"})


def has_no_address(method: str) -> web.Response:
    """As a web server says it that has no such address."""
    return web.Response(status=404, text=f"404: {method} not found")


def lacks_scope(method: str) -> web.Response:
    """As Slack says it to an app that may not."""
    return web.json_response({"ok": False, "error": "missing_scope", "needed": method})


@dataclass
class SparseSlack:
    """The server: what was posted, which modals are open, and what the app answered."""

    unknown: Callable[[str], web.Response] = says_unknown
    port: int = 0
    posts: list[Json] = field(default_factory=list)
    views: list[Json] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    """Every method called, in order."""
    tokens: list[tuple[str, str]] = field(default_factory=list)
    """The same with the token of each."""
    refused: dict[str, str] = field(default_factory=dict)
    """Errors by token: such a token is refused whatever is asked."""
    busy: dict[str, float] = field(default_factory=dict)
    """Channels that take no more posts just now, with their Retry-After."""
    request_url: str = ""
    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    connected: int = 0
    acknowledged: dict[str, Json] = field(default_factory=dict)
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.port}/compat/api"

    def configure(self, *, request_url: str) -> None:
        self.request_url = request_url

    async def call(self, request: web.Request) -> web.Response:
        """One call of the Web API."""
        method = request.match_info["method"]
        self.asked.append(method)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        self.tokens.append((method, token))
        if error := self.refused.get(token):
            return web.json_response({"ok": False, "error": error})
        known = getattr(self, f"_{method.replace('.', '_')}", None)
        if known is None:
            return self.unknown(method)
        told = await _arguments(request)
        if (wait := self.busy.get(told.get("channel", ""))) is not None:
            headers = {"Retry-After": str(wait)}
            return web.json_response(
                {"ok": False, "error": "ratelimited"}, status=429, headers=headers
            )
        return web.json_response(known(told))

    def _auth_test(self, told: Json) -> Json:
        del told
        return {"ok": True, "user_id": BOT_USER, "team_id": TEAM, "url": "https://sparse.example/"}

    def _apps_connections_open(self, told: Json) -> Json:
        del told
        return {"ok": True, "url": f"ws://127.0.0.1:{self.port}/socket"}

    def _chat_postMessage(self, told: Json) -> Json:  # noqa: N802  Slack's name
        post = {**told, "ts": f"1700000000.{next(self._numbers):06}"}
        self.posts.append(post)
        return {"ok": True, "channel": told["channel"], "ts": post["ts"]}

    def _chat_update(self, told: Json) -> Json:
        [post] = [one for one in self.posts if one["ts"] == told["ts"]]
        post |= told
        return {"ok": True, "ts": told["ts"], "text": told["text"]}

    def _views_open(self, told: Json) -> Json:
        view = told["view"] if isinstance(told["view"], dict) else json.loads(told["view"])
        self.views.append(view)
        return {"ok": True, "view": {"id": f"V{len(self.views)}"}}

    def _conversations_open(self, told: Json) -> Json:
        return {"ok": True, "channel": {"id": f"D{told['users']}"}}

    def _conversations_history(self, told: Json) -> Json:
        del told
        return {"ok": True, "messages": []}

    _conversations_replies = _conversations_history

    async def socket(self, request: web.Request) -> web.WebSocketResponse:
        """One Socket Mode connection."""
        link = web.WebSocketResponse()
        await link.prepare(request)
        await link.send_json({"type": "hello", "num_connections": "1"})
        self.sockets.append(link)
        self.connected += 1
        async for message in link:
            if message.type == WSMsgType.TEXT:
                answer = json.loads(message.data)
                self.acknowledged[answer["envelope_id"]] = answer.get("payload") or {}
        if link in self.sockets:
            self.sockets.remove(link)
        return link

    async def refresh(self) -> None:
        """Have the app come by a fresh connection, as Slack does every few hours."""
        old, before = self.sockets[-1], self.connected
        await old.send_json({"type": "disconnect", "reason": "refresh_requested"})
        await eventually(lambda: self.connected > before)
        await old.close()

    async def send(self, kind: str, payload: Json, *, retry: int = 0) -> tuple[int, Json]:
        """Hand something to the app, by whichever way it listens: the status and the answer."""
        if self.sockets:
            return await self._by_socket(kind, payload, retry)
        return await self._by_http(kind, payload, retry)

    async def _by_socket(self, kind: str, payload: Json, retry: int) -> tuple[int, Json]:
        ident = f"envelope-{next(self._numbers)}"
        envelope: Json = {"envelope_id": ident, "type": kind, "payload": payload, "shard": "7"}
        if retry:
            envelope |= {"retry_attempt": str(retry), "retry_reason": "timeout"}
        await self.sockets[-1].send_json(envelope)
        await eventually(lambda: ident in self.acknowledged, seconds=3)
        return 200, self.acknowledged[ident]

    async def _by_http(self, kind: str, payload: Json, retry: int) -> tuple[int, Json]:
        if kind == "events_api":
            body, content = json.dumps(payload), "application/json"
        else:
            body = urlencode({"payload": json.dumps(payload)})
            content = "application/x-www-form-urlencoded"
        stamp = str(int(time.time()))
        digest = hmac.new(SECRET.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256)
        headers = {
            "content-type": content,
            "x-slack-request-timestamp": stamp,
            "x-slack-signature": f"v0={digest.hexdigest()}",
        }
        if retry:
            headers |= {"x-slack-retry-num": str(retry), "x-slack-retry-reason": "http_timeout"}
        async with (
            aiohttp.ClientSession() as session,
            session.post(self.request_url, data=body, headers=headers) as answer,
        ):
            text = await answer.text()
            return answer.status, json.loads(text) if text.startswith("{") else {}

    async def post(self, user: str, channel: str, text: str, thread: str | None = None) -> Json:
        """Somebody writes; returns the event as it was sent."""
        event: Json = {
            "type": "message",
            "user": user,
            "channel": channel,
            "text": text,
            "ts": f"1700000000.{next(self._numbers):06}",
        }
        if thread is not None:
            event["thread_ts"] = thread
        payload = self.event(event)
        assert (await self.send("events_api", payload))[0] == 200
        return payload

    def event(self, event: Json) -> Json:
        """An event as this server words it."""
        number = next(self._numbers)
        return {
            "type": "event_callback",
            "team_id": TEAM,
            "event_id": f"Ev{number}",
            "event_time": "1700000000",
            "event": event,
            "ray": [number],
        }

    async def press(self, user: str, post: Json, action_id: str) -> None:
        """A button of a post is pressed."""
        elements = [one for block in post["blocks"] for one in block.get("elements") or ()]
        [button] = [one for one in elements if one.get("action_id") == action_id]
        payload: Json = {
            "type": "block_actions",
            "user": {"id": user},
            "trigger_id": "13345224609.738474920.8088930838d88f008e0",
            "container": {
                "type": "message",
                "channel_id": post["channel"],
                "message_ts": post["ts"],
            },
            "actions": [{"type": "button", "action_id": action_id, "value": button["value"]}],
        }
        assert (await self.send("interactive", payload))[0] == 200

    async def submit(self, user: str, view: Json, value: Json) -> Json:
        """A modal is submitted; returns what the app answered."""
        state = {"values": {"field": {"field": value}}}
        payload: Json = {
            "type": "view_submission",
            "user": {"id": user},
            "view": {
                "id": "V1",
                "type": "modal",
                "callback_id": view["callback_id"],
                "private_metadata": view["private_metadata"],
                "state": state,
            },
        }
        status, answer = await self.send("interactive", payload)
        assert status == 200
        return answer


async def _arguments(request: web.Request) -> Json:
    if request.content_type == "application/json":
        return dict(await request.json())
    return dict(await request.post()) | dict(request.query)


@asynccontextmanager
async def serving(slack: SparseSlack) -> AsyncIterator[SparseSlack]:
    """Serve it in this loop."""
    app = web.Application()
    app.router.add_route("*", "/compat/api/{method}", slack.call)
    app.router.add_get("/socket", slack.socket)
    runner = web.AppRunner(app, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.port = runner.addresses[0][1]
    try:
        yield slack
    finally:
        for link in list(slack.sockets):
            await link.close()
        await runner.cleanup()
