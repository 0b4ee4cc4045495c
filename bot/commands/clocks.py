"""`triagebot case clocks`: by when a case is due, and how that was counted."""

import asyncio
from typing import Any

from bot.commands.shared import load_settings, opened_store, print_json
from bot.long_work import CommandError
from handlers.clock_reading import clocks_of_reference
from handlers.clock_words import arithmetic, in_few_words
from handlers.clocks import Clock
from handlers.targets import ClockRules


def clocks_command(reference: str, *, as_json: bool) -> None:
    """Show the clocks of one case with their arithmetic."""
    rules = load_settings().clock_rules()
    shown = asyncio.run(_shown(reference, rules))
    if as_json:
        print_json(shown)
        return
    for one in shown:
        print("\n  ".join(one["arithmetic"]))
    if not shown:
        print("no target is set for such a case, and no statute")


async def _shown(reference: str, rules: ClockRules) -> list[dict[str, Any]]:
    async with opened_store(load_settings()) as store, store.unit() as unit:
        now = await unit.now()
        found = await clocks_of_reference(unit, reference, rules, now)
    if found is None:
        raise CommandError(f"there is no case {reference}")

    def record(clock: Clock) -> dict[str, Any]:
        due = clock.due.isoformat() if clock.due else None
        return {
            "clock": clock.name,
            "state": clock.state,
            "due": due,
            "words": in_few_words(clock, rules, now),
            "arithmetic": arithmetic(clock, rules, now),
        }

    return [record(one) for one in found]
