"""Drops what Slack sends again although it was taken the first time.

Slack repeats an event that it did not see acknowledged within three seconds, and what it held back
while a connection was exchanged. The first copy's answer is every copy's answer; where the first
failed, the next copy is worked on as if it were the first. The tables guard the rest: a post is
kept once by its place, and an action meets the version that it saw.
"""

import asyncio
from collections import OrderedDict
from typing import Any

import structlog
from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

log = structlog.get_logger(__name__)

REMEMBERED = 10_000
"""Events that are remembered: more than an hour of the busiest workspace."""
OK = 200


class OnceApp(AsyncApp):
    """A Bolt app that works on each event once, by whichever way its copies come.

    It stands before Bolt's middleware, which cannot see how a request ended.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._taken: OrderedDict[str, asyncio.Future[BoltResponse]] = OrderedDict()

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        """Work on the first copy; give the others its answer."""
        ident = event_id_of(req.body)
        if ident is None:
            return await super().async_dispatch(req)
        first = self._taken.get(ident)
        if first is not None:
            log.info("an event came again", event_id=ident)
            # One copy that is given up must not take the answer from the others.
            return await asyncio.shield(first)
        return await self._first(ident, req)

    async def _first(self, ident: str, req: AsyncBoltRequest) -> BoltResponse:
        answer: asyncio.Future[BoltResponse] = asyncio.get_running_loop().create_future()
        self._taken[ident] = answer
        response = BoltResponse(status=503, body="try again")
        try:
            response = await super().async_dispatch(req)
        finally:
            answer.set_result(response)
            if response.status != OK:
                self._taken.pop(ident, None)
            if len(self._taken) > REMEMBERED:
                self._taken.popitem(last=False)
        return response


def event_id_of(body: dict[str, Any]) -> str | None:
    """The event's id; None for presses and commands, which Slack does not repeat."""
    ident = body.get("event_id")
    return str(ident) if ident and body.get("type") == "event_callback" else None
