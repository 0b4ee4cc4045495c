"""What a knowledge owner decides on an article: a draft is kept, approved, or what is used retired.

A decision is one row, with the whole text and who made it. It waits for answers that are being
written, and they for it, so that none leaves with a passage that was retired before.
"""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from handlers.articles import Record, record
from handlers.errors import DecisionRefusedError, StaleDecisionError, UnknownArticleError
from handlers.freshness import hold_articles
from handlers.knowledge_tables import ArticleAction, ArticleEvent
from handlers.unit import Unit
from knowledge.article_checks import too_few_questions
from knowledge.articles import Article, ArticleError, parse_article
from knowledge.editing import approved, retired

MOST_AUTHOR, MOST_NOTE, MOST_TEXT = 200, 2000, 100_000
PAST_TENSE = {
    ArticleAction.DRAFTED: "saved a draft of",
    ArticleAction.APPROVED: "approved",
    ArticleAction.RETIRED: "retired",
}


class Seen(NamedTuple):
    """What the owner had before them: the newest decision, and the version in use (0: none)."""

    decision: int
    version: int

    @classmethod
    def of(cls, one: Record) -> "Seen":
        """What a page that is made of this record shows."""
        return cls(one.latest, one.used.front.version if one.used else 0)


@dataclass(frozen=True, slots=True)
class Deciding:
    """One decision as it arrives: on which article, as it was seen, by whom, and why."""

    article: str
    seen: Seen
    author: str
    note: str


async def save_draft(unit: Unit, deciding: Deciding, text: str) -> ArticleEvent:
    """Keep a draft; it is not used. An article that is not known yet begins with one.

    Raises:
        DecisionRefusedError: when the text breaks the form, or is not a draft of this article.
        UnknownArticleError: when there is no such article.
        StaleDecisionError: when the article changed since it was seen.
    """
    one = await _begin(unit, deciding, known=False)
    if len(text) > MOST_TEXT:
        raise DecisionRefusedError(f"The text is longer than {MOST_TEXT:,} characters.")
    try:
        draft = parse_article(text, deciding.article)
    except ArticleError as error:
        raise DecisionRefusedError(str(error)) from None
    _check_draft(draft, deciding.article, one.next_version if one else 1)
    return await _keep(unit, deciding, ArticleAction.DRAFTED, draft)


async def approve(unit: Unit, deciding: Deciding) -> ArticleEvent:
    """Put the waiting draft into use, in the owner's name.

    Raises:
        DecisionRefusedError: when no draft waits, or it could not be sent from any day on.
        UnknownArticleError: when there is no such article.
        StaleDecisionError: when the article changed since it was seen.
    """
    one = await _begin(unit, deciding, known=True)
    if one is None or one.draft is None:
        raise DecisionRefusedError("No draft waits for approval. Save one first.")
    now = await unit.now()
    try:
        article = approved(one.draft, deciding.author.strip(), now)
    except ArticleError as error:
        raise DecisionRefusedError(str(error)) from None
    _check_dates(article, now.date())
    return await _keep(unit, deciding, ArticleAction.APPROVED, article)


async def retire(unit: Unit, deciding: Deciding) -> ArticleEvent:
    """Take the version in use out of use; its enquiries go to a person.

    Raises:
        DecisionRefusedError: when none is in use, or no note says why.
        UnknownArticleError: when there is no such article.
        StaleDecisionError: when the article changed since it was seen.
    """
    one = await _begin(unit, deciding, known=True)
    if one is None or one.used is None or one.used.front.status == "retired":
        raise DecisionRefusedError("No version of this article is in use.")
    if not deciding.note.strip():
        raise DecisionRefusedError("Say in the note why it is retired.")
    try:
        article = retired(one.used)
    except ArticleError as error:
        raise DecisionRefusedError(str(error)) from None
    return await _keep(unit, deciding, ArticleAction.RETIRED, article)


async def _begin(unit: Unit, deciding: Deciding, *, known: bool) -> Record | None:
    """The article as it is, with no other decision or answer under way; `known`: it must be."""
    if not deciding.author.strip():
        raise DecisionRefusedError("Give your name: it is kept with the decision.")
    if len(deciding.author) > MOST_AUTHOR or len(deciding.note) > MOST_NOTE:
        raise DecisionRefusedError("The name or the note is too long.")
    await hold_articles(unit, alone=True)
    one = await record(unit, deciding.article)
    if one is None and (known or deciding.seen != Seen(0, 0)):
        raise UnknownArticleError(deciding.article)
    if (Seen.of(one) if one else Seen(0, 0)) != deciding.seen:
        raise StaleDecisionError(await _what_changed(unit, deciding, one))
    return one


async def _what_changed(unit: Unit, deciding: Deciding, one: Record | None) -> str:
    rows = await unit.session.execute(
        select(ArticleEvent)
        .where(ArticleEvent.article == deciding.article, ArticleEvent.id > deciding.seen.decision)
        .order_by(ArticleEvent.id)
    )
    said = [
        f"{event.author} {PAST_TENSE[ArticleAction(event.action)]} version {event.version}"
        + (f" («{event.note}»)" if event.note else "")
        for event in rows.scalars()
    ]
    if not said and one is not None and one.used is not None:
        said.append(f"version {one.used.front.version} came with an upgrade")
    return "; ".join(said) or "what was seen of it is not there"


def _check_draft(draft: Article, article: str, version: int) -> None:
    front = draft.front
    if front.id != article:
        raise DecisionRefusedError(f"id: it is '{front.id}', and must stay '{article}'")
    if front.version != version:
        raise DecisionRefusedError(f"version: it is {front.version}, and must be {version}")
    if front.status != "draft":
        raise DecisionRefusedError("status: it must be 'draft'; approving it changes that")
    if front.approval is not None and front.approval.by is not None:
        raise DecisionRefusedError(
            "approval > by: a draft names no person; who approves it is added then"
        )
    for passage, fault in too_few_questions(draft):
        raise DecisionRefusedError(f"passages > {passage} > questions: {fault}")


def _check_dates(article: Article, today: date) -> None:
    front = article.front
    if front.review_by < today:
        raise DecisionRefusedError(f"review_by: {front.review_by} is past; give a later day")
    if front.effective_until is not None and front.effective_until < today:
        raise DecisionRefusedError(f"effective_until: {front.effective_until} is past")


async def _keep(
    unit: Unit, deciding: Deciding, action: ArticleAction, article: Article
) -> ArticleEvent:
    event = ArticleEvent(
        article=deciding.article,
        version=article.front.version,
        action=action,
        text=article.text,
        sha256=hashlib.sha256(article.text.encode()).hexdigest(),
        author=deciding.author.strip(),
        note=deciding.note.strip(),
    )
    unit.session.add(event)
    await unit.session.flush()
    return event
