"""What a model remembers of the labelled messages, to say which of them a message is like."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triage.decision import Neighbour, Route
from triage.likeness import ranked


@dataclass(frozen=True)
class Remembered:
    """Labelled messages by which a decision is explained: id, route, reason, vector of each."""

    ids: NDArray[np.str_]
    routes: NDArray[np.str_]
    whys: NDArray[np.str_]
    vectors: NDArray[np.float32]
    """A row a message; no rows where there was no encoder."""
    usual: NDArray[np.float64]
    """How near each calibration message comes to one of these, in rising order."""

    def nearest(self, vector: NDArray[np.float32] | None, most: int = 3) -> list[Neighbour]:
        """The messages most alike, best first; none without vectors."""
        if vector is None or not len(self.vectors):
            return []
        cosines = self.vectors @ vector
        return [
            Neighbour(
                id=str(self.ids[row]),
                route=Route(str(self.routes[row])),
                similarity=round(float(cosines[row]), 3),
                why=str(self.whys[row]),
            )
            for row in np.argsort(-cosines, kind="stable")[:most]
        ]

    def likeness(self, vector: NDArray[np.float32] | None) -> float | None:
        """Where a message ranks among calibration messages, 0 to 1; None where none can tell."""
        if vector is None or not len(self.vectors) or not len(self.usual):
            return None
        return ranked(float((self.vectors @ vector).max()), self.usual)
