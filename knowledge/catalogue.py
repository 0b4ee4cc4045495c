"""The catalogue of published data: series that may meet a need without an application."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, HttpUrl, ValidationError

UNVERIFIED = re.compile(r"general knowledge, verify:([^;]*)")
"""How the catalogue marks fields that nobody has checked; they are searched, never stated."""
PUBLISHED = Path(__file__).parent / "published"


class CatalogueError(ValueError):
    """An entry breaks the form; the words name its file."""


class Series(BaseModel):
    """One published series. The fields are explained in `published/README.md`."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    id: str
    title: str
    publisher: str
    audience: Literal["public", "nhs-only"]
    url: HttpUrl
    topics: tuple[str, ...]
    geography: str
    geography_levels: tuple[str, ...]
    period: str
    first: str | None = Field(alias="from")
    to: str | None
    latest_seen: str | None
    frequency: str
    granularity: str
    breakdowns: tuple[str, ...]
    record_level: bool | None
    answers: tuple[str, ...]
    does_not_hold: tuple[str, ...]
    see_also: tuple[Mapping[str, str], ...]
    provenance: str

    @property
    def is_public(self) -> bool:
        """Whether it may be offered to anyone; an entry for NHS staff is never named to others."""
        return self.audience == "public"

    def is_checked(self, field: str) -> bool:
        """Whether somebody has checked a field, by its name in the file, so that it may be told."""
        unchecked = " ".join(UNVERIFIED.findall(self.provenance))
        named = re.search(rf"\b{re.escape(field)}\b", unchecked)
        return named is None and "all fields" not in unchecked

    @property
    def description(self) -> str:
        """What it holds, as search reads it."""
        return f"{self.title}. {'; '.join(self.topics)}. {self.granularity}"


def read_catalogue(folder: Path = PUBLISHED) -> list[Series]:
    """Read all entries, in order of file and place.

    Raises:
        CatalogueError: at the first that breaks the form, or an id that is used twice.
    """
    found: dict[str, Series] = {}
    for path in sorted(folder.glob("*.yaml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")) or []:
            try:
                series = Series.model_validate(entry)
            except ValidationError as error:
                raise CatalogueError(f"{path.name}: {error}") from error
            if series.id in found:
                raise CatalogueError(f"{path.name}: id {series.id} is used twice")
            found[series.id] = series
    return list(found.values())
