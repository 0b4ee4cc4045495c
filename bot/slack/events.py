"""Posts that are enquiries: kept with their job, and only then acknowledged.

Bolt acknowledges an event before its listener runs. What must be committed first is therefore
done in a listener's middleware, which runs before that: where it fails, Slack hears 503 (or
nothing, over a socket) and sends the event again.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal

import structlog
from slack_bolt import BoltContext, BoltResponse
from slack_bolt.async_app import AsyncApp

from bot.slack.incoming import (
    Post,
    is_talk,
    mentioned,
    officers_word,
    storable,
    with_officers_word,
    with_piece,
)
from bot.slack.people import People
from handlers.errors import StoreUnavailableError
from handlers.slack_posts import Kept, add_to_untriaged, keep_post
from handlers.slack_threads import Thread, keep_officers_word, thread_at
from handlers.unit import Store

log = structlog.get_logger(__name__)

SECONDS = 2.5
"""Longest wait for the commit: Slack gives three seconds, then sends the event again."""
WRITTEN_BY_PEOPLE = frozenset({None, "file_share", "thread_broadcast"})
"""Subtypes of posts; every other tells of edits, joins, bots and the like."""
MOST_NAMES = 10

Next = Callable[[], Awaitable[BoltResponse | None]]


@dataclass(frozen=True, slots=True)
class Events:
    """Listens to posts.

    In `enquiry_channels` every post is an enquiry; in the `case_channels` officers talk.
    """

    store: Store
    people: People
    enquiry_channels: frozenset[str]
    case_channels: frozenset[str]

    def register(self, app: AsyncApp) -> None:
        """Have Bolt bring posts here, and acknowledge whatever else Slack tells."""
        app.event("message", middleware=[self.keep_if_asked])(acknowledged)
        app.event("app_mention", middleware=[self.keep_mention])(acknowledged)

    async def keep_if_asked(
        self,
        event: dict[str, Any],
        context: BoltContext,
        next: Next,  # noqa: A002  Bolt's name
    ) -> BoltResponse | None:
        """Keep a post in an enquiry channel, in a direct message, or in an enquiry's thread."""
        if not is_written_by_a_person(event) or event.get("channel") in self.case_channels:
            return await next()
        return await self._keep(event, context, next, addressed=event.get("channel_type") == "im")

    async def keep_mention(
        self,
        event: dict[str, Any],
        context: BoltContext,
        next: Next,  # noqa: A002  Bolt's name
    ) -> BoltResponse | None:
        """Keep a post that speaks to us by name; its message event may come as well."""
        if not is_written_by_a_person(event) or event.get("channel") in self.case_channels:
            return await next()
        return await self._keep(event, context, next, addressed=True)

    async def _keep(
        self, event: dict[str, Any], context: BoltContext, go_on: Next, *, addressed: bool
    ) -> BoltResponse | None:
        try:
            async with asyncio.timeout(SECONDS):
                await self._heard(event, context.bot_user_id, addressed=addressed)
        except (StoreUnavailableError, TimeoutError) as error:
            log.warning("a post was not kept; Slack will send it again", error=repr(error))
            return BoltResponse(status=503, body="try again")
        return await go_on()

    async def _heard(self, event: dict[str, Any], bot: str | None, *, addressed: bool) -> None:
        """Keep a question, or what an officer says to the one who asked; leave all other talk."""
        writer, root = event["user"], event.get("thread_ts")
        if root is None or root == event["ts"]:
            if addressed or await self._asks(event, bot):
                await self._commit(event, bot)
            return
        async with self.store.unit() as unit:
            thread = await thread_at(unit, event["channel"], root)
        if thread is None:
            if addressed:
                await self._commit(event, bot)
        elif writer == thread.asker:
            await self._commit(event, bot)
        elif writer == thread.owner or await self.people.is_named_officer(writer):
            await self._take_over(event, thread, bot)
        elif addressed or thread.has_case or thread.untriaged:
            await self._commit(event, bot)

    async def _asks(self, event: dict[str, Any], bot: str | None) -> bool:
        """Whether a post of its own in a channel may be a question to us."""
        if event["channel"] not in self.enquiry_channels:
            return False
        by_officer = await self.people.is_named_officer(event["user"])
        return not is_talk(str(event.get("text") or ""), bot, by_officer=by_officer)

    async def _take_over(self, event: dict[str, Any], thread: Thread, bot: str | None) -> None:
        """An officer talks to the enquirer by hand: from now on we say nothing there."""
        person = await self.people.person(event["user"])
        post = await post_of(event, person.name, bot, self.people)
        async with self.store.unit() as unit:
            if thread.untriaged is not None:
                raw = post.model_dump_json().encode()
                if await add_to_untriaged(unit, thread.untriaged, raw, with_officers_word):
                    return
                # It was triaged this moment.
                thread = await thread_at(unit, event["channel"], post.thread) or thread
            if thread.enquiry_id is not None:
                await keep_officers_word(unit, thread.enquiry_id, officers_word(post))
        log.info("an officer took a thread over", channel=post.channel, ts=post.ts)

    async def _commit(self, event: dict[str, Any], bot: str | None) -> None:
        await keep(event, bot, self.store, self.people)


async def keep(
    event: dict[str, Any], bot: str | None, store: Store, people: People
) -> Literal["kept", "known", "by a bot"]:
    """Keep what a message event tells as a question. Raises StoreUnavailableError."""
    person = await people.person(event["user"])
    if person.is_bot:
        return "by a bot"
    post = await post_of(event, person.name, bot, people)
    kept = Kept(
        channel=post.channel,
        ts=post.ts,
        user=post.user,
        raw=post.model_dump_json().encode(),
        thread=post.thread_ts if post.is_reply else None,
    )
    new = await keep_post(store, kept, with_piece)
    log.info("post kept" if new else "post is here already", channel=post.channel, ts=post.ts)
    return "kept" if new else "known"


async def post_of(event: dict[str, Any], name: str, bot: str | None, people: People) -> Post:
    """What triage needs of an event."""
    text = str(event.get("text") or "")
    members = [one for one in mentioned(text) if one != bot][:MOST_NAMES]
    return Post(
        channel=event["channel"],
        ts=event["ts"],
        thread_ts=event.get("thread_ts"),
        user=event["user"],
        user_name="" if name == event["user"] else name,
        text=text,
        bot=bot,
        names={one: (await people.person(one)).name for one in members},
        attachments=tuple(_file(one) for one in event.get("files") or ()),
    )


def is_written_by_a_person(event: dict[str, Any]) -> bool:
    """Whether an event tells of a new post, and one that no app wrote."""
    complete = all(isinstance(event.get(name), str) for name in ("user", "channel", "ts"))
    return complete and event.get("subtype") in WRITTEN_BY_PEOPLE and not event.get("bot_id")


async def acknowledged() -> None:
    """Nothing is left to do: Bolt has acknowledged."""


def register_rest(app: AsyncApp) -> None:
    """Acknowledge events that nobody here asked for; Slack would send them again for ever."""
    app.event(re.compile(".*"))(acknowledged)


def _file(told: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": storable(str(told.get("name") or "")),
        "type": storable(str(told.get("mimetype") or "")),
        "size": int(told.get("size") or 0),
        "slack_file": storable(str(told.get("id") or "")),
    }
