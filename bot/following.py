"""Follows what knowledge owners decide: every process comes to use the articles as they now are."""

import asyncio
from collections.abc import Callable

import structlog

from bot.brain import Brain
from bot.faults import fault
from handlers.articles import articles_in_use, latest_decision
from handlers.errors import StoreUnavailableError
from handlers.unit import Store
from knowledge.articles import Article
from knowledge.library import Library

log = structlog.get_logger(__name__)

LOOK_SECONDS = 2.0


class Following:
    """Puts a new library in the place of the old one, once an article was decided on.

    Args:
        store: where decisions are kept.
        brain: what decides; its library is replaced.
        replaced: told of each library that takes the place of the one before.
    """

    def __init__(self, store: Store, brain: Brain, replaced: Callable[[Library], None]) -> None:
        self._store = store
        self._brain = brain
        self._replaced = replaced
        self._known = 0

    async def look(self) -> bool:
        """Look once; whether there is a new library. One small query where nothing changed.

        Raises StoreUnavailableError.
        """
        async with self._store.statement() as unit:
            latest = await latest_decision(unit)
        if latest == self._known:
            return False
        async with self._store.unit() as unit:
            articles = await articles_in_use(unit)
        library = await asyncio.to_thread(_with_articles, self._brain.library, articles)
        self._brain.library = library
        self._replaced(library)
        # What was decided while the library was made is found by the next look.
        self._known = latest
        log.info("articles follow a decision", decision=latest, passages=len(library.passages))
        return True

    async def go_on(self) -> None:
        """Look until cancelled."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await self.look()
            except StoreUnavailableError:
                continue
            except Exception as error:  # noqa: BLE001 -- the edge of a loop: looking must go on
                log.warning("articles cannot be followed", error=fault(error))


def _with_articles(library: Library, articles: list[Article]) -> Library:
    return library.with_passages([one for article in articles for one in article.passages])
