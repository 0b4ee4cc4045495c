"""Probabilities mean what they say, and a threshold is chosen only on evidence."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit
from scipy.stats import binom

from triage.bounds import NEVER, learn_then_test
from triage.calibration import GlobalPlatt, brier, expected_calibration_error
from triage.decision import EnquiryType
from triage.evidence import type_thresholds
from triage.labelled import DATA, read


def test_platt_finds_the_slope_that_made_the_labels() -> None:
    generator = np.random.default_rng(7)
    logits = generator.normal(size=(4000, 3))
    labels = generator.random(logits.shape) < expit(2 * logits - 0.5)
    platt = GlobalPlatt().fit(logits, labels)
    assert platt.slope_ == pytest.approx(2, abs=0.15)
    assert platt.shift_ == pytest.approx(-0.5, abs=0.1)


def test_calibration_error_is_the_gap_between_said_and_seen() -> None:
    said = np.full(100, 0.9)
    assert expected_calibration_error(said, np.arange(100) % 10 != 0) == pytest.approx(0, abs=0.02)
    assert expected_calibration_error(said, np.zeros(100, dtype=bool)) == pytest.approx(0.9)
    assert brier(said, np.ones(100, dtype=bool)) == pytest.approx(0.01)


def test_a_type_is_told_from_the_chance_at_which_it_is_told_best() -> None:
    asked = [message for message in read([DATA / "train"]) if message.route == "answer"][:200]
    row = {kind: column for column, kind in enumerate(EnquiryType)}
    chances = np.full((len(asked), len(row)), 0.1)
    for number, message in enumerate(asked):
        # Charges are always thought half as likely as they are, processes twice.
        chances[number, row[EnquiryType.CHARGES]] = 0.32 if "charges" in message.types else 0.1
        chances[number, row[EnquiryType.PROCESS]] = 0.9 if "process" in message.types else 0.55
    found = type_thresholds(chances, asked)
    assert 0.1 < found[EnquiryType.CHARGES] < 0.32
    assert 0.55 < found[EnquiryType.PROCESS] < 0.9


def test_with_too_little_evidence_no_threshold_is_safe() -> None:
    bound = learn_then_test(np.zeros(20), risk=0.05, doubt=0.1)
    assert not bound.holds
    assert bound.threshold == NEVER


def test_with_evidence_and_no_mistake_the_lowest_threshold_is_safe() -> None:
    bound = learn_then_test(np.zeros(200), risk=0.05, doubt=0.1)
    assert bound.holds
    assert bound.mistakes == 0
    assert bound.threshold < 0.01


@given(st.lists(st.floats(0, 1), max_size=300))
def test_a_threshold_that_holds_is_shown_by_its_own_mistakes(scores: list[float]) -> None:
    bound = learn_then_test(np.array(scores), risk=0.05, doubt=0.1)
    if bound.holds:
        assert bound.mistakes == sum(score >= bound.threshold for score in scores)
        assert binom.cdf(bound.mistakes, len(scores), 0.05) <= 0.1


def test_the_promise_holds_over_many_calibration_sets() -> None:
    """With 90 % confidence at most 5 % pass: of 300 sets at most about 30 may break it."""
    generator = np.random.default_rng(11)
    broken = 0
    for _ in range(300):
        bound = learn_then_test(generator.beta(1, 3, size=250), risk=0.05, doubt=0.1)
        true_rate = (1 - bound.threshold) ** 3 if bound.holds else 0.0
        broken += true_rate > 0.05
    assert broken <= 45
