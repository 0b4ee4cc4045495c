"""Socket Mode, Slack's side: connections, envelopes and their acknowledgements."""

import asyncio
import contextlib
import json
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from bot.sandbox.slack.model import Json

MOST_CONNECTIONS = 10


class NoAnswerError(Exception):
    """The app did not acknowledge. The reason is Slack's word for it, such as `timeout`."""

    def __init__(self, reason: str, *, final: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.final = final
        """Whether the app asked not to be called again."""


@dataclass(eq=False)
class _Line:
    """One open socket, and the envelopes on it that wait for their acknowledgement."""

    socket: web.WebSocketResponse
    waiting: dict[str, asyncio.Future[Json]] = field(default_factory=dict)

    def acknowledge(self, text: str) -> None:
        """Take what the app sent; anything but an acknowledgement is passed over, as by Slack."""
        try:
            said = json.loads(text)
        except ValueError:
            return
        if not isinstance(said, dict):
            return
        waiter = self.waiting.pop(str(said.get("envelope_id")), None)
        if waiter is not None and not waiter.done():
            payload = said.get("payload")
            waiter.set_result(payload if isinstance(payload, dict) else {})

    def fail(self) -> None:
        for waiter in self.waiting.values():
            if not waiter.done():
                waiter.set_exception(NoAnswerError("connection_failed"))
        self.waiting.clear()


class SocketMode:
    """All connections of the app; each envelope goes to one of them in turn.

    Args:
        app_id: Told to the app in the greeting.
    """

    def __init__(self, app_id: str) -> None:
        self._app_id = app_id
        self._lines: list[_Line] = []
        self._opened = asyncio.Event()

    @property
    def connections(self) -> int:
        """How many sockets are open."""
        return len(self._lines)

    async def connected(self) -> None:
        """Wait until the app has at least one socket open."""
        await self._opened.wait()

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Hold one socket until it closes; the caller has checked its ticket."""
        socket = web.WebSocketResponse(heartbeat=30)
        await socket.prepare(request)
        if len(self._lines) >= MOST_CONNECTIONS:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        line = _Line(socket)
        self._lines.append(line)
        try:
            await socket.send_json(self._hello())
            self._opened.set()
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    line.acknowledge(message.data)
        finally:
            self._lines.remove(line)
            if not self._lines:
                self._opened.clear()
            line.fail()
        return socket

    async def send(
        self, kind: str, payload: Json, *, answerable: bool, seconds: float, **retry: Any
    ) -> Json:
        """Send an envelope and return the payload of its acknowledgement, often empty.

        Raises:
            NoAnswerError: where no socket is open, it broke, or `seconds` passed.
        """
        if not self._lines:
            raise NoAnswerError("connection_failed")
        line = self._lines.pop(0)
        self._lines.append(line)
        envelope_id = str(uuid.uuid4())
        waiter: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        line.waiting[envelope_id] = waiter
        envelope = {
            "envelope_id": envelope_id,
            "type": kind,
            "accepts_response_payload": answerable,
            "payload": payload,
            **retry,
        }
        try:
            await line.socket.send_json(envelope)
            return await asyncio.wait_for(waiter, seconds)
        except TimeoutError as late:
            raise NoAnswerError("timeout") from late
        except ConnectionError as broken:
            raise NoAnswerError("connection_failed") from broken
        finally:
            line.waiting.pop(envelope_id, None)

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask every connection to come anew, then close it, as Slack does every few hours."""
        for line in list(self._lines):
            with contextlib.suppress(ConnectionError):
                note = {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}}
                await line.socket.send_json(note)
        await self.drop()

    async def drop(self) -> None:
        """Close every connection without a word."""
        for line in list(self._lines):
            with contextlib.suppress(ConnectionError):
                await line.socket.close()

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._lines),
            "connection_info": {"app_id": self._app_id},
            "debug_info": {
                "host": "sandbox",
                "started": time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime()),
                "build_number": 1,
                "approximate_connection_time": 18_060,
            },
        }
