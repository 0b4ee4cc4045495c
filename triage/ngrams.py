"""Word and character n-grams of a text, weighted by how rare each of them is."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain, pairwise
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

_REFERENCE = re.compile(
    r"\b(?:(?:dars-)?nic-\d{3,7}(?:-\w{4,6})?|con-\d{3,7}(?:-\w{4,6})?|odr\d{4}_\d{1,4}|mr\d{3,5})\b"
)
_ADDRESS = re.compile(r"\b(?:https?://\S+|www\.\S+|[\w.+-]+@[\w.-]+)")
_NUMBER = re.compile(r"\d+(?:[.,:/]\d+)*")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?|[?£]")
CHARACTERS = (3, 5)
REMEMBERED = 16
"""Texts whose rows are kept; a message and its questions are fewer."""


def normal(text: str) -> str:
    """Lower case, with references, addresses and numbers each put under one word.

    What a message asks does not depend on which reference or number it names.
    """
    text = text.lower().replace("\u2019", "'")
    text = _REFERENCE.sub(" caseref ", text)
    text = _ADDRESS.sub(" webaddress ", text)
    return _NUMBER.sub("0", text)


def grams(text: str) -> Counter[str]:
    """Words, pairs of words (`w:` before both) and runs of 3 to 5 characters inside a word."""
    words = _WORD.findall(normal(text))
    pairs = (f"w:{one} {two}" for one, two in pairwise(words))
    runs = chain.from_iterable(map(_runs, words))
    return Counter(chain((f"w:{word}" for word in words), pairs, runs))


@lru_cache(maxsize=8192)
def _runs(word: str) -> tuple[str, ...]:
    """The runs of characters of one word; the same words come again and again."""
    padded = f" {word} "
    return tuple(
        padded[at : at + size]
        for size in range(CHARACTERS[0], min(CHARACTERS[1], len(padded)) + 1)
        for at in range(len(padded) - size + 1)
    )


class NgramWeights(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """TF-IDF over `grams`: 1 + log of the count, times the log of the rarity.

    Words and characters are each brought to length one, so that a row's length is the square root
    of two. scikit-learn's own vectorisers give the same numbers at five times the cost a text.

    Args:
        min_messages: texts in which a gram must stand to be kept.
    """

    def __init__(self, min_messages: int = 2) -> None:
        self.min_messages = min_messages

    def fit(self, texts: Sequence[str], y: object = None) -> Self:  # noqa: ARG002 -- the contract
        """Learn which grams there are, and how rare each is."""
        seen: Counter[str] = Counter()
        for text in texts:
            seen.update(grams(text).keys())
        kept = sorted(gram for gram, number in seen.items() if number >= self.min_messages)
        counts = np.array([seen[gram] for gram in kept], dtype=np.float64)
        self.grams_ = np.array(kept, dtype=np.str_)
        self.rarity_ = np.log((1 + len(texts)) / (1 + counts)) + 1
        self._index = self._built_index()
        return self

    def transform(self, texts: Iterable[str]) -> sparse.csr_array:
        """One sparse row a text."""
        check_is_fitted(self, "grams_")
        rows = [self.row(text) for text in texts]
        columns = np.concatenate([np.empty(0, dtype=np.int32), *(found for found, _ in rows)])
        data = np.concatenate([np.empty(0), *(weights for _, weights in rows)])
        ends = np.cumsum([0, *(len(found) for found, _ in rows)])
        # liblinear takes 32-bit indices only.
        place = (columns.astype(np.int32), ends.astype(np.int32))
        return sparse.csr_array((data, *place), shape=(len(rows), len(self.grams_)))

    def get_feature_names_out(self, input_features: object = None) -> NDArray[np.str_]:  # noqa: ARG002
        """The grams, in the order of the columns."""
        return self.grams_

    def row(self, text: str) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """The columns of one text, in order, and their weights; not to be written to.

        The last few are remembered: what decided on a text is asked for again to explain it.
        """
        return self._remembered(text)

    def _made_row(self, text: str) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        found = grams(text)
        known = found.keys() & self._index.keys()
        columns = np.fromiter(map(self._index.__getitem__, known), np.intp, len(known))
        counts = np.fromiter(map(found.__getitem__, known), np.float64, len(known))
        order = np.argsort(columns)
        columns, counts = columns[order], counts[order]
        weights = (1 + np.log(counts)) * self.rarity_[columns]
        # Sorted, 'w:…' stands together, but a character run may sort after it: tell by the mask.
        words = self._is_word[columns]
        for kind in (words, ~words):
            length = float(np.linalg.norm(weights[kind]))
            if length:
                weights[kind] /= length
        return columns, weights

    def _built_index(self) -> dict[str, int]:
        self._is_word = np.char.startswith(self.grams_, "w:")
        self._remembered = lru_cache(maxsize=REMEMBERED)(self._made_row)
        return {gram: column for column, gram in enumerate(self.grams_.tolist())}

    def __getstate__(self) -> dict[str, Any]:
        """Leave out the index, which is built again from the grams."""
        state = dict(super().__getstate__())
        state.pop("_index", None)
        state.pop("_is_word", None)
        state.pop("_remembered", None)
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Build the index again."""
        super().__setstate__(state)
        if "grams_" in state:
            self._index = self._built_index()
