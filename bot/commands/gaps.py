"""`gaps`: what people asked in a week that no approved article covers."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated

import typer

from bot.brain import load_brain
from bot.commands.shared import load_settings, opened_store, print_json
from bot.gaps import GapSearch
from bot.long_work import CommandError
from bot.settings import Settings
from handlers.gaps import described, gaps_of
from handlers.knowledge_tables import Gap
from handlers.periods import LONDON
from handlers.weeks import Week, WeekError, parse_week


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command("gaps")(gaps)


def gaps(
    week: Annotated[
        str | None, typer.Option(help="A week, such as 2026-W48; the last whole one if not given")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object, on the last line.")
    ] = False,
) -> None:
    """Print a week's gaps in what is known, with a draft article each; make them if need be."""
    now = datetime.now(UTC)
    try:
        chosen = parse_week(week, now.astimezone(LONDON).date()) if week else Week.last_whole(now)
    except WeekError as error:
        raise CommandError(str(error)) from None
    found = asyncio.run(_found(load_settings(), chosen))
    if as_json:
        print_json({"week": chosen.name, "gaps": [described(gap) for gap in found]})
    else:
        print("\n".join(_lines(chosen, found)))


async def _found(settings: Settings, week: Week) -> list[Gap]:
    async with opened_store(settings) as store:
        async with store.unit() as unit:
            found = await gaps_of(unit, week)
        if not found:
            brain = await asyncio.to_thread(load_brain, settings)
            found = await GapSearch(store, brain).make(week)
        return found


def _lines(week: Week, found: list[Gap]) -> list[str]:
    lines = [f"{week.name}, from {week.monday}: {len(found)} gaps"]
    for gap in found:
        lines += [
            "",
            f"{gap.id}. {len(gap.enquiries)} enquiries, {gap.state}: {', '.join(gap.words)}",
        ]
        lines += [f"   - {example}" for example in gap.examples]
        if gap.article:
            lines.append(f"   closed by article {gap.article}")
        lines += ["", gap.draft.rstrip()] if gap.draft else ["   no officer has replied yet"]
    return lines
