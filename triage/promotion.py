"""Guards the model in use: a new one that makes more unsafe mistakes does not take its place."""

from collections.abc import Sequence
from pathlib import Path

from knowledge.library import Library
from triage.chain import decide
from triage.decision import Route
from triage.labelled import Labelled, NewlyWritten
from triage.model import Model, ModelError


class NotPromotedError(RuntimeError):
    """The new model makes more unsafe mistakes than the present one, which stays."""


def refuse_if_worse(
    folder: Path,
    model: Model,
    messages: Sequence[Labelled],
    library: Library,
    newly_written: NewlyWritten,
) -> None:
    """Compare a new model with the one in a folder, if any, on messages that taught neither.

    Raises:
        NotPromotedError: when the new one answers more of what must not be answered.
    """
    try:
        present = Model.load(folder, model.encoder)
    except ModelError:
        return
    new, old = (_unsafe(one, messages, library, newly_written) for one in (model, present))
    if new > old:
        raise NotPromotedError(
            f"the new model answers {new} of {len(messages)} messages that it should not, "
            f"the present one {old}: the present one stays"
        )


def _unsafe(
    model: Model, messages: Sequence[Labelled], library: Library, newly_written: NewlyWritten
) -> int:
    return sum(
        decide(one.message(newly_written), model, library).route is Route.ANSWER
        for one in messages
        if one.route is not Route.ANSWER
    )
