"""`triagebot case list`, `show`, `clocks` and `corrections`: cases for those at a terminal."""

import asyncio
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.commands.clocks import clocks_command
from bot.commands.shared import load_settings, opened_store, print_json
from bot.long_work import CommandError
from handlers.case_list import CaseLine, CaseRecord, list_cases, show_case
from handlers.corrections import corrections
from triage.labelled import Labelled

case_app = typer.Typer(help="Look at cases.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object or list, on one line.")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(case_app, name="case")


@case_app.command("list")
def list_command(
    state: Annotated[str | None, typer.Option(help="new, open, waiting or resolved")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 100,
    as_json: AsJson = False,
) -> None:
    """List cases, the newest first."""
    lines = asyncio.run(_list(state, limit))
    if as_json:
        print_json([line.model_dump(mode="json") for line in lines])
        return
    table = Table("reference", "state", "types", "flags", "officer", "opened", "subject")
    for line in lines:
        table.add_row(
            line.reference,
            line.state,
            ", ".join(line.types),
            ", ".join(line.flags),
            line.officer_name or "",
            f"{line.opened_at:%Y-%m-%d %H:%M}",
            line.subject,
        )
    Console().print(table)


@case_app.command("show")
def show_command(reference: str, as_json: AsJson = False) -> None:
    """Show one case: what was asked, why it came to a person, and what happened since."""
    record = asyncio.run(_show(reference))
    if record is None:
        raise CommandError(f"there is no case {reference}")
    if as_json:
        print_json(record.model_dump(mode="json"))
        return
    console = Console()
    console.print(f"[bold]{record.reference}[/] {record.state}", highlight=False)
    for reason in record.reasons:
        console.print(f"- {reason}", markup=False)
    for message in record.messages:
        console.rule(f"{message.direction} {message.author} {message.at:%Y-%m-%d %H:%M}")
        if message.sender is not None:
            console.print(message.sender, markup=False, style="dim")
        console.print(message.text, markup=False)
    console.rule("events")
    for event in record.events:
        console.print(f"{event.at:%Y-%m-%d %H:%M} {event.kind} {event.actor_name}", markup=False)


@case_app.command("clocks")
def clocks(reference: str, as_json: AsJson = False) -> None:
    """Show by when a case is due, and how that was counted."""
    clocks_command(reference, as_json=as_json)


@case_app.command("corrections")
def corrections_command() -> None:
    """Print what officers put right as labelled messages, one JSON object a line.

    Kept in a file of the folder `TRIAGEBOT_LABELLED_DIR`, they set this deployment's thresholds.
    """
    for one in asyncio.run(_corrections()):
        print(one.model_dump_json(by_alias=True))


async def _corrections() -> list[Labelled]:
    async with opened_store(load_settings()) as store, store.unit() as unit:
        return await corrections(unit)


async def _list(state: str | None, limit: int) -> list[CaseLine]:
    async with opened_store(load_settings()) as store, store.unit() as unit:
        return await list_cases(unit, state=state, limit=limit)


async def _show(reference: str) -> CaseRecord | None:
    async with opened_store(load_settings()) as store, store.unit() as unit:
        return await show_case(unit, reference)
