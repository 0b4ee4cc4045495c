"""Is what a message asks covered by approved passages or published data, and by which?"""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import NamedTuple

from knowledge.library import MOST_SERIES, Found, Hit, SeriesHit
from knowledge.topics import Topic
from triage.barred import first_barred
from triage.decision import Withheld
from triage.features import Reading

MOST_PASSAGES, MOST_WORDS = 3, 130
"""What a reply holds at most, template apart: a letter past 250 words is not read."""
SERIES_WORDS = 40
"""Words that naming a series takes."""
BESIDE_SERIES = 0.7
"""Score from which a passage on published data says more than the series themselves."""
NEAR = 0.05
"""How far below the best one a further passage for the same question may score."""
FIRST_TOPIC = 0.1
"""What being of the likeliest topic is worth to a passage, beside its score."""
LEAD = 0.1
"""What being the first of its article is worth: it carries what the article chiefly says."""
CLEAR = 0.8
"""Score at which a question names its topic by itself, whatever the whole message is about."""


class Coverage(NamedTuple):
    """The passages and series for a message, and the first question that none of them covers.

    `gap` counts from 1; None where all is covered. `questions` is how many were asked.
    """

    passages: tuple[Hit, ...]
    series: tuple[SeriesHit, ...]
    gap: int | None
    questions: int
    withheld: tuple[Withheld, ...] = ()
    """Articles that fit and may not be sent today, for want of which a question is not covered."""


def cover(
    reading: Reading,
    topics: Sequence[Topic],
    today: date,
    floor: float,
) -> Coverage:
    """Choose what a reply would be made of, from what was found for each question by itself.

    `floor` is the score under which a passage does not answer a question.
    """
    if reading.searched is None:
        return Coverage((), (), 1, 1)
    wanted = set(topics)
    whole, asked = reading.searched.whole, _asked(reading)
    series = _series([whole, *asked]) if Topic.PUBLISHED_DATA in wanted else ()
    # A question is read in the light of the rest, where it says little by itself.
    light = whole.passages(wanted, today)
    questions = [(one, _topics_of(one, wanted)) for one in asked or [whole]]
    found = [
        _better(one.passages(its, today), light, floor) if asked else light
        for one, its in questions
    ]
    serves = partial(worth, topics[0])
    chosen = _chosen(found, floor, serves, series=len(series))
    if series:
        return Coverage(chosen, series, None, len(found))
    barred = [
        first_barred(
            one.barred(its, today, floor),
            [hit for hit in hits if hit.score >= floor],
            today,
            serves,
        )
        for (one, its), hits in zip(questions, found, strict=True)
    ]
    gaps = [
        stopped is not None or not hits or hits[0].score < floor
        for hits, stopped in zip(found, barred, strict=True)
    ]
    gap = gaps.index(True) + 1 if any(gaps) else None
    withheld = tuple(dict.fromkeys(one for one in barred if one is not None))
    return Coverage(chosen, (), gap, len(found), withheld)


def _topics_of(question: Found, wanted: set[Topic]) -> set[Topic]:
    """The message's topics, and that of the question itself where it is plain."""
    scores = question.topics()
    best = max(scores, key=lambda topic: scores[topic])
    return wanted | {best} if scores[best] >= CLEAR else wanted


def _asked(reading: Reading) -> list[Found]:
    """What was found for the sentences with a question mark, or else for all that ask."""
    found = reading.searched.asked if reading.searched else {}
    marked = [one for number, one in found.items() if "?" in reading.parts[number].text]
    return marked or list(found.values())


def _series(found: Sequence[Found]) -> tuple[SeriesHit, ...]:
    """The best series for the whole and for each question, at most three in all."""
    best: dict[str, SeriesHit] = {}
    # Area and period are often said once, for all that is asked.
    wanted = found[0].wanted
    for hit in (hit for one in found for hit in one.series(wanted)):
        if hit.series.id not in best or hit.score > best[hit.series.id].score:
            best[hit.series.id] = hit
    return tuple(sorted(best.values(), key=lambda hit: -hit.score)[:MOST_SERIES])


def _better(one: list[Hit], other: list[Hit], floor: float) -> list[Hit]:
    """What a question found by itself where that is enough, else the better of the two."""
    if one and one[0].score >= floor:
        return one
    if not one or (other and other[0].score > one[0].score):
        return other
    return one


def worth(first: Topic, hit: Hit) -> float:
    """How well a passage serves, where this is the likeliest topic."""
    leads = next(iter(hit.passage.article.passages)) == hit.passage.id
    of_first = FIRST_TOPIC if hit.passage.topic == first else 0.0
    return hit.score + of_first + (LEAD if leads else 0.0)


def _chosen(
    found: Sequence[Sequence[Hit]], floor: float, serves: Callable[[Hit], float], *, series: int
) -> tuple[Hit, ...]:
    """What is asked first, then what other questions need, then what is nearly as good.

    `serves` says how well a passage does. Where series are named they are the answer: one passage
    on published data at most goes with them, and only where it fits well.
    """
    ranked = [
        (rank, -serves(hit), hit)
        for hits in found
        for rank, hit in enumerate(sorted(hits, key=serves, reverse=True))
        if hit.score >= (floor if rank == 0 else max(floor, hits[0].score - NEAR))
    ]
    chosen: dict[tuple[str, str], Hit] = {}
    words = SERIES_WORDS * series
    for _, _, hit in sorted(ranked, key=lambda entry: entry[:2]):
        key = (hit.passage.article.id, hit.passage.id)
        length = len(hit.passage.text.split())
        full = len(chosen) == MOST_PASSAGES or (words and words + length > MOST_WORDS)
        if key in chosen or full or (series and _adds_nothing(hit, chosen)):
            continue
        chosen[key] = hit
        words += length
    return tuple(chosen.values())


def _adds_nothing(hit: Hit, chosen: dict[tuple[str, str], Hit]) -> bool:
    """Beside series: a passage on published data that is loosely fitting, or the second."""
    told = any(one.passage.topic is Topic.PUBLISHED_DATA for one in chosen.values())
    return hit.passage.topic is Topic.PUBLISHED_DATA and (told or hit.score < BESIDE_SERIES)
