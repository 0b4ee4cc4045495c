"""What of a need published series meet, or why none does, in words that never change."""

from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict

from knowledge.catalogue import Series
from knowledge.wanted import Lack, Wanted

_AREAS = {
    "icb": "integrated care board",
    "cancer-alliance": "cancer alliance",
    "local-authority": "local authority",
    "gp-practice": "GP practice",
    "pcn": "primary care network",
    "trust": "NHS trust",
    "lsoa": "lower layer super output area",
    "msoa": "middle layer super output area",
    "ward": "electoral ward",
    "postcode": "postcode",
    "school": "school",
    "person": "single member of staff",
}


class Fit(BaseModel):
    """What of a need a series meets, from those facts alone that somebody has checked."""

    model_config = ConfigDict(frozen=True)

    subject: str | None = None
    """The entry's own words for what it is about that come nearest to the question."""
    areas: tuple[str, ...] = ()
    """Levels of area that are asked for and that it has, as one says them."""
    splits: tuple[str, ...] = ()
    """Breakdowns that are asked for and that it has."""
    sure: bool = False
    """Whether its score is so high that few questions which nothing meets were shown one."""
    years: bool = False
    """Whether it holds all the years that are asked for."""

    @property
    def sentence(self) -> str | None:
        """What is said of it in a letter, after *Why it may fit*; None where nothing can be."""
        said = [self.subject] if self.subject else []
        if self.areas:
            said.append(f"figures for each {_listed(self.areas)}")
        if self.splits:
            said.append(f"split by {_listed(self.splits)}")
        if self.years:
            said.append("the years that you name")
        return "; ".join(said) or None


class Unmet(BaseModel):
    """Why nothing that is published meets a need."""

    model_config = ConfigDict(frozen=True)

    lacks: tuple[Lack, ...]
    areas: tuple[str, ...] = ()
    """Levels of area that are asked for, as one says them."""

    @property
    def sentence(self) -> str:
        """What is said of it in a letter: of what rules most out, that alone."""
        if self.lacks[0] is Lack.RECORDS:
            return (
                "Published series hold totals and rates. None that we know holds rows about"
                " single people or linked records."
            )
        return f"None of the published series that we know {self._lacking(self.lacks[0])}"

    def _lacking(self, lack: Lack) -> str:
        small = f"for each {_listed(self.areas)}" if self.areas else "for areas that small"
        return {
            Lack.AREA: f"has figures on this {small}.",
            Lack.YEARS: "has figures on this for the years that you name.",
            Lack.FUTURE: "holds forecasts. Each tells of what has been counted.",
            Lack.TRAIT: "tells people apart on this in the way that you ask for.",
            Lack.NATION: "has figures on this for the country that you name.",
        }[lack]


def unmet(series: Series, wanted: Wanted) -> Unmet | None:
    """Why the series that comes nearest by subject does not meet a need; None where it may."""
    lacks = wanted.lacks(series)
    return Unmet(lacks=lacks, areas=_kept(_AREAS, wanted.levels)) if lacks else None


def fit(series: Series, wanted: Wanted, subject: str | None, *, sure: bool) -> Fit:
    """What of a need a series meets; `subject` is the nearest of its own topics."""
    levels = set(series.geography_levels) if series.is_checked("geography_levels") else set[str]()
    splits = set(series.breakdowns) if series.is_checked("breakdowns") else set[str]()
    return Fit(
        subject=subject if series.is_checked("topics") else None,
        areas=_kept(_AREAS, wanted.levels & levels),
        splits=tuple(sorted(wanted.splits & splits)),
        sure=sure,
        years=_holds_years(series, wanted),
    )


def _holds_years(series: Series, wanted: Wanted) -> bool:
    if wanted.first is None or not all(map(series.is_checked, ("from", "to", "latest_seen"))):
        return False
    begins, newest = series.first, series.latest_seen
    if not (begins and newest and begins[:4].isdigit() and newest[:4].isdigit()):
        return False
    last = wanted.last or wanted.first
    return int(begins[:4]) <= wanted.first and last <= int(newest[:4])


def _kept(names: dict[str, str], levels: Iterable[str]) -> tuple[str, ...]:
    return tuple(names[level] for level in sorted(levels) if level in names)


def _listed(words: tuple[str, ...]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
