"""Guidance that fits a question and may not be sent today: when it stands in the way of an answer.

An article that lapsed is meant to be said: what comes second must not be sent in its stead. One
that was retired gives way to another on its topic, and one that lacks a setting of the deployment
to anything that fits.
"""

from collections.abc import Callable, Sequence
from datetime import date

from knowledge.articles import Passage
from knowledge.found import Barred, Hit
from knowledge.front_matter import Hindrance
from triage.decision import Withheld


def first_barred(
    barred: Sequence[Barred],
    fitting: Sequence[Hit],
    today: date,
    worth: Callable[[Hit], float],
) -> Withheld | None:
    """The best of some that stands in the way, where `fitting` is what could be said instead."""
    for one in sorted(barred, key=lambda one: -worth(one.hit)):
        if not fitting or _comes_before(one.hit, fitting, today, worth):
            return withheld(one.hit.passage, one.hindrance, one.why)
    return None


def withheld(passage: Passage, hindrance: Hindrance, why: str) -> Withheld:
    """What is to be told of a passage that may not be sent."""
    article = passage.article
    return Withheld(
        article=article.id,
        version=article.version,
        title=article.title,
        owner=article.owner,
        hindrance=hindrance,
        why=why,
    )


def _comes_before(
    hit: Hit, fitting: Sequence[Hit], today: date, worth: Callable[[Hit], float]
) -> bool:
    article = hit.passage.article
    if article.objection(today) is None:
        return False
    if article.status == "retired" and any(one.passage.topic == article.topic for one in fitting):
        return False
    return worth(hit) > max(worth(one) for one in fitting)
