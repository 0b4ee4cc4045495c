"""Gaps in what is known, week by week: made anew, but for those that a person has touched."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, func, select

from handlers.knowledge_tables import Gap, GapState
from handlers.periods import LONDON
from handlers.uncovered import Escalated, escalated, uncovered
from handlers.unit import Unit
from handlers.weeks import Week
from knowledge.library import Library
from knowledge.search import Encode
from triage.gap_draft import Asked, draft, questions_of
from triage.gaps import FEWEST, cluster, farthest, represent

MOST_EXAMPLES = 3
EXAMPLE_CHARACTERS = 400


@dataclass(frozen=True, slots=True)
class Found:
    """A gap as the enquiries of a week show it, before it is kept."""

    enquiries: tuple[int, ...]
    words: tuple[str, ...]
    examples: tuple[str, ...]
    draft: str


async def touched(unit: Unit, week: Week) -> set[int]:
    """Enquiries of gaps of this week that a person has done something with."""
    rows = await unit.session.execute(
        select(Gap.enquiries).where(Gap.week == week.monday, Gap.state != GapState.OPEN)
    )
    return {enquiry for enquiries in rows.scalars() for enquiry in enquiries}


async def untouched_enquiries(unit: Unit, week: Week) -> list[Escalated]:
    """Enquiries of a week that went to a person and are in no gap that a person has touched."""
    taken = await touched(unit, week)
    return [one for one in await escalated(unit, week.whole) if one.id not in taken]


def find_gaps(
    enquiries: list[Escalated],
    library: Library,
    encoder: Encode | None,
    *,
    floor: float,
    today: date,
) -> list[Found]:
    """The gaps among these enquiries, the largest first. Plain work, for a thread.

    `floor` is the score under which a passage does not carry an answer.
    """
    open_ones = uncovered(enquiries, library, floor)
    # Compared and counted by words that name nobody, so that no name can be a shared word.
    texts = [one.comparable for one in open_ones]
    groups = cluster(texts, represent(texts, encoder), farthest(encoder))
    return [
        _found([open_ones[place] for place in group.members], group.words, encoder, today)
        for group in groups
    ]


async def keep_gaps(unit: Unit, week: Week, found: Sequence[Found]) -> list[Gap]:
    """Keep the gaps of a week, in place of those that nobody has touched; all of the week's.

    One that holds some of the same enquiries is brought up to date and keeps its number.
    """
    name = func.hashtextextended(f"gaps {week.name}", 0)
    await unit.session.execute(select(func.pg_advisory_xact_lock(name)))
    rows = await unit.session.execute(
        select(Gap)
        .where(Gap.week == week.monday, Gap.state == GapState.OPEN)
        .order_by(Gap.id)
        .with_for_update()
    )
    before = list(rows.scalars())
    taken = await touched(unit, week)
    for one in found:
        left = [enquiry for enquiry in one.enquiries if enquiry not in taken]
        if len(left) < FEWEST:
            continue
        gap = _same_as(left, before)
        if gap is None:
            gap = Gap(week=week.monday, state=GapState.OPEN, detail={})
            unit.session.add(gap)
        else:
            before.remove(gap)
        gap.enquiries, gap.words = left, list(one.words)
        gap.examples, gap.draft = list(one.examples), one.draft
    await unit.session.execute(delete(Gap).where(Gap.id.in_([gap.id for gap in before])))
    await unit.session.flush()
    return await gaps_of(unit, week)


async def gaps_of(unit: Unit, week: Week) -> list[Gap]:
    """The gaps of a week, the largest first."""
    rows = await unit.session.execute(
        select(Gap)
        .where(Gap.week == week.monday)
        .order_by(func.cardinality(Gap.enquiries).desc(), Gap.id)
    )
    return list(rows.scalars())


async def weeks_with_gaps(unit: Unit, most: int = 12) -> list[tuple[Week, int]]:
    """The latest weeks in which there were gaps, newest first, and how many nobody has touched."""
    rows = await unit.session.execute(
        select(Gap.week, func.count().filter(Gap.state == GapState.OPEN))
        .group_by(Gap.week)
        .order_by(Gap.week.desc())
        .limit(most)
    )
    return [(Week(monday), number) for monday, number in rows]


async def today_of(unit: Unit) -> date:
    """The service's day, by the database's clock."""
    return (await unit.now()).astimezone(LONDON).date()


def _found(
    enquiries: list[Escalated], words: tuple[str, ...], encoder: Encode | None, today: date
) -> Found:
    """A gap's examples and draft; its enquiries come most typical first."""
    topics = Counter(one.topics[0] for one in enquiries if one.topics)
    questions = [
        Asked(one.subject, questions_of(one.text or one.subject, one.people)) for one in enquiries
    ]
    replies = [reply for one in enquiries for reply in one.replies]
    topic = topics.most_common(1)[0][0] if topics else ""
    return Found(
        enquiries=tuple(one.id for one in enquiries),
        words=words,
        examples=tuple(_example(one) for one in enquiries[:MOST_EXAMPLES]),
        draft=draft(words, topic, questions, replies, today=today, encoder=encoder),
    )


def _example(one: Escalated) -> str:
    """The beginning of what was asked, naming nobody."""
    text = one.example
    if len(text) <= EXAMPLE_CHARACTERS:
        return text
    return text[:EXAMPLE_CHARACTERS].rsplit(" ", 1)[0] + " …"


def _same_as(enquiries: list[int], before: list[Gap]) -> Gap | None:
    """The earlier gap that shares the most of these enquiries."""
    shared: dict[int, int] = {gap.id: len({*gap.enquiries} & {*enquiries}) for gap in before}
    best = max(before, key=lambda gap: (shared[gap.id], -gap.id), default=None)
    return best if best is not None and shared[best.id] else None


def described(gap: Gap) -> dict[str, Any]:
    """A gap for other programs: what it is, without anything that names a person."""
    return {
        "id": gap.id,
        "week": Week(gap.week).name,
        "enquiries": len(gap.enquiries),
        "words": gap.words,
        "examples": gap.examples,
        "draft": gap.draft,
        "state": gap.state,
        "article": gap.article,
        "effect": gap.detail.get("effect"),
    }
