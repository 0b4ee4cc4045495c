"""The page of one case: what its card in Slack shows, and the same actions by the same rules."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.web import case_words, words
from bot.web.case_actions import ACTIONS, BY_NAME
from bot.web.case_fields import Office
from bot.web.case_list import case_list
from bot.web.case_why import why
from bot.web.forms import FormRefusedError, whole_number
from bot.web.pages import PAGES, refused, store_of
from bot.web.sessions import PATH, Session
from bot.web.signing_in import SigningIn, read_own_form
from handlers import undecided
from handlers.case_finding import case_number
from handlers.case_message import decision_of, whole_message
from handlers.case_readings import note_reading
from handlers.case_view import CaseView, case_view
from handlers.cases import Officer, Press
from handlers.clock_reading import clocks_of_case
from handlers.clock_words import arithmetic
from handlers.errors import CaseError, StaleCase, StoreUnavailableError, UnknownCase
from handlers.public_status import OF_STATES
from handlers.raw_mail import RawLinks, latest_inbound
from handlers.references import PATTERN
from handlers.slack_standing import slack_standing
from handlers.tables import Outgoing
from handlers.unit import Unit

log = structlog.get_logger(__name__)

Decide = Callable[[Unit, int, Officer], Awaitable[Outgoing]]

DECISIONS: dict[str, tuple[Decide, str]] = {
    "again": (undecided.send_again, "It is sent again."),
    "arrived": (undecided.it_arrived, "It is kept as arrived, by your word."),
}
"""What an officer can say of a mail that failed or is held, and what is said to them."""
DONE = {name: action.done for name, action in BY_NAME.items()} | {
    name: said for name, (_, said) in DECISIONS.items()
}
AWAY = "The database cannot be reached at the moment. Nothing was changed; please try again."


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something was not done, and what had been typed, to be shown with the case as it is."""

    why: str
    status: int
    action: str = ""
    form: Mapping[str, str] = field(default_factory=dict)
    seen: int = 0
    """The version that the officer had before them."""
    stale: bool = False
    """Whether the case had changed since."""


@dataclass(frozen=True, slots=True)
class CasePages:
    """The pages, for officers who signed in."""

    office: Office
    signing_in: SigningIn

    def routes(self) -> list[BaseRoute]:
        """Where the pages are."""
        guarded = self.signing_in.guarded
        at = f"{PATH}/{{reference}}"
        return [
            Route(PATH, guarded(case_list), name="cases"),
            *self.signing_in.routes(),
            Route(at, guarded(self.show), name="case"),
            Route(f"{at}/why", guarded(self.show_why)),
            Route(f"{at}/whole", guarded(self.show_whole), methods=["POST"]),
            Route(f"{at}/mail", guarded(self.decide), methods=["POST"]),
            Route(f"{at}/{{action}}", guarded(self.act), methods=["POST"]),
        ]

    async def show(self, request: Request, session: Session) -> Response:
        """The case as it is now."""
        return await self._page(request, session, None)

    async def act(self, request: Request, session: Session) -> Response:
        """Do what a form of the page asks, or show the case as it is now and say why not."""
        name = request.path_params["action"]
        if name not in BY_NAME:
            raise HTTPException(404)
        form = await _form(request, session)
        if isinstance(form, Response):
            return form
        seen = whole_number(form.get("version", ""))
        try:
            async with store_of(request).unit() as unit:
                number = await _case_in(unit, request)
                press = Press(number, seen, session.officer)
                await BY_NAME[name].do(unit, press, form, self.office)
        except CaseError as error:
            stale = isinstance(error, StaleCase)
            status = 409 if stale else 422
            refusal = Refusal(str(error), status, name, form, seen, stale)
            return await self._page(request, session, refusal)
        except StoreUnavailableError:
            return _away(request, form)
        return RedirectResponse(f"{_here(request)}?done={name}", 303)

    async def decide(self, request: Request, session: Session) -> Response:
        """An officer's word on a mail of the case that failed or is held."""
        form = await _form(request, session)
        if isinstance(form, Response):
            return form
        name = form.get("decision", "")
        if name not in DECISIONS:
            raise HTTPException(404)
        try:
            async with store_of(request).unit() as unit:
                case = await case_view(unit, await _case_in(unit, request))
                mail = whole_number(form.get("mail", ""))
                if mail not in {one.id for one in case.troubles}:
                    raise CaseError("This mail is no longer waiting for a decision.")  # noqa: TRY301 -- told as the handler's own refusals are
                await DECISIONS[name][0](unit, mail, session.officer)
        except CaseError as error:
            return await self._page(request, session, Refusal(str(error), 409))
        except StoreUnavailableError:
            return _away(request, form)
        return RedirectResponse(f"{_here(request)}?done={name}", 303)

    async def show_whole(self, request: Request, session: Session) -> Response:
        """The enquirer's latest message, unmasked; who read it is kept with the case."""
        form = await _form(request, session)
        if isinstance(form, Response):
            return form
        async with store_of(request).unit() as unit:
            number = await _case_in(unit, request)
            await note_reading(unit, number, session.officer)
            try:
                text = await whole_message(unit, number)
            except UnknownCase:  # it was merged into another, which has its messages
                raise HTTPException(404) from None
            inbound_id = await latest_inbound(unit, number)
        log.info("whole message shown", case=number, officer=session.officer.id)
        # The page of a raw message is on this same site, so its address needs no host.
        links = RawLinks("", self.office.desk.signing_key)
        context = {
            "reference": _reference(request),
            "text": text,
            "raw": links.link(inbound_id, datetime.now(UTC)) if inbound_id else None,
            "session": session,
        }
        return PAGES.TemplateResponse(request, "case_whole.html", context)

    async def show_why(self, request: Request, session: Session) -> Response:
        """What the decision rests on that made the case."""
        async with store_of(request).unit() as unit:
            number = await _case_in(unit, request)
            try:
                decision, message = await decision_of(unit, number)
            except UnknownCase:
                raise HTTPException(404) from None
        context = {
            "reference": _reference(request),
            # A message may be long, and its sentences are looked through for identifiers.
            "why": await asyncio.to_thread(why, decision, message),
            "session": session,
        }
        return PAGES.TemplateResponse(request, "case_why.html", context)

    async def _page(self, request: Request, session: Session, refusal: Refusal | None) -> Response:
        async with store_of(request).unit() as unit:
            number = await _case_in(unit, request)
            case = await case_view(unit, number)
            slack = await slack_standing(unit)
            now = await unit.now()
            rules = self.office.desk.clocks
            clocks = [
                arithmetic(one, rules, now)
                for one in await clocks_of_case(unit, number, rules, now)
            ]
        context = {
            "case": case,
            "actions": [
                one for one in ACTIONS if one.is_offered(case, session.officer, self.office)
            ],
            "office": self.office,
            "public": OF_STATES[case.state],
            "clocks": clocks,
            "slack": slack,
            "now": now,
            "session": session,
            "done": DONE.get(request.query_params.get("done", ""), ""),
            "refusal": refusal,
            "since": _since(case, refusal),
            "words": words,
            "say": case_words,
        }
        status = refusal.status if refusal else 200
        return PAGES.TemplateResponse(request, "case.html", context, status_code=status)


async def _form(request: Request, session: Session) -> dict[str, str] | Response:
    """The form that came in; or what is answered where it is not taken."""
    try:
        return await read_own_form(request, session)
    except FormRefusedError as error:
        back = _here(request)
        return refused(request, str(error), error.status, back=back, back_to="To the case")


async def _case_in(unit: Unit, request: Request) -> int:
    """The case that the address names. Raises HTTPException where there is none."""
    reference = _reference(request)
    number = await case_number(unit, reference) if PATTERN.fullmatch(reference) else None
    if number is None:
        raise HTTPException(404)
    return number


def _since(case: CaseView, refusal: Refusal | None) -> list[str]:
    """What happened after the version that a refused press was made on."""
    if refusal is None or not refusal.stale:
        return []
    return [
        f"{one.actor_name} {case_words.event_name(one.kind)}"
        for one in case.events
        if one.version > refusal.seen
    ]


def _away(request: Request, form: dict[str, str]) -> Response:
    written = form.get("text", "")
    return refused(request, AWAY, 503, back=_here(request), back_to="To the case", written=written)


def _here(request: Request) -> str:
    return f"{PATH}/{quote(_reference(request))}"


def _reference(request: Request) -> str:
    return str(request.path_params["reference"]).upper()
