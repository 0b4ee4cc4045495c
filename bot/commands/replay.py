"""`replay`: what the present model would do with messages that were decided before."""

import asyncio
from typing import Annotated

import typer

from bot.brain import load_brain
from bot.commands.shared import load_settings, opened_store, progress_bar, tell
from bot.long_work import CommandError, Progress, Report
from bot.replaying import replay as replay_all
from bot.settings import Settings
from handlers.periods import MetricsError, Period, period_from


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command("replay")(replay)


def replay(
    first: Annotated[str | None, typer.Option("--from", help="First day")] = None,
    last: Annotated[str | None, typer.Option("--to", help="Last day")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object, on the last line.")
    ] = False,
) -> None:
    """Decide past messages with the present model, send nothing, and say what would change."""
    settings = load_settings()
    try:
        period = period_from(first, last)
    except MetricsError as error:
        raise CommandError(str(error)) from None
    with progress_bar("replaying") as progress:
        report = asyncio.run(_replayed(settings, period, progress))
    tell(report, as_json=as_json)


async def _replayed(settings: Settings, period: Period, progress: Progress) -> Report:
    brain = await asyncio.to_thread(load_brain, settings)
    async with opened_store(settings) as store:
        return await replay_all(store, brain, period, progress)
