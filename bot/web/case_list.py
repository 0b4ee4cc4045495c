"""The list of cases: an officer's own, those that nobody owns, and those that are looked for."""

from collections.abc import Mapping
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.web import case_words, words
from bot.web.forms import whole_number
from bot.web.pages import PAGES, store_of
from bot.web.sessions import PATH, Session
from handlers.case_finding import PAGE, Listed, Sought, case_number, count_cases, find_cases
from handlers.references import PATTERN
from handlers.slack_standing import slack_standing
from triage.decision import EnquiryType, Flag

MOST_SOUGHT = 200
TABS = (
    *(Listed.MINE, Listed.UNCLAIMED, Listed.APPROVAL),
    *(Listed.WAITING, Listed.OPEN, Listed.CLOSED),
)


async def case_list(request: Request, session: Session) -> Response:
    """The page for `?show=unclaimed&type=charges&flag=media&words=SACT&page=2`."""
    query = request.query_params
    sought = _sought(query, session.officer.id)
    async with store_of(request).unit() as unit:
        if PATTERN.fullmatch(sought.words) and await case_number(unit, sought.words):
            return RedirectResponse(f"{PATH}/{sought.words.upper()}", 303)
        found = await find_cases(unit, sought)
        counts = await count_cases(unit, session.officer.id)
        slack = await slack_standing(unit)
        now = await unit.now()
    context = {
        "sought": sought,
        "found": found,
        "counts": counts,
        "tabs": TABS,
        "lists": Listed,
        "types": list(EnquiryType),
        "flags_known": list(Flag),
        "first": (found.page - 1) * PAGE + 1,
        "slack": slack,
        "now": now,
        "session": session,
        "at_page": lambda page: f"{PATH}?{urlencode(_kept(sought) | {'page': page})}",
        "words": words,
        "say": case_words,
    }
    return PAGES.TemplateResponse(request, "cases.html", context)


def _sought(query: Mapping[str, str], officer: str) -> Sought:
    """What a query asks for; what it does not know of is left out."""
    looked_for = " ".join(query.get("words", "").replace("\0", " ").split())[:MOST_SOUGHT]
    show = query.get("show", "")
    # Who looks for words has a case in mind, wherever it is.
    usual = Listed.ALL if looked_for else Listed.MINE
    kind, flag = query.get("type", ""), query.get("flag", "")
    return Sought(
        listed=Listed(show) if show in set(Listed) else usual,
        officer=officer,
        words=looked_for,
        kind=kind if kind in set(EnquiryType) else "",
        flag=flag if flag in set(Flag) else "",
        page=whole_number(query.get("page", "")),
    )


def _kept(sought: Sought) -> dict[str, str | int]:
    """What the address of another page of the same list holds."""
    given = {"show": str(sought.listed), "words": sought.words}
    return {
        name: value
        for name, value in (given | {"type": sought.kind, "flag": sought.flag}).items()
        if value
    }
