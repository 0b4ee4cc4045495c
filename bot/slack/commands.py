"""`/triage`: finding cases, figures, and how the bot is switched. No word is guessed."""

from dataclasses import dataclass

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from bot.slack.answers import DATABASE_AWAY, Said
from bot.slack.away import Away
from bot.slack.blocks import Json
from bot.slack.lookups import Lookups
from bot.slack.mrkdwn import escape
from bot.slack.people import People
from bot.slack.switching import MODES, described, released, switched
from handlers.cases import Officer
from handlers.errors import CaseError, StoreUnavailableError
from handlers.returned import lift
from handlers.switches import ALL, Mode, release_brake, set_mode, switches
from handlers.unit import Store
from triage.decision import EnquiryType

COMMAND = "/triage"
STATS = "stats"
NOT_ALLOWED = "Only case officers can use this."
HELP = "\n".join(
    (
        "*/triage search* _words_: find cases; `today` and `yesterday` name the day they came",
        "*/triage show* _reference_: one case, for you alone",
        "*/triage stats*: today in numbers, and the last seven days",
        "*/triage away* _last day_: you are on leave, and your cases go to others; *back* ends it",
        "*/triage away* @somebody _last day_: the same for leads; *away* alone lists who is",
        "*/triage mode*: how the bot is switched",
        f"*/triage mode* {' | '.join(MODES)} _why_: switch it, for all enquiries",
        "*/triage mode* _type_ automatic | approve | off _why_: for one type: "
        + ", ".join(EnquiryType),
        "*/triage brake release* _why_: let automatic mail leave again",
        "*/triage lift* _address_: let mail go again to an address from which it came back",
    )
)


@dataclass(frozen=True, slots=True)
class Commands:
    """Listens to the slash command. `usual` is the mode where no lead has switched any."""

    store: Store
    people: People
    usual: Mode
    lookups: Lookups
    leave: Away

    def register(self, app: AsyncApp) -> None:
        """Have Bolt bring the command here."""
        app.command(COMMAND)(self.run)

    async def run(self, ack: AsyncAck, command: Json, respond: AsyncRespond) -> None:
        """Do what is asked: what was switched is told to the channel, all else to who asked."""
        await ack()
        said, for_all = Said(NOT_ALLOWED), False
        text = str(command.get("text") or "").strip()
        try:
            officer = await self.people.officer(command["user_id"])
            if officer.may_act:
                said, for_all = await self._done(text, officer)
            elif text.lower() == STATS and await self.people.is_analyst(officer.id):
                said = await self.lookups.stats()
        except CaseError as error:
            said = Said(str(error))
        except StoreUnavailableError:
            said = Said(DATABASE_AWAY)
        response_type = "in_channel" if for_all else "ephemeral"
        await respond(text=said.text, blocks=said.blocks, response_type=response_type)

    async def _done(self, text: str, officer: Officer) -> tuple[Said, bool]:
        """What is said, and whether all of the channel should read it."""
        word, _, rest = text.partition(" ")
        match word.lower():
            case "search":
                return await self.lookups.search(rest), False
            case "show":
                return await self.lookups.show(rest), False
            case "away":
                return Said(await self.leave.away(rest, officer)), False
            case "back":
                return Said(await self.leave.back(rest, officer)), False
            case "stats" if not rest:
                return await self.lookups.stats(), False
        words, for_all = await self._switching(text.split(), officer)
        return Said(words), for_all

    async def _switching(self, words: list[str], officer: Officer) -> tuple[str, bool]:
        match [word.lower() for word in words[:3]]:
            case ["mode"]:
                return await self._shown(), False
            case ["mode", mode, *_] if mode in MODES:
                return await self._switched(officer, ALL, Mode(mode), words[2:]), True
            case ["mode", kind, mode] if kind in [*EnquiryType, ALL] and mode in MODES:
                return await self._switched(officer, kind, Mode(mode), words[3:]), True
            case ["brake", "release", *_]:
                return await self._released(officer, words[2:]), True
            case ["lift", address, *_]:
                return await self._lifted(officer, address), False
        return HELP, False

    async def _shown(self) -> str:
        async with self.store.unit() as unit:
            return described(await switches(unit, self.usual))

    async def _switched(self, officer: Officer, kind: str, mode: Mode, why: list[str]) -> str:
        note = " ".join(why)
        async with self.store.unit() as unit:
            await set_mode(unit, kind, mode, officer, note)
        return switched(officer, kind, mode, note)

    async def _lifted(self, officer: Officer, address: str) -> str:
        # Slack makes a link of an address: <mailto:a@example.org|a@example.org>.
        bare = address.strip("<>").rpartition("|")[2].removeprefix("mailto:")
        async with self.store.unit() as unit:
            reports = await lift(unit, bare, officer)
        if not reports:
            return f"Nothing stands against {escape(bare)}."
        return f"Mail goes to {escape(bare)} again."

    async def _released(self, officer: Officer, why: list[str]) -> str:
        note = " ".join(why)
        async with self.store.unit() as unit:
            await release_brake(unit, officer, note)
        return released(officer, note)
