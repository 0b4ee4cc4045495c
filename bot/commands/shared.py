"""What every command needs: settings or one clear line, JSON out, and a database for a moment."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from bot.database import reach
from bot.jobs import EngineQueue, engine
from bot.long_work import CommandError, Report
from bot.postgres import EmbeddedPostgres
from bot.settings import Settings
from handlers.schema import SchemaError, migrate
from handlers.unit import Store


def load_settings(**given: object) -> Settings:
    """The settings, or a CommandError that names each bad one."""
    try:
        return Settings.model_validate(given) if given else Settings()
    except ValidationError as error:
        problems = "; ".join(
            f"TRIAGEBOT_{'_'.join(str(one) for one in problem['loc']).upper()}: {problem['msg']}"
            for problem in error.errors()
        )
        raise CommandError(f"settings: {problems}") from None


def print_json(value: Any) -> None:
    """One object on one line."""
    print(json.dumps(value, ensure_ascii=False, default=str), flush=True)


@contextmanager
def progress_bar(title: str) -> Iterator[Callable[[str, int, int], None]]:
    """A bar for long work, on a terminal; nothing in a pipe. Call it with stage, done, total."""
    console = Console(stderr=True)
    bar = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        disable=not console.is_terminal,
        transient=True,
    )
    with bar:
        row = bar.add_task(title, total=None)

        def show(stage: str, done: int, total: int) -> None:
            bar.update(row, description=f"{title}: {stage}", completed=done, total=total)

        yield show


def tell(report: Report, *, as_json: bool) -> None:
    """Lines for people, and the object for machines last, where that is asked for."""
    for line in report.lines:
        print(line, file=sys.stderr if as_json else sys.stdout)
    if as_json:
        print_json(report.summary)


def read_bytes(path: Path) -> bytes:
    """A file's content, or a CommandError that says why not."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from None


@asynccontextmanager
async def database_address(settings: Settings) -> AsyncIterator[str]:
    """The database's address; the embedded server runs while the block does."""
    if settings.database_url is not None:
        address = settings.database_url.get_secret_value()
        await asyncio.to_thread(reach, address)
        yield address
        return
    server = EmbeddedPostgres(settings.data_dir.absolute(), settings.postgres_bin)
    await server.start()
    try:
        yield server.address
    finally:
        await server.stop()


@asynccontextmanager
async def opened_store(settings: Settings, *, up_to_date: bool = False) -> AsyncIterator[Store]:
    """The store, for a command that reads or writes a little; its schema brought up to date or not.

    Raises CommandError where it cannot be.
    """
    async with database_address(settings) as address:
        if up_to_date:
            try:
                await asyncio.to_thread(migrate, address)
            except SchemaError as error:
                raise CommandError(str(error)) from None
        app = engine(address, pool_size=2)
        store = Store(address, EngineQueue(app), pool_size=2)
        try:
            yield store
        finally:
            await store.close()
