"""Posts that are enquiries: kept with their job, and only then acknowledged.

Bolt acknowledges an event before its listener runs. What must be committed first is therefore
done in a listener's middleware, which runs before that: where it fails, Slack hears 503 (or
nothing, over a socket) and sends the event again.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import structlog
from slack_bolt import BoltContext, BoltResponse
from slack_bolt.async_app import AsyncApp

from bot.slack.incoming import Post, mentioned, storable
from bot.slack.people import People
from handlers.errors import StoreUnavailableError
from handlers.slack_posts import asker_of_thread, keep_post
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
    """Listens to posts. `enquiry_channels` are those where every post is an enquiry."""

    store: Store
    people: People
    enquiry_channels: frozenset[str]
    cases_channel: str

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
        if not is_written_by_a_person(event) or event.get("channel") == self.cases_channel:
            return await next()
        return await self._keep(event, context, next, addressed=event.get("channel_type") == "im")

    async def keep_mention(
        self,
        event: dict[str, Any],
        context: BoltContext,
        next: Next,  # noqa: A002  Bolt's name
    ) -> BoltResponse | None:
        """Keep a post that speaks to us by name; its message event may come as well."""
        if not is_written_by_a_person(event) or event.get("channel") == self.cases_channel:
            return await next()
        return await self._keep(event, context, next, addressed=True)

    async def _keep(
        self, event: dict[str, Any], context: BoltContext, go_on: Next, *, addressed: bool
    ) -> BoltResponse | None:
        try:
            async with asyncio.timeout(SECONDS):
                if await self._concerns_us(event, addressed=addressed):
                    await self._commit(event, context.bot_user_id)
        except (StoreUnavailableError, TimeoutError) as error:
            log.warning("a post was not kept; Slack will send it again", error=repr(error))
            return BoltResponse(status=503, body="try again")
        return await go_on()

    async def _concerns_us(self, event: dict[str, Any], *, addressed: bool) -> bool:
        if addressed:
            return True
        thread = event.get("thread_ts")
        if thread is None or thread == event["ts"]:
            return event["channel"] in self.enquiry_channels
        async with self.store.unit() as unit:
            asker = await asker_of_thread(unit, event["channel"], thread)
        if asker is None or asker == event["user"]:
            return asker is not None
        # Officers who talk in an enquirer's thread are not asking.
        return not await self.people.is_named_officer(event["user"])

    async def _commit(self, event: dict[str, Any], bot: str | None) -> None:
        person = await self.people.person(event["user"])
        if person.is_bot:
            return
        post = await self._post(event, person.name, bot)
        new = await keep_post(
            self.store,
            channel=post.channel,
            ts=post.ts,
            user=post.user,
            raw=post.model_dump_json().encode(),
            is_reply=post.is_reply,
        )
        log.info("post kept" if new else "post is here already", channel=post.channel, ts=post.ts)

    async def _post(self, event: dict[str, Any], name: str, bot: str | None) -> Post:
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
            names={one: (await self.people.person(one)).name for one in members},
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
