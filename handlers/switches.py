"""What leads switch, and what the machine switches itself: modes of answering, and the brake.

Each setting of a switch is kept with who did it and why; the last one holds. Switches are read
within the transaction that would write, so a brake stops the very next mail of every worker.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

from handlers.cases import Officer
from handlers.errors import NotAllowed
from handlers.mail_tables import SwitchEvent
from handlers.unit import Unit
from triage.decision import EnquiryType

ALL = "*"
BRAKE = "brake"
ON, RELEASED = "on", "released"
LONGEST_NOTE = 500


class Mode(StrEnum):
    """How much the bot does by itself, the least cautious first."""

    AUTOMATIC = "automatic"
    """Answers leave by themselves."""
    APPROVE = "approve"
    """Each answer waits on a case's card until an officer sends it."""
    OFF = "off"
    """Every enquiry becomes a case; what guidance covers is its draft."""
    SHADOW = "shadow"
    """Messages are decided and recorded; nothing leaves and no case is opened."""


@dataclass(frozen=True, slots=True)
class Switches:
    """How everything is switched now."""

    modes: Mapping[str, Mode]
    """By type of enquiry; `*` for all that have none of their own."""
    braked: str | None = None
    """Why automatic mail is stopped; None where it is not."""

    def mode(self, types: Iterable[EnquiryType]) -> Mode:
        """The mode for a message of these types: of several the most cautious."""
        usual = self.modes[ALL]
        if usual is Mode.SHADOW:
            return usual
        found = [self.modes.get(one, usual) for one in types] or [usual]
        return max(found, key=list(Mode).index)


@dataclass(frozen=True, slots=True)
class Setting:
    """One switch to be set: its name, its value, and what is said of it."""

    name: str
    value: str
    note: str = ""


async def switches(unit: Unit, usual: Mode = Mode.AUTOMATIC) -> Switches:
    """How everything is switched; `usual` is the mode where nobody has switched any."""
    rows = await unit.session.execute(
        select(SwitchEvent.name, SwitchEvent.value, SwitchEvent.note)
        .ext(distinct_on(SwitchEvent.name))
        .order_by(SwitchEvent.name, SwitchEvent.id.desc())
    )
    modes, braked = {ALL: usual}, None
    for name, value, note in rows:
        if name == BRAKE:
            braked = note if value == ON else None
        else:
            modes[name.removeprefix("mode:")] = Mode(value)
    return Switches(modes, braked)


async def set_mode(unit: Unit, kind: str, mode: Mode, by: Officer, note: str = "") -> None:
    """Switch the mode, of all or of one type of enquiry.

    Raises NotAllowed where they are no lead, or where only a part would be in shadow: an
    enquiry has several types, and what nobody sees must be the whole or nothing.
    """
    _only_leads(by)
    if kind != ALL and mode is Mode.SHADOW:
        raise NotAllowed("Shadow is for all enquiries or none.")
    await _write(unit, Setting(f"mode:{kind}", mode, note), by)


async def release_brake(unit: Unit, by: Officer, note: str = "") -> None:
    """Let automatic mail leave again. Raises NotAllowed where they are no lead."""
    _only_leads(by)
    await _write(unit, Setting(BRAKE, RELEASED, note), by)


async def stop_mail(unit: Unit, by: Officer, note: str = "") -> None:
    """Have a lead stop automatic mail. Raises NotAllowed where they are no lead."""
    _only_leads(by)
    await brake(unit, note or f"stopped by {by.name}", by)


async def brake(unit: Unit, why: str, by: Officer) -> None:
    """Stop automatic mail until a lead releases it."""
    await _write(unit, Setting(BRAKE, ON, why), by)


def _only_leads(by: Officer) -> None:
    if not by.leads:
        raise NotAllowed("Only leads can switch this.")


async def _write(unit: Unit, setting: Setting, by: Officer) -> None:
    unit.session.add(
        SwitchEvent(
            name=setting.name,
            value=setting.value,
            actor=by.id,
            actor_name=by.name,
            note=setting.note[:LONGEST_NOTE],
        )
    )
    await unit.session.flush()
