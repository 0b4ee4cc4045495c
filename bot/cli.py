"""The command line: `triagebot COMMAND`. An error is one line on standard error, exit 1."""

import importlib
import sys

import typer

from bot.long_work import CommandError
from bot.postgres import PostgresError

MODULES = {
    "answers": ("answer",),
    "archive": ("import",),
    "cases": ("case",),
    "gaps": ("gaps",),
    "knowledge": ("knowledge",),
    "mails": ("parse",),
    "officers": ("officer",),
    "operate": ("migrate", "check", "metrics"),
    "replay": ("replay",),
    "serve": ("serve", "smtp", "mailbox", "worker", "slack", "web"),
    "triage": ("triage", "train", "evaluate", "setup", "benchmark"),
}
"""Modules of `bot.commands`, and the commands of each.

Only the module of the command that is called is imported: `parse` need not wait for all that
`train` takes.
"""


def application(called: str | None) -> typer.Typer:
    """The commands: those of the module that holds the one called, or all of them."""
    app = typer.Typer(
        name="triagebot",
        help="Enquiry triage for a data access service: approved answers, or a tracked case.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    app.callback()(lambda: None)
    wanted = [name for name, commands in MODULES.items() if called in commands]
    for name in wanted or MODULES:
        importlib.import_module(f"bot.commands.{name}").register(app)
    return app


def main() -> None:
    """Run a command; what it raises for the user to read becomes one line."""
    called = next((one for one in sys.argv[1:] if not one.startswith("-")), None)
    try:
        application(called)()
    except (CommandError, PostgresError) as error:
        print(f"triagebot: {error}", file=sys.stderr)
        raise SystemExit(1) from None
    except BrokenPipeError:  # the reader of a pipe went away: nothing is left to say
        sys.stderr.close()
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
