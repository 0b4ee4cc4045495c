"""What every page shares: the templates, and the way to the database."""

from pathlib import Path
from typing import cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response
from starlette.templating import Jinja2Templates

from handlers.unit import Store

HERE = Path(__file__).parent
PAGES = Jinja2Templates(
    env=Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
)


def assumed_days_of(request: Request) -> int:
    """Working days without a word after which an answer is taken to have helped."""
    return cast("int", request.app.state.assumed_days)


def store_of(request: Request) -> Store:
    """The database that the application was made with."""
    return cast("Store", request.app.state.store)


def refused(
    request: Request, why: str, status: int, *, back: str, back_to: str, written: str = ""
) -> Response:
    """Say why a form was not taken, and give back what was written, so that nobody writes it twice.

    `back` is the address of the page to go back to, and `back_to` the words of the link.
    """
    context = {"problem": why, "back": back, "back_to": back_to, "written": written}
    return PAGES.TemplateResponse(request, "refused.html", context, status_code=status)
