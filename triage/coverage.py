"""Is what a message asks covered by approved passages or published data, and by which?"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from knowledge.library import MOST_SERIES, Found, Hit, Library, SeriesHit
from knowledge.topics import Topic
from triage.encoder import Vectors
from triage.features import Reading
from triage.model import Thresholds

MOST_PASSAGES, MOST_WORDS = 3, 200
"""What a reply holds at most: more is not read."""
SECOND_MARGIN = 0.2
"""How far below the best one a further passage for the same question may score."""


class Coverage(NamedTuple):
    """The passages and series for a message, and the first question that none of them covers.

    `gap` counts from 1; None where all is covered. `questions` is how many were asked.
    """

    passages: tuple[Hit, ...]
    series: tuple[SeriesHit, ...]
    gap: int | None
    questions: int


def cover(
    reading: Reading,
    topics: Sequence[Topic],
    library: Library,
    whole: Found,
    *,
    today: date,
    thresholds: Thresholds,
) -> Coverage:
    """Search for each question by itself and choose what a reply would be made of.

    `whole` is what was found for the whole message.
    """
    wanted = set(topics)
    floor = thresholds.passage_by_words if library.by_words_alone else thresholds.passage
    asked = [library.find(question, vector) for question, vector in _questions(reading)]
    series = _series([whole, *asked]) if Topic.PUBLISHED_DATA in wanted else ()
    # A question is read in the light of the rest, where it says little by itself.
    light = whole.passages(wanted, today)
    found = [_better(one.passages(wanted, today), light) for one in asked] or [light]
    gaps = [not series and (not hits or hits[0].score < floor) for hits in found]
    gap = gaps.index(True) + 1 if any(gaps) else None
    return Coverage(_chosen(found, floor), series, gap, len(found))


def _questions(reading: Reading) -> list[tuple[str, Vectors | None]]:
    """The sentences that ask (with a question mark, or else by their words), and their vectors.

    A vector is the sentence's as it stands in the message: it costs nothing more, and knows what
    "it" and "that" refer to.
    """
    marked = [row for row, part in enumerate(reading.parts) if "?" in part.text]
    asking = marked or [row for row, part in enumerate(reading.parts) if part.asks]
    vectors = reading.vectors
    return [(reading.parts[row].text, None if vectors is None else vectors[row]) for row in asking]


def _series(found: Sequence[Found]) -> tuple[SeriesHit, ...]:
    """The best series for the whole and for each question, at most three in all."""
    best: dict[str, SeriesHit] = {}
    for hit in (hit for one in found for hit in one.series()):
        if hit.series.id not in best or hit.score > best[hit.series.id].score:
            best[hit.series.id] = hit
    return tuple(sorted(best.values(), key=lambda hit: -hit.score)[:MOST_SERIES])


def _better(one: list[Hit], other: list[Hit]) -> list[Hit]:
    if not one or (other and other[0].score > one[0].score):
        return other
    return one


def _chosen(found: Sequence[Sequence[Hit]], floor: float) -> tuple[Hit, ...]:
    """The best passage of each question first, then runners-up, while there is room."""
    ranked = [
        (rank, -hit.score, hit)
        for hits in found
        for rank, hit in enumerate(hits)
        if rank == 0 or hit.score >= max(floor, hits[0].score - SECOND_MARGIN)
    ]
    chosen: dict[tuple[str, str], Hit] = {}
    words = 0
    for _, _, hit in sorted(ranked, key=lambda entry: entry[:2]):
        key = (hit.passage.article.id, hit.passage.id)
        length = len(hit.passage.text.split())
        full = len(chosen) == MOST_PASSAGES or (chosen and words + length > MOST_WORDS)
        if key not in chosen and not full:
            chosen[key] = hit
            words += length
    return tuple(chosen.values())
