"""Serving the application within a process that has its own loop and its own signal handling."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp

from bot.web.app import WebError

STARTED_AFTER_SECONDS = 0.01


class WebServer:
    """One listening server; `port` 0 takes a free one."""

    def __init__(self, app: ASGIApp, host: str, port: int) -> None:
        self._server = _Quiet(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                server_header=False,
                lifespan="off",
                timeout_graceful_shutdown=5,
            )
        )
        self._host = host
        self._port = port
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> str:
        """Listen, and return the address of the pages. Raises WebError where the port is taken."""
        listening = _listen(self._host, self._port)
        self._task = asyncio.create_task(self._server.serve([listening]), name="web")
        while not self._server.started:
            if self._task.done():
                self._task.result()
                raise WebError("The web server ended before it had started.")
            await asyncio.sleep(STARTED_AFTER_SECONDS)
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{listening.getsockname()[1]}/"

    async def stop(self) -> None:
        """Finish the requests in hand, five seconds at most, and close."""
        self._server.should_exit = True
        if self._task is not None:
            await self._task


class _Quiet(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the process, which stops its other parts with this one."""
        yield


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise WebError(
            f"The web pages cannot listen on {host} port {port} ({error.strerror}); "
            "set TRIAGEBOT_WEB_PORT to another port, or to 0 for a free one."
        ) from None
    listening.setblocking(False)
    return listening
