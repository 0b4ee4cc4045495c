"""Is what a message asks covered by approved passages or published data, and by which?"""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import NamedTuple

from knowledge.fit import Unmet
from knowledge.found import Found, Hit, SeriesHit
from knowledge.topics import Topic
from triage.barred import first_barred
from triage.choosing import choose, key, worth
from triage.decision import Asked, Withheld
from triage.features import Reading
from triage.figures import Figures

CLEAR = 0.8
"""Score at which a question names its topic by itself, whatever the whole message is about."""

PLAIN = 0.7
"""Score at which a question within a sentence is told more than the sentence as a whole brings."""


class Coverage(NamedTuple):
    """The passages and series for a message, and the first question that none of them covers.

    Passages stand in the order in which they are asked for. `gap` counts from 1; None where all
    is covered. `questions` is how many were asked.
    """

    passages: tuple[Hit, ...]
    series: tuple[SeriesHit, ...]
    gap: int | None
    questions: int
    withheld: tuple[Withheld, ...] = ()
    """Articles that fit and may not be sent today, for want of which a question is not covered."""
    unmet: Unmet | None = None
    """Why no series meets the need; the passages then say what to do instead."""
    asked: tuple[Asked, ...] = ()
    """Each question, and which of the passages answer it."""


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
    whole, numbered = reading.searched.whole, _asked(reading)
    asked = list(numbered.values())
    # A question is read in the light of the rest, where it says little by itself.
    light = whole.passages(wanted, today)
    own = [(one, _topics_of(one, wanted)) for one in asked]
    hits_of = [one.passages(its, today) for one, its in own]
    found = [_better(hits, light, floor) for hits in hits_of] or [light]
    figures = Figures(whole, asked, found, floor) if Topic.PUBLISHED_DATA in wanted else None
    by_series = figures.answered if figures else (False,) * len(found)
    needed = [hits[0] for hits, met in zip(found, by_series, strict=True) if hits and not met]
    series = figures.beside(needed) if figures else ()
    serves = partial(worth, topics[0])
    unmet = _unmet([whole, *asked]) if figures and not series else None
    steering = max(whole.steering(unmet, today), key=serves, default=None) if unmet else None
    within = [reading.searched.clauses.get(number, ()) for number in numbered] or [()]
    chosen = choose(
        [
            [hits, *_plain(clauses, wanted, today)]
            for hits, clauses in zip(found, within, strict=True)
        ],
        floor,
        serves,
        series,
        steering,
        none_meets=unmet is not None,
    )
    barred = [
        None
        if met
        else first_barred(
            one.barred(its, today, floor),
            [hit for hit in hits if hit.score >= floor],
            today,
            serves,
        )
        for (one, its), hits, met in zip(own or [(whole, wanted)], found, by_series, strict=True)
    ]
    # What was found and did not fit into the letter is not said, and so not covered; a subject
    # and the question below it ask one thing in two ways, so that its topic is enough.
    lacking = [
        stopped is not None or not (met or _is_told(hits, floor, chosen))
        for hits, stopped, met in zip(found, barred, by_series, strict=True)
    ]
    return Coverage(
        chosen,
        series,
        lacking.index(True) + 1 if any(lacking) else None,
        len(found),
        tuple(dict.fromkeys(one for one in barred if one is not None)),
        unmet if chosen else None,
        tuple(
            Asked(
                start=reading.parts[number].start,
                end=reading.parts[number].end,
                passages=() if lacks else _within(chosen, hits, floor),
            )
            for number, hits, lacks in zip(numbered, hits_of, lacking, strict=False)
        ),
    )


def _topics_of(question: Found, wanted: set[Topic]) -> set[Topic]:
    """The message's topics, and that of the question itself where it is plain."""
    scores = question.topics()
    best = max(scores, key=lambda topic: scores[topic])
    return wanted | {best} if scores[best] >= CLEAR else wanted


def _plain(clauses: Sequence[Found], wanted: set[Topic], today: date) -> list[list[Hit]]:
    """For each question within a sentence its best passage, where it fits plainly."""
    best = [one.passages(wanted, today, most=1) for one in clauses]
    return [hits for hits in best if hits and hits[0].score >= PLAIN]


def _unmet(found: Sequence[Found]) -> Unmet | None:
    """Why what comes nearest cannot meet what the whole, or else a question of it, asks for."""
    return next((why for one in found if (why := one.unmet)), None)


def _asked(reading: Reading) -> dict[int, Found]:
    """What was found for the sentences with a question mark, or else for all that ask."""
    found = dict(reading.searched.asked) if reading.searched else {}
    marked = {number: one for number, one in found.items() if "?" in reading.parts[number].text}
    return marked or found


def _is_told(hits: Sequence[Hit], floor: float, chosen: Sequence[Hit]) -> bool:
    """Whether a letter holds what answers a question, or at least speaks of its topic."""
    topics = {hit.passage.topic for hit in chosen}
    near = bool(hits) and hits[0].score >= floor and hits[0].passage.topic in topics
    return near or bool(_within(chosen, hits, floor))


def _within(
    chosen: Sequence[Hit], hits: Sequence[Hit], floor: float
) -> tuple[tuple[str, str], ...]:
    """The passages that were chosen and were found for a question by itself."""
    found = {key(hit) for hit in hits if hit.score >= floor}
    return tuple(key(hit) for hit in chosen if key(hit) in found)


def _better(one: list[Hit], other: list[Hit], floor: float) -> list[Hit]:
    """What a question found by itself where that is enough, else the better of the two."""
    if one and one[0].score >= floor:
        return one
    if not one or (other and other[0].score > one[0].score):
        return other
    return one
