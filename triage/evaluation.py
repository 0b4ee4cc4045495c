"""Measures decisions against labels: unsafe mistakes first, then all the rest."""

from collections.abc import Callable, Collection, Mapping, Sequence

import numpy as np
from pydantic import BaseModel, ConfigDict

from triage.calibration import brier, expected_calibration_error
from triage.decision import Decision, EnquiryType, Flag, Route
from triage.labelled import Labelled
from triage.rules.instructions import without_instructions

LONG = 120
"""Words from which a message counts as long."""

BINS = 10
"""Points of the picture of reliability."""


class Bin(BaseModel):
    """Messages of like confidence: what was said, what came true."""

    model_config = ConfigDict(frozen=True)

    said: float
    right: float
    messages: int


class RiskPoint(BaseModel):
    """What a threshold for answers would have meant, with all else as it is."""

    model_config = ConfigDict(frozen=True)

    threshold: float
    answered: float
    """Share of the answerable that would be answered."""
    unsafe: float
    """Share of the others that would be."""


Pair = tuple[Labelled, Decision]


class Score(BaseModel):
    """Precision, recall and their harmonic mean, for one type."""

    model_config = ConfigDict(frozen=True)

    precision: float
    recall: float
    f1: float
    messages: int


class Evaluation(BaseModel):
    """What was measured. Shares are of 1; a share of nothing is 1 for rights, 0 for wrongs."""

    model_config = ConfigDict(frozen=True)

    messages: int
    unsafe_answers: tuple[str, ...]
    """Ids answered though they should have been escalated or ignored."""
    unsafe_rate: float
    """Their share of the messages that should not be answered."""
    flagged_missed: tuple[str, ...]
    """Ids with a flag that were answered or ignored."""
    route_accuracy: float
    confusion: Mapping[str, Mapping[str, int]]
    """Expected route, then the route got, then how many."""
    answerable_answered: float
    automatic_answered: int
    flag_recall: Mapping[str, float]
    types: Mapping[str, Score]
    macro_f1: float
    topic_hit: float
    """Answered rightly: share whose first topic is one of those allowed."""
    topic_near: float
    """Answerable: share of which one of the three nearest topics is allowed, answered or not."""
    calibration_error: float
    brier: float
    coverage: float
    """Share answered without a person."""
    slices: Mapping[str, float]
    """Route accuracy by slice."""
    contrasts_right: float
    """Share of contrast pairs of which both routes are right."""

    def figures(self) -> dict[str, float]:
        """The single numbers, for a model's card."""
        return {
            "messages": self.messages,
            "route_accuracy": self.route_accuracy,
            "unsafe_rate": self.unsafe_rate,
            "flagged_missed": len(self.flagged_missed),
            "answerable_answered": self.answerable_answered,
            "automatic_answered": self.automatic_answered,
            "macro_f1": self.macro_f1,
            "topic_hit": self.topic_hit,
            "topic_near": self.topic_near,
            "calibration_error": self.calibration_error,
            "brier": self.brier,
            "coverage": self.coverage,
        }


def evaluate(
    messages: Sequence[Labelled],
    decisions: Sequence[Decision],
    contrasts: Collection[tuple[str, str]] = (),
) -> Evaluation:
    """Compare decisions with labels, one for one.

    `contrasts` are pairs of ids of messages that differ in little and need different routes.
    """
    pairs = list(zip(messages, decisions, strict=True))
    unsafe = [m.id for m, d in pairs if is_unsafe(m, d)]
    right = np.array([d.route is m.route for m, d in pairs], dtype=bool)
    confidence = np.array([d.confidence for _, d in pairs], dtype=np.float64)
    types = {kind.value: _score(pairs, kind) for kind in EnquiryType}
    seen = [score.f1 for score in types.values() if score.messages]
    answerable = [(m, d) for m, d in pairs if m.route is Route.ANSWER]
    answered = [(m, d) for m, d in pairs if d.route is Route.ANSWER and m.route is Route.ANSWER]
    return Evaluation(
        messages=len(pairs),
        unsafe_answers=tuple(unsafe),
        unsafe_rate=_share(len(unsafe), sum(m.route is not Route.ANSWER for m, _ in pairs), 0.0),
        flagged_missed=tuple(m.id for m, d in pairs if m.flags and d.route is not Route.ESCALATE),
        route_accuracy=_share(int(right.sum()), len(pairs)),
        confusion=_confusion(pairs),
        answerable_answered=_share(len(answered), sum(m.route is Route.ANSWER for m, _ in pairs)),
        automatic_answered=sum(
            m.route is Route.IGNORE and d.route is Route.ANSWER for m, d in pairs
        ),
        flag_recall={flag.value: _flag_recall(pairs, flag) for flag in Flag},
        types=types,
        macro_f1=float(np.mean(seen)) if seen else 1.0,
        topic_hit=_share(sum(d.topics[0] in m.topics for m, d in answered), len(answered)),
        topic_near=_share(
            sum(any(topic in m.topics for topic in d.nearest_topics) for m, d in answerable),
            len(answerable),
        ),
        calibration_error=expected_calibration_error(confidence, right),
        brier=brier(confidence, right),
        coverage=_share(sum(d.route is Route.ANSWER for _, d in pairs), len(pairs), 0.0),
        slices=_slices(pairs, {ident for pair in contrasts for ident in pair}),
        contrasts_right=_both_right(pairs, contrasts),
    )


def reliability(messages: Sequence[Labelled], decisions: Sequence[Decision]) -> list[Bin]:
    """Bins of equal numbers of messages, from the least sure to the surest."""
    pairs = sorted(zip(messages, decisions, strict=True), key=lambda pair: pair[1].confidence)
    chunks = np.array_split(np.arange(len(pairs)), min(BINS, len(pairs))) if pairs else []
    return [
        Bin(
            said=float(np.mean([pairs[row][1].confidence for row in chunk])),
            right=float(np.mean([pairs[row][1].route is pairs[row][0].route for row in chunk])),
            messages=len(chunk),
        )
        for chunk in chunks
    ]


def coverage_risk(messages: Sequence[Labelled], scores: Sequence[float]) -> list[RiskPoint]:
    """What each threshold would answer, by the scores up to which messages would be answered."""
    given = np.array(scores, dtype=np.float64)
    answerable = np.array([one.route is Route.ANSWER for one in messages], dtype=bool)
    points = []
    for threshold in np.linspace(0.5, 1, 101):
        passed = given >= threshold
        answered = _share(int(passed[answerable].sum()), int(answerable.sum()))
        unsafe = _share(int(passed[~answerable].sum()), int((~answerable).sum()), 0.0)
        points.append(RiskPoint(threshold=float(threshold), answered=answered, unsafe=unsafe))
    return points


def is_unsafe(message: Labelled, decision: Decision) -> bool:
    """Whether it was answered though it should not have been."""
    return decision.route is Route.ANSWER and message.route is not Route.ANSWER


def _share(part: int, whole: int, of_nothing: float = 1.0) -> float:
    return part / whole if whole else of_nothing


def _confusion(pairs: Sequence[Pair]) -> dict[str, dict[str, int]]:
    return {
        expected.value: {
            got.value: sum(m.route is expected and d.route is got for m, d in pairs)
            for got in Route
        }
        for expected in Route
    }


def _flag_recall(pairs: Sequence[Pair], flag: Flag) -> float:
    flagged = [decision for message, decision in pairs if flag in message.flags]
    return _share(sum(flag in decision.flags for decision in flagged), len(flagged))


def _score(pairs: Sequence[Pair], kind: EnquiryType) -> Score:
    hits = sum(kind in m.types and kind in d.types for m, d in pairs)
    given = sum(kind in d.types for _, d in pairs)
    owed = sum(kind in m.types for m, _ in pairs)
    return Score(
        precision=_share(hits, given),
        recall=_share(hits, owed),
        f1=_share(2 * hits, given + owed, 0.0),
        messages=owed,
    )


def _both_right(pairs: Sequence[Pair], contrasts: Collection[tuple[str, str]]) -> float:
    right = {m.id: d.route is m.route for m, d in pairs}
    known = [(one, other) for one, other in contrasts if one in right and other in right]
    return _share(sum(right[one] and right[other] for one, other in known), len(known))


def _slices(pairs: Sequence[Pair], contrasted: Collection[str]) -> dict[str, float]:
    """Route accuracy where messages differ in kind; slices with no message are left out."""
    tests: dict[str, Callable[[Labelled], bool]] = {
        "email": lambda m: m.channel == "email",
        "slack": lambda m: m.channel == "slack",
        "short": lambda m: len(m.body.split()) < LONG,
        "long": lambda m: len(m.body.split()) >= LONG,
        "several questions": lambda m: m.body.count("?") > 1,
        "flagged": lambda m: bool(m.flags),
        "one of a contrast pair": lambda m: m.id in contrasted,
        "instructs the bot": lambda m: without_instructions(m.message(str)).removed,
        "quotes an older message": lambda m: "\n>" in m.body or "wrote:" in m.body,
    }
    found = {}
    for name, test in tests.items():
        chosen = [d.route is m.route for m, d in pairs if test(m)]
        if chosen:
            found[name] = sum(chosen) / len(chosen)
    return found
