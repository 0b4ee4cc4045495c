"""Which passages and series go into a letter, how many words they take, and in which order."""

from collections.abc import Callable, Collection, Sequence
from enum import IntEnum
from typing import NamedTuple

from knowledge.found import Hit, SeriesHit
from knowledge.topics import Topic

MOST_PASSAGES, MOST_WORDS = 3, 152
"""What a reply holds at most, template apart: a letter past 250 words is not read."""
MANY_QUESTIONS, MOST_FOR_MANY, WORDS_FOR_MANY = 4, 5, 330
"""From so many questions on a letter may be longer: each of them waits for its answer."""
SERIES_LABELS = 17
"""Words that introduce a series and its area, period and limits."""
UNMET_WORDS = 22
"""Words that it takes to say that nothing published meets a need."""
BESIDE_SERIES = 0.7
"""Score from which a passage on published data says more than the series themselves."""
NEAR = 0.02
"""How far below the best one a further passage for the same question may score."""
FIRST_TOPIC = 0.1
"""What being of the likeliest topic is worth to a passage, beside its score."""
LEAD = 0.05
"""What being the first of its article is worth: it carries what the article chiefly says."""


class _Rank(IntEnum):
    """How much a passage is needed: what nothing else says comes first."""

    STEERING = 0
    BEST = 1
    BEST_WITHIN = 2
    """The best for one of several questions in one sentence."""
    NEAR = 3
    """Nearly as good as the best."""


class _Candidate(NamedTuple):
    """A passage for a question, or for one within it (`clause` counts from 1)."""

    rank: _Rank
    worth: float
    number: int
    clause: int
    hit: Hit


def worth(first: Topic, hit: Hit) -> float:
    """How well a passage serves, where this is the likeliest topic."""
    leads = next(iter(hit.passage.article.passages)) == hit.passage.id
    of_first = FIRST_TOPIC if hit.passage.topic == first else 0.0
    return hit.score + of_first + (LEAD if leads else 0.0)


def choose(
    found: Sequence[Sequence[Sequence[Hit]]],
    floor: float,
    serves: Callable[[Hit], float],
    series: Sequence[SeriesHit],
    steering: Hit | None = None,
    *,
    none_meets: bool = False,
) -> tuple[Hit, ...]:
    """What questions need most, then what is nearly as good; in the order of the questions.

    `found` holds for each question the passages for all of it, then those for each question that
    stands with others in that sentence. `serves` says how well a passage does. Where series are
    named they are the answer: one passage on published data at most goes with them, and only
    where it fits well. `steering` says what to do where nothing published meets the need
    (`none_meets`): it goes first, and no other passage on published data with it.
    """
    candidates = [
        one
        for number, lists in enumerate(found)
        for clause, hits in enumerate(lists)
        for one in _candidates(number, clause, hits, floor, serves)
    ]
    most, most_words = MOST_PASSAGES, MOST_WORDS
    if len(found) >= MANY_QUESTIONS:
        most, most_words = MOST_FOR_MANY, WORDS_FOR_MANY
    chosen: dict[tuple[str, str], Hit] = {}
    words, named = UNMET_WORDS if none_meets else sum(map(series_words, series)), set[object]()
    if steering:
        candidates = [one for one in candidates if not on_published_data(one.hit)]
        candidates.append(_Candidate(_Rank.STEERING, 0.0, -1, 0, steering))
    for *_, hit in sorted(candidates, key=lambda one: (one.rank, -one.worth)):
        length = passage_words(hit, named)
        full = len(chosen) == most or (words and words + length > most_words)
        if key(hit) in chosen or full or (series and _adds_nothing(hit, chosen)):
            continue
        chosen[key(hit)] = hit
        words += length
        named.update(link.url for link in hit.passage.links)
    place = _places(candidates)
    return tuple(sorted(chosen.values(), key=lambda hit: place[key(hit)]))


def _candidates(
    number: int, clause: int, hits: Sequence[Hit], floor: float, serves: Callable[[Hit], float]
) -> list[_Candidate]:
    """What may be said to a question: what serves it best, then what is nearly as good."""
    first = _Rank.BEST_WITHIN if clause else _Rank.BEST
    return [
        _Candidate(_Rank.NEAR if place else first, serves(hit), number, clause, hit)
        for place, hit in enumerate(sorted(hits, key=serves, reverse=True))
        if hit.score >= (max(floor, hits[0].score - NEAR) if place else floor)
    ]


def _places(candidates: Sequence[_Candidate]) -> dict[tuple[str, str], tuple[int, bool, int]]:
    """Where each passage stands: where it serves better, or else by the earlier question.

    Within a question the order is that of the clauses, then what is nearly as good.
    """
    ordered = sorted(
        candidates,
        key=lambda one: (one.rank is _Rank.NEAR, one.number, one.clause == 0, one.clause),
    )
    return {
        key(one.hit): (one.number, one.rank is _Rank.NEAR, one.clause) for one in reversed(ordered)
    }


def key(hit: Hit) -> tuple[str, str]:
    """The article and the passage of it by which a passage is known."""
    return hit.passage.article.id, hit.passage.id


def passage_words(hit: Hit, named: Collection[object]) -> int:
    """Words that a passage takes in a letter: its heading, itself, and links not named yet."""
    fresh = [link for link in hit.passage.links if link.url not in named]
    links = sum(len(link.text.split()) + 1 for link in fresh)
    return len(f"{hit.passage.heading} {hit.passage.text}".split()) + links


def series_words(hit: SeriesHit) -> int:
    """Words that naming a series takes: its title and what is said of it."""
    one, why = hit.series, hit.fit.sentence or ""
    said = (one.title, one.publisher, one.geography, one.frequency, why, *one.does_not_hold)
    return len(" ".join(said).split()) + SERIES_LABELS


def on_published_data(hit: Hit) -> bool:
    """Whether a passage is about published data."""
    return hit.passage.topic is Topic.PUBLISHED_DATA


def _adds_nothing(hit: Hit, chosen: dict[tuple[str, str], Hit]) -> bool:
    """Beside series: a passage on published data that is loosely fitting, or the second."""
    told = any(map(on_published_data, chosen.values()))
    return on_published_data(hit) and (told or hit.score < BESIDE_SERIES)
