"""Forms that come in: read without a library, of a bounded size, and only from our own pages."""

from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

from starlette.requests import ClientDisconnect, Request

MOST_BYTES = 400_000
MOST_DIGITS = 18
"""Of a number in a form: more do not fit the database's own."""


class FormRefusedError(Exception):
    """A form is not taken; the text says why, `status` is the answer's."""

    def __init__(self, why: str, status: int) -> None:
        super().__init__(why)
        self.status = status


async def read_form(request: Request) -> Mapping[str, str]:
    """The fields of a form that one of our own pages sent; the last of each name.

    Raises:
        FormRefusedError: when another site sent it, or it is too large.
    """
    if not _is_own(request):
        raise FormRefusedError("Another site sent this form, so nothing was done.", 403)
    body = await read_body(request, MOST_BYTES)
    if body is None:
        raise FormRefusedError("This form is too large.", 413)
    fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
    if any("\0" in value for values in fields.values() for value in values):
        raise FormRefusedError("This form holds a character that cannot be kept.", 400)
    # Browsers end a line of a text box with CR LF; files here end it with LF.
    return {name: values[-1].replace("\r\n", "\n") for name, values in fields.items()}


def whole_number(text: str) -> int:
    """A whole number of a form or an address of ours; 0, which names nothing, for anything else."""
    fits = text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS
    return int(text) if fits else 0


async def read_body(request: Request, most: int) -> bytes | None:
    """The body; None where it is longer than `most` bytes, of which no more is read, or cut off."""
    body = bytearray()
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > most:
                return None
    except ClientDisconnect:
        return None
    return bytes(body)


def _is_own(request: Request) -> bool:
    """Whether one of our pages sent it: browsers say so, and no page can make them say otherwise.

    Our referrer policy makes browsers send `Origin: null`, so the newer header is asked first.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    return urlsplit(request.headers.get("origin", "")).netloc == request.headers.get("host")
