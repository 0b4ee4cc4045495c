"""Keeps the parts of a trained model in a folder, and reads them back with suspicion."""

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import skops.io

_OURS = [
    f"triage.{name}"
    for name in (
        "calibration.GlobalPlatt",
        "classifier.KernelHeads",
        "features.MessageFeatures",
        "ngrams.NgramWeights",
    )
]
BROKEN = (
    # What reading a file of older code, half a file, or no such file at all may end in.
    ArithmeticError,
    AssertionError,
    AttributeError,
    ImportError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
)


class ModelError(RuntimeError):
    """The stored model cannot be used; the words say why."""


def write(folder: Path, content: Mapping[str, Any], card: str) -> None:
    """Write `model.skops` and `card.json`; the card comes last and makes the model whole."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("model.skops", "card.json"):
        scratch = folder / f"{name}.part"
        if name == "card.json":
            scratch.write_text(card, encoding="utf-8")
        else:
            skops.io.dump(dict(content), scratch)
        scratch.replace(folder / name)


def read_card(folder: Path) -> bytes:
    """The card as it was written.

    Raises:
        ModelError: when there is no model.
    """
    if not (folder / "card.json").is_file() or not (folder / "model.skops").is_file():
        raise ModelError(f"no model in {folder}: run 'triagebot train'")
    return (folder / "card.json").read_bytes()


def read_content(folder: Path) -> Mapping[str, Any]:
    """The parts as they were written; no types but our own are taken from the file.

    Raises:
        ModelError: when the file holds others. A broken file raises one of `BROKEN`.
    """
    path = folder / "model.skops"
    strange = set(skops.io.get_untrusted_types(file=path)) - set(_OURS)
    if strange:
        raise ModelError(f"{path} holds foreign types: {', '.join(sorted(strange))}")
    content: Mapping[str, Any] = skops.io.load(path, trusted=_OURS)
    return content
