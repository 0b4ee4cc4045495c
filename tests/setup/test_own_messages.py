"""A deployment's own labelled messages: beside ours to teach, alone to set thresholds."""

import json
from pathlib import Path

import pytest

from bot.learning import material
from bot.long_work import CommandError
from bot.settings import Settings
from triage import labelled

OWN = {
    "id": "own-001",
    "channel": "email",
    "from": "a@example.org",
    "subject": "",
    "body": "What does it cost?",
    "types": ["charges"],
    "route": "answer",
    "topics": ["charges-guidance"],
    "flags": [],
    "why": "general price",
}


def kept(folder: Path, name: str, line: dict[str, object]) -> None:
    (folder / name).mkdir()
    (folder / name / "some.jsonl").write_text(json.dumps(line), encoding="utf-8")


def test_without_a_folder_ours_teach_and_set_thresholds() -> None:
    found = material(Settings(labelled_dir=None))
    assert found.calibrate == labelled.read(labelled.CALIBRATION)
    assert found.measure == labelled.read(labelled.TEST)


def test_own_messages_teach_beside_ours_and_set_thresholds_alone(tmp_path: Path) -> None:
    kept(tmp_path, "train", OWN)
    kept(tmp_path, "calibration", OWN | {"id": "own-002"})
    found = material(Settings(labelled_dir=tmp_path))
    assert len(found.teach) == len(labelled.read([labelled.DATA / "train"])) + 1
    assert [one.id for one in found.calibrate] == ["own-002"]


def test_a_folder_without_calibration_leaves_no_evidence(tmp_path: Path) -> None:
    kept(tmp_path, "train", OWN)
    assert material(Settings(labelled_dir=tmp_path)).calibrate == []


def test_a_folder_that_is_not_there_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="there is no folder"):
        material(Settings(labelled_dir=tmp_path / "nowhere"))


def test_a_line_that_breaks_the_form_is_told_in_one_line(tmp_path: Path) -> None:
    kept(tmp_path, "train", OWN | {"route": "maybe"})
    with pytest.raises(CommandError, match=r"some\.jsonl:1"):
        material(Settings(labelled_dir=tmp_path))
