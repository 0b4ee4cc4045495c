"""`triagebot parse`: mails read, with no decision."""

from pathlib import Path

import typer

from bot.commands.shared import print_json, read_bytes
from bot.mail.parse import as_record, parse


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command("parse")(parse_files)


def parse_files(files: list[Path]) -> None:
    """Read mails: one JSON object a line, in order."""
    for path in files:
        print_json(as_record(parse(read_bytes(path)), path))
