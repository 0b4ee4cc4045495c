"""Reads labelled messages: what people wrote, with the decision that each of them is owed."""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from knowledge.topics import Topic
from triage.decision import EnquiryType, Flag, Route
from triage.message import Channel, Message

DATA = Path(__file__).parent / "data"
"""`train` teaches; `held`, by other authors, calibrates or measures."""
CALIBRATION = tuple(
    DATA / "held" / f"{author}.jsonl"
    for author in ("meadow", "lantern", "marsh", "fen", "birch", "willow")
)
"""Their authors show how high an answer must score, and how sure a route is."""
TEST = tuple(DATA / "held" / f"{author}.jsonl" for author in ("juniper", "moorhen", "lichen"))
"""Their authors teach nothing and set no threshold: they only measure.

They are not quite blind: differing labels were read to settle them, and figures were seen. Of
lichen no mistake was read, and its figures came after what was built on the others.
"""
CONTRASTS = DATA / "contrasts.tsv"
"""Which messages are one another's contrast, a pair a line."""

RUN = 5
"""Words in a run by which texts are compared."""
MACHINES_SHARE = 0.5
"""How much two automatic messages may share."""

NewlyWritten = Callable[[str], str]
"""Takes a message's whole text, gives what its writer newly wrote."""


class LabelError(ValueError):
    """A file of labelled messages breaks the form; the words name file and line."""


class Labelled(BaseModel):
    """One labelled message, in the form that the labelling page gives."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    id: str = Field(min_length=1)
    channel: Channel
    sender: str = Field(alias="from")
    subject: str
    body: str
    types: tuple[EnquiryType, ...] = Field(min_length=1)
    route: Route
    topics: tuple[Topic, ...]
    flags: tuple[Flag, ...]
    why: str

    @model_validator(mode="after")
    def _flags_need_a_person(self) -> Self:
        if self.flags and self.route is not Route.ESCALATE:
            raise ValueError("a flag forces the route escalate")
        return self

    def message(self, newly_written: NewlyWritten) -> Message:
        """The message as triage sees it, with no headers to go by."""
        return Message(
            channel=self.channel,
            sender=self.sender,
            subject=self.subject,
            text=self.body,
            new_text=newly_written(self.body),
        )


def read(paths: Iterable[Path]) -> list[Labelled]:
    """Read JSON Lines files, or all `*.jsonl` of folders, in order of name.

    Raises:
        LabelError: at the first line that breaks the form, or an id that is used twice.
    """
    found: dict[str, Labelled] = {}
    for path in _files(paths):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if not line.strip():
                continue
            try:
                one = Labelled.model_validate_json(line)
            except ValidationError as error:
                first = error.errors()[0]
                where = ".".join(str(part) for part in first["loc"])
                raise LabelError(f"{path.name}:{number}: {where}: {first['msg']}") from error
            if one.id in found:
                raise LabelError(f"{path.name}:{number}: id {one.id} is used twice")
            found[one.id] = one
    return list(found.values())


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        yield from sorted(path.glob("*.jsonl")) if path.is_dir() else [path]


def contrasts(path: Path = CONTRASTS) -> list[tuple[str, str]]:
    """Pairs of ids of messages that differ in little and need different routes.

    Raises:
        LabelError: when a line does not hold two ids.
    """
    pairs = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        match line.split("\t"):
            case [one, other]:
                pairs.append((one, other))
            case _:
                raise LabelError(f"{path.name}:{number}: not two ids with a tab between them")
    return pairs


def fingerprint(messages: Iterable[Labelled]) -> str:
    """Name a set of labelled messages by its content, whatever the order; 16 hex digits."""
    lines = sorted(message.model_dump_json(by_alias=True) for message in messages)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def near_duplicates(
    messages: Sequence[Labelled], threshold: float = 0.3
) -> list[tuple[str, str, float]]:
    """Pairs of ids whose texts share more than `threshold` of their five-word runs (Jaccard).

    Contrast pairs may be closer: two messages with different routes are meant to differ in little.
    So may messages to ignore, up to half: machines use the same words everywhere.
    """
    grams = {message.id: _runs(_written(message)) for message in messages}
    pairs = []
    for one, other in combinations(messages, 2):
        mine, theirs = grams[one.id], grams[other.id]
        shared = len(mine & theirs)
        if shared and one.route is other.route:
            overlap = shared / (len(mine) + len(theirs) - shared)
            if overlap > (MACHINES_SHARE if one.route is Route.IGNORE else threshold):
                pairs.append((one.id, other.id, overlap))
    return pairs


def _written(message: Labelled) -> str:
    """The body, or subject and body where all stands in the subject."""
    if len(message.body.split()) < RUN:
        return f"{message.subject} {message.body}"
    return message.body


def _runs(text: str, length: int = RUN) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[at : at + length]) for at in range(max(1, len(words) - length + 1))}
