"""Which types, topics and flags a message has, of those that are likely and those that are sure."""

from collections.abc import Collection, Sequence

from knowledge.topics import Topic
from triage.decision import EnquiryType, Flag, Route
from triage.model import Prediction, Thresholds
from triage.objections import Heard, Weighed

OUTSIDE = frozenset((Flag.MEDIA, Flag.STATUTORY))
"""Flags of matters that are none of the service's own: their messages are `other` first."""
MOST_TOPICS = 3
SEARCH_SHARE = 0.5
"""What a search score counts beside the probability of a topic."""


def ranked_types(
    prediction: Prediction, thresholds: Thresholds, certain: Collection[EnquiryType] = ()
) -> tuple[EnquiryType, ...]:
    """The types that are certain or likely, at least one; `other` only first or alone."""
    ordered = sorted(prediction.types, key=lambda kind: -prediction.types[kind])
    if EnquiryType.OTHER in certain:
        ordered.sort(key=lambda kind: kind is not EnquiryType.OTHER)
    likely = [
        kind for kind in ordered if kind in certain or prediction.types[kind] >= thresholds.of(kind)
    ]
    first, *rest = likely or ordered[:1]
    return (first, *(kind for kind in rest if kind is not EnquiryType.OTHER))


def certain_types(weighed: Weighed) -> set[EnquiryType]:
    """Types that follow from rules and flags, whatever the classifier says."""
    by_rule = {kind for rule, _ in weighed.heard.spoken for kind in rule.types}
    return by_rule | ({EnquiryType.OTHER} if OUTSIDE.intersection(weighed.flags) else set())


def ranked_topics(prediction: Prediction, found: dict[Topic, float]) -> tuple[Topic, ...]:
    """All topics, best first; what search found settles close calls."""
    score = {
        topic: chance + SEARCH_SHARE * found.get(topic, 0.0)
        for topic, chance in prediction.topics.items()
    }
    return tuple(sorted(score, key=lambda topic: -score[topic]))


def likely_topics(
    ranked: Sequence[Topic], prediction: Prediction, thresholds: Thresholds
) -> tuple[Topic, ...]:
    """Those that an answer may rest on: the best, and others that are likely, three at most."""
    first, *others = ranked
    likely = [topic for topic in others if prediction.topics[topic] >= thresholds.topic]
    return (first, *likely[: MOST_TOPICS - 1])


def nearest_topics(likely: Sequence[Topic], ranked: Sequence[Topic]) -> tuple[Topic, ...]:
    """Three topics, best first: the likely ones, then what comes nearest after them."""
    return tuple(dict.fromkeys((*likely, *ranked)))[:MOST_TOPICS]


def likely_flags(heard: Heard, prediction: Prediction, thresholds: Thresholds) -> tuple[Flag, ...]:
    """Flags that a rule raises or that are likely; none where a machine wrote for certain."""
    by_rule = {rule.flag for rule, _ in heard.spoken if rule.flag}
    if heard.forced and heard.forced[0].route is Route.IGNORE:
        return ()
    likely = {flag for flag, chance in prediction.flags.items() if chance >= thresholds.flag}
    return tuple(flag for flag in Flag if flag in by_rule | likely)
