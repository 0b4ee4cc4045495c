"""Posting to Slack: one effect, one result, never twice.

An effect is posted with its key as metadata. Where nobody can say whether a post was made, Slack
is asked for that key before it is made again. Slack being away, busy, closed to us or not set up
uses up no tries: the effect waits until Slack is there.
"""

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.channels import CaseChannels
from bot.slack.failures import (
    ERRORS,
    Verdict,
    code_of,
    verdict,
    wait_of,
)
from bot.slack.finding import found_post
from bot.slack.names import metadata
from bot.slack.pauses import BusyError, Pauses
from bot.slack.preparing import NotYet, Post, Preparing
from bot.slack.views import card, card_text
from handlers.case_background import Behind
from handlers.case_view import case_view
from handlers.delivery import AlreadyTaken, Later, Refused, Result, Sent, Take
from handlers.errors import UnknownCase
from handlers.posting import (
    Place,
    forget_card_place,
    is_behind,
    keep_card_place,
    place_of_card,
)
from handlers.similar_cases import PastCases
from handlers.tables import Outgoing
from handlers.targets import ClockRules
from handlers.unit import Store

log = structlog.get_logger(__name__)

IN_DOUBT = "in doubt: "
"""How the kept error begins while a post may or may not have been made."""
IN_CASES_CHANNEL = frozenset(
    {"card", "delivery_note", "article_note", "brake_note", "returned_note", "clock_note"}
)
NOT_CONFIGURED_SECONDS = 60.0
AWAY_SECONDS = 30.0
NOT_LET_IN_SECONDS = 60.0
NOT_YET_SECONDS = 1.0
MOST_REDRAWINGS = 5


class SlackTransport:
    """Does the outgoing effects of the transport `slack`.

    Args:
        store: Where cases are read as they now are.
        client: A client that asks once, or None where Slack is not set up.
        channels: Where cards appear.
        behind: Reads what stands behind a case; by words alone and usual clocks where unset.
        pauses: What Slack asked us to leave alone; of one process, so made here where unset.
    """

    def __init__(
        self,
        store: Store,
        client: AsyncWebClient | None,
        channels: CaseChannels,
        behind: Behind | None = None,
        pauses: Pauses | None = None,
    ) -> None:
        self._store = store
        self._behind = behind or Behind(PastCases(), ClockRules())
        self._client = client
        self._channels = channels
        self._pauses = pauses or Pauses()

    async def deliver(self, outgoing: Outgoing, take_it: Take) -> Result:
        """Post, or draw anew, unless another worker does."""
        homeless = outgoing.kind in IN_CASES_CHANNEL and not self._channels.usual
        if self._client is None or homeless:
            return _wait(outgoing, "Slack is not configured", NOT_CONFIGURED_SECONDS)
        if closed := self._pauses.token_closed():
            return _wait(outgoing, *closed)
        try:
            return await self._deliver(self._client, outgoing, take_it)
        except UnknownCase as error:
            return Refused(str(error))
        except (BusyError, *ERRORS) as error:
            return await self._judged(outgoing, error)

    async def _deliver(self, client: AsyncWebClient, outgoing: Outgoing, take_it: Take) -> Result:
        if (outgoing.error or "").startswith(IN_DOUBT):
            found = await self._search(client, outgoing)
            if found is not None:
                return await self._found(outgoing, found, take_it)
        if outgoing.kind == "card":
            return await self._draw(client, outgoing, take_it)
        return await self._post_once(client, outgoing, take_it)

    async def find(self, outgoing: Outgoing) -> Sent | Later:
        """Ask Slack for the effect's key; where it cannot be asked now, it is asked later."""
        if self._client is None:
            return Later(f"{IN_DOUBT}Slack is not configured", NOT_CONFIGURED_SECONDS)
        try:
            found = await self._search(self._client, outgoing)
        except ERRORS as error:
            busy = verdict(error) is Verdict.BUSY
            return Later(f"{IN_DOUBT}{code_of(error)}", wait_of(error) if busy else AWAY_SECONDS)
        if found is None:
            return Later("Slack does not have it", 0.1)
        await self._keep_place(outgoing, found)
        return Sent(found.thread)

    async def _post_once(self, client: AsyncWebClient, outgoing: Outgoing, take_it: Take) -> Result:
        ready = await self._preparing(client).prepare(outgoing)
        if isinstance(ready, NotYet):
            return _wait(outgoing, ready.why, NOT_YET_SECONDS)
        if ready is not None:
            self._pauses.only_if_free(ready.channel)
        if not await take_it():
            return AlreadyTaken()
        if ready is None:
            return Sent("nothing was left to say")
        return Sent((await self._post(client, outgoing, ready)).thread)

    async def _draw(self, client: AsyncWebClient, outgoing: Outgoing, take_it: Take) -> Result:
        """Draw the card as the case now is, and again if it changed while it was drawn."""
        case_id = outgoing.payload["case_id"]
        async with self._store.unit() as unit:
            behind = await is_behind(unit, outgoing)
            place = await place_of_card(unit, case_id)
        if place is None and behind:
            return _wait(outgoing, "the card is being posted", NOT_YET_SECONDS)
        channel = place.channel if place else await self._channels.of_case(self._store, case_id)
        self._pauses.only_if_free(channel)
        if not await take_it():
            return AlreadyTaken()
        drawn = 0
        for _ in range(MOST_REDRAWINGS):
            async with self._store.unit() as unit:
                case = await case_view(unit, case_id)
                if case.version == drawn and place is not None:
                    break
                known = await self._behind.read(unit, case)
            text, blocks = card_text(case, known), card(case, known)
            if place is None:
                post = Post(channel, None, text, blocks)
                place = await self._post(client, outgoing, post)
                async with self._store.unit() as unit:
                    await keep_card_place(unit, case_id, place)
            else:
                with self._pauses.minding(place.channel):
                    await client.chat_update(
                        channel=place.channel, ts=place.thread, text=text, blocks=blocks
                    )
            drawn = case.version
        return Sent(place.thread if place else "")

    async def _post(self, client: AsyncWebClient, outgoing: Outgoing, post: Post) -> Place:
        with self._pauses.minding(post.channel):
            answer = await client.chat_postMessage(
                channel=post.channel,
                thread_ts=post.thread,
                text=post.text,
                blocks=post.blocks,
                metadata=metadata(outgoing.key),
                unfurl_links=False,
                unfurl_media=False,
            )
        return Place(str(answer.get("channel") or post.channel), str(answer["ts"]))

    async def _judged(self, outgoing: Outgoing, error: Exception) -> Result:
        if asked := self._pauses.asked_by(error):
            return _wait(outgoing, *asked)
        code = code_of(error)
        match verdict(error):
            case Verdict.AWAY:
                return _wait(outgoing, f"Slack is away ({code})", AWAY_SECONDS)
            case Verdict.NOT_LET_IN:
                log.error("Slack does not let us post", error=code, outgoing=outgoing.id)
                return _wait(outgoing, code, NOT_LET_IN_SECONDS)
            case Verdict.REFUSED:
                log.error("Slack refused a post for good", error=code, key=outgoing.key)
                return Refused(code)
            case Verdict.DOUBT:
                return Later(f"{IN_DOUBT}{code}")
        return await self._failed(outgoing, code)

    async def _failed(self, outgoing: Outgoing, code: str) -> Later:
        if outgoing.kind == "card" and code == "message_not_found":
            # Somebody deleted the card: it is posted anew, by whoever is first in line.
            async with self._store.unit() as unit:
                await forget_card_place(unit, outgoing.payload["case_id"])
            return Later("the card was deleted", NOT_YET_SECONDS)
        return Later(code)

    async def _search(self, client: AsyncWebClient, outgoing: Outgoing) -> Place | None:
        """Where the effect's post stands, if Slack has it. A card drawn anew never needs it."""
        if outgoing.kind == "card":
            channel = await self._channels.of_case(self._store, outgoing.payload["case_id"])
            return await found_post(client, Place(channel, ""), outgoing)
        ready = await self._preparing(client).prepare(outgoing)
        if not isinstance(ready, Post):
            return None
        return await found_post(client, Place(ready.channel, ready.thread or ""), outgoing)

    def _preparing(self, client: AsyncWebClient) -> Preparing:
        return Preparing(self._store, client, self._channels.usual)

    async def _found(self, outgoing: Outgoing, found: Place, take_it: Take) -> Result:
        if not await take_it():
            return AlreadyTaken()
        await self._keep_place(outgoing, found)
        return Sent(found.thread)

    async def _keep_place(self, outgoing: Outgoing, found: Place) -> None:
        if outgoing.kind == "card":
            async with self._store.unit() as unit:
                await keep_card_place(unit, outgoing.payload["case_id"], found)


def _wait(outgoing: Outgoing, why: str, seconds: float) -> Later:
    """Slack is not there for anything now; a doubt that was kept stays."""
    doubt = IN_DOUBT if (outgoing.error or "").startswith(IN_DOUBT) else ""
    return Later(f"{doubt}{why}", seconds, counts=False)
