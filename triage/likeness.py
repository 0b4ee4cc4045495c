"""How usual a message is: compared with those by which thresholds were set, and over time.

What was shown of calibration messages holds for messages like them. So each message is ranked by
how near it comes to any labelled one, among the calibration messages ranked the same way; and a
run of live messages that rank low is a drift.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.stats import kstest

LEAST_MESSAGES = 50
"""Live messages from which a drift can be told."""
DOUBT = 0.001
"""Largest chance to see a drift where there is none; low, since it is asked again and again."""
NOTICED = 0.1
"""Least distance of a drift (Kolmogorov-Smirnov): many messages make the smallest one certain."""


def ranked(similarity: float, usual: NDArray[np.float64]) -> float:
    """The share of calibration messages that come no nearer to a labelled one than this does.

    A conformal p-value (Vovk et al. 2005): for messages like those it is uniform on 0 to 1, and
    it is small for one that is like none of them.

    Args:
        similarity: cosine of the message to the labelled message most like it.
        usual: the same of each calibration message, in rising order.
    """
    below = int(np.searchsorted(usual, similarity, side="right"))
    return (below + 1) / (len(usual) + 1)


def drifted(ranks: Sequence[float]) -> bool:
    """Whether live messages rank lower than calibration messages would, by more than chance.

    One-sided Kolmogorov-Smirnov test against the uniform distribution. With few messages there
    is no telling, and no drift.
    """
    if len(ranks) < LEAST_MESSAGES:
        return False
    found = kstest(ranks, "uniform", alternative="greater")
    return bool(found.pvalue < DOUBT and found.statistic > NOTICED)
