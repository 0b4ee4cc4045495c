"""The labelled messages: their form, and that nothing measured was taught."""

import json
from pathlib import Path

import pytest

from triage import labelled
from triage.labelled import LabelError, Labelled

GOOD = {
    "id": "one-001",
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


def written(folder: Path, *lines: dict[str, object]) -> Path:
    path = folder / "some.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    return path


def test_a_good_line_is_read(tmp_path: Path) -> None:
    (one,) = labelled.read([written(tmp_path, GOOD)])
    assert one.sender == "a@example.org"
    assert one.message(str.strip).new_text == "What does it cost?"


@pytest.mark.parametrize(
    "fault",
    [
        {"types": []},
        {"types": ["prices"]},
        {"route": "maybe"},
        {"topics": ["weather"]},
        {"flags": ["media"]},
        {"extra": 1},
    ],
)
def test_a_line_that_breaks_the_form_is_named(tmp_path: Path, fault: dict[str, object]) -> None:
    with pytest.raises(LabelError, match=r"some\.jsonl:2"):
        labelled.read([written(tmp_path, GOOD, GOOD | {"id": "one-002"} | fault)])


def test_an_id_is_used_once(tmp_path: Path) -> None:
    with pytest.raises(LabelError, match="twice"):
        labelled.read([written(tmp_path, GOOD, GOOD)])


def test_the_fingerprint_changes_with_a_label_and_not_with_the_order(
    taught: list[Labelled],
) -> None:
    assert labelled.fingerprint(taught) == labelled.fingerprint(taught[::-1])
    other = taught[0].model_copy(update={"why": "another"})
    assert labelled.fingerprint(taught) != labelled.fingerprint([other, *taught[1:]])


def test_what_is_measured_is_never_taught(taught: list[Labelled], held: list[Labelled]) -> None:
    assert not {one.id for one in taught} & {one.id for one in held}
    assert not {one.body for one in taught} & {one.body for one in held}


def test_no_two_messages_with_one_route_are_nearly_the_same(
    taught: list[Labelled], held: list[Labelled]
) -> None:
    assert labelled.near_duplicates([*taught, *held]) == []


def test_near_duplicates_are_found() -> None:
    one = Labelled.model_validate(GOOD | {"body": "How much does a year of the data cost us?"})
    two = Labelled.model_validate(
        GOOD | {"id": "one-002", "body": "How much does a year of the data cost us then?"}
    )
    assert [pair[:2] for pair in labelled.near_duplicates([one, two])] == [("one-001", "one-002")]
