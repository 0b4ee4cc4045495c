"""An index by words over short texts that keep coming, such as the summaries of cases."""

from array import array
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from knowledge.search import LENGTH_SHARE, SATURATION, tokens


class GrowingIndex:
    """BM25 over texts that are added one by one, where each word of a text counts once.

    A query of a card's length takes milliseconds over ten thousand texts. A text that was added
    stays: an index that has grown too large is made anew. One thread at a time.
    """

    def __init__(self) -> None:
        self._names = array("q")
        self._places: dict[int, int] = {}
        self._lengths = array("f")
        self._texts_of: dict[str, array[int]] = {}

    def __len__(self) -> int:
        return len(self._names)

    def add(self, texts: Iterable[tuple[int, str]]) -> None:
        """Take texts in, each under its number; a number that is known is passed over."""
        for name, text in texts:
            if name in self._places:
                continue
            place = self._places[name] = len(self._names)
            words = set(tokens(text))
            self._names.append(name)
            self._lengths.append(len(words))
            for word in words:
                self._texts_of.setdefault(word, array("i")).append(place)

    def best(self, query: str, most: int) -> list[tuple[int, float]]:
        """Numbers and scores of the texts most like a query, best first.

        A score is the share of the query's weight that a text holds, about 0 to 1, so that one
        bound serves queries of any length.
        """
        count = len(self._names)
        if not count:
            return []
        lengths = np.frombuffer(self._lengths, dtype=np.float32)
        norms = SATURATION * (1 - LENGTH_SHARE + LENGTH_SHARE * lengths / max(lengths.mean(), 1.0))
        scores, weight = self._weighed(query, norms)
        if weight <= 0:
            return []
        scores /= weight
        nearest = np.argsort(-scores, kind="stable")[:most]
        return [
            (self._names[place], float(scores[place])) for place in nearest if scores[place] > 0
        ]

    def _weighed(self, query: str, norms: NDArray[np.float32]) -> tuple[NDArray[np.float64], float]:
        """Each text's sum, and what a text with every word of the query would have.

        A word that no text holds counts in the latter: it is what they do not share.
        """
        count = len(self._names)
        scores = np.zeros(count)
        weight = 0.0
        for word in set(tokens(query)):
            places = np.frombuffer(self._texts_of.get(word, array("i")), dtype=np.int32)
            rarity = float(np.log1p((count - len(places) + 0.5) / (len(places) + 0.5)))
            scores[places] += rarity * (SATURATION + 1) / (1 + norms[places])
            weight += rarity
        return scores, weight
