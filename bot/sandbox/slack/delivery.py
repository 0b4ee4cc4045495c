"""Brings events and interactions to the app, over Socket Mode or HTTP, with Slack's retries."""

import asyncio
import contextlib
from collections import deque
from dataclasses import dataclass
from typing import Literal

from bot.sandbox.slack.model import AppSettings, Json
from bot.sandbox.slack.signed_calls import SignedCalls
from bot.sandbox.slack.socket_mode import NoAnswerError, SocketMode

Kind = Literal["events_api", "interactive", "slash_commands"]
_ANSWERABLE = ("view_submission", "block_suggestion")


@dataclass(frozen=True)
class Delivered:
    """How one delivery went: what it was, its attempts, and why it failed if it did."""

    kind: Kind
    name: str
    attempts: int
    failure: str | None


class Delivery:
    """The one way from the workspace to the app.

    Args:
        app: Where and how the app is called.
        ack_seconds: How long the app may take to acknowledge; Slack gives three seconds.
        retry_after: Seconds before each retry of an event: Slack tries at once, after a
            minute and after five.
    """

    def __init__(
        self,
        app: AppSettings,
        *,
        ack_seconds: float = 3.0,
        retry_after: tuple[float, ...] = (0, 60, 300),
    ) -> None:
        self.app = app
        self.ack_seconds = ack_seconds
        self.retry_after = retry_after
        self.sockets = SocketMode(app.id)
        self.journal: deque[Delivered] = deque(maxlen=10_000)
        self.paused = False
        self._calls = SignedCalls(app.signing_secret)
        self._tasks: set[asyncio.Task[None]] = set()

    async def now(self, kind: Kind, name: str, payload: Json) -> Json:
        """Deliver an interaction once, and return what the app answered.

        Raises:
            NoAnswerError: where it did not acknowledge in time. Slack does not retry these.
        """
        try:
            answer = await self._attempt(kind, payload, 0, "")
        except NoAnswerError as none:
            self.journal.append(Delivered(kind, name, 1, none.reason))
            raise
        self.journal.append(Delivered(kind, name, 1, None))
        return answer

    def later(self, name: str, payload: Json) -> None:
        """Deliver an event in the background, again and again as Slack would."""
        task = asyncio.get_running_loop().create_task(self._event(name, payload))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settled(self) -> None:
        """Wait until no event is on its way, retries included."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def verify_request_url(self, url: str, token: str) -> bool:
        """Whether an HTTP app passes Slack's `url_verification` handshake."""
        challenge = {"type": "url_verification", "token": token, "challenge": "3eZbrw1aBm2rZgRN"}
        try:
            answer = await self._calls.send(
                url, "events_api", challenge, seconds=self.ack_seconds, retry=None
            )
        except NoAnswerError:
            return False
        return challenge["challenge"] in (answer.get("challenge"), answer.get("text"))

    async def close(self) -> None:
        """Give up what is on its way and let connections go."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.sockets.drop()
        await self._calls.close()

    async def _event(self, name: str, payload: Json) -> None:
        reason = ""
        for attempt, pause in enumerate((0.0, *self.retry_after)):
            await asyncio.sleep(pause)
            try:
                await self._attempt("events_api", payload, attempt, reason)
            except NoAnswerError as none:
                reason = none.reason
                if none.final:
                    break
            else:
                self.journal.append(Delivered("events_api", name, attempt + 1, None))
                return
        self.journal.append(Delivered("events_api", name, attempt + 1, reason))

    async def _attempt(self, kind: Kind, payload: Json, number: int, reason: str) -> Json:
        if self.paused:
            raise NoAnswerError("connection_failed")
        if self.app.request_url is not None:
            retry = (number, reason) if number else None
            return await self._calls.send(
                self.app.request_url, kind, payload, seconds=self.ack_seconds, retry=retry
            )
        answerable = kind == "slash_commands" or payload.get("type") in _ANSWERABLE
        retries = {"retry_attempt": number, "retry_reason": reason} if kind == "events_api" else {}
        if number == 0 and not self.sockets.connections:
            # An app that is just coming back misses nothing it would have got from Slack.
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.sockets.connected(), self.ack_seconds)
        return await self.sockets.send(
            kind, payload, answerable=answerable, seconds=self.ack_seconds, **retries
        )
