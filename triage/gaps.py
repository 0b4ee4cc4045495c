"""Gaps in what is known: enquiries that are alike, what they share, and how alike another is.

Vectors come from the encoder and the words, half each, or without an encoder from the words. Two
groups are joined while the mean cosine distance between their members is within a limit (average
linkage), which takes no number of groups beforehand and gives the same groups each time.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import AgglomerativeClustering
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, TfidfVectorizer

from knowledge.search import Encode, tokens

Matrix = NDArray[np.float32]

FARTHEST, FARTHEST_BY_WORDS = 0.70, 0.84
"""Mean cosine distance up to which enquiries are alike: decision 0015 says how it was chosen."""
FEWEST = 2
"""Enquiries that make a gap; one by itself shows no pattern."""
MOST_WORDS = 6


@dataclass(frozen=True, slots=True)
class Cluster:
    """Texts that are alike, by their places, the most typical first, and the words they share."""

    members: tuple[int, ...]
    words: tuple[str, ...]


def represent(texts: Sequence[str], encoder: Encode | None) -> Matrix:
    """One row a text, of length one at most; a text of no words has no words' part."""
    if not texts:
        return np.zeros((0, 1), dtype=np.float32)
    by_words = _words(texts)
    if encoder is None:
        return by_words
    # Rows of length one, so that their product is the mean of the two cosines.
    return np.hstack([encoder.encode(texts), by_words]) * np.float32(np.sqrt(0.5))


def _words(texts: Sequence[str]) -> Matrix:
    if not any(tokens(text) for text in texts):
        return np.zeros((len(texts), 1), dtype=np.float32)
    weights = TfidfVectorizer(analyzer=tokens, sublinear_tf=True, dtype=np.float32)
    rows: Matrix = weights.fit_transform(texts).toarray()
    return rows


def farthest(encoder: Encode | None) -> float:
    """The distance up to which enquiries are alike, in the space that `represent` uses."""
    return FARTHEST_BY_WORDS if encoder is None else FARTHEST


def cluster(texts: Sequence[str], vectors: Matrix, limit: float) -> list[Cluster]:
    """Groups of at least `FEWEST` texts within `limit` of each other, the largest first."""
    if len(texts) < FEWEST:
        return []
    distances = 1.0 - (vectors @ vectors.T).astype(np.float64)
    labels = AgglomerativeClustering(
        n_clusters=None, metric="precomputed", linkage="average", distance_threshold=limit
    ).fit_predict(np.clip(distances, 0.0, 2.0))
    groups: dict[int, list[int]] = {}
    for place, label in enumerate(labels.tolist()):
        groups.setdefault(label, []).append(place)
    kept = [group for group in groups.values() if len(group) >= FEWEST]
    kept.sort(key=lambda group: (-len(group), group[0]))
    words = shared_words(texts, kept)
    return [
        Cluster(tuple(group[place] for place in typical_first(vectors[group])), said)
        for group, said in zip(kept, words, strict=True)
    ]


def typical_first(vectors: Matrix) -> list[int]:
    """The places of the rows, those nearest to all others first."""
    nearness = (vectors @ vectors.T).sum(axis=1)
    return [int(place) for place in np.argsort(-nearness, kind="stable")]


def shared_words(
    texts: Sequence[str], groups: Sequence[Sequence[int]], most: int = MOST_WORDS
) -> list[tuple[str, ...]]:
    """What tells each group from the rest, by class-based TF-IDF (Grootendorst 2022).

    A word counts only where two texts of the group hold it. Common words tell nothing, and what
    holds a digit is no word.
    """
    counted = [Counter(filter(_tells, tokens(text))) for text in texts]
    overall = sum(counted, Counter[str]())
    alone = set(range(len(texts))).difference(*groups)
    average = overall.total() / (len(groups) + bool(alone)) if groups else 0.0
    found = []
    for group in groups:
        own = sum((counted[place] for place in group), Counter[str]())
        spread = Counter(word for place in group for word in counted[place])
        weight = {
            word: spread[word] * float(np.log1p(average / overall[word]))
            for word in own
            if spread[word] >= FEWEST
        }
        ranked = sorted(weight, key=lambda word: (-weight[word], word))
        found.append(tuple(ranked[:most]))
    return found


def _tells(word: str) -> bool:
    return word.isalpha() and word not in ENGLISH_STOP_WORDS


def alike(members: Matrix, others: Matrix, limit: float) -> NDArray[np.bool_]:
    """Which of the others would have joined these members: the same distance and limit."""
    distances = 1.0 - (others @ members.T).mean(axis=1)
    near: NDArray[np.bool_] = distances <= limit
    return near
