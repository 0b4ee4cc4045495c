"""Guidance that fits a question and may not be sent today: when it stands in the way of an answer.

An article that lapsed is meant to be said: what comes second must not be sent in its stead. One
that was retired gives way to another on its topic, and one that lacks a setting of the deployment
to anything that fits.
"""

from collections.abc import Collection, Sequence
from datetime import date

from knowledge.articles import Passage
from knowledge.library import Found, Hit
from knowledge.topics import Topic
from triage.decision import Withheld


def first_barred(
    question: Found,
    topics: Collection[Topic],
    sendable: Sequence[Hit],
    today: date,
    floor: float,
) -> Withheld | None:
    """The first that stands in the way, where `sendable` is what could be said instead."""
    fitting = [hit for hit in sendable if hit.score >= floor]
    for hit in question.barred(topics, today, floor):
        if not fitting or _comes_before(hit, fitting, today):
            return withheld(hit.passage, question.why_barred(hit.passage, today))
    return None


def withheld(passage: Passage, why: str) -> Withheld:
    """What is to be told of a passage that may not be sent."""
    article = passage.article
    return Withheld(
        article=article.id,
        version=article.version,
        title=article.title,
        owner=article.owner,
        why=why,
    )


def _comes_before(hit: Hit, fitting: Sequence[Hit], today: date) -> bool:
    article = hit.passage.article
    if article.objection(today) is None:
        return False
    if article.status == "retired" and any(one.passage.topic == article.topic for one in fitting):
        return False
    return hit.score > fitting[0].score
