"""Chooses the threshold whose error rate is shown to stay under a bound, or none."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

NEVER = 1.01
"""A threshold that no probability reaches."""


class Bound(NamedTuple):
    """A threshold, and what was shown for it.

    `messages` is how many messages that must not be answered stood in the calibration set, and
    `mistakes` how many of them the threshold let through.
    """

    threshold: float
    messages: int
    mistakes: int

    @property
    def holds(self) -> bool:
        """Whether any threshold was shown to be safe."""
        return self.threshold < NEVER


def learn_then_test(
    scores: NDArray[np.float64], *, risk: float, doubt: float, steps: int = 200
) -> Bound:
    """The lowest threshold for which more than `risk` of such messages passing is refuted.

    Learn-then-Test with fixed sequence testing (Angelopoulos et al. 2021): thresholds are tried
    from the strictest down, each at level `doubt` by the binomial tail, and the first that cannot
    be shown safe ends the search. With probability 1 - `doubt` over the calibration messages the
    true rate is then at most `risk`.

    Args:
        scores: the scores of messages that must not pass; those at or above a threshold do pass.
        risk: largest share of them that may pass, for instance 0.05.
        doubt: largest chance that the promise is false, for instance 0.1.
        steps: how many thresholds between 1 and 0 are tried; they may not depend on the scores.
    """
    found = Bound(NEVER, len(scores), 0)
    for threshold in np.linspace(1, 0, steps, endpoint=False):
        mistakes = int((scores >= threshold).sum())
        if binom.cdf(mistakes, len(scores), risk) > doubt:
            break
        found = Bound(float(threshold), len(scores), mistakes)
    return found
