"""Measuring: the model on labelled messages, and the classifier's core on public data."""

import json
from enum import StrEnum
from pathlib import Path

from bot.brain import load_encoder, load_published_encoder
from bot.evaluation_pictures import draw
from bot.long_work import CommandError, Progress, Report
from bot.mail.quotes import newly_written
from bot.settings import Settings
from knowledge.library import Library
from triage import evaluation, labelled, public_data
from triage.chain import decided, weighed_alone
from triage.evidence import answer_score
from triage.mistakes import write_mistakes
from triage.model import Card, Model, ModelError


class Which(StrEnum):
    """Which of the held-out messages are measured."""

    TEST = "test"
    CALIBRATION = "calibration"
    BOTH = "both"

    @property
    def files(self) -> tuple[Path, ...]:
        """Where they stand."""
        parts = {self.TEST: labelled.TEST, self.CALIBRATION: labelled.CALIBRATION}
        return parts.get(self, labelled.CALIBRATION + labelled.TEST)


def evaluate_model(
    settings: Settings, data: Path | None, which: Which, progress: Progress
) -> Report:
    """Measure the model on labelled messages, by default on authors who had no part in it.

    Figures, mistakes, the model's card and two pictures go into the data folder.

    Raises:
        CommandError: when there is no model, or a file cannot be read.
    """
    encoder = load_encoder(settings)
    library = Library.load(encoder, settings.contacts(), settings.data_dir / "cache")
    try:
        model = Model.load(settings.model_folder, encoder)
        messages = labelled.read([data] if data else which.files)
    except (ModelError, labelled.LabelError, OSError) as error:
        raise CommandError(str(error)) from None
    weighed = []
    for number, one in enumerate(messages):
        progress("deciding", number, len(messages))
        weighed.append(weighed_alone(one.message(newly_written), model, library))
    progress("deciding", len(messages), len(messages))
    decisions = [decided(one, model) for one in weighed]
    found = evaluation.evaluate(messages, decisions, labelled.contrasts())
    summary = {
        **found.model_dump(mode="json"),
        "model": model.card.identity,
        "data": labelled.fingerprint(messages),
        "thresholds": model.card.thresholds.model_dump(),
        "encoder": settings.encoder_folder.name if encoder else None,
        "search": {name: one.model_dump() for name, one in model.card.search.items()},
    }
    folder = settings.data_dir / "evaluation"
    folder.mkdir(parents=True, exist_ok=True)
    write_mistakes(folder / "mistakes.csv", messages, decisions)
    (folder / "figures.json").write_text(json.dumps(summary, indent=2), encoding="utf-8")
    (folder / "model-card.json").write_text(model.card.model_dump_json(indent=2), encoding="utf-8")
    curve = evaluation.coverage_risk(messages, [answer_score(one) for one in weighed])
    bins = evaluation.reliability(messages, decisions)
    draw(folder, bins, curve, model.card.thresholds.answer)
    about = f"on {data or which} messages"
    lines = [about, *_lines(found), *_of_search(model.card)]
    return Report(summary, [*lines, f"mistakes, card and pictures: {folder}"])


class PublicData(StrEnum):
    """Public intent data by which the classifier's core can be compared."""

    CLINC150 = "clinc150"
    BANKING77 = "banking77"


def measure_public(settings: Settings, name: PublicData, data: Path, progress: Progress) -> Report:
    """Train the classifier's core on public data, and measure it on their test part.

    The encoder is the published one: what ours learned from enquiries has no part in this.

    Raises:
        CommandError: when the folder does not hold the data.
    """
    work = {
        PublicData.CLINC150: public_data.clinc150,
        PublicData.BANKING77: public_data.banking77,
    }[name]
    try:
        figures = work(data, load_published_encoder(settings), progress)
    except public_data.DataError as error:
        raise CommandError(str(error)) from None
    return Report(dict(figures), [f"{key}: {value:.4f}" for key, value in figures.items()])


def _of_search(card: Card) -> list[str]:
    """What the model's card shows of search where nothing fits, and what it does not."""
    if not card.search:
        return ["search where nothing fits: not measured; train the model anew"]
    lines = []
    for name, one in card.search.items():
        lines.append(
            f"{name} where nothing fits: offered to {one.offered} of {one.messages}, at most"
            f" {one.at_most:.1%} with {1 - one.doubt:.0%} confidence,"
            f" {_bound(one.risk, holds=one.holds)}; sent without a person to {one.sent} at most"
            f" ({one.sent_at_most:.1%}), {_bound(one.risk, holds=one.holds_for_replies)}"
        )
    return lines


def _bound(risk: float, *, holds: bool) -> str:
    return f"a bound of {risk:.0%} {'holds' if holds else 'is not shown'}"


def _lines(found: evaluation.Evaluation) -> list[str]:
    """The figures for people, unsafe mistakes first."""
    unsafe = ", ".join(found.unsafe_answers) or "none"
    missed = ", ".join(found.flagged_missed) or "none"
    lines = [
        f"answered though it should not have been: {found.unsafe_rate:.1%} ({unsafe})",
        f"flagged, and not escalated: {missed}",
        f"automatic mail answered: {found.automatic_answered}",
        f"route right: {found.route_accuracy:.1%} of {found.messages}",
    ]
    for expected, got in found.confusion.items():
        lines.append(
            f"  {expected}: " + ", ".join(f"{name} {count}" for name, count in got.items())
        )
    lines += [
        f"answerable and answered: {found.answerable_answered:.1%}",
        f"types, macro F1: {found.macro_f1:.3f}",
    ]
    for name, score in found.types.items():
        lines.append(
            f"  {name}: precision {score.precision:.2f}, recall {score.recall:.2f},"
            f" of {score.messages}"
        )
    lines += [f"flag recall: {name} {share:.2f}" for name, share in found.flag_recall.items()]
    lines += [
        f"first topic right, of those answered: {found.topic_hit:.1%}",
        f"one of the three nearest topics right, of all answerable: {found.topic_near:.1%}",
        f"calibration error of the route: {found.calibration_error:.3f}, Brier {found.brier:.3f}",
    ]
    lines += [f"  {name}: {share:.1%}" for name, share in found.slices.items()]
    return [*lines, f"contrast pairs with both routes right: {found.contrasts_right:.1%}"]
