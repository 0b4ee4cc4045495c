"""What a decision went by is told without quoting the message."""

from datetime import date

import numpy as np

from knowledge.library import Library
from triage.chain import decide
from triage.cues import CUES, counted
from triage.decision import Route
from triage.evaluation import coverage_risk, reliability
from triage.labelled import Labelled
from triage.message import Message
from triage.model import Model
from triage.remembered import Remembered

TODAY = date(2026, 11, 23)
TEXT = "What stages does an application go through? And where has our own application got to?"


def test_a_decision_tells_its_ground_its_words_and_its_sentences(
    model: Model, library: Library
) -> None:
    decision = decide(Message(text=TEXT, new_text=TEXT), model, library, today=TODAY)
    told = decision.explanation
    assert told is not None
    assert sum(told.routes.values()) > 0.99
    assert [TEXT[one.start : one.end][-1] for one in told.sentences] == ["?", "?"]
    assert told.sentences[1].needs_person > told.sentences[0].needs_person
    assert all(one.weight > 0 for one in told.words)


def test_the_nearest_messages_come_best_first_and_none_without_vectors() -> None:
    ids, routes = np.array(["a-1", "b-2"]), np.array(["answer", "escalate"])
    vectors = np.array([[1.0, 0.0], [0.6, 0.8]], dtype=np.float32)
    whys, usual = np.array(["a rule", "a case"]), np.array([0.5])
    remembered = Remembered(ids, routes, whys, vectors, usual)
    nearest = remembered.nearest(np.array([0.0, 1.0], dtype=np.float32))
    assert [(one.id, one.route) for one in nearest] == [("b-2", "escalate"), ("a-1", "answer")]
    assert [one.why for one in nearest] == ["a case", "a rule"]
    assert remembered.likeness(vectors[1]) == 1
    without = Remembered(ids, routes, whys, np.empty((0,), dtype=np.float32), usual)
    assert without.nearest(vectors[0]) == []
    assert without.likeness(vectors[0]) is None


def test_a_case_of_their_own_is_told_from_a_rule_for_all() -> None:
    names = list(CUES)
    own, general = counted("Where is our application?"), counted("How long do applicants wait?")
    assert own[names.index("a thing of their own")] > 0
    assert general[names.index("a thing of their own")] == 0
    assert general[names.index("people in general")] > 0


def test_pictures_rest_on_every_message_once(
    model: Model, library: Library, calibration: list[Labelled]
) -> None:
    some = calibration[:40]
    decisions = [decide(Message(new_text=one.body), model, library, today=TODAY) for one in some]
    assert sum(one.messages for one in reliability(some, decisions)) == len(some)
    curve = coverage_risk(some, [float(one.route is Route.ANSWER) for one in some])
    assert all((one.answered, one.unsafe) == (1, 0) for one in curve)
