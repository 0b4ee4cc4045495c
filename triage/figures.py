"""Which published series answer a message, and which of its questions they answer."""

from collections.abc import Sequence
from itertools import accumulate

from knowledge.found import MOST_SERIES, Found, Hit, SeriesHit
from triage.choosing import MOST_WORDS, on_published_data, passage_words, series_words


class Figures:
    """The series found for a whole message and for each of its questions.

    Area and period are often said once, for all that is asked: a question that names none is read
    in the light of the whole. `hits` are the passages for each question, best first, and `floor`
    is the score under which they do not answer it.
    """

    def __init__(
        self, whole: Found, asked: Sequence[Found], hits: Sequence[Sequence[Hit]], floor: float
    ) -> None:
        own = [one.series(one.wanted.in_light_of(whole.wanted)) for one in asked or [whole]]
        # A question that says nothing of its own (*as a spreadsheet?*) goes with those beside it.
        met = [
            bool(series) or not _is_for_guidance(best, floor)
            for series, best in zip(own, hits, strict=True)
        ]
        # Where no question asks for figures, words of the message that sound like a series do not
        # stand against one that guidance is plainly for.
        by_whole = whole.series() if any(own) or all(met) else []
        self.found = _ranked([by_whole, *own])
        self.answered = tuple(one and bool(self.found) for one in met)
        """Which questions series answer; the rest need guidance."""

    def beside(self, passages: Sequence[Hit]) -> tuple[SeriesHit, ...]:
        """At most three, best first, as many as leave room for these passages.

        The best is always named; what catalogues say of a few is long.
        """
        room = MOST_WORDS - sum(passage_words(hit, ()) for hit in passages)
        words = accumulate(map(series_words, self.found))
        return tuple(
            hit
            for hit, sofar in zip(self.found, words, strict=True)
            if hit is self.found[0] or sofar <= room
        )


def _is_for_guidance(hits: Sequence[Hit], floor: float) -> bool:
    return bool(hits) and hits[0].score >= floor and not on_published_data(hits[0])


def _ranked(lists: Sequence[Sequence[SeriesHit]]) -> list[SeriesHit]:
    best: dict[str, SeriesHit] = {}
    for hit in (hit for hits in lists for hit in hits):
        if hit.series.id not in best or hit.score > best[hit.series.id].score:
            best[hit.series.id] = hit
    return sorted(best.values(), key=lambda hit: -hit.score)[:MOST_SERIES]
