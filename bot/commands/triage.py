"""`triage`, `train`, `evaluate`, `setup`: what needs no database and no server."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from bot.brain import load_brain
from bot.commands.shared import load_settings, print_json, progress_bar, tell
from bot.learning import train_model
from bot.long_work import CommandError
from bot.mail.parse import parse, to_message
from bot.measuring import PublicData, Which, evaluate_model, measure_public
from bot.one_message import Described, from_json, triage_record
from bot.preparation import prepare

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object, on the last line.")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("triage")(triage)
    app.command("train")(train)
    app.command("evaluate")(evaluate)
    app.command("setup")(setup)
    app.command("benchmark")(benchmark)


def triage(
    files: Annotated[list[Path] | None, typer.Argument(help="Mails, as .eml files")] = None,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="JSON Lines on standard input instead of files")
    ] = False,
) -> None:
    """Decide messages: one JSON object a line, in order. Needs no database and no server."""
    if bool(files) == jsonl:
        raise CommandError("give .eml files, or --jsonl with JSON Lines on standard input")
    settings = load_settings()
    brain = load_brain(settings)
    faults = 0
    for found in _described_lines() if jsonl else _described_files(files or []):
        if isinstance(found, str):
            print(f"triagebot: {found}", file=sys.stderr)
            faults += 1
        else:
            print_json(triage_record(found, brain, settings))
    if faults:
        raise CommandError(f"{faults} of the messages could not be read")


def _described_files(files: list[Path]) -> Iterator[Described | str]:
    for path in files:
        try:
            raw = path.read_bytes()
        except OSError as error:
            yield f"{path}: {error.strerror}"
            continue
        mail = parse(raw)
        yield Described(id=str(path), message=to_message(mail), may_auto_reply=mail.may_auto_reply)


def _described_lines() -> Iterator[Described | str]:
    for number, line in enumerate(sys.stdin.buffer, start=1):
        if line.strip():
            try:
                yield from_json(line)
            except ValueError as error:
                yield f"line {number}: {error}"


def train(as_json: AsJson = False) -> None:
    """Train the classifier on the labelled messages, and measure it on those held out."""
    with progress_bar("training") as progress:
        trained = train_model(load_settings(), progress)
    tell(trained, as_json=as_json)


def evaluate(
    data: Annotated[
        Path | None, typer.Option(help="Labelled messages; without it, those held out")
    ] = None,
    part: Annotated[
        Which, typer.Option(help="Which held-out messages: by default of authors never used")
    ] = Which.TEST,
    as_json: AsJson = False,
) -> None:
    """Measure the classifier: unsafe mistakes first, the mistakes in a file beside the figures."""
    with progress_bar("deciding") as progress:
        measured = evaluate_model(load_settings(), data, part, progress)
    tell(measured, as_json=as_json)


def benchmark(
    name: Annotated[PublicData, typer.Argument(help="Which public data")],
    data: Annotated[Path, typer.Option(help="The folder that holds them")],
    as_json: AsJson = False,
) -> None:
    """Measure the classifier's core on public intent data: CLINC150 or Banking77."""
    with progress_bar(name) as progress:
        measured = measure_public(load_settings(), name, data, progress)
    tell(measured, as_json=as_json)


def setup(as_json: AsJson = False) -> None:
    """Make ready what `serve` needs: the encoder and the classifier. Done once, then in no time."""
    with progress_bar("setting up") as progress:
        ready = prepare(load_settings(), progress)
    tell(ready, as_json=as_json)
