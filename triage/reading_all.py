"""Reads many labelled messages for training: what rules heard, and what the classifier sees."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from knowledge.library import Library
from triage.encoder import Encoder
from triage.features import Reading, read
from triage.hearing import hear
from triage.labelled import Labelled, NewlyWritten
from triage.objections import Heard

Progress = Callable[[str, int, int], None]
"""Told the stage, and how much of how much is done."""


class Read(NamedTuple):
    """Labelled messages, what rules heard in them, and what the classifier sees of them."""

    messages: Sequence[Labelled]
    heard: Sequence[Heard]
    readings: Sequence[Reading]


def silent(stage: str, done: int, total: int) -> None:
    """Show no progress."""


def read_all(
    stage: str,
    messages: Sequence[Labelled],
    encoder: Encoder | None,
    library: Library,
    newly_written: NewlyWritten,
    *,
    progress: Progress,
) -> Read:
    """Read messages one by one."""
    heard = [hear(one.message(newly_written)) for one in messages]
    readings = []
    for number, one in enumerate(heard):
        progress(stage, number, len(heard))
        text = one.message
        readings.append(read(text.subject, text.new_text, one.signals, encoder, library))
    progress(stage, len(heard), len(heard))
    return Read(messages, heard, readings)
