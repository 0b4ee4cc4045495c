"""The dashboard and its numbers as CSV: a period's volumes, and how things stand now."""

from starlette.requests import Request
from starlette.responses import Response

from bot.reports import Report, to_csv
from bot.web import panels, words
from bot.web.figures import read
from bot.web.pages import PAGES, assumed_days_of, store_of
from handlers.metrics import parse_by, volumes
from handlers.periods import MetricsError, Period, latest, period_from

CHOICES = (7, 30, 90)
DEFAULT_DAYS = 30


async def dashboard(request: Request) -> Response:
    """The page for `?days=30`, or for `?from=2026-11-01&to=2026-11-23`."""
    try:
        period = _period(request)
    except MetricsError as error:
        return PAGES.TemplateResponse(
            request, "problem.html", {"problem": str(error)}, status_code=400
        )
    days = assumed_days_of(request)
    figures = await read(store_of(request), period, assumed_days=days)
    context = {
        "period": period,
        "days": _chosen(request, period),
        "choices": CHOICES,
        "summary": figures.summary,
        "answers": figures.answers,
        "assumed_days": days,
        "standing": figures.summary.standing,
        "panels": await panels.volumes(figures, period),
        "ages": await panels.open_cases(figures.summary.standing),
        "words": words,
    }
    return PAGES.TemplateResponse(request, "dashboard.html", context)


async def volumes_csv(request: Request) -> Response:
    """`/volumes.csv?by=week,type&from=…&to=…`: the volumes, as the command `metrics` gives them."""
    try:
        period = _period(request)
        by = parse_by(request.query_params.get("by", "day"))
    except MetricsError as error:
        return Response(f"{error}\n", 400, media_type="text/plain")
    async with store_of(request).unit() as unit:
        rows = await volumes(unit, period, by)
    name = f"volumes-by-{'-'.join(by)}-{period.first}-{period.last}.csv"
    return Response(
        to_csv(Report(period, by, rows)),
        media_type="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _period(request: Request) -> Period:
    query = request.query_params
    if query.get("from") or query.get("to"):
        return period_from(query.get("from"), query.get("to"))
    days = query.get("days", str(DEFAULT_DAYS))
    if days not in {str(choice) for choice in CHOICES}:
        raise MetricsError(f"Choose from {', '.join(map(str, CHOICES))} days, or give two dates.")
    return latest(int(days))


def _chosen(request: Request, period: Period) -> int | None:
    """Which of the ready-made periods is shown, if it is one of them."""
    named = request.query_params.get("from") or request.query_params.get("to")
    return None if named else period.days
