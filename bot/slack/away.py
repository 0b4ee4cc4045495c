"""`/triage away` and `/triage back`: who is on leave, and what becomes of their cases."""

import re
from dataclasses import dataclass
from datetime import date

from bot.slack.mrkdwn import escape
from bot.slack.people import People
from handlers.absences import absences, come_back, go_away
from handlers.assigning import hand_over_all
from handlers.cases import Officer
from handlers.errors import NotAllowed
from handlers.roster import Assigning, Roster
from handlers.unit import Store

_MEMBER = re.compile(r"<@([A-Z0-9]+)(?:\|[^>]*)?>")
HOW = "Please give the last day, as `/triage away 2026-12-24`."


@dataclass(frozen=True, slots=True)
class Away:
    """Does what the two words say."""

    store: Store
    people: People
    roster: Roster

    async def away(self, words: str, by: Officer) -> str:
        """Who is away; or that somebody is from now on, and to how many others their cases went."""
        if not words.strip():
            return await self._listed()
        officer = await self._whom(words, by)
        until = _day(_MEMBER.sub("", words).strip())
        async with self.store.unit() as unit:
            await go_away(unit, officer, until, by)
            went, stay = await hand_over_all(unit, officer.id, self.roster)
        said = f"{escape(officer.name)} is away up to {until:%d %b %Y} and is given no new case."
        if went:
            said += f" {went} of their cases went to others."
        if stay:
            said += f" {stay} stay with them; please hand them over."
        return said

    async def back(self, words: str, by: Officer) -> str:
        """That somebody is there again."""
        officer = await self._whom(words, by)
        if officer.id != by.id and not by.leads:
            raise NotAllowed("Only a lead can say that somebody else is back.")
        async with self.store.unit() as unit:
            were_away = await come_back(unit, officer)
        name = escape(officer.name)
        return f"{name} is back." if were_away else f"{name} was not away."

    async def _listed(self) -> str:
        async with self.store.unit() as unit:
            away = await absences(unit)
        lines = [f"• {escape(one.name)}, up to {one.until:%d %b %Y}" for one in away]
        if self.roster.how is Assigning.OFF:
            lines.append("_Cases are not given out by themselves here; officers claim them._")
        return "\n".join(["*Away today*" if away else "Nobody is away.", *lines])

    async def _whom(self, words: str, by: Officer) -> Officer:
        found = _MEMBER.search(words)
        return await self.people.officer(found[1]) if found else by


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotAllowed(HOW) from None
