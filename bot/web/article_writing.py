"""The pages on which an article is written field by field: a new one, or one that is there."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.web.article_form import Rows, by_field, read_typed, rearranged, written
from bot.web.forms import FormRefusedError, read_form
from bot.web.pages import PAGES, refused, store_of
from handlers.article_decisions import Seen
from handlers.article_writing import Writer, begin, change, first_draft
from handlers.articles import record, records
from handlers.errors import DecisionRefusedError, StaleDecisionError, UnknownArticleError
from handlers.knowledge_tables import ArticleEvent
from handlers.unit import Unit
from knowledge.article_checks import LEAST_QUESTIONS, Fault, FaultsError
from knowledge.editing import drafted
from knowledge.topics import Topic
from knowledge.typed_article import TypedArticle, typed_of

YEAR: Final = timedelta(days=365)
NOBODY = Seen(0, 0)
MOST_ID = 19
"""Digits of a number that the database can hold."""


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The form as it is shown: what is typed, and what is to be said of it."""

    typed: TypedArticle
    article: str = ""
    """The one that changes; empty for a new one."""
    seen: Seen = NOBODY
    gap: str = ""
    rows: Rows = field(default_factory=Rows)
    author: str = ""
    note: str = ""
    faults: tuple[Fault, ...] = ()
    problem: str = ""
    status: int = 200


class WritingPages:
    """The pages over the application's database. `contacts` are placeholders that have a value."""

    def __init__(self, contacts: Mapping[str, str]) -> None:
        self._contacts = contacts

    def routes(self) -> list[Route]:
        """Where the pages are; they come before those of an article."""
        return [
            Route("/knowledge/new", self.new),
            Route("/knowledge/new", self.keep, methods=["POST"]),
            Route("/knowledge/{article}/edit", self.edit),
            Route("/knowledge/{article}/edit", self.keep, methods=["POST"]),
        ]

    async def new(self, request: Request) -> Response:
        """An empty form, or one with the draft of `?gap=7`."""
        gap = request.query_params.get("gap", "")
        typed = TypedArticle()
        if gap:
            async with store_of(request).unit() as unit:
                found = await first_draft(unit, int(gap)) if _is_number(gap) else None
            if found is None:
                raise HTTPException(404)
            typed = found
        today = _today()
        typed = replace(
            typed,
            effective_from=typed.effective_from or today.isoformat(),
            review_by=typed.review_by or (today + YEAR).isoformat(),
        )
        return await self._page(request, _Sheet(typed, gap=gap))

    async def edit(self, request: Request) -> Response:
        """The form with the article's draft, or with what is in use."""
        article = request.path_params["article"]
        async with store_of(request).unit() as unit:
            one = await record(unit, article)
        if one is None:
            raise HTTPException(404)
        typed = typed_of(drafted(one.newest, one.next_version))
        return await self._page(request, _Sheet(typed, article, Seen.of(one)))

    async def keep(self, request: Request) -> Response:
        """Keep the draft, or show the form with more rows, or with all that is wrong."""
        article = request.path_params.get("article", "")
        back = f"/knowledge/{quote(article)}/edit" if article else "/knowledge/new"
        try:
            form = await read_form(request)
        except FormRefusedError as error:
            return refused(request, str(error), error.status, back=back, back_to="To the form")
        sheet = _read(form, article)
        if changed := rearranged(sheet.typed, form.get("do", "")):
            return await self._page(request, replace(sheet, typed=changed[0], rows=changed[1]))
        try:
            async with store_of(request).unit() as unit:
                event = await _kept(unit, sheet)
        except FaultsError as error:
            return await self._page(request, replace(sheet, faults=error.faults, status=422))
        except UnknownArticleError as error:
            return refused(
                request,
                str(error),
                404,
                back="/knowledge",
                back_to="To all articles",
                written=written(sheet.typed),
            )
        except DecisionRefusedError as error:
            status = 409 if isinstance(error, StaleDecisionError) else 422
            return await self._page(request, replace(sheet, problem=str(error), status=status))
        return RedirectResponse(f"/knowledge/{quote(event.article)}?done=draft", 303)

    async def _page(self, request: Request, sheet: _Sheet) -> Response:
        async with store_of(request).unit() as unit:
            known = await records(unit)
        if sheet.article and sheet.article not in known:
            return refused(
                request,
                str(UnknownArticleError(sheet.article)),
                404,
                back="/knowledge",
                back_to="To all articles",
                written=written(sheet.typed),
            )
        one = known.get(sheet.article)
        context = {
            "sheet": sheet,
            "one": one,
            "faults": by_field(sheet.faults),
            "topics": list(Topic),
            "owners": sorted({article.newest.front.owner for article in known.values()}),
            "contacts": sorted(self._contacts),
            "least_questions": LEAST_QUESTIONS,
        }
        return PAGES.TemplateResponse(request, "article_form.html", context, sheet.status)


async def _kept(unit: Unit, sheet: _Sheet) -> ArticleEvent:
    writer = Writer(sheet.author, sheet.note)
    if sheet.article:
        return await change(unit, sheet.typed, writer, sheet.seen)
    return await begin(unit, sheet.typed, writer, int(sheet.gap) if sheet.gap else None)


def _read(form: Mapping[str, str], article: str) -> _Sheet:
    typed, gap = read_typed(form), form.get("gap", "")
    return _Sheet(
        typed=replace(typed, id=article) if article else typed,
        article=article,
        # A form that does not say what was seen is stale.
        seen=Seen(_number(form.get("decision", "")), _number(form.get("version", ""))),
        gap=gap if _is_number(gap) else "",
        author=form.get("author", ""),
        note=form.get("note", ""),
    )


def _is_number(typed: str) -> bool:
    return typed.isdecimal() and typed.isascii() and len(typed) < MOST_ID


def _number(typed: str) -> int:
    return int(typed) if _is_number(typed) else -1


def _today() -> date:
    return date.today()  # noqa: DTZ011  the service's day
