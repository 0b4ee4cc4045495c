"""Which passages and series go into a letter, how many words they take, and in which order."""

from collections.abc import Callable, Collection, Sequence
from itertools import accumulate

from knowledge.found import MOST_SERIES, Found, Hit, SeriesHit
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


def best_series(found: Sequence[Found]) -> tuple[SeriesHit, ...]:
    """The best series for the whole (`found[0]`) and for each question, at most three in all."""
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


def worth(first: Topic, hit: Hit) -> float:
    """How well a passage serves, where this is the likeliest topic."""
    leads = next(iter(hit.passage.article.passages)) == hit.passage.id
    of_first = FIRST_TOPIC if hit.passage.topic == first else 0.0
    return hit.score + of_first + (LEAD if leads else 0.0)


def choose(
    found: Sequence[Sequence[Hit]],
    floor: float,
    serves: Callable[[Hit], float],
    series: Sequence[SeriesHit],
    steering: Hit | None = None,
    *,
    none_meets: bool = False,
) -> tuple[Hit, ...]:
    """What questions need most, then what is nearly as good; in the order of the questions.

    `found` holds the passages for each question, `serves` says how well a passage does. Where
    series are named they are the answer: one passage on published data at most goes with them,
    and only where it fits well. `steering` says what to do where nothing published meets the
    need (`none_meets`): it goes first, and no other passage on published data with it.
    """
    ranked = [
        (rank, -serves(hit), number, hit)
        for number, hits in enumerate(found)
        for rank, hit in enumerate(sorted(hits, key=serves, reverse=True))
        if hit.score >= (floor if rank == 0 else max(floor, hits[0].score - NEAR))
    ]
    most, most_words = MOST_PASSAGES, MOST_WORDS
    if len(found) >= MANY_QUESTIONS:
        most, most_words = MOST_FOR_MANY, WORDS_FOR_MANY
    chosen: dict[tuple[str, str], Hit] = {}
    words, named = UNMET_WORDS if none_meets else sum(map(_series_words, series)), set[object]()
    if steering:
        ranked = [entry for entry in ranked if not _on_published_data(entry[-1])]
        ranked.append((-1, 0.0, -1, steering))
    for _, _, _, hit in sorted(ranked, key=lambda entry: entry[:2]):
        length = _passage_words(hit, named)
        full = len(chosen) == most or (words and words + length > most_words)
        if key(hit) in chosen or full or (series and _adds_nothing(hit, chosen)):
            continue
        chosen[key(hit)] = hit
        words += length
        named.update(link.url for link in hit.passage.links)
    # A passage that serves two questions stands where it serves better, or else the earlier.
    asked = sorted(ranked, key=lambda entry: (entry[0], entry[2]))
    place = {key(hit): (number, rank) for rank, _, number, hit in reversed(asked)}
    return tuple(sorted(chosen.values(), key=lambda hit: place[key(hit)]))


def key(hit: Hit) -> tuple[str, str]:
    """The article and the passage of it by which a passage is known."""
    return hit.passage.article.id, hit.passage.id


def _passage_words(hit: Hit, named: Collection[object]) -> int:
    """Words that a passage takes in a letter: its heading, itself, and links not named yet."""
    fresh = [link for link in hit.passage.links if link.url not in named]
    links = sum(len(link.text.split()) + 1 for link in fresh)
    return len(f"{hit.passage.heading} {hit.passage.text}".split()) + links


def _series_words(hit: SeriesHit) -> int:
    """Words that naming a series takes: its title and what is said of it."""
    one, why = hit.series, hit.fit.sentence or ""
    said = (one.title, one.publisher, one.geography, one.frequency, why, *one.does_not_hold)
    return len(" ".join(said).split()) + SERIES_LABELS


def _on_published_data(hit: Hit) -> bool:
    return hit.passage.topic is Topic.PUBLISHED_DATA


def _adds_nothing(hit: Hit, chosen: dict[tuple[str, str], Hit]) -> bool:
    """Beside series: a passage on published data that is loosely fitting, or the second."""
    told = any(map(_on_published_data, chosen.values()))
    return _on_published_data(hit) and (told or hit.score < BESIDE_SERIES)
