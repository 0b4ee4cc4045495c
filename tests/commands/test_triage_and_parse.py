"""`triagebot triage` and `parse`, as other programs call them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
KEYS = {
    "id",
    "types",
    "type_scores",
    "route",
    "topics",
    "flags",
    "confidence",
    "reasons",
    "passages",
    "series",
    "reply",
    "draft",
    "ms",
}


def triagebot(*arguments: str, given: str = "", **settings: str) -> subprocess.CompletedProcess:
    """Run the command on what set-up prepared."""
    environment = {"PATH": os.environ["PATH"], "TRIAGEBOT_DATA_DIR": str(ROOT / "var")}
    environment |= {f"TRIAGEBOT_{name}": value for name, value in settings.items()}
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", *arguments],
        input=given,
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=environment,
    )


def line(ident: str, body: str, **more: str) -> str:
    return json.dumps(
        {"id": ident, "channel": "email", "from": "a@uni.example", "subject": "", "body": body}
        | more
    )


@pytest.fixture(scope="module")
def decided() -> dict[str, dict]:
    """Several messages through one run of the command."""
    lines = [
        line("cost", "The form for cancer registrations shows a Total Cost. Do we pay that?"),
        line("own", "Where has our application DARS-NIC-123456-A1B2C got to?"),
        line("slack", "how many hip replacements were done in england last year", channel="slack"),
        line("odd", "\ud800 \x00 lone surrogate and a NUL"),
        line("empty", ""),
    ]
    done = triagebot("triage", "--jsonl", given="\n".join(lines))
    assert done.returncode == 0, done.stderr
    found = [json.loads(one) for one in done.stdout.splitlines()]
    assert [one["id"] for one in found] == ["cost", "own", "slack", "odd", "empty"]
    return {one["id"]: one for one in found}


def test_each_line_has_the_promised_keys(decided):
    for one in decided.values():
        assert one.keys() >= KEYS


def test_an_answer_has_a_reply_and_no_draft(decided):
    assert decided["cost"]["route"] == "answer"
    assert "Total Cost" in decided["cost"]["reply"]["text"]
    assert decided["cost"]["draft"] is None


def test_a_case_has_a_draft_and_no_reply_and_says_why(decided):
    assert decided["own"]["route"] == "escalate"
    assert decided["own"]["reply"] is None
    assert decided["own"]["draft"]
    assert decided["own"]["reasons"]


@pytest.mark.parametrize("ident", ["odd", "empty"])
def test_what_says_nothing_goes_to_a_person(decided, ident):
    assert decided[ident]["route"] == "escalate"


def test_a_line_that_cannot_be_read_is_named_and_the_others_are_decided():
    done = triagebot("triage", "--jsonl", given=f"not JSON\n{line('good', 'Hello?')}\n")
    assert done.returncode == 1
    assert "line 1" in done.stderr
    assert json.loads(done.stdout)["id"] == "good"


def test_without_files_or_jsonl_it_says_what_to_give():
    done = triagebot("triage")
    assert (done.returncode, done.stdout) == (1, "")
    assert "--jsonl" in done.stderr


def test_a_mail_file_is_decided_like_any_mail(tmp_path):
    mail = tmp_path / "one.eml"
    mail.write_text(
        "From: MAILER-DAEMON@mx.example\nAuto-Submitted: auto-replied\nSubject: Away\n\nI am away."
    )
    found = json.loads(triagebot("triage", str(mail)).stdout)
    assert (found["id"], found["route"], found["reply"]) == (str(mail), "ignore", None)


def test_with_answers_switched_off_nothing_is_answered():
    given = line("cost", "The form for cancer registrations shows a Total Cost. Do we pay that?")
    done = triagebot("triage", "--jsonl", given=given, MODE="off")
    found = json.loads(done.stdout)
    assert (found["route"], found["reply"]) == ("escalate", None)


def test_parse_reads_any_bytes(tmp_path):
    odd = tmp_path / "odd.eml"
    odd.write_bytes(bytes(range(256)) * 4)
    found = json.loads(triagebot("parse", str(odd)).stdout)
    assert found["file"] == str(odd)
    assert found["is_bounce"] is False


def test_a_file_that_is_not_there_is_one_line_and_an_exit_code():
    done = triagebot("parse", "nowhere.eml")
    assert done.returncode == 1
    assert done.stderr.splitlines() == ["triagebot: nowhere.eml: No such file or directory"]
