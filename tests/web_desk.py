"""What an officer's browser does on the pages of cases, over real HTTP and without a browser."""

import re
from dataclasses import dataclass, field

import aiohttp

from bot.web.passwords import hashed

PASSWORD = "correct horse battery"
HASH = hashed(PASSWORD)
OFFICERS = [
    {"sign_in": "asha@dars.example", "name": "Asha Verma", "id": "UASHA", "password": HASH},
    {"sign_in": "tom@dars.example", "name": "Tom Ellery", "id": "UTOM", "password": HASH},
]


@dataclass(frozen=True)
class Answer:
    """What came back, after redirections."""

    status: int
    path: str
    text: str
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Browser:
    """One person's browser; it says of its forms what a browser says."""

    session: aiohttp.ClientSession
    site: str

    @property
    def own(self) -> dict[str, str]:
        """What a browser says with a form of our own page."""
        return {"Origin": self.site, "Sec-Fetch-Site": "same-origin"}

    async def get(self, path: str) -> Answer:
        """Open a page."""
        async with self.session.get(path) as answer:
            return await _answer(answer)

    async def post(
        self, path: str, form: dict[str, str], headers: dict[str, str] | None = None
    ) -> Answer:
        """Send a form as it is given."""
        said = self.own if headers is None else headers
        async with self.session.post(path, data=form, headers=said) as answer:
            return await _answer(answer)

    async def sign_in(self, name: str, password: str = PASSWORD, to: str = "") -> Answer:
        """Sign in."""
        form = {"sign_in": name, "password": password, "to": to}
        return await self.post("/cases/sign-in", form)

    async def hidden(self, reference: str, action: str = "") -> dict[str, str]:
        """What the forms of a case's page carry as it is now, or the form of one action."""
        text = (await self.get(f"/cases/{reference}")).text
        _, start, form = text.partition(f'action="/cases/{reference}/{action}"')
        if start:
            text = form.partition("</form>")[0]
        names = ("form_token", "version")
        return {name: _value(name, text) for name in names}

    async def press(self, reference: str, action: str, **fields: str) -> Answer:
        """Open a case's page, fill in the form of an action and press its button."""
        return await self.post(
            f"/cases/{reference}/{action}", await self.hidden(reference, action) | fields
        )


async def _answer(answer: aiohttp.ClientResponse) -> Answer:
    text = await answer.text()
    return Answer(answer.status, answer.url.path_qs, text, dict(answer.headers))


def _value(name: str, text: str) -> str:
    found = re.findall(rf'name="{name}" value="(\w+)"', text)
    # The form of signing out comes first and belongs to the same session.
    return found[-1] if found else ""
