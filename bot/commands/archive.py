"""`import`: mails of an archive, decided in shadow."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.shared import load_settings, opened_store, progress_bar, tell
from bot.long_work import CommandError, Progress, Report
from bot.settings import Settings
from bot.wiring_archive import archive_import


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command("import")(import_mails)


def import_mails(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE.mbox|FOLDER…", help="An mbox, a .eml file, a folder of them, a Maildir"
        ),
    ],
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object, on the last line.")
    ] = False,
) -> None:
    """Decide past mails and record the decisions; nothing is sent, and no case is opened."""
    settings = load_settings()
    with progress_bar("importing") as progress:
        report = asyncio.run(_imported(settings, paths, progress))
    tell(report, as_json=as_json)
    if failed := report.summary["failed"]:
        raise CommandError(f"{failed} could not be imported")


async def _imported(settings: Settings, paths: list[Path], progress: Progress) -> Report:
    async with opened_store(settings, up_to_date=True) as store:
        work = await archive_import(settings, store)
        return await work.run(paths, progress, _complain)


def _complain(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
