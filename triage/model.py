"""The trained model: features, heads, calibration and thresholds."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from knowledge.topics import Topic
from triage import stored
from triage.calibration import GlobalPlatt
from triage.card import Card, SearchBound, Thresholds
from triage.classifier import KernelHeads
from triage.decision import EnquiryType, Flag, Route
from triage.encoder import Encoder
from triage.features import MessageFeatures, Reading, read
from triage.labelled import Labelled
from triage.remembered import Remembered
from triage.stored import ModelError

__all__ = ["Card", "Fitted", "Model", "ModelError", "Prediction", "Thresholds"]

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
    heads: KernelHeads
    """A column a label, in the order of `LABELS`."""

    def logits(self, readings: Sequence[Reading]) -> NDArray[np.float64]:
        """One column a label.

        The few n-grams of a text are looked up among the weights: for some texts at a time this
        takes a third of what sparse rows take.
        """
        if not readings:
            return np.empty((0, len(LABELS)))
        found = self.heads.by_likeness(self.features.dense(readings))
        for number, reading in enumerate(readings):
            columns, values = self.features.ngrams_.row(reading.text)
            found[number] += self.heads.coef_[:, columns] @ values
        return found


@dataclass(frozen=True)
class Model:
    """A model ready to decide with, and the encoder that it was trained beside."""

    fitted: Fitted
    platts: Mapping[str, GlobalPlatt]
    remembered: Remembered
    card: Card
    encoder: Encoder | None

    def predict(self, readings: Sequence[Reading]) -> list[Prediction]:
        """Probabilities for texts; many at once cost less each."""
        return predictions(calibrated(self.platts, self.fitted.logits(readings)))

    def with_figures(
        self, figures: Mapping[str, Mapping[str, float]], search: Mapping[str, SearchBound]
    ) -> "Model":
        """The same model, with what was measured on its card."""
        return replace(self, card=self.card.model_copy(update={**figures, "search": dict(search)}))

    def save(self, folder: Path) -> None:
        """Write the model into a folder; it is whole there or not there at all."""
        content = {
            "features": self.fitted.features,
            "heads": self.fitted.heads,
            **{f"platt {kind}": platt for kind, platt in self.platts.items()},
            "remembered ids": self.remembered.ids,
            "remembered routes": self.remembered.routes,
            "remembered whys": self.remembered.whys,
            "remembered vectors": self.remembered.vectors,
            "remembered usual": self.remembered.usual,
        }
        stored.write(folder, content, self.card.model_dump_json(indent=2))

    @classmethod
    def load(cls, folder: Path, encoder: Encoder | None) -> "Model":
        """Read what `save` wrote, and try it on a text.

        Raises:
            ModelError: when there is no model, it is broken, of other code or not ours, or it
                needs another encoder.
        """
        try:
            card = Card.model_validate_json(stored.read_card(folder))
        except ValidationError as error:
            raise ModelError(f"the model in {folder} is of another version: train again") from error
        if card.encoder != (encoder.fingerprint if encoder else None):
            raise ModelError(f"the model in {folder} was trained beside another encoder")
        try:
            model = cls._assembled(stored.read_content(folder), card, encoder)
            model.predict([read("", "What does it cost?", frozenset(), encoder)])
        except ModelError:
            raise
        except stored.BROKEN as error:
            raise ModelError(f"the model in {folder} cannot be read: train again") from error
        return model

    @classmethod
    def _assembled(cls, content: Mapping[str, Any], card: Card, encoder: Encoder | None) -> "Model":
        platts = {kind: content[f"platt {kind}"] for kind in KINDS}
        remembered = Remembered(
            *(
                content[f"remembered {name}"]
                for name in ("ids", "routes", "whys", "vectors", "usual")
            )
        )
        fitted = Fitted(content["features"], content["heads"])
        return cls(fitted, platts, remembered, card, encoder)


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
