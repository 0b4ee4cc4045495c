"""What one search of the library found: passages, topics, and series that serve."""

from collections.abc import Collection
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from knowledge.articles import Passage
from knowledge.catalogue import Series
from knowledge.fit import Fit, Unmet, fit, unmet
from knowledge.front_matter import Hindrance
from knowledge.near import instead, lacking
from knowledge.search import Vectors
from knowledge.topics import Topic
from knowledge.wanted import Wanted, read_wanted

if TYPE_CHECKING:
    from knowledge.library import Library

SERIES_SURE = 0.9
"""Score from which a letter says that a series may meet the need; below, that it comes near.

Suggested by the questions of tests/data/published-questions.jsonl, and not certified: see decision
0014.
"""
SERIES_MARGIN = 0.12
"""How far below the best one by subject a series may score."""
MOST_SERIES = 3


class Hit(NamedTuple):
    """A passage found, and its score: about 0 to 1.3 with vectors, 0 to 0.3 by words alone."""

    passage: Passage
    score: float


class Barred(NamedTuple):
    """A passage found that may not be sent today, and why, in words for an officer."""

    hit: Hit
    hindrance: Hindrance
    why: str


class SeriesHit(NamedTuple):
    """A series found, its score, as for passages, and what of the need it meets."""

    series: Series
    score: float
    fit: Fit = Fit()


class Found:
    """What a search found: a score for every passage and every series."""

    def __init__(
        self,
        library: "Library",
        text: str,
        vector: Vectors | None,
        passages: NDArray[np.float64],
        series: NDArray[np.float64],
    ) -> None:
        self._library = library
        self._text = text
        self._vector = vector
        self._passages = passages
        self._series = series

    @cached_property
    def wanted(self) -> Wanted:
        """What figures the text asks for; read where series are asked for, which is seldom."""
        return read_wanted(self._text)

    @property
    def best_passage(self) -> float:
        """The best score of any passage; 0 where there is none."""
        return float(self._passages.max(initial=0.0))

    @property
    def best_series(self) -> float:
        """The best score of any series; 0 where there is none."""
        return float(self._series.max(initial=0.0))

    def passages(self, topics: Collection[Topic], today: date, most: int = 3) -> list[Hit]:
        """The best passages of some topics that may be sent today, best first."""
        contacts = self._library.contacts
        hits = []
        for row in np.argsort(-self._passages, kind="stable"):
            passage = self._library.passages[row]
            if passage.topic in topics and passage.sendable(today, contacts) is None:
                hits.append(Hit(passage, float(self._passages[row])))
                if len(hits) == most:
                    break
        return hits

    def barred(self, topics: Collection[Topic], today: date, floor: float) -> list[Barred]:
        """Passages of some topics that fit and may not be sent today, best first; no drafts."""
        contacts = self._library.contacts
        found = []
        for row in np.argsort(-self._passages, kind="stable"):
            passage, score = self._library.passages[row], float(self._passages[row])
            if score < floor:
                break
            if passage.topic not in topics or passage.article.status == "draft":
                continue
            hindrance, why = passage.hindrance(today, contacts), passage.sendable(today, contacts)
            if hindrance and why:
                found.append(Barred(Hit(passage, score), hindrance, why))
        return found

    def topics(self) -> dict[Topic, float]:
        """The best score of any passage of each topic, sendable or not."""
        best = np.zeros(len(Topic))
        np.maximum.at(best, self._library.topic_rows, self._passages)
        return dict(zip(Topic, best.tolist(), strict=True))

    def series(self, wanted: Wanted | None = None) -> list[SeriesHit]:
        """At most three public series that fit, best first; empty when none does.

        `wanted` is what the text asks for in the light of the message that it is a part of; without
        it, what it asks for by itself.
        """
        library, wanted = self._library, wanted or self.wanted
        by_subject, vector = self._about
        floor = library.series_floor
        # Where the best by subject lacks what is wanted, one that is far from it does not serve.
        scores = by_subject[library.public_rows]
        least = max(floor, float(scores.max(initial=0.0)) - SERIES_MARGIN)
        picked = [
            (row, float(by_subject[row]) - lost)
            for row in library.public_rows[scores >= least]
            if (lost := wanted.penalty(library.series[row])) is not None
            and by_subject[row] - lost >= floor
        ] or self._instead(wanted)
        hits = []
        for row, score in picked:
            series = library.series[row]
            topic = library.nearest_topic(int(row), vector)
            meets = fit(series, wanted, topic, sure=score >= SERIES_SURE)
            hits.append(SeriesHit(series, score, meets))
        return sorted(hits, key=lambda hit: -hit.score)[:MOST_SERIES]

    def _instead(self, wanted: Wanted) -> list[tuple[int, float]]:
        """Rows and scores of what serves where nothing near by subject does."""
        library, rows = self._library, self._library.public_rows
        floor = library.series_floor
        scores = self._about[0][rows], self._series[rows]
        public = [library.series[row] for row in rows]
        found = instead(public, scores, wanted, floor, floor + SERIES_MARGIN)
        return [(int(rows[place]), score) for place, score in found]

    @property
    def unmet(self) -> Unmet | None:
        """Why what is near by subject cannot meet the need; None where something may."""
        library, rows = self._library, self._library.public_rows
        public = [library.series[row] for row in rows]
        scores = self._about[0][rows]
        nearest = lacking(public, scores, self.wanted, library.series_floor)
        return unmet(nearest, self.wanted) if nearest else None

    def steering(self, why: Unmet, today: date) -> list[Hit]:
        """Passages that say what to do where nothing published meets a need for this reason."""
        library = self._library
        return [
            Hit(passage, float(self._passages[row]))
            for row, passage in enumerate(library.passages)
            if why.lacks[0] in passage.steers and passage.sendable(today, library.contacts) is None
        ]

    @cached_property
    def _about(self) -> tuple[NDArray[np.float64], Vectors | None]:
        """Scores of all series for what the text is about, and the vector of that."""
        subject = self.wanted.subject
        if not subject or subject == " ".join(self._text.split()):
            return self._series, self._vector
        return self._library.series_about(subject)
