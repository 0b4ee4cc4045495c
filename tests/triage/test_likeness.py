"""How usual a message is, and when live messages drift."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from triage.likeness import LEAST_MESSAGES, drifted, ranked

USUAL = np.array([0.3, 0.5, 0.5, 0.8])


def test_a_message_nearer_than_all_calibration_messages_ranks_at_one() -> None:
    assert ranked(0.9, USUAL) == 1.0


def test_a_message_unlike_all_ranks_lowest_but_not_at_nothing() -> None:
    assert ranked(0.1, USUAL) == 1 / 5


@given(st.lists(st.floats(0, 1), min_size=2, max_size=2), st.lists(st.floats(0, 1), max_size=30))
def test_nearer_never_ranks_lower(pair: list[float], usual: list[float]) -> None:
    low, high = (ranked(one, np.sort(np.array(usual))) for one in sorted(pair))
    assert low <= high


def test_messages_that_rank_evenly_have_not_drifted() -> None:
    assert not drifted(np.linspace(0, 1, 4 * LEAST_MESSAGES).tolist())


def test_messages_that_all_rank_low_have_drifted() -> None:
    assert drifted([0.02] * LEAST_MESSAGES)


def test_messages_that_rank_high_have_not_drifted() -> None:
    assert not drifted([0.98] * (4 * LEAST_MESSAGES))


def test_few_messages_tell_nothing() -> None:
    assert not drifted([0.001] * (LEAST_MESSAGES - 1))


def test_a_shift_too_small_to_matter_is_no_drift_however_sure() -> None:
    shifted = np.linspace(0, 1, 20_000) ** 1.05
    assert not drifted(shifted.tolist())
