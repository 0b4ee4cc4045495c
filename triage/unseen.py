"""Decisions on messages by models that had seen nothing of their authors.

Thresholds and calibration rest on these: on its own training messages a model is far too sure.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import GroupKFold, KFold

from triage.chain import asking_alone
from triage.features import Reading
from triage.labelled import Labelled
from triage.model import LABELS, Fitted

FOLDS = 5
Fit = Callable[[Sequence[Reading], NDArray[np.bool_]], Fitted]


class Logits(NamedTuple):
    """Logits for the whole of each message, and for each of its questions read alone."""

    whole: NDArray[np.float64]
    parts: list[NDArray[np.float64]]


def authors(messages: Sequence[Labelled]) -> list[str]:
    """Who wrote each message: an id is the author's name, a hyphen and a number."""
    return [message.id.rpartition("-")[0] for message in messages]


def folds(names: Sequence[str]) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """(known, unseen) rows; all of an author's on one side, where there are enough authors.

    Contrast pairs come from one author: split over folds, one half would give the other away.
    """
    rows = np.zeros(len(names))
    if len(set(names)) >= FOLDS - 2:
        return list(GroupKFold(min(FOLDS, len(set(names)))).split(rows, groups=names))
    return list(KFold(FOLDS, shuffle=True, random_state=0).split(rows))


def out_of_fold(
    readings: Sequence[Reading],
    labels: NDArray[np.bool_],
    names: Sequence[str],
    fit: Fit,
    told: Callable[[int, int], None],
) -> Logits:
    """Logits for each message from a model fitted on the other authors. `told` hears progress."""
    whole = np.zeros(labels.shape)
    parts: list[NDArray[np.float64]] = [np.empty((0, labels.shape[1]))] * len(readings)
    split = folds(names)
    for number, (known, unseen) in enumerate(split):
        told(number, len(split) + 1)
        fitted = fit([readings[row] for row in known], labels[known])
        found = logits(fitted, [readings[row] for row in unseen])
        whole[unseen] = found.whole
        for row, alone in zip(unseen, found.parts, strict=True):
            parts[row] = alone
    return Logits(whole, parts)


def logits(fitted: Fitted, readings: Sequence[Reading]) -> Logits:
    """Logits for messages, all questions of all messages in one go."""
    alone = [asking_alone(reading) for reading in readings]
    if not readings:
        return Logits(np.empty((0, len(LABELS))), [])
    flat = fitted.logits([one for questions in alone for one in questions])
    ends = np.cumsum([len(questions) for questions in alone])[:-1]
    return Logits(fitted.logits(readings), np.split(flat, ends))
