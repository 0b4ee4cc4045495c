"""Trains the model from labelled messages, sets its thresholds, and measures it on held ones."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.model_selection import GroupKFold, KFold

from knowledge.library import Library
from triage import bounds, chain, evaluation
from triage.calibration import GlobalPlatt
from triage.classifier import LabelHeads
from triage.decision import Route
from triage.encoder import Encoder
from triage.features import MessageFeatures, Reading, read
from triage.labelled import Labelled, NewlyWritten, fingerprint
from triage.model import (
    KINDS,
    LABELS,
    Card,
    Fitted,
    Model,
    ModelError,
    Thresholds,
    calibrated,
    identity,
    predictions,
    targets,
)
from triage.objections import Heard

Progress = Callable[[str, int, int], None]
"""Told the stage, and how much of how much is done."""

FOLDS = 5
RISK, DOUBT = 0.05, 0.1
"""At most 5 % of what must not be answered may be answered, shown with 90 % confidence."""
QUESTION_WEIGHTS = {"route": 0.03, "type": 0.0, "flag": 0.03, "topic": 1.0}
"""What an example question of an article counts beside a message.

Its topic is certain. That it may be answered is certain too, but of the bare question only: from
somebody with a case of their own the same words may need a person. Its types are not stated.
"""
LEAST_ANSWER = 0.5
"""No threshold goes lower, whatever the evidence: an answer must at least be likelier than not."""
VERSION = 4
"""Raised when features or training change, so that a model's identity changes with them."""


class Questions(NamedTuple):
    """Example questions of approved articles, with what is known of their labels."""

    readings: Sequence[Reading]
    labels: NDArray[np.bool_]


class TooFewMessagesError(ValueError):
    """There are not enough labelled messages to learn from."""


def silent(stage: str, done: int, total: int) -> None:
    """Show no progress."""


def train(
    messages: Sequence[Labelled],
    held: Sequence[Labelled],
    *,
    encoder: Encoder | None,
    library: Library,
    newly_written: NewlyWritten,
    out_dir: Path,
    progress: Progress = silent,
) -> Model:
    """Train, calibrate on out-of-fold logits, bound, measure on `held`, and save into `out_dir`.

    `held` teaches nothing: it is only measured, and the figures are kept in the model's card.

    Raises:
        TooFewMessagesError: with fewer than 20 messages.
    """
    if len(messages) < 4 * FOLDS:
        raise TooFewMessagesError(f"{len(messages)} labelled messages are too few to train on")
    heard = [chain.hear(one.message(newly_written)) for one in messages]
    readings = list(_readings(heard, encoder, progress))
    labels = targets(messages)
    questions = _questions(library, encoder)
    logits = _out_of_fold(readings, labels, questions, _authors(messages), progress)
    platts = {
        kind: GlobalPlatt().fit(logits[:, columns], labels[:, columns])
        for kind, columns in KINDS.items()
    }
    bound = _bound(messages, heard, calibrated(platts, logits))
    progress("fitting", FOLDS, FOLDS + 1)
    fitted = fit(readings, labels, questions)
    progress("fitting", FOLDS + 1, FOLDS + 1)
    thresholds = Thresholds(answer=max(bound.threshold, LEAST_ANSWER))
    card = _card(messages, encoder, thresholds, bound, _rule_rates(messages, heard))
    model = Model(fitted, platts, card, encoder)
    figures = _measured(held, model, library, newly_written, progress)
    model = Model(fitted, platts, card.model_copy(update={"held": figures}), encoder)
    model.save(out_dir)
    return model


def is_current(folder: Path, messages: Sequence[Labelled], encoder: Encoder | None) -> bool:
    """Whether the model in a folder is what training on these messages would make again."""
    try:
        model = Model.load(folder, encoder)
    except ModelError:
        return False
    return model.card.recipe == _recipe(messages, encoder)


def fit(readings: Sequence[Reading], labels: NDArray[np.bool_], questions: Questions) -> Fitted:
    """Fit features and heads, with no calibration."""
    features = MessageFeatures().fit(readings)
    rows = features.transform(readings)
    asked = features.transform(questions.readings)
    return Fitted(
        features, {kind: _fit_kind(kind, rows, labels, asked, questions) for kind in KINDS}
    )


def _fit_kind(
    kind: str, rows: Any, labels: NDArray[np.bool_], asked: Any, questions: Questions
) -> LabelHeads:
    columns, weight = KINDS[kind], QUESTION_WEIGHTS[kind]
    if not weight:
        return LabelHeads().fit(rows, labels[:, columns])
    return LabelHeads().fit(
        sparse.vstack([rows, asked], format="csr"),
        np.vstack([labels[:, columns], questions.labels[:, columns]]),
        sample_weight=np.repeat([1.0, weight], [rows.shape[0], asked.shape[0]]),
    )


def _questions(library: Library, encoder: Encoder | None) -> Questions:
    asked = [(question, one.topic) for one in library.passages for question in one.questions]
    readings = [read("", question, frozenset(), encoder) for question, _ in asked]
    labels = np.array([[label in (topic, Route.ANSWER) for label in LABELS] for _, topic in asked])
    return Questions(readings, labels)


def _readings(
    heard: Sequence[Heard], encoder: Encoder | None, progress: Progress
) -> Iterator[Reading]:
    for number, one in enumerate(heard):
        progress("reading", number, len(heard))
        yield read(one.message.subject, one.message.new_text, one.signals, encoder)
    progress("reading", len(heard), len(heard))


def _authors(messages: Sequence[Labelled]) -> list[str]:
    """Who wrote each message: an id is the author's name, a hyphen and a number."""
    return [message.id.rpartition("-")[0] for message in messages]


def _out_of_fold(
    readings: Sequence[Reading],
    labels: NDArray[np.bool_],
    questions: Questions,
    authors: Sequence[str],
    progress: Progress,
) -> NDArray[np.float64]:
    """Logits for each message from a model that saw nothing by its author, where there are enough.

    Contrast pairs come from one author: split over folds, one half would give the other away.
    """
    enough = len(set(authors)) >= FOLDS - 2
    splitter = (
        GroupKFold(min(FOLDS, len(set(authors))))
        if enough
        else KFold(FOLDS, shuffle=True, random_state=0)
    )
    logits = np.zeros(labels.shape)
    folds = list(splitter.split(labels, groups=authors if enough else None))
    for number, (known, unseen) in enumerate(folds):
        progress("fitting", number, len(folds) + 1)
        fitted = fit([readings[row] for row in known], labels[known], questions)
        logits[unseen] = fitted.logits([readings[row] for row in unseen])
    return logits


def _bound(
    messages: Sequence[Labelled], heard: Sequence[Heard], chances: NDArray[np.float64]
) -> bounds.Bound:
    """The threshold for answers, shown on messages that must not be answered.

    What a rule forces elsewhere cannot be answered at any threshold, so it scores nothing. The
    coverage check is left out, which errs to the safe side. Out-of-fold scores come from models
    on fewer messages than the final one: it should be no worse.
    """
    scores = [
        0.0 if one.forced else prediction.routes[Route.ANSWER]
        for message, one, prediction in zip(messages, heard, predictions(chances), strict=True)
        if message.route is not Route.ANSWER
    ]
    return bounds.learn_then_test(np.array(scores), risk=RISK, doubt=DOUBT)


def _rule_rates(messages: Sequence[Labelled], heard: Sequence[Heard]) -> dict[str, tuple[int, int]]:
    """How often each rule that decided was right, and how often it decided."""
    right: Counter[str] = Counter()
    spoke: Counter[str] = Counter()
    for message, one in zip(messages, heard, strict=True):
        if one.forced:
            rule, said = one.forced
            spoke[said.rule] += 1
            right[said.rule] += rule.route is message.route
    return {name: (right[name], times) for name, times in spoke.items()}


def _card(
    messages: Sequence[Labelled],
    encoder: Encoder | None,
    thresholds: Thresholds,
    bound: bounds.Bound,
    rules: dict[str, tuple[int, int]],
) -> Card:
    recipe = _recipe(messages, encoder)
    return Card(
        identity=identity({"recipe": recipe, "thresholds": thresholds.model_dump()}),
        recipe=recipe,
        messages=len(messages),
        data=fingerprint(messages),
        encoder=encoder.fingerprint if encoder else None,
        thresholds=thresholds,
        bound={
            "risk": RISK,
            "doubt": DOUBT,
            "threshold": bound.threshold,
            "messages": bound.messages,
            "mistakes": bound.mistakes,
        },
        rules=rules,
        held={},
    )


def _recipe(messages: Sequence[Labelled], encoder: Encoder | None) -> str:
    return identity(
        {
            "version": VERSION,
            "data": fingerprint(messages),
            "encoder": encoder.fingerprint if encoder else None,
            "features": MessageFeatures().get_params(),
            "heads": LabelHeads().get_params(),
        }
    )


def _measured(
    held: Sequence[Labelled],
    model: Model,
    library: Library,
    newly_written: NewlyWritten,
    progress: Progress,
) -> dict[str, float]:
    decisions = []
    for number, one in enumerate(held):
        progress("measuring", number, len(held))
        decisions.append(chain.decide(one.message(newly_written), model, library))
    progress("measuring", len(held), len(held))
    return evaluation.evaluate(held, decisions).figures()
