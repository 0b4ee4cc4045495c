"""What may serve where nothing near by subject does, and when to say that nothing serves."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.catalogue import Series
from knowledge.wanted import Wanted, is_elsewhere


def lacking(
    series: Sequence[Series], scores: NDArray[np.float64], wanted: Wanted, floor: float
) -> Series | None:
    """The nearest series that shows why nothing meets a need; None where something may.

    `scores` are by subject, one a series. A letter that says "none" speaks of every series, so
    it is silent where one near enough, or one that the catalogue tells apart from the nearest,
    may meet the need.
    """
    order = [int(row) for row in np.argsort(-scores, kind="stable") if scores[row] >= floor]
    near = [series[row] for row in order]
    if not near:
        return None
    akin = _told_apart(near[0])
    akin |= {one.id for one in series if near[0].id in _told_apart(one)}
    rivals = [*near, *(one for one in series if one.id in akin)]
    if any(_may_meet(one, wanted) for one in rivals):
        return None
    return next((one for one in near if wanted.lacks(one)), None)


def instead(
    series: Sequence[Series],
    scores: tuple[NDArray[np.float64], NDArray[np.float64]],
    wanted: Wanted,
    floor: float,
    found: float,
) -> list[tuple[int, float]]:
    """Places and scores of series that serve where those near by subject cannot meet the need.

    That is what the catalogue tells apart from the nearest, if the whole question scores `found`
    with it (the table of prescriptions by practice, beside the one for England); and the own
    statistics of a nation of the United Kingdom that is named, which say what they do not hold.

    Args:
        series: all that may be named.
        scores: one a series, by subject and by the whole question.
        wanted: what is asked for.
        floor: the score under which nothing is near.
        found: the score from which the whole question finds a series.
    """
    by_subject, whole = scores
    if float(by_subject.max(initial=0.0)) < floor:
        return []
    nearest = series[int(by_subject.argmax())]
    if not wanted.lacks(nearest):
        return []
    akin = _told_apart(nearest)
    return [
        (row, float(whole[row]))
        for row, one in enumerate(series)
        if _may_meet(one, wanted)
        and (is_elsewhere(one) or (one.id in akin and whole[row] >= found))
    ]


def _told_apart(series: Series) -> set[str]:
    """Ids of the entries that get confused with one."""
    return {one["id"] for one in series.see_also if "id" in one}


def _may_meet(series: Series, wanted: Wanted) -> bool:
    """Whether it could hold what is asked for; a list of uses or audits holds no figures."""
    elsewhere = is_elsewhere(series) and not wanted.nations
    return bool(series.geography_levels) and not elsewhere and not wanted.lacks(series)
