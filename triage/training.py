"""Trains the model from labelled messages, sets its thresholds, and measures it on held ones."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from knowledge.library import Library
from triage import chain, evaluation, evidence
from triage.calibration import GlobalPlatt
from triage.classifier import KernelHeads
from triage.decision import Decision, Route
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
    identity,
    targets,
)
from triage.promotion import refuse_if_worse
from triage.reading_all import Progress, Read, read_all, silent
from triage.remembered import Remembered
from triage.search_bounds import search_bounds
from triage.unseen import FOLDS, Logits, authors, logits, out_of_fold

QUESTION_WEIGHTS = {"route": 0.03, "type": 0.0, "flag": 0.03, "topic": 1.0}
"""What an example question of an article counts beside a message.

Its topic is certain. That it may be answered is certain too, but of the bare question only: from
somebody with a case of their own the same words may need a person. Its types are not stated.
"""
VERSION = 15
"""Raised when features or training change, so that a model's identity changes with them."""


class Questions(NamedTuple):
    """Example questions of approved articles, with what is known of their labels."""

    readings: Sequence[Reading]
    labels: NDArray[np.bool_]


class Judged(NamedTuple):
    """Messages with logits by a model that did not learn from them."""

    read: Read
    logits: Logits


class TooFewMessagesError(ValueError):
    """There are not enough labelled messages to learn from."""


def train(
    messages: Sequence[Labelled],
    calibration: Sequence[Labelled],
    test: Sequence[Labelled] = (),
    *,
    encoder: Encoder | None,
    library: Library,
    newly_written: NewlyWritten,
    out_dir: Path,
    progress: Progress = silent,
) -> Model:
    """Train on `messages`, set thresholds by unseen messages, measure, and save into `out_dir`.

    `calibration`, by other authors, shows how high an answer must score, and how sure a route is;
    without it nothing is answered. `test` teaches nothing: it is only measured, and the figures
    are kept in the model's card.

    Raises:
        TooFewMessagesError: with fewer than 20 messages.
        NotPromotedError: when the model in `out_dir` makes fewer unsafe mistakes on `calibration`.
    """
    if len(messages) < 4 * FOLDS:
        raise TooFewMessagesError(f"{len(messages)} labelled messages are too few to train on")
    taught = read_all("reading", messages, encoder, library, newly_written, progress=progress)
    shown = read_all(
        "reading more", calibration, encoder, library, newly_written, progress=progress
    )
    held = read_all("reading the rest", test, encoder, library, newly_written, progress=progress)
    questions, labels = _questions(library, encoder), targets(messages)
    unseen = out_of_fold(
        taught.readings,
        labels,
        authors(messages),
        lambda some, theirs: fit(some, theirs, questions),
        lambda done, total: progress("fitting", done, total),
    )
    fitted = fit(taught.readings, labels, questions)
    progress("fitting", FOLDS + 1, FOLDS + 1)
    judged = {
        "unseen": Judged(taught, unseen),
        "calibration": Judged(shown, logits(fitted, shown.readings)),
        "test": Judged(held, logits(fitted, held.readings)),
    }
    model = _calibrated(fitted, judged, library, encoder)
    refuse_if_worse(out_dir, model, shown.messages, library, newly_written)
    model.save(out_dir)
    return model


def is_current(
    folder: Path,
    messages: Sequence[Labelled],
    calibration: Sequence[Labelled],
    encoder: Encoder | None,
) -> bool:
    """Whether the model in a folder is what training on these messages would make again."""
    try:
        model = Model.load(folder, encoder)
    except ModelError:
        return False
    return model.card.recipe == _recipe(messages, calibration, encoder)


def fit(readings: Sequence[Reading], labels: NDArray[np.bool_], questions: Questions) -> Fitted:
    """Fit features and heads, with no calibration."""
    features = MessageFeatures().fit(readings)
    both = [*readings, *questions.readings]
    weights = np.ones((len(both), len(LABELS)))
    for kind, columns in KINDS.items():
        weights[len(readings) :, columns] = QUESTION_WEIGHTS[kind]
    heads = KernelHeads(linear=len(features.ngrams_.grams_))
    return Fitted(
        features,
        heads.fit(features.transform(both), np.vstack([labels, questions.labels]), weights),
    )


def _questions(library: Library, encoder: Encoder | None) -> Questions:
    """Example questions. They are not searched for: each would find itself."""
    asked = [(question, one.topic) for one in library.passages for question in one.questions]
    readings = [read("", question, frozenset(), encoder) for question, _ in asked]
    labels = np.array([[label in (topic, Route.ANSWER) for label in LABELS] for _, topic in asked])
    return Questions(readings, labels)


def _calibrated(
    fitted: Fitted, judged: Mapping[str, Judged], library: Library, encoder: Encoder | None
) -> Model:
    """Probabilities, then the threshold, then confidences, then figures, each by the last."""
    taught = judged["unseen"].read
    labels, seen = targets(taught.messages), judged["unseen"].logits.whole
    platts = {
        kind: GlobalPlatt().fit(seen[:, columns], labels[:, columns])
        for kind, columns in KINDS.items()
    }
    shown = judged["calibration"].read.messages
    weighed = {
        name: evidence.weigh_all(some.read, some.logits, platts, library, Thresholds())
        for name, some in judged.items()
    }
    both = [*taught.messages, *shown]
    typed = np.vstack([seen, judged["calibration"].logits.whole])[:, KINDS["type"]]
    types = evidence.type_thresholds(platts["type"].predict_proba(typed), both)
    bound = evidence.bound(shown, weighed["calibration"])
    answer = max(bound.threshold, evidence.LEAST_ANSWER)
    thresholds = Thresholds(answer=answer, types=types)
    weighed = {
        name: [one._replace(thresholds=thresholds) for one in some]
        for name, some in weighed.items()
    }
    fits = evidence.confidence_fits(both, [*weighed["unseen"], *weighed["calibration"]])
    recipe = _recipe(taught.messages, shown, encoder)
    promise = {"risk": evidence.risk_shown(shown), "doubt": evidence.DOUBT, **bound._asdict()}
    card = _card(recipe, taught, encoder, thresholds, promise, fits)
    model = Model(fitted, platts, _remembered(taught, judged["calibration"].read), card, encoder)
    figures = {
        name: _figures(judged[name].read, [chain.decided(one, model) for one in some])
        for name, some in weighed.items()
    }
    shown_of_search = search_bounds(shown, weighed["calibration"], library, thresholds)
    return model.with_figures(figures, shown_of_search)


def _figures(read: Read, decisions: Sequence[Decision]) -> dict[str, float]:
    return evaluation.evaluate(read.messages, decisions).figures() if decisions else {}


def _remembered(taught: Read, shown: Read) -> Remembered:
    vectors, others = (_vectors(one.readings) for one in (taught, shown))
    near = (others @ vectors.T).max(axis=1) if len(vectors) and len(others) else np.empty(0)
    return Remembered(
        np.array([one.id for one in taught.messages], dtype=np.str_),
        np.array([one.route.value for one in taught.messages], dtype=np.str_),
        np.array([one.why for one in taught.messages], dtype=np.str_),
        vectors,
        np.sort(near.astype(np.float64)),
    )


def _vectors(readings: Sequence[Reading]) -> NDArray[np.float32]:
    return np.array([one.whole for one in readings if one.whole is not None], dtype=np.float32)


def _card(  # noqa: PLR0917  what a card holds, in its order
    recipe: str,
    taught: Read,
    encoder: Encoder | None,
    thresholds: Thresholds,
    promise: Mapping[str, float],
    fits: Mapping[str, tuple[float, float]],
) -> Card:
    return Card(
        identity=identity({"recipe": recipe, "thresholds": thresholds.model_dump()}),
        recipe=recipe,
        messages=len(taught.messages),
        data=fingerprint(taught.messages),
        encoder=encoder.fingerprint if encoder else None,
        thresholds=thresholds,
        bound=promise,
        confidence=fits,
        unseen={},
        calibration={},
        test={},
    )


def _recipe(
    messages: Sequence[Labelled], calibration: Sequence[Labelled], encoder: Encoder | None
) -> str:
    return identity(
        {
            "version": VERSION,
            "data": fingerprint(messages),
            "calibration": fingerprint(calibration),
            "encoder": encoder.fingerprint if encoder else None,
            "features": MessageFeatures().get_params(),
            "heads": KernelHeads().get_params(),
        }
    )
