"""`serve` and its parts (`smtp`, `mailbox`, `worker` …): what runs until it is told to stop."""

import asyncio
import contextlib
import signal
import time
from collections.abc import Callable
from typing import Annotated

import typer
import uvloop

from bot import logs
from bot.commands.shared import load_settings
from bot.long_work import CommandError
from bot.running import EVERYTHING, Part, Running, StartError
from bot.settings import Settings
from bot.web.app import WebError
from bot.wiring import running

Sandbox = Annotated[
    bool, typer.Option("--sandbox", help="With a pretend Slack and a mailbox, all on this machine")
]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("serve")(serve)
    for part in sorted(EVERYTHING):
        app.command(part, help=f"Run the {part} process alone, on the database that is set.")(
            _part_command(part)
        )


def serve(sandbox: Sandbox = False) -> None:
    """Run everything in one process, until Ctrl-C."""
    _run(load_settings(), EVERYTHING, sandbox=sandbox)


def _part_command(part: Part) -> Callable[[], None]:
    def command() -> None:
        _run(load_settings(), frozenset((part,)))

    return command


def _run(settings: Settings, parts: frozenset[Part], *, sandbox: bool = False) -> None:
    logs.configure(settings.log_format)
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_until_stopped(settings, parts, sandbox=sandbox))
    except (WebError, StartError) as error:
        raise CommandError(str(error)) from None


async def _until_stopped(settings: Settings, parts: frozenset[Part], *, sandbox: bool) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    start = time.monotonic()
    async with running(settings, parts, in_sandbox=sandbox) as run:
        _tell(run, time.monotonic() - start)
        await _first(stop, run)


async def _first(stop: asyncio.Event, run: Running) -> None:
    """Wait for the signal; a part that fails ends everything with its own error."""
    stopping = asyncio.create_task(stop.wait())
    done, _ = await asyncio.wait({stopping, *run.tasks}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await stopping
    for task in done - {stopping}:
        await task


def _tell(run: Running, seconds: float) -> None:
    for line in run.lines:
        print(line, flush=True)
    print(f"ready in {seconds:.1f} s; Ctrl-C stops it", flush=True)
