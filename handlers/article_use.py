"""How often articles were used in answers, and how often those helped."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select, true
from sqlalchemy.dialects.postgresql import JSONB

from handlers.knowledge_tables import Feedback, Said
from handlers.outbox import ago, first_since
from handlers.tables import Outgoing
from handlers.unit import Unit

PERIOD = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Use:
    """One article's part in the answers of the period."""

    answers: int = 0
    helped: int = 0
    """Answers of which the enquirer said yes."""
    judged: int = 0
    """Answers of which the enquirer said anything."""


async def article_use(unit: Unit, only: str | None = None) -> Mapping[str, Use]:
    """Of each article that was used, or of one: in how many answers, and what was said of them."""
    first = await first_since(unit, await unit.now() - PERIOD)
    parts = func.jsonb_array_elements(
        Outgoing.payload["content"]["parts"], type_=JSONB
    ).table_valued("value")
    article = parts.c.value.op("->>")("article")
    used = (
        select(article.label("article"), Outgoing.id.label("outgoing"))
        .select_from(Outgoing)
        .join(parts, onclause=true())
        .where(
            Outgoing.id >= first,
            Outgoing.kind == "answer",
            Outgoing.created_at > ago(PERIOD),
            true() if only is None else article == only,
        )
        .distinct()
        .subquery()
    )
    said = (
        select(
            Feedback.outgoing_id,
            func.bool_and(Feedback.said == Said.YES).label("helped"),
        )
        .where(Feedback.outgoing_id >= first)
        .group_by(Feedback.outgoing_id)
        .subquery()
    )
    rows = await unit.session.execute(
        select(
            used.c.article,
            func.count(),
            func.count().filter(said.c.helped),
            func.count(said.c.outgoing_id),
        )
        .outerjoin(said, said.c.outgoing_id == used.c.outgoing)
        .group_by(used.c.article)
    )
    return {row[0]: Use(answers=row[1], helped=row[2], judged=row[3]) for row in rows}
