"""Is what a message asks covered by approved passages or published data, and by which?"""

from collections.abc import Collection, Sequence
from datetime import date
from functools import partial
from itertools import accumulate
from typing import NamedTuple

from knowledge.library import MOST_SERIES, Found, Hit, SeriesHit
from knowledge.topics import Topic
from triage.barred import first_barred
from triage.decision import Asked, Withheld
from triage.features import Reading

MOST_PASSAGES, MOST_WORDS = 3, 152
"""What a reply holds at most, template apart: a letter past 250 words is not read."""
SERIES_LABELS = 13
"""Words that introduce a series and its area, period and limits."""
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

    Passages stand in the order in which they are asked for. `gap` counts from 1; None where all
    is covered. `questions` is how many were asked.
    """

    passages: tuple[Hit, ...]
    series: tuple[SeriesHit, ...]
    gap: int | None
    questions: int
    withheld: tuple[Withheld, ...] = ()
    """Articles that fit and may not be sent today, for want of which a question is not covered."""
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
    series = _series([whole, *asked]) if Topic.PUBLISHED_DATA in wanted else ()
    # A question is read in the light of the rest, where it says little by itself.
    light = whole.passages(wanted, today)
    own = [one.passages(_topics_of(one, wanted), today) for one in asked]
    found = [_better(hits, light, floor) for hits in own] or [light]
    worth_it = partial(worth, topics[0])
    barred = [
        None
        if series
        else first_barred(
            one.barred(_topics_of(one, wanted), today, floor),
            [hit for hit in hits if hit.score >= floor],
            today,
            worth_it,
        )
        for one, hits in zip(asked or [whole], found, strict=True)
    ]
    gaps = [
        stopped is not None or (not series and (not hits or hits[0].score < floor))
        for hits, stopped in zip(found, barred, strict=True)
    ]
    gap = gaps.index(True) + 1 if any(gaps) else None
    chosen = _chosen(found, floor, topics, series)
    withheld = tuple(dict.fromkeys(one for one in barred if one is not None))
    questions = tuple(
        Asked(
            start=part.start,
            end=part.end,
            passages=()
            if lacking
            else tuple(_key(hit) for hit in chosen if _is_in(hit, hits, floor)),
        )
        for part, hits, lacking in zip(
            (reading.parts[number] for number in numbered), own, gaps, strict=False
        )
    )
    return Coverage(chosen, series, gap, len(found), withheld, questions)


def _topics_of(question: Found, wanted: set[Topic]) -> set[Topic]:
    """The message's topics, and that of the question itself where it is plain."""
    scores = question.topics()
    best = max(scores, key=lambda topic: scores[topic])
    return wanted | {best} if scores[best] >= CLEAR else wanted


def _asked(reading: Reading) -> dict[int, Found]:
    """What was found for the sentences with a question mark, or else for all that ask."""
    found = dict(reading.searched.asked) if reading.searched else {}
    marked = {number: one for number, one in found.items() if "?" in reading.parts[number].text}
    return marked or found


def _is_in(hit: Hit, hits: Sequence[Hit], floor: float) -> bool:
    """Whether a passage that was chosen is among those found for a question by itself."""
    return any(one.passage is hit.passage and one.score >= floor for one in hits)


def _series(found: Sequence[Found]) -> tuple[SeriesHit, ...]:
    """The best series for the whole and for each question, at most three in all."""
    best: dict[str, SeriesHit] = {}
    # Area and period are often said once, for all that is asked.
    wanted = found[0].wanted
    for hit in (hit for one in found for hit in one.series(wanted)):
        if hit.series.id not in best or hit.score > best[hit.series.id].score:
            best[hit.series.id] = hit
    ranked = sorted(best.values(), key=lambda hit: -hit.score)[:MOST_SERIES]
    words = list(accumulate(map(_series_words, ranked)))
    # The best is always named; what catalogues say of a few is long.
    return tuple(
        hit
        for hit, sofar in zip(ranked, words, strict=True)
        if hit is ranked[0] or sofar <= MOST_WORDS
    )


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
    found: Sequence[Sequence[Hit]],
    floor: float,
    topics: Sequence[Topic],
    series: Sequence[SeriesHit],
) -> tuple[Hit, ...]:
    """What questions need most, then what is nearly as good; in the order of the questions.

    Where series are named they are the answer: one passage on published data at most goes
    with them, and only where it fits well.
    """
    worth_it = partial(worth, topics[0])
    ranked = [
        (rank, -worth_it(hit), number, hit)
        for number, hits in enumerate(found)
        for rank, hit in enumerate(sorted(hits, key=worth_it, reverse=True))
        if hit.score >= (floor if rank == 0 else max(floor, hits[0].score - NEAR))
    ]
    chosen: dict[tuple[str, str], Hit] = {}
    words, named = sum(map(_series_words, series)), set[object]()
    for _, _, _, hit in sorted(ranked, key=lambda entry: entry[:2]):
        length = _passage_words(hit, named)
        full = len(chosen) == MOST_PASSAGES or (words and words + length > MOST_WORDS)
        if _key(hit) in chosen or full or (series and _adds_nothing(hit, chosen)):
            continue
        chosen[_key(hit)] = hit
        words += length
        named.update(link.url for link in hit.passage.links)
    # A passage that serves two questions stands where it serves better, or else the earlier.
    asked = sorted(ranked, key=lambda entry: (entry[0], entry[2]))
    place = {_key(hit): (number, rank) for rank, _, number, hit in reversed(asked)}
    return tuple(sorted(chosen.values(), key=lambda hit: place[_key(hit)]))


def _key(hit: Hit) -> tuple[str, str]:
    return hit.passage.article.id, hit.passage.id


def _passage_words(hit: Hit, named: Collection[object]) -> int:
    """Words that a passage takes in a letter: its heading, itself, and links not named yet."""
    fresh = [link for link in hit.passage.links if link.url not in named]
    links = sum(len(link.text.split()) + 1 for link in fresh)
    return len(f"{hit.passage.heading} {hit.passage.text}".split()) + links


def _series_words(hit: SeriesHit) -> int:
    """Words that naming a series takes: its title and what is said of it."""
    one = hit.series
    said = (one.title, one.publisher, one.geography or "", one.frequency or "", *one.does_not_hold)
    return len(" ".join(said).split()) + SERIES_LABELS


def _adds_nothing(hit: Hit, chosen: dict[tuple[str, str], Hit]) -> bool:
    """Beside series: a passage on published data that is loosely fitting, or the second."""
    told = any(one.passage.topic is Topic.PUBLISHED_DATA for one in chosen.values())
    return hit.passage.topic is Topic.PUBLISHED_DATA and (told or hit.score < BESIDE_SERIES)
