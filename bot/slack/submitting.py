"""Submissions of modals: what was filled in, and how a refusal is shown below its field."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck

from bot.slack import names
from bot.slack.answers import DATABASE_AWAY
from bot.slack.blocks import Json
from bot.slack.people import People
from handlers.cases import Officer, Press
from handlers.errors import CaseError, NotAllowed, StaleCase, StoreUnavailableError
from handlers.tables import Case
from handlers.unit import Store, Unit

log = structlog.get_logger(__name__)

MOST_ERROR = 300
"""Characters of an error below a field; Slack names no limit."""
SECONDS = 2.5
"""Longest work before an answer: Slack gives three seconds."""

Act = Callable[[Unit, Press, "Given"], Awaitable[Case]]


@dataclass(frozen=True, slots=True)
class Given:
    """What an officer filled in, by field."""

    values: dict[str, Any]
    person: Officer | None = None
    """Whom they chose in the field of that name."""

    @classmethod
    def of(cls, view: Json) -> "Given":
        """What a view holds; a field's block id may be followed by `:` and a number."""
        values = (view.get("state") or {}).get("values") or {}
        return cls(
            {
                str(block).partition(":")[0]: found.get(names.FIELD) or {}
                for block, found in values.items()
            }
        )

    def text(self, name: str = names.FIELD) -> str:
        """What was typed."""
        return str(self._field(name).get("value") or "")

    def chosen(self, name: str = names.FIELD) -> str:
        """The value of the option that was chosen; empty for none."""
        return str((self._field(name).get("selected_option") or {}).get("value") or "")

    def several(self, name: str = names.FIELD) -> list[str]:
        """The values of the options that were chosen."""
        options = self._field(name).get("selected_options") or ()
        return [str(one["value"]) for one in options]

    def moment(self, name: str = names.FIELD) -> datetime:
        """The time that was chosen. Raises NotAllowed where it is none."""
        try:
            return datetime.fromtimestamp(int(self._field(name)["selected_date_time"]), UTC)
        except (KeyError, TypeError, ValueError, OverflowError, OSError):
            raise NotAllowed("Please choose a day and a time.") from None

    def user(self) -> str:
        """The id of the member who was chosen; empty for none."""
        return str(self._field(names.PERSON).get("selected_user") or "")

    def officer(self) -> Officer:
        """The member who was chosen. Raises NotAllowed for none."""
        if self.person is None:
            raise NotAllowed("Please choose somebody.")
        return self.person

    def _field(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = self.values.get(name) or {}
        return found


async def submit(  # noqa: PLR0917 -- a submission, and what does it
    ack: AsyncAck, body: Json, view: Json, store: Store, people: People, act: Act
) -> None:
    """Do what a modal asks for, and close it; a refusal is shown in it, and it stays open."""
    try:
        async with asyncio.timeout(SECONDS):
            seen = names.seen_in(view["private_metadata"])
            officer = await people.officer(body["user"]["id"])
            given = Given.of(view)
            if user := given.user():
                given = Given(given.values, await people.officer(user))
            async with store.unit() as unit:
                await act(unit, Press(seen.case_id, seen.version, officer), given)
    except CaseError as error:
        await refuse(ack, view, refusal(error))
    except (StoreUnavailableError, TimeoutError) as error:
        log.warning("a submission failed", error=repr(error))
        await refuse(ack, view, DATABASE_AWAY)
    else:
        await ack()


def refusal(error: CaseError) -> str:
    """Why a form was refused. One that was opened on an older case stays so however often sent."""
    if not isinstance(error, StaleCase):
        return str(error)
    return (
        f"This case changed in the meantime: {error.what_changed}. Nothing was done. Please copy"
        " what you wrote, close this form, and open it again from the card."
    )


async def refuse(ack: AsyncAck, view: Json, why: str) -> None:
    """Show why below the modal's first field."""
    words = why if len(why) <= MOST_ERROR else why[: MOST_ERROR - 1] + "…"
    inputs = [one for one in view.get("blocks") or () if one.get("type") == "input"]
    block_id = str(inputs[0]["block_id"]) if inputs else names.FIELD
    await ack(response_action="errors", errors={block_id: words})
