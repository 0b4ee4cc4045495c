"""Rules for flags hear what forces a person, and not what is denied or asked about in general."""

from collections.abc import Callable

import pytest

from triage.decision import Reason
from triage.message import Message
from triage.rules import flags, identifiers

# A valid number of the test range, and two ways in which its check digit fails.
NHS = "999 123 4560"


def said(text: str, subject: str = "") -> Message:
    return Message(subject=subject, text=text, new_text=text)


@pytest.mark.parametrize(
    "text",
    [
        "Please treat this as a request under the Freedom of Information Act.",
        "Under the Freedom of Information Act 2000 please send me the minutes.",
        "FOI: how many applications did you refuse last year",
    ],
)
def test_a_freedom_of_information_request_is_heard(text: str) -> None:
    assert flags.foi_request(said(text))


@pytest.mark.parametrize(
    "text",
    [
        "How do I make a freedom of information request?",
        "This is not an FOI, I only want to know where the page is.",
        "Where should I send a freedom of information request about charges?",
        "If we ever wanted to make a freedom of information request about it, is this the door?",
    ],
)
def test_a_question_about_freedom_of_information_is_not_a_request(text: str) -> None:
    assert flags.foi_request(said(text)) is None


@pytest.mark.parametrize(
    "text",
    [
        "I am making a subject access request for all you hold.",
        "Take me off your cancer register please.",
        "I object to my hospital data being passed on.",
    ],
)
def test_a_right_that_is_used_is_heard(text: str) -> None:
    assert flags.own_data_request(said(text))


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("If you want to know why I ask: there has been a data breach.", flags.incident),
        ("If you want to know why, I wish to make a formal complaint.", flags.complaint),
        ("If we were to apply, note that we had a data breach.", flags.incident),
    ],
)
def test_what_follows_a_supposed_clause_is_heard(
    text: str, rule: Callable[[Message], Reason | None]
) -> None:
    assert rule(said(text))


def test_asking_how_one_opts_out_uses_no_right() -> None:
    assert flags.own_data_request(said("How does one opt out of the register?")) is None


@pytest.mark.parametrize(
    "text",
    [
        "I wish to make a formal complaint about the delay.",
        "I want this recorded as a complaint.",
        "We are complaining about the price that we were charged.",
    ],
)
def test_a_complaint_is_heard(text: str) -> None:
    assert flags.complaint(said(text))


def test_who_says_that_it_is_no_complaint_does_not_complain() -> None:
    assert (
        flags.complaint(said("This is not a complaint, I just wonder how long it takes.")) is None
    )


@pytest.mark.parametrize(
    "text",
    [
        "An analyst emailed the extract to the wrong trust this morning.",
        "A laptop with the data on it was stolen from a car.",
        "We want to report a data breach.",
    ],
)
def test_an_incident_is_heard(text: str) -> None:
    assert flags.incident(said(text))


def test_an_incident_asked_about_in_general_is_none() -> None:
    assert flags.incident(said("How do you define a data breach in the contract?")) is None


def test_a_journalist_is_heard_and_who_says_that_she_is_none_is_believed() -> None:
    assert flags.press(said("I am a reporter at the Saltmarsh Gazette and need a quote today."))
    assert flags.press(said("She isn't a journalist, just curious.")) is None


def test_an_nhs_number_counts_in_a_quoted_part_too() -> None:
    quoted = Message(text=f"Can you help?\n> Jo Vale, NHS no {NHS}", new_text="Can you help?")
    assert identifiers.nhs_number(quoted)


def test_a_mistyped_nhs_number_counts_where_it_is_called_one() -> None:
    assert identifiers.nhs_number(said("Her NHS number is 9991234561"))


@pytest.mark.parametrize("text", ["Call 01632 960123", "Invoice 9991234561", "ref 2021 4567 891"])
def test_other_numbers_are_no_nhs_numbers(text: str) -> None:
    assert identifiers.nhs_number(said(text)) is None


def test_a_birth_date_needs_its_cue() -> None:
    assert identifiers.birth_date(said("Jo Vale, DOB 21/05/1958"))
    assert identifiers.birth_date(said("We meet on 21/05/2026, births from 2008 onwards")) is None


def test_a_reason_never_holds_the_identifier() -> None:
    found = identifiers.nhs_number(said(f"NHS no {NHS}"))
    assert found is not None
    assert "999" not in found.text


@pytest.mark.parametrize(
    "text",
    [
        "On Sat: Winifred Dunster, 12 Orchard Way, 83, chest pain, on the vehicle from 19:10.",
        "Our register still has Mrs Hale (72) down with stage 3 melanoma.",
        "J. Penhallow, 41M, relapsed lymphoma, was in last week's list.",
    ],
)
def test_a_name_with_an_age_and_an_illness_is_a_patient(text: str) -> None:
    assert identifiers.named_patient(said(text))


@pytest.mark.parametrize(
    "text",
    [
        "Jo Vale, Cancer Research Manager, Harrow Moor Hospital",
        "How many women aged 50 to 70 in South Yorkshire were diagnosed with breast cancer?",
        "Kind regards, Ann Oakes, 22 High Street. We study stroke outcomes.",
    ],
)
def test_names_and_illnesses_apart_are_no_patient(text: str) -> None:
    assert identifiers.named_patient(said(text)) is None


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (flags.incident, "Best wishes, Jo Haverhill, Data Breach Officer, Fellside Trust"),
        (flags.foi_request, "FOI: how to make one? We are not making one now."),
        (flags.own_data_request, "Does opting out in the app take me off the register as well?"),
    ],
)
def test_a_job_title_or_a_general_question_raises_no_flag(
    rule: Callable[[Message], Reason | None], text: str
) -> None:
    assert rule(said(text)) is None


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (flags.incident, "A processor backed the cohort up to a bucket that was open to the web."),
        (flags.incident, "The zip holds somebody else's patients."),
        (flags.press, "We're putting together a package for the six o'clock."),
        (flags.complaint, "I have had enough of this; that doesn't answer what I asked."),
    ],
)
def test_flags_are_heard_without_their_usual_words(
    rule: Callable[[Message], Reason | None], text: str
) -> None:
    assert rule(said(text))
