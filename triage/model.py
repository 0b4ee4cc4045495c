"""The trained model: features, heads, calibration and thresholds, kept as skops and JSON files."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import skops.io
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, ValidationError

from knowledge.topics import Topic
from triage.calibration import GlobalPlatt
from triage.classifier import LabelHeads
from triage.decision import EnquiryType, Flag, Route
from triage.encoder import Encoder
from triage.features import MessageFeatures, Reading
from triage.labelled import Labelled

Label = TypeVar("Label")

LABELS: tuple[Route | EnquiryType | Topic | Flag, ...] = (*Route, *EnquiryType, *Flag, *Topic)
"""One head each, in this order."""
KINDS: dict[str, slice] = {
    "route": slice(0, 3),
    "type": slice(3, 10),
    "flag": slice(10, 15),
    "topic": slice(15, 36),
}
"""Groups of heads that share a calibration."""

_OURS = [
    f"triage.{name}"
    for name in (
        "calibration.GlobalPlatt",
        "classifier.LabelHeads",
        "features.MessageFeatures",
        "ngrams.NgramWeights",
    )
]


class ModelError(RuntimeError):
    """The stored model cannot be used; the words say why."""


class Thresholds(BaseModel):
    """Where probabilities turn into decisions.

    `answer` is shown by Learn-then-Test at training; above 1 it means that nothing may be
    answered without a person. `ignore` is high, since to ignore a person is worse than to open a
    case for a machine, and lower where a rule already doubts that anyone waits. `flag` is low,
    since a flag missed is worse than a case too many; from `flag_doubt` on none is raised yet, but
    nothing is answered.
    """

    model_config = ConfigDict(frozen=True)

    answer: float = 0.9
    ignore: float = 0.6
    ignore_doubted: float = 0.4
    flag: float = 0.3
    flag_doubt: float = 0.1
    type: float = 0.45
    topic: float = 0.3
    part: float = 0.9
    passage: float = 0.5
    passage_by_words: float = 0.1


class Card(BaseModel):
    """What a model is: its data, its settings, and what was measured when it was made."""

    model_config = ConfigDict(frozen=True)

    identity: str
    recipe: str
    """Names data, encoder and settings: the same recipe gives the same model."""
    messages: int
    data: str
    encoder: str | None
    thresholds: Thresholds
    bound: Mapping[str, float]
    rules: Mapping[str, tuple[int, int]]
    """For each rule: times that its route was right, times that it spoke, in training."""
    held: Mapping[str, float]


@dataclass(frozen=True)
class Prediction:
    """Calibrated probabilities for one text; those of the routes add up to one."""

    routes: Mapping[Route, float]
    types: Mapping[EnquiryType, float]
    topics: Mapping[Topic, float]
    flags: Mapping[Flag, float]


@dataclass(frozen=True)
class Fitted:
    """What is learned from messages alone, before calibration."""

    features: MessageFeatures
    heads: Mapping[str, LabelHeads]
    """By kind of label."""

    def logits(self, readings: Sequence[Reading]) -> NDArray[np.float64]:
        """One column a label."""
        rows = self.features.transform(readings)
        return np.hstack([self.heads[kind].decision_function(rows) for kind in KINDS])


@dataclass(frozen=True)
class Model:
    """A model ready to decide with, and the encoder that it was trained beside."""

    fitted: Fitted
    platts: Mapping[str, GlobalPlatt]
    card: Card
    encoder: Encoder | None

    def predict(self, readings: Sequence[Reading]) -> list[Prediction]:
        """Probabilities for texts; many at once cost less each."""
        return predictions(calibrated(self.platts, self.fitted.logits(readings)))

    def save(self, folder: Path) -> None:
        """Write `model.skops` and `card.json`; the card comes last and makes the model whole."""
        folder.mkdir(parents=True, exist_ok=True)
        content = {
            "features": self.fitted.features,
            **{f"heads {kind}": heads for kind, heads in self.fitted.heads.items()},
            **{f"platt {kind}": platt for kind, platt in self.platts.items()},
        }
        scratch = folder / "model.part"
        skops.io.dump(content, scratch)
        scratch.replace(folder / "model.skops")
        (folder / "card.json").write_text(self.card.model_dump_json(indent=2), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, encoder: Encoder | None) -> "Model":
        """Read what `save` wrote; nothing but our own types is taken from the file.

        Raises:
            ModelError: when there is no model, it is not ours, or it needs another encoder.
        """
        card_file, model_file = folder / "card.json", folder / "model.skops"
        if not card_file.is_file() or not model_file.is_file():
            raise ModelError(f"no model in {folder}: run 'triagebot train'")
        try:
            card = Card.model_validate_json(card_file.read_text(encoding="utf-8"))
        except ValidationError as error:
            raise ModelError(f"{card_file} is of another version: train again") from error
        if card.encoder != (encoder.fingerprint if encoder else None):
            raise ModelError(f"the model in {folder} was trained beside another encoder")
        strange = set(skops.io.get_untrusted_types(file=model_file)) - set(_OURS)
        if strange:
            raise ModelError(f"{model_file} holds foreign types: {', '.join(sorted(strange))}")
        content = skops.io.load(model_file, trusted=_OURS)
        platts = {kind: content[f"platt {kind}"] for kind in KINDS}
        heads = {kind: content[f"heads {kind}"] for kind in KINDS}
        return cls(Fitted(content["features"], heads), platts, card, encoder)


def targets(messages: Sequence[Labelled]) -> NDArray[np.bool_]:
    """The table of labels: a row a message, a column a label."""
    rows = [{m.route, *m.types, *m.topics, *m.flags} for m in messages]
    return np.array([[label in row for label in LABELS] for row in rows])


def calibrated(
    platts: Mapping[str, GlobalPlatt], logits: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Probabilities for logits, each group by its own calibration."""
    chances = np.empty_like(logits)
    for kind, columns in KINDS.items():
        chances[:, columns] = platts[kind].predict_proba(logits[:, columns])
    return chances


def predictions(chances: NDArray[np.float64]) -> list[Prediction]:
    """Rows of probabilities by name."""
    rows = chances.copy()
    rows[:, KINDS["route"]] /= rows[:, KINDS["route"]].sum(axis=1, keepdims=True)
    return [
        Prediction(
            routes=_named(Route, row[KINDS["route"]]),
            types=_named(EnquiryType, row[KINDS["type"]]),
            topics=_named(Topic, row[KINDS["topic"]]),
            flags=_named(Flag, row[KINDS["flag"]]),
        )
        for row in rows
    ]


def _named(labels: Iterable[Label], row: NDArray[np.float64]) -> dict[Label, float]:
    return {label: float(chance) for label, chance in zip(labels, row, strict=True)}


def identity(settings: Mapping[str, object]) -> str:
    """Name a model by its data and settings; 16 hex digits."""
    text = json.dumps(settings, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
