"""What `/triage` finds for who asks and nobody else: cases by their words, one case, figures."""

from dataclasses import dataclass

from bot.slack.answers import Said
from bot.slack.bars import today_text, week_chart
from bot.slack.blocks import context, plain_text_header, section
from bot.slack.case_lines import card_address, line_text, linked
from bot.slack.mrkdwn import escape, fit
from bot.slack.people import People
from bot.slack.views import card, card_text
from handlers.case_background import Behind
from handlers.case_queue import line_of
from handlers.case_reference import named, reference_in
from handlers.case_search import Hits, asked, search
from handlers.case_view import case_view
from handlers.metrics import By, volumes
from handlers.periods import LONDON, latest
from handlers.summary import summary
from handlers.unit import Store

MOST_HITS = 8
DAYS = 7
WHAT_TO_SEARCH = "What shall be looked for? For instance `/triage search SACT yesterday`."
WHICH_TO_SHOW = "Which one? For instance `/triage show ENQ-7K3MQD-4T9P`."


@dataclass(frozen=True, slots=True)
class Lookups:
    """Reads what is asked for, and draws it."""

    store: Store
    people: People
    behind: Behind

    async def search(self, text: str) -> Said:
        """Cases that hold these words; `today` and `yesterday` are days on which they came."""
        async with self.store.unit() as unit:
            now = await unit.now()
            wanted = asked(text, today=now.astimezone(LONDON).date())
            if not wanted.words and wanted.day is None:
                return Said(WHAT_TO_SEARCH)
            hits = await search(unit, wanted, limit=MOST_HITS)
        workspace = await self.people.workspace_url()
        lines = [section(line_text(one, workspace, now)) for one in hits.cases]
        words = f"{_how_many(hits)} for “{fit(text, 200)}”"
        return Said(words, [section(f"*{words}*"), *lines])

    async def show(self, text: str) -> Said:
        """One case as its card has it, its buttons included."""
        reference = reference_in(text)
        if reference is None:
            return Said(WHICH_TO_SHOW)
        async with self.store.unit() as unit:
            found = await named(unit, reference)
            if found is None:
                return Said(f"There is no enquiry {escape(reference)}.")
            if found.case_id is None:
                return Said(f"{escape(reference)} was answered or recorded without a case.")
        return await self.card_of(found.case_id)

    async def card_of(self, case_id: int) -> Said:
        """The same by the case's number. Raises UnknownCase."""
        async with self.store.unit() as unit:
            case = await case_view(unit, case_id)
            known = await self.behind.read(unit, case)
            line = await line_of(unit, case_id)
        address = card_address(line, await self.people.workspace_url())
        where = [context(linked("The card in its channel", address))] if address else []
        return Said(card_text(case, known), [*card(case, known), *where])

    async def stats(self) -> Said:
        """Today in numbers, and the messages of the last days."""
        async with self.store.unit() as unit:
            today = await summary(unit, latest(1))
            week = await volumes(unit, latest(DAYS), (By.DAY,))
        words = today_text(today)
        return Said(words, [plain_text_header("Today"), section(words), *week_chart(week)])


def _how_many(hits: Hits) -> str:
    number = len(hits.cases)
    if not number:
        return "No case was found"
    shown = f"The first {number} cases" if hits.more else f"{number} case{'s' * (number > 1)}"
    return shown if hits.all_words else f"No case holds all the words; {shown} with some of them"
