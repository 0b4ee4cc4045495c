"""Pictures of an evaluation: how far confidence can be believed, and what answering more risks."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import altair as alt
import vl_convert

from triage.evaluation import Bin, RiskPoint

WIDTH, HEIGHT = 420, 300
LEAST_SHOWN = 0.5


def draw(folder: Path, bins: Sequence[Bin], curve: Sequence[RiskPoint], threshold: float) -> None:
    """Write `reliability` and `coverage-risk` into a folder, each as SVG and as PNG."""
    for name, chart in (
        ("reliability", _reliability(bins)),
        ("coverage-risk", _coverage_risk(curve, threshold)),
    ):
        plain = chart.properties(width=WIDTH, height=HEIGHT).to_dict()
        (folder / f"{name}.svg").write_text(vl_convert.vegalite_to_svg(plain), encoding="utf-8")
        (folder / f"{name}.png").write_bytes(vl_convert.vegalite_to_png(plain, scale=2))


def _reliability(bins: Sequence[Bin]) -> Any:
    """Said confidence across, share right upwards; points on the line can be believed."""
    least = min([LEAST_SHOWN, *(one.right for one in bins), *(one.said for one in bins)])
    scale = alt.Scale(domain=[least, 1])
    said = alt.X("said:Q", title="Confidence said", scale=scale)
    right = alt.Y("right:Q", title="Share of routes right", scale=scale)
    points = _chart(bins).mark_line(point=True).encode(x=said, y=right)
    ends = [Bin(said=at, right=at, messages=0) for at in (least, 1)]
    ideal = _chart(ends).mark_line(strokeDash=[4, 4], color="grey").encode(x=said, y=right)
    return alt.layer(ideal, points, title="Can the confidence be believed?")


def _coverage_risk(curve: Sequence[RiskPoint], threshold: float) -> Any:
    """Answerable messages answered across, wrongly answered upwards, over the threshold."""
    answered = alt.X("answered:Q", title="Answerable messages answered")
    unsafe = alt.Y("unsafe:Q", title="Answered, of those that must not be")
    line = _chart(curve).mark_line().encode(x=answered, y=unsafe, order="threshold:Q")
    here = sorted(curve, key=lambda one: abs(one.threshold - threshold))[:1]
    point = _chart(here).mark_point(size=120, filled=True, color="firebrick")
    return alt.layer(
        line, point.encode(x=answered, y=unsafe), title="What answering more would risk"
    )


def _chart(rows: Sequence[Bin | RiskPoint]) -> Any:
    return alt.Chart(alt.InlineData(values=[row.model_dump() for row in rows]))
