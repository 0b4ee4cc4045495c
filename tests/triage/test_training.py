"""Training, storing and measuring a model."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest
import skops.io

from bot.mail.quotes import newly_written
from knowledge.library import Library
from triage import evaluation
from triage.chain import decide
from triage.decision import Route
from triage.explanation import words_that_counted
from triage.features import read
from triage.labelled import Labelled
from triage.mistakes import write_mistakes
from triage.model import Model, ModelError, Thresholds
from triage.promotion import NotPromotedError, refuse_if_worse
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
    model: Model, taught: list[Labelled], calibration: list[Labelled], tmp_path: Path
) -> None:
    model.save(tmp_path)
    assert is_current(tmp_path, taught, calibration, None)
    assert not is_current(tmp_path, taught[1:], calibration, None)
    assert not is_current(tmp_path, taught, calibration[1:], None)
    assert not is_current(tmp_path / "nowhere", taught, calibration, None)


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


@pytest.mark.parametrize("content", [b"", b"PK\x05\x06" + bytes(18), b"not a model at all"])
def test_a_broken_file_is_refused_in_words(model: Model, tmp_path: Path, content: bytes) -> None:
    model.save(tmp_path)
    (tmp_path / "model.skops").write_bytes(content)
    with pytest.raises(ModelError, match="cannot be read"):
        Model.load(tmp_path, None)


@pytest.mark.parametrize("missing", ["features", "platt route", "heads", "remembered ids"])
def test_a_model_of_older_code_is_refused_in_words(
    model: Model, tmp_path: Path, missing: str
) -> None:
    model.save(tmp_path)
    trusted = skops.io.get_untrusted_types(file=tmp_path / "model.skops")
    content = skops.io.load(tmp_path / "model.skops", trusted=trusted)
    del content[missing]
    skops.io.dump(content, tmp_path / "model.skops")
    with pytest.raises(ModelError, match="train again"):
        Model.load(tmp_path, None)


def test_a_model_that_answers_more_unsafely_does_not_take_the_place_of_the_present_one(
    model: Model, calibration: list[Labelled], library: Library, tmp_path: Path
) -> None:
    def answering_from(threshold: float) -> Model:
        limits = Thresholds(answer=threshold, flag_doubt=1, part=1, passage_by_words=0)
        return replace(model, card=model.card.model_copy(update={"thresholds": limits}))

    careful, careless = answering_from(1.01), answering_from(0.01)
    refuse_if_worse(tmp_path, careless, calibration, library, newly_written)  # nothing is there yet
    careful.save(tmp_path)
    refuse_if_worse(tmp_path, careful, calibration, library, newly_written)
    with pytest.raises(NotPromotedError, match="the present one 0"):
        refuse_if_worse(tmp_path, careless, calibration, library, newly_written)


def test_without_calibration_messages_nothing_is_answered(
    taught: list[Labelled], library: Library, tmp_path: Path
) -> None:
    trained = train(
        taught[::6],
        [],
        encoder=None,
        library=library,
        newly_written=newly_written,
        out_dir=tmp_path,
    )
    assert trained.card.thresholds.answer > 1


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
    model: Model, taught: list[Labelled], calibration: list[Labelled]
) -> None:
    shown = sum(one.route != Route.ANSWER for one in calibration)
    card = model.card
    assert card.messages == len(taught)
    assert card.bound["messages"] == shown
    assert card.bound["mistakes"] < card.bound["risk"] * shown
    assert card.thresholds.answer >= card.bound["threshold"]
    for figures in (card.unseen, card.calibration, card.test):
        assert {"route_accuracy", "unsafe_rate", "macro_f1"} <= figures.keys()


def test_held_messages_come_out_well_by_words_alone(
    model: Model, library: Library, held: list[Labelled], tmp_path: Path
) -> None:
    """A floor under what was measured, so that a change that loses much is seen."""
    decisions = [decide(one.message(newly_written), model, library) for one in held]
    found = evaluation.evaluate(held, decisions)
    assert found.route_accuracy > 0.8
    assert found.unsafe_rate < 0.05
    assert len(found.flagged_missed) <= 0.02 * len(held)
    written = write_mistakes(tmp_path / "mistakes.csv", held, decisions)
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
