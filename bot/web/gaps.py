"""The page of gaps in what is known: what to write next, and what writing it has brought."""

from collections.abc import Awaitable, Mapping
from datetime import date, timedelta

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.web.forms import FormRefusedError, read_form
from bot.web.pages import PAGES, refused, store_of
from handlers.gap_actions import (
    GapError,
    StaleGapError,
    UnknownGapError,
    dismiss,
    publish,
    save_draft,
    seen,
)
from handlers.gap_effects import published_at
from handlers.gaps import gaps_of, weeks_with_gaps
from handlers.knowledge_tables import Gap, GapState
from handlers.unit import Unit
from handlers.weeks import DAYS, Week, WeekError, parse_week

STATES = {
    GapState.OPEN: "New",
    GapState.DRAFTED: "Being written",
    GapState.PUBLISHED: "Closed by an article",
    GapState.DISMISSED: "Dismissed",
}
DONE = {
    "draft": "The draft is saved. It is used for nothing before an article of it is approved.",
    "dismiss": "The gap is dismissed.",
    "publish": "The gap is closed. What the article brings is measured each morning for two weeks.",
}
"""What can be done to a gap, as the address has it, and what is said once it was."""


def routes() -> list[Route]:
    """Where the pages are."""
    return [
        Route("/gaps", overview, name="gaps"),
        Route("/gaps/{gap:int}/{what}", decide, methods=["POST"]),
    ]


async def overview(request: Request) -> Response:
    """The gaps of `?week=2026-W48`, or of the latest week in which there were any."""
    done = DONE.get(request.query_params.get("done", ""), "")
    try:
        return await _page(request, request.query_params.get("week"), done=done)
    except WeekError as error:
        return _refused(request, str(error), 400)


async def decide(request: Request) -> Response:
    """Save a draft, dismiss or close a gap, as a form of the page asks."""
    gap_id, what = request.path_params["gap"], request.path_params["what"]
    if what not in DONE:
        raise HTTPException(404)
    try:
        form = await read_form(request)
    except FormRefusedError as error:
        return _refused(request, str(error), error.status)
    try:
        async with store_of(request).unit() as unit:
            gap = await _decided(unit, gap_id, what, form)
    except GapError as error:
        return _refused(request, str(error), _status(error), form.get("draft", ""))
    week = Week(gap.week).name
    return RedirectResponse(f"/gaps?week={week}&done={what}#gap-{gap.id}", 303)


def _decided(unit: Unit, gap_id: int, what: str, form: Mapping[str, str]) -> Awaitable[Gap]:
    drawn = form.get("seen", "")
    if what == "draft":
        return save_draft(unit, gap_id, drawn, form.get("draft", ""))
    if what == "dismiss":
        return dismiss(unit, gap_id, drawn, form.get("note", ""))
    return publish(unit, gap_id, drawn, form.get("article", ""))


def _status(error: GapError) -> int:
    if isinstance(error, UnknownGapError):
        return 404
    return 409 if isinstance(error, StaleGapError) else 400


async def _page(request: Request, name: str | None, *, done: str) -> Response:
    async with store_of(request).unit() as unit:
        weeks = await weeks_with_gaps(unit)
        week = _chosen(name, weeks)
        gaps = await gaps_of(unit, week) if week else []
    context = {
        "week": week,
        "sunday": week.monday + timedelta(days=DAYS - 1) if week else None,
        "weeks": weeks,
        "gaps": gaps,
        "enquiries": sum(len(gap.enquiries) for gap in gaps),
        "states": STATES,
        "done": done,
        "seen": seen,
        "published_at": published_at,
    }
    return PAGES.TemplateResponse(request, "gaps.html", context)


def _chosen(name: str | None, weeks: list[tuple[Week, int]]) -> Week | None:
    """The week that is asked for, or else the latest with gaps. Raises WeekError."""
    if name:
        return parse_week(name, date.today())  # noqa: DTZ011  the service's day
    return weeks[0][0] if weeks else None


def _refused(request: Request, why: str, status: int, written: str = "") -> Response:
    """Say why not, and give back what was written, so that nobody writes it twice."""
    return refused(request, why, status, back="/gaps", back_to="To the gaps", written=written)
