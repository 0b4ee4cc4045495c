"""How often search offers something where nothing fits: what calibration authors show of it.

Two floors of search are measured as the route's threshold is, on the whole policy, draft or reply
alike. Labels say what a message is about and not which series fits, so of series only this can be
shown: how often one is named to somebody who asks for no figures.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from scipy.stats import beta

from knowledge.found import Hit, SeriesHit
from knowledge.library import Library
from knowledge.topics import Topic
from triage.bounds import learn_then_test
from triage.card import SearchBound, Thresholds
from triage.decision import EnquiryType
from triage.evidence import DOUBT, answer_score
from triage.labelled import Labelled
from triage.objections import Weighed

RISK = 0.05
"""Largest share of messages that may be offered what does not fit."""


class _Offered(NamedTuple):
    """The best score that is offered to a message, 0 for none, and whether it might be sent."""

    score: float
    sent: bool


def search_bounds(
    messages: Sequence[Labelled], weighed: Sequence[Weighed], library: Library, limits: Thresholds
) -> Mapping[str, SearchBound]:
    """The bounds of `series` and `passages`, by messages that set nothing of the search."""
    pairs = list(zip(messages, weighed, strict=True))
    lowest = limits.passage_by_words if library.by_words_alone else limits.passage_sure
    without_figures = [one for message, one in pairs if not _wants_figures(message)]
    without_topic = [one for message, one in pairs if not message.topics]
    return {
        "series": _shown(
            [_offered(one, one.coverage.series) for one in without_figures], library.series_floor
        ),
        "passages": _shown([_offered(one, one.coverage.passages) for one in without_topic], lowest),
    }


def _wants_figures(message: Labelled) -> bool:
    return EnquiryType.PUBLISHED_DATA in message.types or Topic.PUBLISHED_DATA in message.topics


def _offered(weighed: Weighed, hits: Sequence[Hit | SeriesHit]) -> _Offered:
    best = max((hit.score for hit in hits), default=0.0)
    return _Offered(best, sent=best > 0 and answer_score(weighed) > 0)


def _shown(offered: Sequence[_Offered], floor: float) -> SearchBound:
    scores = np.array([one.score for one in offered])
    bound, some = learn_then_test(scores, risk=RISK, doubt=DOUBT), int((scores > 0).sum())
    sent = sum(one.sent for one in offered)
    return SearchBound(
        risk=RISK,
        doubt=DOUBT,
        threshold=bound.threshold,
        messages=len(offered),
        floor=floor,
        offered=some,
        at_most=_upper(some, len(offered)),
        sent=sent,
        sent_at_most=_upper(sent, len(offered)),
    )


def _upper(some: int, number: int) -> float:
    """The exact upper limit of Clopper and Pearson (1934): one policy, so nothing is searched."""
    return float(beta.ppf(1 - DOUBT, some + 1, number - some)) if some < number else 1.0
