"""The page of the pretend Slack: draws it, keeps it up to date, and does what people do on it."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from bot.sandbox.slack.acting import Acting
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.model import Json
from bot.sandbox.slack.place import read_place
from bot.sandbox.slack.rendering import Rendering
from bot.sandbox.slack.socket_mode import NoAnswerError
from bot.sandbox.slack.state import PretendSlack

_STATIC = Path(__file__).parent.parent / "static"
_SECONDS_BETWEEN_SIGNS_OF_LIFE = 15
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data: http://127.0.0.1:* http://localhost:*; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_Deed = Callable[[Acting, Json], Awaitable[dict[str, str] | None]]


async def _say(acting: Acting, said: Json) -> None:
    text = str(said["text"])
    if text.startswith("/"):
        command, _, rest = text.strip().partition(" ")
        await acting.command(said["channel"], command, rest.strip(), said.get("thread"))
    else:
        acting.say(said["channel"], text, said.get("thread"))


async def _press(acting: Acting, said: Json) -> None:
    pressed: dict[str, Any] = {
        "block_id": said["block_id"],
        "chosen": said.get("chosen"),
        "filled": said.get("filled"),
    }
    if said.get("view"):
        await acting.press_in_view(said["view"], said["action_id"], **pressed)
    else:
        await acting.press(said["channel"], said["ts"], said["action_id"], **pressed)


async def _submit(acting: Acting, said: Json) -> dict[str, str]:
    return await acting.submit(said["view"], said["filled"])


async def _close(acting: Acting, said: Json) -> None:
    await acting.close(said["view"])


async def _home(acting: Acting, said: Json) -> None:
    del said
    acting.open_home()


async def _react(acting: Acting, said: Json) -> None:
    acting.react(said["channel"], said["ts"], said["name"])


async def _shortcut(acting: Acting, said: Json) -> None:
    if said.get("ts"):
        await acting.message_shortcut(said["callback_id"], said["channel"], said["ts"])
    else:
        await acting.shortcut(said["callback_id"])


_DEEDS: dict[str, _Deed] = {
    "say": _say,
    "press": _press,
    "submit": _submit,
    "close": _close,
    "home": _home,
    "react": _react,
    "shortcut": _shortcut,
}


class _Page:
    def __init__(self, slack: PretendSlack, links: tuple[tuple[str, str], ...]) -> None:
        self._slack = slack
        self._rendering = Rendering(slack, links)

    async def show(self, request: web.Request) -> web.Response:
        text = self._rendering.page(read_place(self._slack, request.query))
        headers = {"Content-Security-Policy": _POLICY, "X-Content-Type-Options": "nosniff"}
        return web.Response(text=text, content_type="text/html", headers=headers)

    async def parts(self, request: web.Request) -> web.Response:
        return web.json_response(self._rendering.parts(read_place(self._slack, request.query)))

    async def changes(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: one at each change, and a comment now and then."""
        answer = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await answer.prepare(request)
        with self._slack.changes.listen() as changed:
            changed.set()  # what happened before we listened
            while not self._slack.changes.ended:
                try:
                    async with asyncio.timeout(_SECONDS_BETWEEN_SIGNS_OF_LIFE):
                        await changed.wait()
                    changed.clear()
                    await answer.write(b"data: %d\n\n" % self._slack.changes.number)
                except TimeoutError:
                    await answer.write(b": still here\n\n")
                except ConnectionError:
                    break
        return answer

    async def act(self, request: web.Request) -> web.Response:
        """Do one thing as someone; JSON only, so that no other site's form can do it."""
        deed = _DEEDS.get(request.match_info["deed"])
        if deed is None:
            raise web.HTTPNotFound
        if request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType
        self._refuse_strangers(request)
        try:
            said = await request.json()
            errors = await deed(Acting(self._slack, said["as"]), said)
        except SlackError as refusal:
            return _told(problem=refusal.code, details=list(refusal.messages))
        except NoAnswerError as none:
            return _told(problem=none.reason, details=[])
        except (KeyError, TypeError, json.JSONDecodeError) as wrong:
            raise web.HTTPBadRequest from wrong
        return _told(errors=errors or {})

    def _refuse_strangers(self, request: web.Request) -> None:
        """No name but our own (a rebound one, say) and no other site's script may act here."""
        own = urlsplit(self._slack.base_url)
        origin = request.headers.get("Origin")
        named = {own.netloc, f"localhost:{own.port}"}
        if request.host not in named or (origin and urlsplit(origin).netloc not in named):
            raise web.HTTPForbidden

    async def permalink(self, request: web.Request) -> web.Response:
        """From a message's permanent address to the page."""
        digits = request.match_info["ts"]
        ts = f"{digits[:-6]}.{digits[-6:]}"
        channel = request.match_info["channel"]
        thread = request.query.get("thread_ts", ts)
        raise web.HTTPFound(f"/?channel={channel}&thread={thread}")


def _told(**told: Any) -> web.Response:
    return web.json_response(told)


def add_page(
    app: web.Application, slack: PretendSlack, links: tuple[tuple[str, str], ...] = ()
) -> None:
    """Add the page's addresses to the application."""
    page = _Page(slack, links)
    app.add_routes(
        [
            web.get("/", page.show),
            web.get("/page/parts", page.parts),
            web.get("/page/changes", page.changes),
            web.post("/page/do/{deed}", page.act),
            web.get(r"/archives/{channel:\w+}/p{ts:\d{8,}}", page.permalink),
            web.static("/page/static", _STATIC),
        ]
    )
