"""Serves a pretend Slack: Web API, Socket Mode, response addresses, uploads and the page.

The server is aiohttp's. Slack's client library already needs aiohttp, and it serves HTTP and
WebSockets alike, which uvicorn does only with a further library.
"""

import contextlib
from collections.abc import AsyncIterator

from aiohttp import web

from bot.sandbox.slack import web_api
from bot.sandbox.slack.arguments import read_arguments
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.page import add_page
from bot.sandbox.slack.responses import respond
from bot.sandbox.slack.state import PretendSlack

_LARGEST_BODY = 64 * 1024 * 1024
_SHOWN_IN_PAGES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}


class _Routes:
    def __init__(self, slack: PretendSlack) -> None:
        self._slack = slack

    async def call(self, request: web.Request) -> web.Response:
        return await web_api.answer(self._slack, request)

    async def link(self, request: web.Request) -> web.StreamResponse:
        """One Socket Mode connection, for whoever holds a fresh ticket."""
        fresh = self._slack.passes.spend_ticket(request.query.get("ticket", ""))
        if not fresh or self._slack.faults.outage:
            raise web.HTTPUnauthorized
        return await self._slack.delivery.sockets.serve(request)

    async def respond(self, request: web.Request) -> web.Response:
        """A response address: `ok` as plain text, or why not."""
        try:
            respond(self._slack, request.match_info["key"], await read_arguments(request))
        except SlackError as refusal:
            told = {"ok": False, "error": refusal.code}
            status = refusal.status if refusal.status != web.HTTPOk.status_code else 400
            return web.json_response(told, status=status)
        return web.Response(text="ok")

    async def upload(self, request: web.Request) -> web.Response:
        """The bytes of a file, raw or as a form."""
        file = self._slack.workspace.files.get(request.match_info["file"])
        if file is None:
            raise web.HTTPNotFound
        if request.content_type == "multipart/form-data":
            form = await request.post()
            part = next((one for one in form.values() if isinstance(one, web.FileField)), None)
            file.content = part.file.read() if part else b""
        else:
            file.content = await request.read()
        return web.Response(text=f"OK - {len(file.content)}")

    async def file(self, request: web.Request) -> web.Response:
        """An uploaded file; only pictures are shown, all else is saved."""
        file = self._slack.workspace.files.get(request.match_info["file"])
        if file is None or file.content is None:
            raise web.HTTPNotFound
        kinds = [kind for head, kind in _SHOWN_IN_PAGES.items() if file.content.startswith(head)]
        headers = {"X-Content-Type-Options": "nosniff"}
        if not kinds:
            headers["Content-Disposition"] = "attachment"
        kind = kinds[0] if kinds else "application/octet-stream"
        return web.Response(body=file.content, content_type=kind, headers=headers)


def create_app(slack: PretendSlack, links: tuple[tuple[str, str], ...] = ()) -> web.Application:
    """The web application of one pretend Slack. `slack.base_url` must be set before it is used.

    Args:
        slack: What is served.
        links: Names and addresses of other pages beside it, shown in the sidebar.
    """
    routes = _Routes(slack)
    app = web.Application(client_max_size=_LARGEST_BODY)
    app.add_routes(
        [
            web.post("/api/{method}", routes.call),
            web.get("/api/{method}", routes.call),
            web.get("/link/", routes.link),
            web.post("/actions/{team}/{time}/{key}", routes.respond),
            web.post("/upload/{file}", routes.upload),
            web.get("/files/{file}/{name}", routes.file),
        ]
    )
    add_page(app, slack, links)
    return app


@contextlib.asynccontextmanager
async def running(
    slack: PretendSlack, host: str = "127.0.0.1", port: int = 0
) -> AsyncIterator[str]:
    """Serve a pretend Slack in this loop.

    Args:
        slack: What is served; its `base_url` is set.
        host: Address to listen on; only loopback makes sense, since the page asks for no password.
        port: Port to listen on; 0 picks a free one.

    Yields:
        The address, such as `http://127.0.0.1:8090`; the Web API is below it at `/api/`.
    """
    runner = web.AppRunner(create_app(slack), access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        slack.base_url = f"http://{host}:{runner.addresses[0][1]}"
        yield slack.base_url
    finally:
        await slack.delivery.close()
        slack.changes.end()
        await runner.cleanup()
