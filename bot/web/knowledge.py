"""The pages of the knowledge owner: all articles, one article, and what is decided on it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.web import words
from bot.web.article_mail import MailPages
from bot.web.article_views import (
    Line,
    Preview,
    by_topic,
    compared,
    line,
    lines,
    passage_views,
)
from bot.web.article_writing import WritingPages
from bot.web.forms import FormRefusedError, read_form
from bot.web.pages import PAGES, refused, store_of
from handlers.article_decisions import Deciding, Seen, approve, retire, save_draft
from handlers.article_use import Use, article_use
from handlers.articles import Record, history, record, records
from handlers.errors import DecisionRefusedError, StaleDecisionError, UnknownArticleError
from handlers.knowledge_tables import ArticleEvent
from handlers.unit import Unit
from knowledge.editing import drafted

DONE = {
    "draft": "The draft is saved. It is not used before it is approved.",
    "approve": "The draft is approved. Answers use it within seconds.",
    "retire": "The article is retired. Its enquiries go to a person.",
}
"""What can be done to an article, as the address has it, and what is said once it was."""

WANTED: dict[str, Callable[[Line], bool]] = {
    "unsent": lambda one: one.hinders,
    "soon": lambda one: bool(one.soon),
    "drafts": lambda one: one.record.draft is not None,
}
"""What needs its owner, as `?show=` has it."""

Decide = Callable[[Unit, Deciding], Awaitable[ArticleEvent]]


class KnowledgePages:
    """The pages over the application's database.

    Args:
        contacts: the placeholders that this deployment has filled in.
        preview: makes the text of a mail, to show passages as they would be sent.
    """

    def __init__(self, contacts: Mapping[str, str], preview: Preview) -> None:
        self._contacts = contacts
        self._preview = preview

    def routes(self) -> list[Route]:
        """Where the pages are."""
        return [
            Route("/knowledge", self.overview, name="knowledge"),
            *MailPages(self._contacts, self._preview).routes(),
            *WritingPages(self._contacts).routes(),
            Route("/knowledge/{article}", self.article),
            Route("/knowledge/{article}/{what}", self.decide, methods=["POST"]),
        ]

    async def overview(self, request: Request) -> Response:
        """All articles by topic."""
        async with store_of(request).unit() as unit:
            found, use = await records(unit), await article_use(unit)
        every = lines(found, use, self._contacts, _today())
        show = request.query_params.get("show", "")
        context = {
            "topics": by_topic(every, WANTED.get(show, lambda _: True)),
            "show": show if show in WANTED else "",
            "counts": {name: sum(map(wanted, every)) for name, wanted in WANTED.items()},
            "total": len(every),
            "words": words,
        }
        return PAGES.TemplateResponse(request, "knowledge.html", context)

    async def article(self, request: Request) -> Response:
        """One article."""
        done = DONE.get(request.query_params.get("done", ""), "")
        return await self._page(request, done=done)

    async def decide(self, request: Request) -> Response:
        """Keep a draft, approve or retire, as a form of the article's page asks."""
        article, what = request.path_params["article"], request.path_params["what"]
        if what not in DONE:
            raise HTTPException(404)
        try:
            form = await read_form(request)
        except FormRefusedError as error:
            back = f"/knowledge/{quote(article)}"
            return refused(request, str(error), error.status, back=back, back_to="To the article")
        try:
            async with store_of(request).unit() as unit:
                await _decision(what, form.get("text", ""))(unit, _deciding(article, form))
        except UnknownArticleError as error:
            return _nothing_done(request, error, 404, form)
        except DecisionRefusedError as error:
            status = 409 if isinstance(error, StaleDecisionError) else 422
            return await self._page(request, problem=error, form=form, status=status)
        return RedirectResponse(f"/knowledge/{quote(article)}?done={what}", 303)

    async def _page(
        self,
        request: Request,
        *,
        done: str = "",
        problem: DecisionRefusedError | None = None,
        form: Mapping[str, str] | None = None,
        status: int = 200,
    ) -> Response:
        article = request.path_params["article"]
        async with store_of(request).unit() as unit:
            one, use = await record(unit, article), await article_use(unit, article)
            events = await history(unit, article)
        if one is None:
            if problem is None or form is None:
                raise HTTPException(404)
            return _nothing_done(request, problem, status, form)
        context = {
            "one": one,
            "line": line(one, use.get(article, Use()), self._contacts, _today()),
            **await asyncio.to_thread(self._versions, one, events),
            "reply": f"/knowledge/{quote(article)}/mail",
            "events": events,
            "seen": Seen.of(one),
            "done": done,
            "problem": str(problem or ""),
            "form": form or {},
            "today": _today(),
            "words": words,
        }
        return PAGES.TemplateResponse(request, "article.html", context, status)

    def _versions(self, one: Record, events: list[ArticleEvent]) -> dict[str, object]:
        return {
            "passages": passage_views(one.used or one.newest, self._contacts),
            "draft": passage_views(one.draft, self._contacts) if one.draft else [],
            "compared": compared(one, events),
            "text": one.draft.text if one.draft else drafted(one.newest, one.next_version),
        }


def _nothing_done(
    request: Request, error: DecisionRefusedError, status: int, form: Mapping[str, str]
) -> Response:
    """Say why not, of an article that has no page to say it on."""
    written = form.get("text", "")
    return refused(
        request, str(error), status, back="/knowledge", back_to="To all articles", written=written
    )


def _decision(what: str, text: str) -> Decide:
    if what == "draft":
        return lambda unit, deciding: save_draft(unit, deciding, text)
    return approve if what == "approve" else retire


def _deciding(article: str, form: Mapping[str, str]) -> Deciding:
    try:
        seen = Seen(int(form.get("decision", "")), int(form.get("version", "")))
    except ValueError:
        raise DecisionRefusedError(
            "The form does not say what was seen; open the page anew."
        ) from None
    return Deciding(article, seen, form.get("author", ""), form.get("note", ""))


def _today() -> date:
    return date.today()  # noqa: DTZ011  the service's day
