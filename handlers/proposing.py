"""An officer proposes that guidance be written: their reply becomes the draft of an article.

It stands among the gaps of this week, on the knowledge owner's page, from where an article begins.
"""

import asyncio

from sqlalchemy import select

from handlers.case_life import Action
from handlers.cases import Press, advance, begin
from handlers.errors import NotAllowed
from handlers.gaps import today_of
from handlers.knowledge_tables import Gap, GapState
from handlers.tables import Case
from handlers.uncovered import Escalated, escalated_by_id, with_replies
from handlers.unit import Unit
from handlers.weeks import Week
from triage.gap_draft import Asked, draft, questions_of
from triage.masking import mask

LONGEST_TITLE = 100
LONGEST_NOTE = 1000


async def propose_article(unit: Unit, press: Press, title: str, note: str) -> Case:
    """Have the case stand among the gaps, with what officers replied as a draft.

    Raises NotAllowed, also where it stands there already.
    """
    case = await begin(unit, press, Action.PROPOSE_ARTICLE)
    words, why = mask(" ".join(title.split())), mask(note.strip())
    if not words or len(words) > LONGEST_TITLE:
        raise NotAllowed(f"Please say in up to {LONGEST_TITLE} characters what it is to be about.")
    if len(why) > LONGEST_NOTE:
        raise NotAllowed(f"The note has at most {LONGEST_NOTE:,} characters.")
    same = await unit.session.execute(select(Gap.id).where(Gap.enquiries == [case.enquiry_id]))
    if same.scalars().first() is not None:
        raise NotAllowed("It was proposed already, and stands among the gaps.")
    found = await with_replies(unit, await escalated_by_id(unit, [case.enquiry_id]))
    if not found:
        raise NotAllowed("Nothing is kept of what was asked, so no article can begin with it.")
    gap = await _gap(unit, found[0], words)
    gap.detail = {"proposed_by": press.officer.name, "proposal": why}
    unit.session.add(gap)
    await unit.session.flush()
    detail = {"gap": gap.id, "title": words, **({"note": why} if why else {})}
    await advance(unit, case, Action.PROPOSE_ARTICLE, press.officer, detail)
    return case


async def _gap(unit: Unit, asked: Escalated, title: str) -> Gap:
    today = await today_of(unit)
    questions = Asked(asked.subject, questions_of(asked.text or asked.subject, asked.people))
    topic = asked.topics[0] if asked.topics else ""
    written = await asyncio.to_thread(
        draft, [title], topic, [questions], asked.replies, today=today, encoder=None
    )
    return Gap(
        week=Week.of(today).monday,
        words=[title],
        enquiries=[asked.id],
        examples=[asked.example],
        draft=written,
        # Not open: what is open is made anew each morning.
        state=GapState.DRAFTED,
    )
