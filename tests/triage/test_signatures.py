"""A signature says who writes: rules do not take a post or a team's name for what is asked."""

import pytest

from bot.mail.quotes import newly_written
from triage.message import Message
from triage.objections import SpeakingRule
from triage.rules import flags
from triage.signatures import signatures, unsigned

ASKED = "Where are the Data Uses Registers published?"


def mail(text: str) -> Message:
    return Message(channel="email", sender="a@team.example", subject="", text=text, new_text=text)


@pytest.mark.parametrize(
    "below",
    [
        "FOI Lead and Complaints Manager\nPellwood Hospital",
        "Data Breach Champion, second floor",
        "Head of Information Governance\nTel 01632 960112 | www.pellwood.example",
    ],
)
def test_what_stands_below_a_name_is_left_out_and_the_name_stays(below: str) -> None:
    text = f"{ASKED}\n\nKind regards\nAda Quill\n{below}"
    assert unsigned(text).rstrip() == f"{ASKED}\n\nKind regards\nAda Quill"


@pytest.mark.parametrize(
    "below",
    [
        "I work at the hospital and need the list",
        "- patients by trust\n- patients by age",
        "Who leads the team there?",
    ],
)
def test_lines_that_say_or_ask_something_are_no_signature(below: str) -> None:
    text = f"{ASKED}\n\nAda Quill\n{below}"
    assert unsigned(text) == text


@pytest.mark.parametrize(
    ("block", "rule"),
    [
        ("Also\nFreedom of Information request for the department's spend", flags.foi_request),
        ("Incident\nPatient file emailed to the wrong council team", flags.incident),
        ("Jo Smith\nLaptop with patient data stolen from the trust last night", flags.incident),
    ],
)
def test_a_heading_with_words_below_it_is_heard(block: str, rule: SpeakingRule) -> None:
    assert rule(mail(f"{ASKED}\n\n{block}")) is not None


def test_the_first_lines_of_a_text_are_no_signature() -> None:
    assert not list(signatures("Jo Marsh\nHead of Data\nPellwood Trust"))


def test_a_postscript_below_a_signature_is_kept() -> None:
    text = f"{ASKED}\n\nAda Quill\nFOI Officer, Pellwood Council\n\nPS This is a formal complaint."
    assert flags.complaint(mail(text)) is not None
    assert flags.foi_request(mail(text)) is None


def test_a_team_in_a_signature_raises_no_flag_but_a_newsroom_does() -> None:
    posts = "Data Breach and Complaint Team\nPellwood Trust"
    quiet = mail(f"{ASKED}\n\nMany thanks\nAda Quill\n{posts}")
    assert flags.incident(quiet) is None
    assert flags.complaint(quiet) is None
    writer = mail(f"{ASKED}\n\nMany thanks\nAda Quill\nHealth Correspondent, The Pellwood Times")
    assert flags.press(writer) is not None


@pytest.mark.parametrize(
    "footer",
    [
        (
            "This email is confidential and may be legally privileged. If you are not the intended "
            "recipient, please tell the sender and delete it. Emails may be disclosed under the "
            "Freedom of Information Act 2000."
        ),
        (
            "All mail is scanned, may be stored, and can be released under the Freedom of "
            "Information "
            "Act 2000. Please do not send us personal details."
        ),
    ],
)
def test_a_disclaimer_that_names_an_act_asks_nothing_under_it(footer: str) -> None:
    message = mail(newly_written(f"{ASKED}\n\nAda Quill\n\n{footer}"))
    assert flags.foi_request(message) is None
