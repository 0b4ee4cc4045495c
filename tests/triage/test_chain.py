"""The chain: every doubt goes to a person, and no rule ever makes an answer likelier."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.library import Library
from triage.chain import RULES_ONLY, decide, settle, weighed_alone
from triage.decision import EnquiryType, Flag, Route
from triage.hearing import RULES
from triage.labelled import Labelled
from triage.message import Message
from triage.model import Model

TODAY = date(2026, 11, 23)

TOTAL_COST = (
    "Total Cost at the top of our draft for cancer registrations says £9,450. "
    "Is that what we will pay?"
)
ODR = "We applied to the Office for Data Release in 2021. Should we apply again through DARS?"
ADDITIONS = {
    Flag.PATIENT_DATA: "It is about Jo Vale, DOB 21/05/1958, NHS number 999 123 4560.",
    Flag.INCIDENT: "An analyst emailed our extract to the wrong trust.",
    Flag.COMPLAINT: "I wish to make a formal complaint.",
    Flag.STATUTORY: "Please treat this as a request under the Freedom of Information Act.",
    Flag.MEDIA: "I am a reporter at the Saltmarsh Gazette and need a quote today.",
}


def said(text: str) -> Message:
    return Message(text=text, new_text=text)


@pytest.mark.parametrize(
    ("text", "owed"),
    [
        (TOTAL_COST, ("answer", {"ndrs", "charges"}, "ndrs-total-cost")),
        (ODR, ("answer", {"ndrs"}, "ndrs-odr-application")),
        (
            "How many new bowel cancers were there in England by age group?",
            ("answer", {"published_data", "ndrs"}, "published-data"),
        ),
        (
            "Where has our application DARS-NIC-381078-Y9C5K got to?",
            ("escalate", {"existing_application"}, None),
        ),
        (
            "Our trust still holds GP records taken under the COVID notice. May we keep them?",
            ("escalate", {"copi_exit"}, "copi-exit"),
        ),
    ],
)
def test_a_first_enquiry_goes_where_the_service_promises(
    model: Model, library: Library, text: str, owed: tuple[str, set[str], str | None]
) -> None:
    route, types, topic = owed
    decision = decide(said(text), model, library, today=TODAY)
    assert decision.route == route
    assert types <= set(decision.types)
    assert topic in (None, decision.topics[0])


def test_published_figures_are_pointed_to(model: Model, library: Library) -> None:
    text = "How many new bowel cancers were there in England by age group?"
    decision = decide(said(text), model, library, today=TODAY)
    assert decision.series[0] == "cancer-registration-statistics"


@pytest.mark.parametrize("flag", list(Flag))
def test_a_flag_turns_an_answer_into_a_case(model: Model, library: Library, flag: Flag) -> None:
    decision = decide(said(f"{TOTAL_COST} {ADDITIONS[flag]}"), model, library, today=TODAY)
    assert decision.route is Route.ESCALATE
    assert flag in decision.flags


@pytest.mark.parametrize("flag", list(Flag))
def test_adding_a_flag_never_makes_an_answer(
    model: Model, library: Library, held: list[Labelled], flag: Flag
) -> None:
    for one in held[::9]:
        decision = decide(said(f"{one.body}\n\n{ADDITIONS[flag]}"), model, library, today=TODAY)
        assert decision.route is not Route.ANSWER, one.id


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(subject=st.text(max_size=80), text=st.text(max_size=400))
def test_no_text_breaks_it_and_a_decision_is_whole(
    model: Model, library: Library, subject: str, text: str
) -> None:
    message = Message(subject=subject, text=text, new_text=text)
    decision = decide(message, model, library, today=TODAY)
    assert decision.types
    assert decision.reasons
    assert 0 <= decision.confidence <= 1
    assert not (decision.flags and decision.route is not Route.ESCALATE)
    assert (decision.route is not Route.ANSWER) or decision.passages or decision.series


def test_the_same_message_is_decided_the_same_twice(model: Model, library: Library) -> None:
    message = said(TOTAL_COST)
    assert decide(message, model, library, today=TODAY) == decide(
        message, model, library, today=TODAY
    )


def test_without_a_model_every_person_reaches_a_person(library: Library) -> None:
    decision = decide(said(TOTAL_COST), None, library, today=TODAY)
    assert decision.route is Route.ESCALATE
    assert decision.model == RULES_ONLY
    assert decision.reasons[-1].rule == "no_model"


def test_headers_that_say_machine_are_ignored_with_or_without_a_model(
    model: Model, library: Library
) -> None:
    message = Message(text="I am away.", new_text="I am away.", automatic_reason="auto-submitted")
    assert decide(message, model, library, today=TODAY).route is Route.IGNORE
    assert decide(message, None, library, today=TODAY).route is Route.IGNORE


def test_passages_past_their_review_are_not_sent(model: Model, library: Library) -> None:
    decision = decide(said(TOTAL_COST), model, library, today=date(2040, 1, 1))
    assert decision.route is Route.ESCALATE
    assert decision.passages == ()
    assert "was due for review by" in decision.reasons[0].text
    assert "ndrs-total-cost" in {one.article for one in decision.withheld}


def test_one_question_for_a_person_makes_the_whole_a_case(model: Model, library: Library) -> None:
    text = (
        "What stages does an application go through?\n\n"
        "And where has our application DARS-NIC-381078-Y9C5K got to?"
    )
    decision = decide(said(text), model, library, today=TODAY)
    assert decision.route is Route.ESCALATE
    assert decision.passages, "the part that could be answered stands in the draft"


def test_other_stands_first_or_not_at_all(
    model: Model, library: Library, held: list[Labelled]
) -> None:
    for one in held[:80]:
        decision = decide(said(one.body), model, library, today=TODAY)
        assert EnquiryType.OTHER not in decision.types[1:]


def test_every_rule_has_its_sentence_and_forces_only_the_safe_routes() -> None:
    for rule in RULES:
        assert rule.speaks.__doc__
        assert rule.route is not Route.ANSWER
        assert rule.flag is None or rule.route is Route.ESCALATE


@pytest.mark.parametrize(
    ("text", "owed"),
    [
        ("Under the Freedom of Information Act, what were your charges last year?", "other"),
        ("Please cancel invoice 448120, it is not ours.", "charges"),
        ("Where has DARS-NIC-381078-Y9C5K got to?", "existing_application"),
    ],
)
def test_what_a_rule_is_sure_of_is_among_the_types(
    model: Model, library: Library, text: str, owed: str
) -> None:
    types = decide(said(text), model, library, today=TODAY).types
    assert owed in types
    assert owed != "other" or types[0] == owed


def test_an_answer_that_lacks_only_the_evidence_waits_for_approval(
    model: Model, library: Library
) -> None:
    strict = model.card.thresholds.model_copy(update={"answer": 1.01})
    unproven = replace(model, card=model.card.model_copy(update={"thresholds": strict}))
    assert decide(said(TOTAL_COST), model, library, today=TODAY).route is Route.ANSWER
    decision = decide(said(TOTAL_COST), unproven, library, today=TODAY)
    assert decision.route is Route.ESCALATE
    assert decision.explanation is not None
    assert decision.explanation.ground == "approval"
    assert [reason.rule for reason in decision.reasons] == ["no_bound"]
    assert decision.passages


def test_a_message_like_no_other_waits_for_approval(model: Model, library: Library) -> None:
    weighed = weighed_alone(said(TOTAL_COST), model, library, today=TODAY)
    assert settle(weighed._replace(likeness=0.5)).ground == "answer"
    settled = settle(weighed._replace(likeness=0.001))
    assert (settled.route, settled.ground) == (Route.ESCALATE, "approval")
    assert [reason.rule for reason in settled.reasons] == ["unlike"]
