"""Short approved sentences that officers add to their replies."""

from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

SNIPPETS = Path(__file__).with_name("snippets.yaml")


class Snippet(BaseModel):
    """One sentence or two, sent as they stand."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)
    title: str = Field(min_length=1, max_length=75)
    text: str = Field(min_length=1, max_length=500)


@cache
def snippets() -> tuple[Snippet, ...]:
    """All of them, in the order of the file. Raises ValueError for a file that is wrong."""
    read = yaml.safe_load(SNIPPETS.read_text(encoding="utf-8"))
    found = TypeAdapter(tuple[Snippet, ...]).validate_python(read)
    if len({one.id for one in found}) < len(found):
        raise ValueError(f"{SNIPPETS.name}: an id stands twice")
    return found


def snippet(ident: str) -> Snippet | None:
    """The one with this id."""
    return next((one for one in snippets() if one.id == ident), None)
