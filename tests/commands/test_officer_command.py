"""`triagebot officer`, as it is called from a terminal."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

from bot.settings import Settings
from bot.web.passwords import matches

ROOT = Path(__file__).parents[2]
PASSWORD = "correct horse battery"
ACCOUNT = ("--sign-in", "asha@dars.example", "--name", 'Asha "Ash" Verma', "--id", "U1")


def officer(folder: Path, password: str, *arguments: str) -> subprocess.CompletedProcess:
    """Run the command, with the password on its standard input."""
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", "officer", *ACCOUNT, *arguments],
        input=password + "\n",
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
    )


def test_what_it_prints_is_an_account_of_the_settings(tmp_path):
    done = officer(tmp_path, PASSWORD, "--leads")
    [account] = Settings.model_validate(tomllib.loads(done.stdout)).web_officers
    assert (account.name, account.id, account.leads) == ('Asha "Ash" Verma', "U1", True)
    assert matches(PASSWORD, account.password.get_secret_value())
    assert PASSWORD not in done.stdout + done.stderr


def test_for_the_environment_it_prints_json(tmp_path):
    given = json.loads(officer(tmp_path, PASSWORD, "--json").stdout)
    [account] = Settings.model_validate({"web_officers": [given]}).web_officers
    assert account.sign_in == "asha@dars.example"
    assert PASSWORD not in repr(account)
    assert given["password"] not in repr(account)


def test_a_short_password_is_refused_in_one_line(tmp_path):
    done = officer(tmp_path, "too short")
    assert done.returncode == 1
    assert done.stderr == "triagebot: the password must have 12 to 200 characters\n"
