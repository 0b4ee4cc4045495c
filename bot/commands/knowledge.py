"""`triagebot knowledge list` and `knowledge export`: the articles as they are in use."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.commands.shared import load_settings, opened_store, print_json
from bot.long_work import CommandError
from handlers.article_use import article_use
from handlers.articles import articles_in_use, has_tables, records
from handlers.unit import Unit
from knowledge.articles import ArticleError, read_articles

knowledge_app = typer.Typer(help="Look at articles, and write them to files.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object or list, on one line.")]


@dataclass(frozen=True, slots=True)
class _Line:
    id: str
    topic: str
    state: str
    version: int
    draft: int | None
    owner: str
    review_by: str
    answers: int
    helped: int
    judged: int


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(knowledge_app, name="knowledge")


@knowledge_app.command("list")
def list_command(as_json: AsJson = False) -> None:
    """List the articles, with how often answers of the last 90 days used them."""
    lines = asyncio.run(_lines())
    if as_json:
        print_json([{name: getattr(one, name) for name in _Line.__slots__} for one in lines])
        return
    table = Table("Article", "State", "Version", "Owner", "Review by", "Answers", "Helped")
    for one in lines:
        version = f"{one.version}" if one.draft is None else f"{one.version} (draft {one.draft})"
        helped = f"{one.helped} of {one.judged}" if one.judged else "\N{EN DASH}"
        table.add_row(
            one.id, one.state, version, one.owner, one.review_by, str(one.answers), helped
        )
    Console().print(table)


@knowledge_app.command("export")
def export_command(
    folder: Annotated[Path, typer.Argument(help="A folder, empty or new")],
    as_json: AsJson = False,
) -> None:
    """Write the articles in use to a folder, one file each, as they would be shipped."""
    written = asyncio.run(_exported(folder))
    if as_json:
        print_json({"folder": str(folder), "articles": written})
    else:
        print(f"{len(written)} articles in {folder}")


@asynccontextmanager
async def _articles() -> AsyncIterator[Unit]:
    async with opened_store(load_settings()) as store, store.unit() as unit:
        if not await has_tables(unit):
            raise CommandError("the database has no tables yet; 'triagebot migrate' makes them")
        yield unit


async def _lines() -> list[_Line]:
    async with _articles() as unit:
        found, use = await records(unit), await article_use(unit)
    lines = []
    for ident, one in sorted(found.items()):
        front = (one.used or one.newest).front
        counted = use.get(ident)
        lines.append(
            _Line(
                id=ident,
                topic=front.topic,
                state=front.status,
                version=front.version,
                draft=one.draft.front.version if one.draft else None,
                owner=front.owner,
                review_by=front.review_by.isoformat(),
                answers=counted.answers if counted else 0,
                helped=counted.helped if counted else 0,
                judged=counted.judged if counted else 0,
            )
        )
    return lines


async def _exported(folder: Path) -> list[str]:
    async with _articles() as unit:
        articles = await articles_in_use(unit)
    texts = {f"{one.front.id}.md": one.text for one in articles}
    try:
        await asyncio.to_thread(_write, folder, texts)
    except OSError as error:
        raise CommandError(f"{folder}: {error.strerror}") from None
    return list(texts)


def _write(folder: Path, texts: dict[str, str]) -> None:
    """Write the files, and read them as the service would. Raises CommandError, OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise CommandError(f"{folder} is not empty; give an empty folder, or a new one")
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    try:
        read_articles(folder)
    except ArticleError as error:
        raise CommandError(str(error)) from None
