"""The command line: `triagebot COMMAND`. An error is one line on standard error, exit 1."""

import sys

import typer

from bot.commands import cases, operate, serve, triage
from bot.commands.shared import CommandError
from bot.postgres import PostgresError

app = typer.Typer(
    name="triagebot",
    help="Enquiry triage for a data access service: approved answers, or a tracked case.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
triage.register(app)
serve.register(app)
operate.register(app)
cases.register(app)


def main() -> None:
    """Run a command; what it raises for the user to read becomes one line."""
    try:
        app()
    except (CommandError, PostgresError) as error:
        print(f"triagebot: {error}", file=sys.stderr)
        raise SystemExit(1) from None
    except BrokenPipeError:  # the reader of a pipe went away: nothing is left to say
        sys.stderr.close()
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
