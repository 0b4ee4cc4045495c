"""Turns a classifier's logits into probabilities that mean what they say."""

from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, logit
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

Floats = NDArray[np.float64]

LEAST_CHANCE = 1e-4
"""No number of labelled messages shows that anything is surer than this."""


class GlobalPlatt(BaseEstimator):  # type: ignore[misc]
    """One slope and one shift for a group of heads, fitted on logits they gave to unseen messages.

    One pair for all (Platt 1999, with his smoothed targets) since a rare label has too few
    messages for a pair of its own. The logits must come from models that had not seen the
    message: on their own training messages classifiers are far too sure.
    """

    def fit(self, logits: Floats, labels: NDArray[np.bool_]) -> Self:
        """Fit slope and shift by maximum likelihood on the pooled columns."""
        flat, hits = logits.ravel(), labels.ravel()
        high = (hits.sum() + 1) / (hits.sum() + 2)
        low = 1 / ((~hits).sum() + 2)
        targets = np.where(hits, high, low)

        def loss(pair: Floats) -> tuple[float, Floats]:
            scaled = pair[0] * flat + pair[1]
            error = expit(scaled) - targets
            value = np.logaddexp(0, scaled) - targets * scaled
            return float(value.mean()), np.array([(error * flat).mean(), error.mean()])

        self.slope_, self.shift_ = (
            float(number) for number in minimize(loss, np.array([1.0, 0.0]), jac=True).x
        )
        return self

    def predict_proba(self, logits: Floats) -> Floats:
        """Probabilities, in the shape of the logits."""
        check_is_fitted(self, "slope_")
        chances: Floats = expit(self.slope_ * logits + self.shift_)
        return chances


def safe_logit(chance: float) -> float:
    """The logit of a probability, which is kept a little away from 0 and 1."""
    return float(logit(min(max(chance, LEAST_CHANCE), 1 - LEAST_CHANCE)))


def expected_calibration_error(
    confidence: Floats, right: NDArray[np.bool_], bins: int = 10
) -> float:
    """Mean gap between confidence and share right, over bins of equal numbers of messages.

    Equal numbers, since most confidences stand near one and bins of equal width would be empty.
    """
    if len(confidence) == 0:
        return 0.0
    order = np.argsort(confidence, kind="stable")
    gaps = [
        len(chunk) * abs(float(confidence[chunk].mean() - right[chunk].mean()))
        for chunk in np.array_split(order, min(bins, len(order)))
    ]
    return sum(gaps) / len(confidence)


def brier(confidence: Floats, right: NDArray[np.bool_]) -> float:
    """Mean squared difference between confidence and outcome (Brier 1950); 0 is best."""
    return float(np.square(confidence - right).mean()) if len(confidence) else 0.0
