"""Whether what an answer is made of is still in use, and asking an article's owner where not.

The library that a decision was made with may be some seconds old: the database has the last word,
within the transaction that writes the answer.
"""

import hashlib
from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on

from handlers.knowledge_tables import ArticleAction, ArticleEvent
from handlers.letters import Content
from handlers.notices import note_article
from handlers.tables import Enquiry
from handlers.unit import Unit
from triage.decision import Withheld

_LOCK = func.hashtext("articles")


async def hold_articles(unit: Unit, *, alone: bool) -> None:
    """Until the commit no article is decided on; `alone`: nor is an answer written."""
    lock = func.pg_advisory_xact_lock if alone else func.pg_advisory_xact_lock_shared
    await unit.session.execute(select(lock(_LOCK)))


async def decided_since(unit: Unit, content: Content) -> str | None:
    """Why content may not be sent any more, whatever library it was made with; None where it may.

    Until the commit that stays true.
    """
    versions = {part.article: part.version for part in content.parts}
    if not versions:
        return None
    await hold_articles(unit, alone=False)
    rows = await unit.session.execute(
        select(ArticleEvent.article, ArticleEvent.version, ArticleEvent.action)
        .ext(distinct_on(ArticleEvent.article))
        .where(
            ArticleEvent.article.in_(versions),
            ArticleEvent.action != ArticleAction.DRAFTED,
        )
        .order_by(ArticleEvent.article, ArticleEvent.id.desc())
    )
    for article, version, action in rows:
        if version > versions[article] and action == ArticleAction.APPROVED:
            return f"article {article} was replaced by version {version}"
        if action == ArticleAction.RETIRED:
            return f"article {article} is retired"
    return None


async def ask_owners(unit: Unit, enquiry: Enquiry, withheld: Iterable[Withheld]) -> None:
    """Ask the owner of each article to mend it: once for an article, version and reason."""
    for one in withheld:
        why = hashlib.sha256(one.why.encode()).hexdigest()[:16]
        key = f"article:{one.article}:{one.version}:{why}"
        await note_article(unit, enquiry.id, key, one.model_dump(mode="json"))
