"""What the classifier sees of a message: sense, spelling, cues, what search found, rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from knowledge.library import Library
from triage.cues import CUES, counted
from triage.encoder import DIMENSIONS, Encoder, Span, Vectors
from triage.ngrams import NgramWeights
from triage.parts import Part, clauses, full_text, split
from triage.searched import COLUMNS, Searched, search

LEAST_DEVIATION = 1e-9
"""A number that varies less is the same in all messages, and says nothing."""


@dataclass(frozen=True)
class Reading:
    """One text as it was read: its sentences, a vector for all and for each, and its signals.

    `signals` are names of rules that spoke; `vectors` has a row a sentence, and is None where
    there is no encoder, as is `whole`. `searched` is None where nothing was searched for.
    """

    text: str
    parts: tuple[Part, ...]
    signals: frozenset[str]
    whole: Vectors | None = None
    vectors: Vectors | None = None
    searched: Searched | None = None

    def alone(self, number: int) -> "Reading":
        """One sentence read as a message of its own, with its vector as it stood in context."""
        part = self.parts[number]
        text = Part(part.text, 0, len(part.text), part.asks)
        found = self.searched.asked.get(number) if self.searched else None
        searched = Searched(found, {0: found}, {}) if found else None
        vector = None if self.vectors is None else self.vectors[number]
        return Reading(part.text, (text,), frozenset(), vector, searched=searched)


def read(
    subject: str,
    new_text: str,
    signals: frozenset[str],
    encoder: Encoder | None,
    library: Library | None = None,
) -> Reading:
    """Read a message once: every vector comes from one run of the encoder.

    With a library it is searched too, for the whole and for each question.
    """
    text, parts = _split(subject, new_text)
    encoded = encoder.encode_parts(text, _spans(parts)) if encoder else None
    return _read(text, parts, signals, encoded, library)


def read_many(
    written: Sequence[tuple[str, str]],
    signals: Sequence[frozenset[str]],
    encoder: Encoder | None,
    library: Library | None = None,
) -> list[Reading]:
    """Read messages, of which `written` holds subject and new text, in large runs of the encoder.

    It is quicker a message than `read`, and gives vectors that differ in the third digit.
    """
    taken_apart = [_split(subject, new_text) for subject, new_text in written]
    encoded: Sequence[tuple[Vectors, Vectors] | None] = [None] * len(taken_apart)
    if encoder is not None:
        spans = [_spans(parts) for _, parts in taken_apart]
        encoded = encoder.encode_parts_of_many([text for text, _ in taken_apart], spans)
    return [
        _read(text, parts, heard, vectors, library)
        for (text, parts), heard, vectors in zip(taken_apart, signals, encoded, strict=True)
    ]


def _read(
    text: str,
    parts: tuple[Part, ...],
    signals: frozenset[str],
    encoded: tuple[Vectors, Vectors] | None,
    library: Library | None,
) -> Reading:
    whole = vectors = None
    if encoded is not None:
        whole, vectors = encoded
        # A sentence past the encoder's window has no vector of its own: it is read as the whole.
        empty = ~vectors.any(axis=1)
        vectors[empty] = whole
    searched = search(library, text, parts, whole, vectors) if library else None
    of_parts = None if vectors is None else vectors[: len(parts)]
    return Reading(text, parts, signals, whole, of_parts, searched)


def _split(subject: str, new_text: str) -> tuple[str, tuple[Part, ...]]:
    text = full_text(subject, new_text)
    return text, split(text) or (Part(text, 0, len(text), asks=False),)


def _spans(parts: Sequence[Part]) -> list[Span]:
    """Sentences, then the clauses of those that ask several things."""
    sentences = [(part.start, part.end) for part in parts]
    return [*sentences, *(span for part in parts for span in clauses(part))]


class MessageFeatures(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Readings to rows: n-grams, the vector of the whole, cues, search, signals.

    Vectors are centred and brought to mean length `vector_weight`, since raw ones all lean the
    same way. The weights are lengths in the likeness of `KernelHeads`.

    Args:
        min_messages: messages in which an n-gram must stand to be kept.
        vector_weight: root mean square length of the vectors.
        signal_weight: value of a signal that is present.
        number_weight: standard deviation of each cue and each number of search.
    """

    def __init__(
        self,
        min_messages: int = 2,
        vector_weight: float = 0.76,
        signal_weight: float = 0.67,
        number_weight: float = 0.15,
    ) -> None:
        self.min_messages = min_messages
        self.vector_weight = vector_weight
        self.signal_weight = signal_weight
        self.number_weight = number_weight

    def fit(self, readings: Sequence[Reading], y: object = None) -> Self:  # noqa: ARG002 -- the contract
        """Learn the n-grams, the centre and spread of the vectors, and which signals occur."""
        self.ngrams_ = NgramWeights(self.min_messages).fit([reading.text for reading in readings])
        self.signals_ = np.array(
            sorted({name for reading in readings for name in reading.signals}), dtype=np.str_
        )
        vectors = _vectors(readings)
        self.centre_ = vectors.mean(axis=0)
        spread = np.square(vectors - self.centre_).sum(axis=1).mean()
        self.scale_ = self.vector_weight / np.sqrt(max(spread, np.finfo(float).tiny))
        numbers = np.ma.masked_invalid(_numbers(readings))
        self.usual_ = numbers.mean(axis=0).filled(0)
        deviation = numbers.std(axis=0).filled(0)
        self.step_ = self.number_weight / np.where(deviation > LEAST_DEVIATION, deviation, np.inf)
        return self

    def transform(self, readings: Sequence[Reading]) -> sparse.csr_array:
        """One row a reading."""
        ngrams = self.ngrams_.transform([reading.text for reading in readings])
        joined = sparse.hstack([ngrams, sparse.csr_array(self.dense(readings))], format="csr")
        # liblinear takes 32-bit indices only.
        joined.indices = joined.indices.astype(np.int32)
        joined.indptr = joined.indptr.astype(np.int32)
        return joined

    def dense(self, readings: Sequence[Reading]) -> NDArray[np.float64]:
        """The columns of each row that follow those of the n-grams."""
        check_is_fitted(self, "ngrams_")
        vectors = (_vectors(readings) - self.centre_) * self.scale_
        # What was not searched for counts as usual.
        numbers = np.nan_to_num((_numbers(readings) - self.usual_) * self.step_)
        signals = [[name in reading.signals for name in self.signals_] for reading in readings]
        spoken = np.array(signals, dtype=np.float64).reshape(len(readings), -1)
        return np.hstack([vectors, numbers, spoken * self.signal_weight])

    def get_feature_names_out(self, input_features: object = None) -> NDArray[np.str_]:  # noqa: ARG002
        """Names of columns: n-grams, `v:` vectors, `c:` cues, `f:` what was found, `s:` signals."""
        vectors = [f"v:{number}" for number in range(self.centre_.size)]
        numbers = [*(f"c:{name}" for name in CUES), *(f"f:{number}" for number in range(COLUMNS))]
        signals = [f"s:{name}" for name in self.signals_]
        return np.array([*self.ngrams_.grams_, *vectors, *numbers, *signals], dtype=np.str_)


def _numbers(readings: Sequence[Reading]) -> NDArray[np.float64]:
    """Cues, then what search found; not a number where nothing was searched for."""
    unknown = np.full(COLUMNS, np.nan)
    rows = [
        np.concatenate(
            [counted(one.text), one.searched.row(one.text, one.parts) if one.searched else unknown]
        )
        for one in readings
    ]
    return np.array(rows).reshape(len(rows), len(CUES) + COLUMNS)


def _vectors(readings: Sequence[Reading]) -> NDArray[np.float64]:
    """A row a reading; no columns at all where there was no encoder."""
    if any(reading.whole is None for reading in readings):
        return np.empty((len(readings), 0))
    rows = np.array([reading.whole for reading in readings], dtype=np.float64)
    return rows.reshape(len(readings), DIMENSIONS)
