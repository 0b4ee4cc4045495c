"""What an outgoing effect says in Slack, and where; read from the case as it now is."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.article_note import article_note, article_note_text
from bot.slack.blocks import MOST_TEXT, Json, section
from bot.slack.card_thread import delivery_note, later_message
from bot.slack.case_notes import note_text, team_blocks
from bot.slack.clock_notes import is_person, leads_note, thread_note
from bot.slack.letters import answer_blocks, letter_blocks, letter_text
from bot.slack.mail_notes import brake_text, returned_text
from bot.slack.mrkdwn import fit
from handlers.case_view import case_view, message_view, trouble
from handlers.clocks import ClockName
from handlers.feedback_links import WORDS
from handlers.knowledge_tables import Said
from handlers.letters import Letter
from handlers.posting import place_of_card, place_of_enquiry, reference_of
from handlers.reminders import CASES_CHANNEL, IN_THREAD, Stage, owner_of_due
from handlers.tables import Outgoing
from handlers.unit import Store
from triage.decision import Withheld


@dataclass(frozen=True, slots=True)
class Post:
    """A post, complete: where it goes and what it says."""

    channel: str
    thread: str | None
    text: str
    blocks: list[Json]


@dataclass(frozen=True, slots=True)
class NotYet:
    """It cannot be posted before something else is."""

    why: str


@dataclass(frozen=True, slots=True)
class Preparing:
    """Prepares the posts of all kinds but cards, which are also drawn anew."""

    store: Store
    client: AsyncWebClient
    cases_channel: str

    async def prepare(self, outgoing: Outgoing) -> Post | NotYet | None:
        """The post; None where nothing is left to say. Raises what the Web API raises."""
        prepared: dict[str, Callable[[Outgoing], Awaitable[Post | NotYet | None]]] = {
            "message_note": self._message_note,
            "feedback_note": self._feedback_note,
            "delivery_note": self._delivery_note,
            "returned_note": self._returned_note,
            "article_note": self._article_note,
            "brake_note": self._brake_note,
            "clock_note": self._clock_note,
            "case_note": self._case_note,
            "team_note": self._team_note,
        }
        return await prepared.get(outgoing.kind, self._letter)(outgoing)

    async def _article_note(self, outgoing: Outgoing) -> Post:
        one = Withheld.model_validate(outgoing.payload)
        return Post(self.cases_channel, None, article_note_text(one), article_note(one))

    async def _brake_note(self, outgoing: Outgoing) -> Post:
        text = brake_text(outgoing.payload["mails"], outgoing.payload["minutes"])
        return Post(self.cases_channel, None, text, [section(text)])

    async def _case_note(self, outgoing: Outgoing) -> Post | NotYet:
        said = outgoing.payload
        async with self.store.unit() as unit:
            place = await place_of_card(unit, said["case_id"])
        if place is None:
            return NotYet("the card is not posted yet")
        text = note_text(said["said"], said["by"], said["to"], said["text"])
        return Post(place.channel, place.thread, text, [section(text)])

    async def _team_note(self, outgoing: Outgoing) -> Post:
        said = outgoing.payload
        async with self.store.unit() as unit:
            case = await case_view(unit, said["case_id"])
        text = f"{fit(said['by'], 300)} passes {case.reference} on to you"
        return Post(said["channel"], None, text, team_blocks(case, said["by"], said["text"]))

    async def _message_note(self, outgoing: Outgoing) -> Post | NotYet | None:
        async with self.store.unit() as unit:
            message = await message_view(unit, outgoing.payload["message_id"])
            place = await place_of_card(unit, outgoing.payload["case_id"])
        if message is None:
            return None
        if place is None:
            return NotYet("the card is not posted yet")
        text = fit(f"The enquirer wrote: {message.text}", MOST_TEXT)
        return Post(place.channel, place.thread, text, later_message(message))

    async def _feedback_note(self, outgoing: Outgoing) -> Post | NotYet:
        async with self.store.unit() as unit:
            place = await place_of_card(unit, outgoing.payload["case_id"])
        if place is None:
            return NotYet("the card is not posted yet")
        pressed = WORDS[Said(outgoing.payload["said"])]
        text = f"The enquirer pressed «{pressed}» below our answer."
        return Post(place.channel, place.thread, text, [section(text)])

    async def _delivery_note(self, outgoing: Outgoing) -> Post | None:
        case_id = outgoing.payload["case_id"]
        async with self.store.unit() as unit:
            problem = await trouble(unit, outgoing.payload["outgoing_id"])
            place = None if case_id is None else await place_of_card(unit, case_id)
            reference = await reference_of(unit, outgoing.enquiry_id)
        if problem is None:
            return None
        text = fit(f"A mail to {problem.recipient} needs a decision ({reference})", MOST_TEXT)
        blocks = delivery_note(problem, reference)
        if place is None:
            return Post(self.cases_channel, None, text, blocks)
        return Post(place.channel, place.thread, text, blocks)

    async def _returned_note(self, outgoing: Outgoing) -> Post:
        case_id = outgoing.payload["case_id"]
        address, kind, status = f"{outgoing.payload['said']} ".split(" ", 2)
        async with self.store.unit() as unit:
            place = None if case_id is None else await place_of_card(unit, case_id)
            reference = await reference_of(unit, outgoing.enquiry_id)
        text = returned_text(address, status.strip(), reference, for_good=kind == "failed")
        channel, thread = (place.channel, place.thread) if place else (self.cases_channel, None)
        return Post(channel, thread, text, [section(text)])

    async def _clock_note(self, outgoing: Outgoing) -> Post | NotYet | None:
        case_id, told = outgoing.payload["case_id"], outgoing.payload["place"]
        async with self.store.unit() as unit:
            owner = await owner_of_due(unit, case_id, ClockName(outgoing.payload["clock"]))
            card = await place_of_card(unit, case_id)
        if owner is None:
            return None
        said, stage = outgoing.payload["said"], Stage(outgoing.payload["stage"])
        if told != IN_THREAD:
            text = leads_note(said, stage, owner.reference, owner.officer_name)
            return Post(await self._channel(told), None, text, [section(text)])
        if card is None:
            return NotYet("the card is not posted yet")
        text = thread_note(said, stage, owner.officer)
        return Post(card.channel, card.thread, text, [section(text)])

    async def _channel(self, told: str) -> str:
        """The channel to post to; with a person it is the direct message."""
        if told == CASES_CHANNEL:
            return self.cases_channel
        if not is_person(told):
            return told
        answer = await self.client.conversations_open(users=told)
        return str(answer["channel"]["id"])

    async def _letter(self, outgoing: Outgoing) -> Post:
        letter = Letter.model_validate(outgoing.payload)
        text = letter_text(letter)
        async with self.store.unit() as unit:
            place = await place_of_enquiry(unit, outgoing.enquiry_id)
        if place is not None:
            answers = letter.template == "answer"
            blocks = answer_blocks(text, outgoing.id) if answers else letter_blocks(text)
            return Post(place.channel, place.thread, text, blocks)
        # The place is not known of a message that could not be read: its writer is told directly.
        answer = await self.client.conversations_open(users=letter.to)
        return Post(str(answer["channel"]["id"]), None, text, letter_blocks(text))
