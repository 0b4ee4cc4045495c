"""How long a search takes beyond the encoder, as the library grows.

Run: python benchmarks/search_speed.py. Passages are made up from real sentences of the articles
and the catalogue; vectors are random, since only their number matters to speed.
"""

import random
import statistics
import time

import numpy as np

from knowledge.articles import read_articles
from knowledge.catalogue import read_catalogue
from knowledge.search import Index, Vectors
from knowledge.wanted import read_wanted

SIZES = {1_000: 2.0, 10_000: 5.0}
"""Passages, and the milliseconds that half of all searches may take."""
TEXTS_EACH, SENTENCES_EACH, WIDTH, ROUNDS = 4, 5, 384, 200


def main() -> None:
    """Build, search, print."""
    passages = [one for article in read_articles() for one in article.passages]
    sentences = [part for one in passages for part in one.text.split(". ")]
    questions = [words for one in read_catalogue() for words in one.answers]
    chance = random.Random(1)
    numbers = np.random.default_rng(1)
    for size, bar in SIZES.items():
        texts = [
            [" ".join(chance.choices(sentences, k=SENTENCES_EACH)), *chance.choices(questions, k=3)]
            for _ in range(size)
        ]
        index = Index(texts, _unit(numbers, size * TEXTS_EACH))
        asked = list(zip(chance.choices(questions, k=ROUNDS), _unit(numbers, ROUNDS), strict=True))
        times = []
        for question, vector in asked:
            start = time.perf_counter()
            index.scores(question, vector)
            times.append(1000 * (time.perf_counter() - start))
        print(f"{size:6} passages: p50 {statistics.median(times):.2f} ms, bar {bar} ms")
    long = " ".join(chance.choices(sentences, k=8))
    start = time.perf_counter()
    for _ in range(ROUNDS):
        read_wanted(long)
    each = 1000 * (time.perf_counter() - start) / ROUNDS
    print(f"reading what is wanted from {len(long.split())} words: {each:.3f} ms, bar 0.2 ms")


def _unit(numbers: np.random.Generator, rows: int) -> Vectors:
    made = numbers.standard_normal((rows, WIDTH)).astype(np.float32)
    unit: Vectors = made / np.linalg.norm(made, axis=1, keepdims=True)
    return unit


if __name__ == "__main__":
    main()
