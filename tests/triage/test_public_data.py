"""The core is measured on public data in their publishers' form, and refuses what is none."""

import json
from pathlib import Path

import pytest

from triage.public_data import DataError, banking77, clinc150
from triage.reading_all import silent

WORDS = {"cost": "price fee charge pay", "where": "place town road map", "oos": "zebra cloud moss"}


def _texts(kind: str, number: int) -> list[tuple[str, str]]:
    one, two, *rest = WORDS[kind].split()
    return [(f"{one} {two} {rest[at % len(rest)]} {at}", kind) for at in range(number)]


def test_clinc150_counts_what_is_in_scope_apart_from_what_is_not(tmp_path: Path) -> None:
    parts = {
        f"{prefix}{name}": [text for kind in kinds for text in _texts(kind, 12)]
        for name in ("train", "val", "test")
        for prefix, kinds in (("", ("cost", "where")), ("oos_", ("oos",)))
    }
    (tmp_path / "data_full.json").write_text(json.dumps(parts), encoding="utf-8")
    figures = clinc150(tmp_path, None, silent)
    assert figures["in_scope_accuracy"] == 1
    assert figures["oos_recall"] == 1
    assert figures["oos_precision"] == 1


def test_banking77_is_measured_with_all_texts_and_with_ten_a_class(tmp_path: Path) -> None:
    rows = "".join(
        f"{text},{kind}\n" for kind in ("cost", "where") for text, kind in _texts(kind, 12)
    )
    for name in ("train.csv", "test.csv"):
        (tmp_path / name).write_text(f"text,category\n{rows}", encoding="utf-8")
    assert banking77(tmp_path, None, silent) == {"full_accuracy": 1, "ten_shot_accuracy": 1}


@pytest.mark.parametrize("measure", [clinc150, banking77])
def test_a_folder_without_the_data_is_refused_in_words(measure, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no "):
        measure(tmp_path, None, silent)
