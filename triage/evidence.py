"""What decisions on unseen messages show: how high an answer must score, and how sure a route is.

The bound is shown for the whole policy: rules, flags, parts and coverage stand as they will, and
the one threshold that is tested is that of the answer.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.library import Library
from triage import bounds
from triage.calibration import GlobalPlatt, safe_logit
from triage.chain import settle, weigh
from triage.decision import EnquiryType, Route
from triage.labelled import Labelled
from triage.model import Thresholds, calibrated, predictions
from triage.objections import Ground, Settled, Weighed
from triage.reading_all import Read
from triage.unseen import Logits

DOUBT = 0.1
"""Largest chance that a promise is false."""
RISKS = ((300, 0.02), (0, 0.05))
"""Largest share of what must not be answered that may be, from so many such messages on.

5 % is promised in any case, and less as evidence grows: with few messages a low rate can be shown
only by a threshold at which hardly anything is answered. Only authors that taught neither the
classifier nor the encoder's adapter show it: of those the adapter has seen, scores are too good.
Some rules were mended by mistakes on these authors, so what they show is a little too good as well.
"""
LEAST_ANSWER = 0.5
"""No threshold goes lower, whatever the evidence: an answer must at least be likelier than not."""
TYPE_STEPS = np.linspace(0.2, 0.8, 13)
"""Thresholds that are tried for a type."""
FEW = 20
"""Routes settled on a ground by which its confidence can be fitted."""


def weigh_all(
    read: Read,
    logits: Logits,
    platts: Mapping[str, GlobalPlatt],
    library: Library,
    thresholds: Thresholds,
) -> list[Weighed]:
    """Weigh messages whose logits are known already."""
    wholes = predictions(calibrated(platts, logits.whole))
    return [
        weigh(heard, reading, (whole, predictions(calibrated(platts, parts))), library, thresholds)
        for heard, reading, whole, parts in zip(
            read.heard, read.readings, wholes, logits.parts, strict=True
        )
    ]


def answer_score(weighed: Weighed) -> float:
    """The threshold up to which the message would be answered; 0 where at none."""
    lowest = weighed._replace(thresholds=weighed.thresholds.model_copy(update={"answer": 0.0}))
    answered = settle(lowest).route is Route.ANSWER
    return weighed.whole.routes[Route.ANSWER] if answered else 0.0


def risk_shown(messages: Sequence[Labelled]) -> float:
    """The share of wrong answers that is promised on this much evidence."""
    number = sum(one.route is not Route.ANSWER for one in messages)
    return next(risk for least, risk in RISKS if number >= least)


def bound(messages: Sequence[Labelled], weighed: Sequence[Weighed]) -> bounds.Bound:
    """The lowest threshold for answers that these messages show to be safe."""
    scores = [
        answer_score(one)
        for message, one in zip(messages, weighed, strict=True)
        if message.route is not Route.ANSWER
    ]
    return bounds.learn_then_test(np.array(scores), risk=risk_shown(messages), doubt=DOUBT)


def type_thresholds(
    chances: NDArray[np.float64], messages: Sequence[Labelled]
) -> Mapping[EnquiryType, float]:
    """For each type the threshold at which it is told best (F1) on messages unseen by the heads.

    One slope calibrates all types together, so that of the rarer ones is off. `chances` has a
    column a type. Where several thresholds are as good, the middle one counts.
    """
    found = {}
    for kind, column in zip(EnquiryType, chances.T, strict=True):
        has = np.array([kind in message.types for message in messages])
        told = column[:, np.newaxis] >= TYPE_STEPS
        scores = 2 * (told & has[:, np.newaxis]).sum(axis=0) / (told.sum(axis=0) + has.sum())
        best = np.flatnonzero(scores == scores.max())
        found[kind] = float(TYPE_STEPS[best[len(best) // 2]])
    return found


def confidence_fits(
    messages: Sequence[Labelled], weighed: Sequence[Weighed]
) -> Mapping[str, tuple[float, float]]:
    """For each ground, slope and shift (Platt) from the route's logit to that of being right."""
    seen: dict[Ground, list[tuple[float, bool]]] = defaultdict(list)
    for message, one in zip(messages, weighed, strict=True):
        settled: Settled = settle(one)
        chance = safe_logit(one.whole.routes[settled.route])
        seen[settled.ground].append((chance, settled.route is message.route))
    fits = {}
    for ground, pairs in seen.items():
        if len(pairs) >= FEW:
            chances, right = (np.array(column) for column in zip(*pairs, strict=True))
            platt = GlobalPlatt().fit(chances[:, np.newaxis], right[:, np.newaxis].astype(bool))
            fits[ground.value] = (platt.slope_, platt.shift_)
    return fits
