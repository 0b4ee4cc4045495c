"""A knowledge owner writes field by field: a new article begins, or one that is there changes.

Either way a draft is kept, as `handlers.article_decisions` keeps any.
"""

import asyncio
from dataclasses import dataclass

from handlers.article_decisions import MOST_AUTHOR, MOST_NOTE, Deciding, Seen, save_draft
from handlers.articles import record
from handlers.errors import UnknownArticleError
from handlers.gap_actions import note_begun
from handlers.knowledge_tables import ArticleEvent, Gap
from handlers.unit import Unit
from knowledge.article_checks import Fault, FaultsError, checked, named
from knowledge.articles import Article
from knowledge.editing import drafted
from knowledge.typed_article import TypedArticle, TypedPassage, typed_of

RESERVED = frozenset({"new"})
"""Names that an address of the pages has already."""


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes, and why."""

    author: str
    note: str = ""


async def begin(
    unit: Unit, typed: TypedArticle, writer: Writer, gap: int | None = None
) -> ArticleEvent:
    """Keep the first draft of an article; `gap` is the one whose draft it began with.

    Raises:
        FaultsError: with every fault of every field.
        DecisionRefusedError: when the draft cannot be kept for another reason.
    """
    ident = named(typed)
    taken = ident in RESERVED or await record(unit, ident) is not None
    where = "id" if typed.id.strip() else "title"
    more = [Fault((where,), f"There is an article {ident} already.")] if taken else []
    article = await _checked(unit, typed, 1, writer, more=more)
    deciding = Deciding(ident, Seen(0, 0), writer.author, writer.note)
    event = await save_draft(unit, deciding, article.text)
    if gap is not None:
        await note_begun(unit, gap, ident)
    return event


async def change(unit: Unit, typed: TypedArticle, writer: Writer, seen: Seen) -> ArticleEvent:
    """Keep a draft of an article that is there, as it was `seen`.

    Raises:
        FaultsError: with every fault of every field.
        UnknownArticleError: when there is no such article.
        StaleDecisionError: when the article changed since it was seen.
        DecisionRefusedError: when the draft cannot be kept for another reason.
    """
    one = await record(unit, typed.id)
    if one is None:
        raise UnknownArticleError(typed.id)
    if Seen.of(one) == seen:
        base = drafted(one.newest, one.next_version)
        text = (await _checked(unit, typed, one.next_version, writer, base=base)).text
    else:
        text = ""  # not looked at: what changed is said first
    return await save_draft(unit, Deciding(typed.id, seen, writer.author, writer.note), text)


async def first_draft(unit: Unit, gap: int) -> TypedArticle | None:
    """What an article begins with that is to close a gap; None where the gap is not there."""
    found = await unit.session.get(Gap, gap)
    if found is None:
        return None
    if found.draft:
        return await asyncio.to_thread(typed_of, found.draft)
    # No officer has replied yet: it begins with how people asked.
    asked = tuple(" ".join(one.split()) for one in found.examples)
    title = ", ".join(found.words[:3]).capitalize()
    return TypedArticle(title=title, passages=(TypedPassage(questions=asked),))


async def _checked(
    unit: Unit,
    typed: TypedArticle,
    version: int,
    writer: Writer,
    *,
    base: str = "",
    more: list[Fault] | None = None,
) -> Article:
    faults = [*_faults_of(writer), *(more or ())]
    today = (await unit.now()).date()
    try:
        article = await asyncio.to_thread(checked, typed, version, today, base)
    except FaultsError as error:
        raise FaultsError([*error.faults, *faults]) from None
    if faults:
        raise FaultsError(faults)
    return article


def _faults_of(writer: Writer) -> list[Fault]:
    found = []
    if not writer.author.strip():
        found.append(Fault(("author",), "Give your name: it is kept with the draft."))
    for name, value, most in (
        ("author", writer.author, MOST_AUTHOR),
        ("note", writer.note, MOST_NOTE),
    ):
        if len(value) > most:
            found.append(Fault((name,), f"This is longer than {most:,} characters."))
    return found
