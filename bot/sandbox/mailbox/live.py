"""Tells an open page, by server-sent events, that something has changed."""

import asyncio

from aiohttp import web

from bot.sandbox.slack.changes import Changes

_SECONDS_BETWEEN_SIGNS_OF_LIFE = 15


async def stream(request: web.Request, changes: Changes) -> web.StreamResponse:
    """One event with the number of the last change at each change; a comment now and then."""
    answer = web.StreamResponse(
        headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
    )
    await answer.prepare(request)
    with changes.listen() as changed:
        changed.set()  # what happened while the page was on its way
        while not changes.ended:
            try:
                async with asyncio.timeout(_SECONDS_BETWEEN_SIGNS_OF_LIFE):
                    await changed.wait()
                changed.clear()
                await answer.write(b"data: %d\n\n" % changes.number)
            except TimeoutError:
                await answer.write(b": still here\n\n")
            except ConnectionError:
                break  # the page was closed
    return answer
