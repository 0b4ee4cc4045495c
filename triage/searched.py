"""What the library holds for a text and for each of its questions, found once for all who ask."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from knowledge.found import Found
from knowledge.library import Library
from knowledge.topics import Topic
from triage.encoder import Vectors
from triage.parts import Part, clauses

COLUMNS = len(Topic) + 11
"""Length of a row of numbers: the best score of each topic, then the rest."""


class Searched(NamedTuple):
    """What was found for the whole text, and for each sentence that asks, by its number."""

    whole: Found
    asked: Mapping[int, Found]
    clauses: Mapping[int, tuple[Found, ...]]
    """What was found for each question of a sentence that asks several."""

    def row(self, text: str, parts: tuple[Part, ...]) -> NDArray[np.float64]:
        """Numbers for the classifier: how near guidance is, to all and to the worst question."""
        found = list(self.asked.values()) or [self.whole]
        passages = np.array([one.best_passage for one in found])
        series = np.array([one.best_series for one in found])
        numbers = [
            self.whole.best_passage,
            self.whole.best_series,
            passages.min(),
            passages.mean(),
            passages.max(),
            series.min(),
            series.max(),
            np.log1p(len(found)),
            np.log1p(len(parts)),
            np.log1p(len(text.split())),
            sum("?" in part.text for part in parts),
        ]
        return np.array([*self.whole.topics().values(), *numbers], dtype=np.float64)


def search(
    library: Library,
    text: str,
    parts: tuple[Part, ...],
    whole: Vectors | None,
    vectors: Vectors | None,
) -> Searched:
    """Search for a text, and for each sentence that asks by its vector as it stands in the text.

    That vector costs nothing more, and knows what "it" and "that" refer to. `vectors` holds
    a row for each sentence, then one for each clause of those that ask several things.
    """
    asked = {
        number: library.find(part.text, None if vectors is None else vectors[number])
        for number, part in enumerate(parts)
        if part.asks
    }
    rows = iter(() if vectors is None else vectors[len(parts) :])
    within = {
        number: tuple(library.find(text[start:end], next(rows, None)) for start, end in spans)
        for number, part in enumerate(parts)
        if (spans := clauses(part))
    }
    return Searched(library.find(text, whole), asked, within)
