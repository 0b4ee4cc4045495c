"""The reply as an enquirer would get it, of the passages of an article that an owner picks."""

import asyncio
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot.web.article_views import PassageView, Preview, passage_views
from bot.web.pages import PAGES, store_of
from handlers.articles import Record, record
from handlers.letters import Content, Rendered
from knowledge.articles import Article

DRAFT: Final = "draft"

FRAMING = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
}
"""The page shows the mail in a frame."""

FRAMED = {
    # A mail carries its own style; nothing else of it may do anything.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
    "X-Frame-Options": "SAMEORIGIN",
}


class MailPages:
    """The pages over the application's database, with what makes a mail of content."""

    def __init__(self, contacts: Mapping[str, str], preview: Preview) -> None:
        self._contacts = contacts
        self._preview = preview

    def routes(self) -> list[Route]:
        """Where the pages are; they come before those of an article."""
        return [
            Route("/knowledge/{article}/mail", self.page),
            Route("/knowledge/{article}/mail.html", self.html),
        ]

    async def page(self, request: Request) -> Response:
        """The mail as HTML and as text, and the passages to pick from."""
        one, article = await self._asked(request)
        views = passage_views(article, self._contacts)
        picked = _picked(request, views)
        mail = await self._mail(picked)
        names = [("of", request.query_params.get("of", ""))]
        names += [("passage", view.part.passage) for view in picked]
        context = {
            "one": one,
            "article": article,
            "views": views,
            "picked": {view.part.passage for view in picked},
            "mail": mail,
            "query": urlencode(names),
            "of": request.query_params.get("of", ""),
        }
        return PAGES.TemplateResponse(request, "article_mail.html", context, headers=FRAMING)

    async def html(self, request: Request) -> Response:
        """The HTML of the mail alone, for the frame."""
        _, article = await self._asked(request)
        picked = _picked(request, passage_views(article, self._contacts))
        return HTMLResponse((await self._mail(picked)).html, headers=FRAMED)

    async def _asked(self, request: Request) -> tuple[Record, Article]:
        async with store_of(request).unit() as unit:
            one = await record(unit, request.path_params["article"])
        if one is None:
            raise HTTPException(404)
        wants_draft = request.query_params.get("of") == DRAFT
        return one, one.newest if wants_draft or one.used is None else one.used

    async def _mail(self, picked: list[PassageView]) -> Rendered:
        content = Content(parts=tuple(view.part for view in picked))
        return await asyncio.to_thread(self._preview, content)


def _picked(request: Request, views: list[PassageView]) -> list[PassageView]:
    """Those that are asked for by name, else all."""
    names = set(request.query_params.getlist("passage"))
    return [view for view in views if view.part.passage in names] or views
