"""How pure are gaps? Labelled messages as weeks of enquiries: how many pairs share a topic.

`python benchmarks/gap_clusters.py [--size 60]`. Limits are compared on the authors that calibrate;
the limits in use are then measured on the authors that only measure.
"""

import argparse
from collections.abc import Sequence
from itertools import combinations

import numpy as np

from bot.brain import load_encoder
from bot.mail.quotes import newly_written
from bot.settings import Settings
from triage import labelled
from triage.decision import Route
from triage.encoder import Encoder
from triage.essence import comparable
from triage.gaps import cluster, farthest, represent
from triage.labelled import Labelled

WEEKS = 100
LIMITS = {
    "encoder and words": (0.56, 0.60, 0.64, 0.66, 0.68, 0.70, 0.72, 0.76),
    "words": (0.80, 0.83, 0.84, 0.85, 0.86, 0.88, 0.90),
}


def messages(paths: Sequence[object]) -> list[Labelled]:
    """Those that ask about a topic."""
    found = labelled.read(paths)
    return [one for one in found if one.route is not Route.IGNORE and one.topics]


def measured(
    given: list[Labelled], encoder: Encoder | None, limit: float, size: int
) -> tuple[float, ...]:
    """Purity of pairs, purity by chance, share of messages in a gap, gaps a week, their size."""
    texts = [comparable(one.subject, newly_written(one.body), ()) for one in given]
    encoded = {one: encoder.encode([one])[0] for one in texts} if encoder else {}
    choose = np.random.default_rng(1)
    same = pairs = placed = gaps = chance = drawn = 0
    for _ in range(WEEKS):
        week = np.sort(choose.choice(len(given), size, replace=False))
        said = [texts[row] for row in week]
        vectors = represent(said, Kept(encoded) if encoded else None)
        for one, other in combinations(week, 2):
            drawn += 1
            chance += bool({*given[one].topics} & {*given[other].topics})
        for group in cluster(said, vectors, limit):
            gaps += 1
            placed += len(group.members)
            for one, other in combinations(group.members, 2):
                pairs += 1
                same += bool({*given[week[one]].topics} & {*given[week[other]].topics})
    shares = (same / max(pairs, 1), chance / drawn, placed / (WEEKS * size))
    return (*shares, gaps / WEEKS, placed / max(gaps, 1))


class Kept:
    """An encoder that was asked already: each text is drawn many times."""

    fingerprint = "kept"

    def __init__(self, rows: dict[str, np.ndarray]) -> None:
        self._rows = rows

    def encode(self, texts: Sequence[str], /) -> np.ndarray:
        """One row a text."""
        return np.stack([self._rows[text] for text in texts])


def main() -> None:
    """Print a line for each limit, then the limits in use on the measuring authors."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, default=60, help="Enquiries a week")
    size = parser.parse_args().size
    encoder = load_encoder(Settings())
    print("by, limit: pairs that share a topic, by chance, in a gap, gaps a week, size of a gap")
    for name, by in (("encoder and words", encoder), ("words", None)):
        if name != "words" and by is None:
            print("no encoder here: set-up builds it")
            continue
        given = messages(labelled.CALIBRATION)
        for limit in LIMITS[name]:
            show(f"{name} {limit:.2f}", measured(given, by, limit, size))
        test = messages(labelled.TEST)
        show(f"{name} {farthest(by):.2f}, measuring", measured(test, by, farthest(by), size))


def show(name: str, figures: tuple[float, ...]) -> None:
    """One line."""
    print(f"{name}: {' '.join(f'{one:.3f}' for one in figures)}", flush=True)


if __name__ == "__main__":
    main()
