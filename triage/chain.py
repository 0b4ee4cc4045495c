"""The chain: a rule that speaks decides the route, in their order; the rest is weighed."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

from scipy.special import expit

from knowledge.library import Library
from triage import explain
from triage.calibration import safe_logit
from triage.coverage import Coverage, cover
from triage.decision import Decision, EnquiryType, Flag, PassageHit, Route
from triage.explanation import explained
from triage.features import Reading, read
from triage.hearing import hear
from triage.likely import (
    certain_types,
    likely_flags,
    likely_topics,
    nearest_topics,
    ranked_topics,
    ranked_types,
)
from triage.message import Message
from triage.model import Model, Prediction, Thresholds
from triage.objections import (
    Ground,
    Heard,
    Settled,
    Weighed,
    first_caution,
    first_objection,
    guidance_withheld,
)

RULES_ONLY = "rules-only"
"""The model's identity in a decision that had none."""
HEADERS_SAY = 0.99
"""Confidence in headers that say that a machine wrote: RFC 3834 and 3464 leave little doubt."""


def decide(
    message: Message, model: Model | None, library: Library, *, today: date | None = None
) -> Decision:
    """Decide one message. Never raises for what a message holds; every doubt escalates."""
    if model is None:
        return _by_rules_alone(hear(message))
    return decided(weighed_alone(message, model, library, today=today), model)


def weighed_alone(
    message: Message, model: Model, library: Library, *, today: date | None = None
) -> Weighed:
    """Hear, read, search and weigh one message."""
    heard = hear(message)
    text = heard.message
    reading = read(text.subject, text.new_text, heard.signals, model.encoder, library)
    whole, *parts = model.predict([reading, *asking_alone(reading)])
    thresholds = model.card.thresholds
    likeness = model.remembered.likeness(reading.whole)
    return weigh(
        heard, reading, (whole, parts), library, thresholds, likeness=likeness, today=today
    )


def weigh(
    heard: Heard,
    reading: Reading,
    predicted: tuple[Prediction, Sequence[Prediction]],
    library: Library,
    thresholds: Thresholds,
    *,
    likeness: float | None = None,
    today: date | None = None,
) -> Weighed:
    """Put together all that the route is decided from.

    `predicted` is for the whole and for each question alone.

    Raises:
        ValueError: when nothing was searched for this reading.
    """
    whole, parts = predicted
    if reading.searched is None:
        raise ValueError("nothing was searched for this reading")
    ranked = ranked_topics(whole, reading.searched.whole.topics())
    topics = likely_topics(ranked, whole, thresholds)
    day = today or datetime.now(UTC).date()
    coverage = cover(reading, topics, day, _floor(whole, library, thresholds))
    raised = likely_flags(heard, whole, thresholds)
    near = nearest_topics(topics, ranked)
    return Weighed(
        heard, reading, whole, parts, topics, near, coverage, raised, thresholds, likeness
    )


def _floor(whole: Prediction, library: Library, thresholds: Thresholds) -> float:
    """The least score of a passage: where the topic is plain the words may differ more."""
    if library.by_words_alone:
        return thresholds.passage_by_words
    sure = max(whole.topics.values()) >= thresholds.topic_sure
    return thresholds.passage_sure if sure else thresholds.passage


def decided(weighed: Weighed, model: Model) -> Decision:
    """The decision on a message that has been weighed."""
    route, ground, reasons = settle(weighed)
    kept = route is not Route.IGNORE
    return Decision(
        types=ranked_types(weighed.whole, weighed.thresholds, certain_types(weighed)),
        type_scores=dict(weighed.whole.types),
        route=route,
        topics=weighed.topics if kept else (),
        nearest_topics=weighed.nearest_topics if kept else (),
        flags=weighed.flags,
        confidence=_confidence(route, ground, weighed.whole, model.card.confidence),
        reasons=reasons,
        passages=_passage_hits(weighed.coverage) if kept else (),
        series=tuple(hit.series.id for hit in weighed.coverage.series) if kept else (),
        fits=tuple(hit.fit for hit in weighed.coverage.series) if kept else (),
        unmet=weighed.coverage.unmet if kept else None,
        asked=weighed.coverage.asked if kept else (),
        withheld=weighed.coverage.withheld if guidance_withheld(weighed) in reasons else (),
        model=model.card.identity,
        thresholds=weighed.thresholds.by_name(),
        likeness=weighed.likeness,
        explanation=explained(weighed, model, route, ground),
    )


def asking_alone(reading: Reading) -> list[Reading]:
    """Each sentence that asks, as a message of its own, where there are several."""
    asking = [number for number, part in enumerate(reading.parts) if part.asks]
    return [reading.alone(number) for number in asking] if len(asking) > 1 else []


def settle(weighed: Weighed) -> Settled:
    """Rules, then the classifier's flags, then ignore, then every condition of an answer.

    What would be answered but for the evidence waits for a person's approval.
    """
    chances, limits = weighed.whole.routes, weighed.thresholds
    if weighed.heard.forced:
        said = tuple(said for _, said in weighed.heard.spoken)
        return Settled(weighed.heard.forced[0].route, Ground.RULE, said)
    if weighed.flags:
        likely = (explain.flag_likely(flag, weighed.whole.flags[flag]) for flag in weighed.flags)
        return Settled(Route.ESCALATE, Ground.FLAG, tuple(likely))
    limit = limits.ignore_doubted if weighed.heard.doubts else limits.ignore
    if chances[Route.IGNORE] >= limit and "instructions_removed" not in weighed.heard.signals:
        unread = (explain.nobody_waits(chances[Route.IGNORE]),)
        return Settled(Route.IGNORE, Ground.IGNORE, unread)
    if objection := first_objection(weighed):
        return Settled(Route.ESCALATE, Ground.DOUBT, (objection,))
    if caution := first_caution(weighed):
        return Settled(Route.ESCALATE, Ground.APPROVAL, (caution,))
    sure = explain.can_answer(chances[Route.ANSWER], limits.answer)
    return Settled(Route.ANSWER, Ground.ANSWER, (sure,))


def _confidence(
    route: Route, ground: Ground, prediction: Prediction, fits: Mapping[str, tuple[float, float]]
) -> float:
    """How often a route settled on this ground, with this probability, was right."""
    if ground is Ground.RULE and route is Route.IGNORE:
        return HEADERS_SAY
    slope, shift = fits.get(ground, (1.0, 0.0))
    return float(expit(slope * safe_logit(prediction.routes[route]) + shift))


def _by_rules_alone(heard: Heard) -> Decision:
    """With no model only headers are believed; everything else goes to a person."""
    said = tuple(reason for _, reason in heard.spoken)
    ignored = heard.forced is not None and heard.forced[0].route is Route.IGNORE
    flags_raised = {rule.flag for rule, _ in heard.spoken}
    return Decision(
        types=(EnquiryType.OTHER,),
        type_scores={},
        route=Route.IGNORE if ignored else Route.ESCALATE,
        topics=(),
        flags=() if ignored else tuple(flag for flag in Flag if flag in flags_raised),
        confidence=HEADERS_SAY if ignored else 0.5,
        reasons=said if ignored else (*said, explain.no_model()),
        passages=(),
        series=(),
        model=RULES_ONLY,
        thresholds={},
    )


def _passage_hits(coverage: Coverage) -> tuple[PassageHit, ...]:
    return tuple(
        PassageHit(
            article=hit.passage.article.id,
            version=hit.passage.article.version,
            passage=hit.passage.id,
            score=round(hit.score, 4),
        )
        for hit in coverage.passages
    )
