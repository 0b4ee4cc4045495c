"""Articles as they are in use: the files, and over them what knowledge owners decided since.

The newest approval or retirement of an article wins over its file, and a file of a higher version,
which an upgrade brought, wins over that, but for a retirement: it holds until somebody approves.
A draft is never in use.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import structlog
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on

from handlers.knowledge_tables import ArticleAction, ArticleEvent
from handlers.unit import Unit
from knowledge.articles import Article, ArticleError, parse_article, read_articles
from knowledge.topics import Topic

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Record:
    """One article: the version in use, and the draft that waits for approval."""

    id: str
    used: Article | None
    """What is sent or, retired, no longer sent; None where it was never approved."""
    draft: Article | None
    latest: int
    """The newest decision on it; 0 where there is none."""

    @property
    def newest(self) -> Article:
        """The draft, else what is in use: one of them is there."""
        found = self.draft or self.used
        if found is None:
            raise ValueError(f"article {self.id} has no text")
        return found

    @property
    def topic(self) -> Topic:
        """The topic that it is about."""
        return self.newest.front.topic

    @property
    def next_version(self) -> int:
        """The version that a draft has: that of the waiting one, else the next."""
        if self.draft is not None:
            return self.draft.front.version
        return self.newest.front.version + 1


@cache
def files() -> tuple[Article, ...]:
    """The articles that came with this version of the service, read once. It blocks."""
    return tuple(read_articles())


async def latest_decision(unit: Unit) -> int:
    """The newest decision on any article; 0 before the first. Cheap: it reads one index entry."""
    row = await unit.session.execute(select(func.max(ArticleEvent.id)))
    return row.scalar_one() or 0


async def has_tables(unit: Unit) -> bool:
    """Whether the database is one in which decisions on articles can be kept."""
    row = await unit.session.execute(select(func.to_regclass(ArticleEvent.__tablename__)))
    return row.scalar_one() is not None


async def records(unit: Unit) -> dict[str, Record]:
    """All articles, by id."""
    events = await _newest(unit)
    return await asyncio.to_thread(_records, events)


async def record(unit: Unit, article: str) -> Record | None:
    """One article; None where there is none of this id."""
    events = await _newest(unit, article)
    return (await asyncio.to_thread(_records, events, article)).get(article)


async def articles_in_use(unit: Unit) -> list[Article]:
    """What answers are made of, and what was retired, in order of id."""
    found = await records(unit)
    return [one.used for _, one in sorted(found.items()) if one.used is not None]


async def history(unit: Unit, article: str) -> list[ArticleEvent]:
    """The decisions on an article, the newest first."""
    rows = await unit.session.execute(
        select(ArticleEvent).where(ArticleEvent.article == article).order_by(ArticleEvent.id.desc())
    )
    return list(rows.scalars())


async def _newest(unit: Unit, article: str | None = None) -> list[ArticleEvent]:
    """Of each article the newest draft and the newest decision on what is in use."""
    is_draft = ArticleEvent.action == ArticleAction.DRAFTED
    query = (
        select(ArticleEvent)
        .ext(distinct_on(ArticleEvent.article, is_draft))
        .order_by(ArticleEvent.article, is_draft, ArticleEvent.id.desc())
    )
    if article is not None:
        query = query.where(ArticleEvent.article == article)
    return list((await unit.session.execute(query)).scalars())


def _records(events: Sequence[ArticleEvent], only: str | None = None) -> dict[str, Record]:
    shipped = {one.front.id: one for one in files() if only in (None, one.front.id)}
    drafts = {one.article: one for one in events if one.action == ArticleAction.DRAFTED}
    decided = {one.article: one for one in events if one.action != ArticleAction.DRAFTED}
    found = {}
    for ident in {*shipped, *drafts, *decided}:
        used = _in_use(shipped.get(ident), decided.get(ident))
        draft = _waiting(drafts.get(ident), used)
        known = [one.id for one in (drafts.get(ident), decided.get(ident)) if one is not None]
        if used is not None or draft is not None:
            found[ident] = Record(ident, used, draft, max(known, default=0))
    return found


def _in_use(shipped: Article | None, decided: ArticleEvent | None) -> Article | None:
    """What is in use. A retirement holds until somebody approves, whatever an upgrade brings."""
    if decided is None:
        return shipped
    retired = decided.action == ArticleAction.RETIRED
    if shipped is not None and shipped.front.version > decided.version and not retired:
        return shipped
    # A text that this version of the service cannot read is left out, and never what it replaced.
    return _parsed(decided)


def _waiting(drafted: ArticleEvent | None, used: Article | None) -> Article | None:
    if drafted is None or (used is not None and used.front.version >= drafted.version):
        return None
    return _parsed(drafted)


def _parsed(event: ArticleEvent) -> Article | None:
    try:
        return parse_article(event.text, event.article)
    except ArticleError as error:
        log.warning("an article that was decided on cannot be read", error=str(error))
        return None
