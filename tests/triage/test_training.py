"""Training, storing and measuring a model."""

import csv
from pathlib import Path

import pytest
import skops.io

from bot.mail.quotes import newly_written
from knowledge.library import Library
from triage import evaluation
from triage.chain import decide
from triage.decision import Route
from triage.explain import words_that_counted
from triage.features import read
from triage.labelled import Labelled
from triage.model import Model, ModelError
from triage.training import TooFewMessagesError, is_current, train


def test_a_stored_model_decides_as_it_did(
    model: Model, library: Library, held: list[Labelled], tmp_path: Path
) -> None:
    model.save(tmp_path)
    again = Model.load(tmp_path, None)
    for one in held[:10]:
        message = one.message(newly_written)
        assert decide(message, again, library) == decide(message, model, library)


def test_a_model_is_current_until_a_label_changes(
    model: Model, taught: list[Labelled], tmp_path: Path
) -> None:
    model.save(tmp_path)
    assert is_current(tmp_path, taught, None)
    assert not is_current(tmp_path, taught[1:], None)
    assert not is_current(tmp_path / "nowhere", taught, None)


def test_a_file_with_foreign_types_is_refused(model: Model, tmp_path: Path) -> None:
    model.save(tmp_path)
    skops.io.dump({"features": Path("x")}, tmp_path / "model.skops")
    with pytest.raises(ModelError, match="foreign"):
        Model.load(tmp_path, None)


def test_no_model_is_told_from_a_broken_one(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no model"):
        Model.load(tmp_path, None)
    (tmp_path / "model.skops").write_bytes(b"")
    (tmp_path / "card.json").write_text("{}")
    with pytest.raises(ModelError, match="another version"):
        Model.load(tmp_path, None)


def test_too_few_messages_are_refused(
    taught: list[Labelled], library: Library, tmp_path: Path
) -> None:
    with pytest.raises(TooFewMessagesError):
        train(
            taught[:5],
            [],
            encoder=None,
            library=library,
            newly_written=newly_written,
            out_dir=tmp_path,
        )


def test_the_card_keeps_the_bound_and_what_was_measured(
    model: Model, taught: list[Labelled]
) -> None:
    assert model.card.messages == len(taught)
    assert model.card.bound["messages"] == sum(one.route != Route.ANSWER for one in taught)
    assert {"route_accuracy", "unsafe_rate", "macro_f1"} <= model.card.held.keys()


def test_held_messages_come_out_well_by_words_alone(
    model: Model, library: Library, held: list[Labelled], tmp_path: Path
) -> None:
    """A floor under what was measured, so that a change that loses much is seen."""
    decisions = [decide(one.message(newly_written), model, library) for one in held]
    found = evaluation.evaluate(held, decisions)
    assert found.route_accuracy > 0.8
    assert found.unsafe_rate < 0.05
    assert len(found.flagged_missed) <= 0.02 * len(held)
    written = evaluation.write_mistakes(tmp_path / "mistakes.csv", held, decisions)
    with (tmp_path / "mistakes.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == written
    unsafe = [row["unsafe"] for row in rows]
    assert unsafe == sorted(unsafe, reverse=True), "unsafe mistakes come first"


def test_the_words_that_counted_are_words_of_the_message(model: Model) -> None:
    text = "Where has our amendment got to? We are still waiting for our invoice."
    counted = words_that_counted(model, read("", text, frozenset(), None), Route.ESCALATE)
    assert counted
    assert all(word in text.lower() for one in counted for word in one.words.split())
