"""The library: finds the passages and the published series that a question needs."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.articles import Passage, read_articles
from knowledge.catalogue import Series, read_catalogue
from knowledge.found import Found, Hit, SeriesHit
from knowledge.search import Encode, Index, Vectors, added_vectors, flatten, kept_vectors
from knowledge.topics import Topic

SERIES_FLOOR, SERIES_FLOOR_BY_WORDS = 0.6, 0.12
"""Scores under which a series does not fit, with and without vectors.

The first was chosen on the half of tests/data/published-questions.jsonl that is for tuning.
"""


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
            kept_vectors(texts, encoder, cache)
            if known is None
            else added_vectors(texts, encoder, known)
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

    @property
    def series_floor(self) -> float:
        """The score under which a series does not fit."""
        return SERIES_FLOOR_BY_WORDS if self.by_words_alone else SERIES_FLOOR

    def find(self, text: str, vector: Vectors | None = None) -> Found:
        """Search for a text once; ask the result for passages, topics and series.

        `vector` is the text's own, where it is at hand; else it is made.
        """
        if vector is None:
            vector = self._vector(text)
        return Found(
            self,
            text,
            vector,
            self._passage_index.scores(text, vector),
            self._series_index.scores(text, vector),
        )

    def series_about(self, subject: str) -> tuple[NDArray[np.float64], Vectors | None]:
        """The score of every series for a subject alone, and the subject's vector."""
        vector = self._vector(subject)
        return self._series_index.scores(subject, vector), vector

    def nearest_topic(self, row: int, vector: Vectors | None) -> str | None:
        """Of what a series says it is about, what comes nearest."""
        topics = self.series[row].topics
        if not topics:
            return None
        # Its texts are its description, then its topics, then questions that it answers.
        return topics[self._series_index.nearest(row, range(1, 1 + len(topics)), vector) - 1]

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
