"""The library: finds the passages and the published series that a question needs."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from knowledge.articles import Passage, read_articles
from knowledge.catalogue import Series, read_catalogue
from knowledge.search import Encode, Index, Vectors, flatten
from knowledge.topics import Topic
from knowledge.wanted import Wanted, read_wanted

SERIES_FLOOR, SERIES_FLOOR_BY_WORDS = 0.6, 0.12
"""Scores under which a series does not fit, with and without vectors.

The first was chosen on the half of tests/data/published-questions.jsonl that is for tuning.
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
    why: str


class SeriesHit(NamedTuple):
    """A series found, and its score, as for passages."""

    series: Series
    score: float


class Library:
    """All articles and the catalogue, searchable. Read once, never changed."""

    def __init__(
        self,
        passages: Sequence[Passage],
        series: Sequence[Series],
        *,
        encoder: Encode | None,
        contacts: Mapping[str, str],
        cache: Path | None = None,
        known: Mapping[str, Vectors] | None = None,
    ) -> None:
        self.passages = tuple(passages)
        self.series = tuple(series)
        self.contacts = contacts
        order = {topic: row for row, topic in enumerate(Topic)}
        self.public_rows = np.array(
            [row for row, one in enumerate(self.series) if one.is_public], dtype=np.intp
        )
        self.topic_rows = np.array([order[one.topic] for one in self.passages], dtype=np.intp)
        self._encoder = encoder
        passage_texts = [[f"{one.heading} {one.text}", *one.questions] for one in self.passages]
        series_texts = [[one.description, *one.topics, *one.answers] for one in self.series]
        texts = flatten([*passage_texts, *series_texts])
        vectors = (
            _vectors(texts, encoder, cache) if known is None else _added(texts, encoder, known)
        )
        self._known = {} if vectors is None else dict(zip(texts, vectors, strict=True))
        border = sum(len(group) for group in passage_texts)
        self._passage_index = Index(passage_texts, None if vectors is None else vectors[:border])
        self._series_index = Index(series_texts, None if vectors is None else vectors[border:])

    @classmethod
    def load(
        cls, encoder: Encode | None, contacts: Mapping[str, str], cache: Path | None = None
    ) -> "Library":
        """Read our own articles and catalogue. Vectors are kept in the folder `cache`, if given.

        Raises:
            ArticleError: when an article breaks the form.
            CatalogueError: when an entry does.
        """
        passages = [passage for article in read_articles() for passage in article.passages]
        return cls(passages, read_catalogue(), encoder=encoder, contacts=contacts, cache=cache)

    def with_passages(self, passages: Sequence[Passage]) -> "Library":
        """The library with other passages: only texts that this one does not hold are encoded."""
        return Library(
            passages,
            self.series,
            encoder=self._encoder,
            contacts=self.contacts,
            known=self._known,
        )

    @property
    def by_words_alone(self) -> bool:
        """Whether there is no encoder, so that scores are low and less is found."""
        return self._encoder is None

    def find(self, text: str, vector: Vectors | None = None) -> "Found":
        """Search for a text once; ask the result for passages, topics and series.

        `vector` is the text's own, where it is at hand; else it is made.
        """
        if vector is None:
            vector = self._vector(text)
        return Found(
            self,
            text,
            self._passage_index.scores(text, vector),
            self._series_index.scores(text, vector),
        )

    def passages_for(
        self, text: str, topics: Collection[Topic], today: date, most: int = 3
    ) -> list[Hit]:
        """The best passages of some topics that may be sent today, best first."""
        return self.find(text).passages(topics, today, most)

    def series_for(self, text: str) -> list[SeriesHit]:
        """At most three public series that fit, best first; empty when none does."""
        return self.find(text).series()

    def _vector(self, text: str) -> Vectors | None:
        if self._encoder is None:
            return None
        row: Vectors = self._encoder.encode([text])[0]
        return row


class Found:
    """What a search found: a score for every passage and every series."""

    def __init__(
        self,
        library: Library,
        text: str,
        passages: NDArray[np.float64],
        series: NDArray[np.float64],
    ) -> None:
        self._library = library
        self._text = text
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

    def barred(self, topics: Collection[Topic], today: date, floor: float) -> list["Barred"]:
        """Passages of some topics that fit and may not be sent today, best first; no drafts."""
        contacts = self._library.contacts
        found = []
        for row in np.argsort(-self._passages, kind="stable"):
            passage, score = self._library.passages[row], float(self._passages[row])
            if score < floor:
                break
            unsent = passage.topic in topics and passage.article.status != "draft"
            if unsent and (why := passage.sendable(today, contacts)):
                found.append(Barred(Hit(passage, score), why))
        return found

    def topics(self) -> dict[Topic, float]:
        """The best score of any passage of each topic, sendable or not."""
        best = np.zeros(len(Topic))
        np.maximum.at(best, self._library.topic_rows, self._passages)
        return dict(zip(Topic, best.tolist(), strict=True))

    def series(self, wanted: Wanted | None = None) -> list[SeriesHit]:
        """At most three public series that fit, best first; empty when none does.

        `wanted` is what the whole message asks for, where this is one question of it.
        """
        library, wanted = self._library, wanted or self.wanted
        floor = SERIES_FLOOR_BY_WORDS if library.by_words_alone else SERIES_FLOOR
        # Where the best by subject lacks what is wanted, one that is far from it does not serve.
        scores = self._series[library.public_rows]
        least = max(floor, float(scores.max(initial=0.0)) - SERIES_MARGIN)
        hits = []
        for row in library.public_rows[scores >= least]:
            score, lost = float(self._series[row]), wanted.penalty(library.series[row])
            if lost is not None and score - lost >= floor:
                hits.append(SeriesHit(library.series[row], score - lost))
        return sorted(hits, key=lambda hit: -hit.score)[:MOST_SERIES]


def _vectors(texts: list[str], encoder: Encode | None, cache: Path | None) -> Vectors | None:
    """The vectors of the library's texts, from the cache where it holds just these."""
    if encoder is None:
        return None
    key = hashlib.sha256("\n".join([encoder.fingerprint, *texts]).encode()).hexdigest()[:16]
    path = cache / f"library-{key}.npy" if cache else None
    if path and path.is_file():
        stored: Vectors = np.load(path, allow_pickle=False)
        return stored
    vectors = encoder.encode(texts)
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Under a name of its own first: a reader never sees half a file.
        scratch = path.with_suffix(".part.npy")
        np.save(scratch, vectors, allow_pickle=False)
        scratch.replace(path)
    return vectors


def _added(
    texts: list[str], encoder: Encode | None, known: Mapping[str, Vectors]
) -> Vectors | None:
    """The vectors of some texts, where many are known: only the others are encoded."""
    if encoder is None:
        return None
    new = [text for text in dict.fromkeys(texts) if text not in known]
    made = dict(zip(new, encoder.encode(new), strict=True)) if new else {}
    return np.stack([made[text] if text in made else known[text] for text in texts])
