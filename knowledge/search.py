"""Search by words and by sense together, over short texts that stand for larger things."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

WORD_WEIGHT, WORD_HALF = 0.3, 5.0
"""Fusion: cosine + 0.3 * bm25 / (bm25 + 5). Adding scores beat merging ranks by up to 11 points."""
SATURATION, LENGTH_SHARE = 1.2, 0.75
"""k1 and b of BM25 (Robertson & Zaragoza 2009), at their usual values."""

_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
_COMMON = (
    "a an and are as at be been but by can could did do does for from had has have how i if in is "
    "it its me my no not of on or our please should so some that the their them then there they "
    "this to us was we were what when where which who will with would you your"
)
_STOP = frozenset(_COMMON.split())

Vectors = NDArray[np.float32]


class Encode(Protocol):
    """What search needs of an encoder: rows of length one, and a name for what made them."""

    fingerprint: str

    def encode(self, texts: Sequence[str], /) -> Vectors:
        """One row a text."""
        ...


def tokens(text: str) -> list[str]:
    """Words in lower case, without the commonest, and without the endings of plurals."""
    found = _WORD.findall(text.lower().replace("\u2019", "'"))
    return [_stem(word) for word in found if word not in _STOP]


@lru_cache(maxsize=8192)
def _stem(word: str) -> str:
    word = word.removesuffix("'s")
    if len(word) > 4 and word.endswith("ies"):  # noqa: PLR2004 -- 'ties', not 'ties' of three
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):  # noqa: PLR2004
        return word[:-1]
    return word


class WordIndex:
    """BM25 over a fixed set of texts, weights worked out once."""

    def __init__(self, texts: Sequence[str]) -> None:
        counts = [Counter(tokens(text)) for text in texts]
        self._terms = {term: row for row, term in enumerate(sorted(set().union(*counts)))}
        lengths = np.array([sum(count.values()) for count in counts], dtype=np.float64)
        norms = SATURATION * (1 - LENGTH_SHARE + LENGTH_SHARE * lengths / max(lengths.mean(), 1))
        spread = Counter(term for count in counts for term in count)
        # Some thousand words by some hundred texts: dense is small, and faster than sparse.
        self._weights = np.zeros((len(self._terms), len(texts)), dtype=np.float32)
        for column, count in enumerate(counts):
            for term, times in count.items():
                rarity = np.log1p((len(texts) - spread[term] + 0.5) / (spread[term] + 0.5))
                weight = rarity * times * (SATURATION + 1) / (times + norms[column])
                self._weights[self._terms[term], column] = weight

    def scores(self, query: str) -> NDArray[np.float64]:
        """BM25 of every text for a query; each word counts once."""
        rows = [self._terms[term] for term in set(tokens(query)) if term in self._terms]
        total: NDArray[np.float64] = self._weights[rows].sum(axis=0, dtype=np.float64)
        return total


class Index:
    """Things to find, each by several texts: it scores as its best text does in sense.

    Args:
        texts: for each thing the texts that stand for it, such as a passage and its questions.
        vectors: their vectors, one row a text in the same order; None searches by words alone.
    """

    def __init__(self, texts: Sequence[Sequence[str]], vectors: Vectors | None) -> None:
        self._words = WordIndex([" ".join(group) for group in texts])
        self._vectors = vectors
        sizes = [len(group) for group in texts]
        self._starts = np.concatenate([[0], np.cumsum(sizes[:-1])]).astype(int)

    def scores(self, query: str, vector: Vectors | None) -> NDArray[np.float64]:
        """Score every thing; about 0 to 1.3 with vectors, 0 to 0.3 by words alone."""
        by_word = self._words.scores(query)
        fused: NDArray[np.float64] = WORD_WEIGHT * by_word / (by_word + WORD_HALF)
        if self._vectors is not None and vector is not None:
            # Row by row on one thread. A matrix product is shared among the library's threads,
            # and on a busy machine they wait for each other for longer than the work takes.
            cosines = np.vecdot(self._vectors, vector)
            fused = fused + np.maximum.reduceat(cosines, self._starts)
        return fused

    def nearest(self, thing: int, among: range, vector: Vectors | None) -> int:
        """Which text of a thing, of those in `among`, is nearest; the first without vectors."""
        if self._vectors is None or vector is None:
            return among[0]
        rows = self._vectors[self._starts[thing] + np.array(among)]
        return among[int(np.argmax(rows @ vector))]


def flatten(groups: Iterable[Sequence[str]]) -> list[str]:
    """All texts of all groups, in order."""
    return [text for group in groups for text in group]


def kept_vectors(texts: list[str], encoder: Encode | None, cache: Path | None) -> Vectors | None:
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


def added_vectors(
    texts: list[str], encoder: Encode | None, known: Mapping[str, Vectors]
) -> Vectors | None:
    """The vectors of some texts, where many are known: only the others are encoded."""
    if encoder is None:
        return None
    new = [text for text in dict.fromkeys(texts) if text not in known]
    made = dict(zip(new, encoder.encode(new), strict=True)) if new else {}
    return np.stack([made[text] if text in made else known[text] for text in texts])
