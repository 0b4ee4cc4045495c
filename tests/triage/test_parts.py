"""Sentences: what is asked, without greeting and signature."""

from hypothesis import given
from hypothesis import strategies as st

from triage.parts import clauses, every_sentence, full_text, plain_subject, split


def test_greeting_and_signature_are_left_out() -> None:
    text = "Dear team,\n\nWhat does it cost? We are a charity.\n\nKind regards\nJo Vale\nTrialist"
    assert [part.text for part in split(text)] == ["What does it cost?", "We are a charity."]


def test_a_question_after_the_signature_is_kept() -> None:
    text = "Who may apply?\n\nThanks\nJo\n\nPS how long does it take?"
    assert [part.text for part in split(text)][-1] == "PS how long does it take?"


def test_points_of_a_list_are_parts() -> None:
    text = "Three things:\n1) who may apply\n2) what it costs\n- how long it takes"
    assert [part.text for part in split(text)][1:] == [
        "who may apply",
        "what it costs",
        "how long it takes",
    ]


def within(text: str) -> list[str]:
    return [text[start:end] for one in split(text) for start, end in clauses(one)]


def test_a_sentence_that_asks_several_things_holds_as_many_questions() -> None:
    assert within(
        "What does the register hold, who looks after it now and how do I apply for it?"
    ) == [
        "What does the register hold",
        "who looks after it now",
        "how do I apply for it?",
    ]


def test_a_condition_is_no_question_of_its_own() -> None:
    asked = within("If our agreement ends in March, who is expected to write, you or the holder?")
    assert asked == ["who is expected to write, you or the holder?"]


def test_a_sentence_that_asks_one_thing_holds_no_more() -> None:
    assert within("Where are the charges for hospital data and for linked data?") == []


def test_abbreviations_end_no_sentence() -> None:
    assert len(split("Dr. Vale asks e.g. for rates. Where are they?")) == 2


def test_a_subject_loses_the_marks_of_replies() -> None:
    assert plain_subject("RE: Fwd: [EXTERNAL] AW: Costs") == "Costs"
    assert full_text("Re: Costs", " How much? ") == "Costs\n\nHow much?"


@given(st.text(max_size=300))
def test_parts_lie_where_they_say(text: str) -> None:
    for part in (*split(text), *every_sentence(text)):
        assert text[part.start : part.end] == part.text
        assert part.text
        assert all(part.start <= start < end <= part.end for start, end in clauses(part))
