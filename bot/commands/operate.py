"""`migrate`, `check`, `metrics`: for those who run the service and those who read its figures."""

import asyncio
import sys
from collections.abc import Sequence
from datetime import date
from typing import Annotated

import typer

from bot.checking import problems_of, shown
from bot.commands.shared import (
    database_address,
    load_settings,
    opened_store,
    print_json,
)
from bot.expiring import lapses
from bot.long_work import CommandError
from bot.postgres import PostgresError
from bot.reports import Format, Report, ReportError, write
from bot.settings import Settings
from handlers.articles import articles_in_use, files, has_tables
from handlers.errors import StoreUnavailableError
from handlers.feedback_figures import answers
from handlers.metrics import parse_by, volumes
from handlers.periods import MetricsError, period_from
from handlers.schema import SchemaError
from handlers.schema import migrate as bring_up_to_date
from knowledge.articles import Article

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object, on the last line.")]
Day = Annotated[str | None, typer.Option(help="A day, such as 2026-04-01")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("migrate")(migrate)
    app.command("check")(check)
    app.command("metrics")(metrics)


def migrate(as_json: AsJson = False) -> None:
    """Bring the database's schema up to date; harmless to repeat."""
    done = asyncio.run(_migrate())
    if as_json:
        print_json({"done": done})
    else:
        print("\n".join(done) if done else "the database is up to date")


async def _migrate() -> list[str]:
    async with database_address(load_settings()) as address:
        try:
            return await asyncio.to_thread(bring_up_to_date, address)
        except SchemaError as error:
            raise CommandError(str(error)) from None


def check(as_json: AsJson = False) -> None:
    """Show the settings, secrets masked, and say what is wrong before anything starts.

    That is also guidance which is not sent, or soon will not be.
    """
    settings = load_settings()
    today = date.today()  # noqa: DTZ011  the service's day
    values = shown(settings)
    guidance = lapses(asyncio.run(_articles(settings)), settings.contacts(), today)
    problems = problems_of(settings, guidance)
    if as_json:
        lapsed = [one.model_dump(mode="json") for one in guidance]
        print_json({"settings": values, "problems": problems, "guidance": lapsed})
    else:
        for name, value in values.items():
            print(f"{name} = {value}")
        for problem in problems:
            print(f"- {problem}")
    if any(problem.startswith("error") for problem in problems):
        raise typer.Exit(1)


async def _articles(settings: Settings) -> Sequence[Article]:
    """The articles in use, where a database is there to ask; else those of the files."""
    if settings.database_url is not None or (settings.data_dir / "postgres").exists():
        try:
            async with opened_store(settings) as store, store.unit() as unit:
                if await has_tables(unit):
                    return await articles_in_use(unit)
        except (PostgresError, StoreUnavailableError):
            print("the database is away: the articles are those of the files", file=sys.stderr)
    return files()


def metrics(
    first: Annotated[str | None, typer.Option("--from", help="First day")] = None,
    last: Annotated[str | None, typer.Option("--to", help="Last day")] = None,
    by: Annotated[str, typer.Option(help="One or two of day, week, type, route …")] = "day",
    form: Annotated[Format, typer.Option("--format")] = Format.TABLE,
    as_json: AsJson = False,
) -> None:
    """Volumes of messages, what was done with them, and how the answers did."""
    if as_json:
        form = Format.JSON
    try:
        report = asyncio.run(_report(first, last, by))
        sys.stdout.buffer.write(write(report, form))
    except (MetricsError, ReportError) as error:
        raise CommandError(str(error)) from None


async def _report(first: str | None, last: str | None, by: str) -> Report:
    period, keys = period_from(first, last), parse_by(by)
    settings = load_settings()
    async with opened_store(settings) as store, store.unit() as unit:
        how = await answers(unit, period, assumed_days=settings.answer_assumed_days)
        return Report(period, keys, await volumes(unit, period, keys), how)
