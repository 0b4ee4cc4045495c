"""`officer`: an account for the pages of cases, to be put into the settings."""

import json
import sys
from typing import Annotated

import typer

from bot.commands.shared import load_settings, print_json
from bot.long_work import CommandError
from bot.web.passwords import LEAST_CHARACTERS, MOST_CHARACTERS, hashed

Name = Annotated[str, typer.Option(help="The name that colleagues and enquirers read")]
SignIn = Annotated[str, typer.Option(help="What they sign in with: their address, say")]
Id = Annotated[
    str, typer.Option("--id", help="Their member id in Slack, or any other id where they have none")
]
Leads = Annotated[bool, typer.Option("--leads", help="They lead the officers")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object, on the last line.")]


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command("officer")(officer)


def officer(
    sign_in: SignIn, name: Name, member: Id, leads: Leads = False, as_json: AsJson = False
) -> None:
    """Make an account for `/cases`, and print it as `triagebot.toml` takes it.

    The password is asked for, or is the first line of standard input. Nothing is kept here.
    """
    password = _password()
    if not LEAST_CHARACTERS <= len(password) <= MOST_CHARACTERS:
        raise CommandError(
            f"the password must have {LEAST_CHARACTERS} to {MOST_CHARACTERS} characters"
        )
    account = {"sign_in": sign_in, "name": name, "id": member, "password": hashed(password)}
    given = account | ({"leads": True} if leads else {})
    # What would be refused at the next start is refused now.
    load_settings(web_officers=[given])
    if as_json:
        print_json(given)
        return
    print("[[web_officers]]")
    for key, value in given.items():
        # A JSON string and a JSON true are TOML's too.
        print(f"{key} = {json.dumps(value, ensure_ascii=False)}")


def _password() -> str:
    if sys.stdin.isatty():
        asked: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
        return asked
    return sys.stdin.readline().rstrip("\r\n")
