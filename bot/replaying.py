"""Replay: what the present model, rules and articles would do with messages decided before."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

from bot.brain import Brain
from bot.long_work import Progress, Report
from handlers.periods import Period
from handlers.replay import Past, past_decisions
from handlers.unit import Store
from triage.decision import Decision, Route
from triage.many import decide_many

MOST_SHOWN = 20
"""Changed messages that are listed for people; the object for machines holds all."""


async def replay(store: Store, brain: Brain, period: Period, progress: Progress) -> Report:
    """Decide the messages of a period once more, send nothing, and say what would change."""
    routes: Counter[tuple[str, str]] = Counter()
    changed: list[dict[str, Any]] = []
    async for past, now in _decided_again(store, brain, period):
        routes[past.route, now.route] += 1
        if not _alike(past, now):
            changed.append(_change(past, now))
        progress("deciding", routes.total(), 0)
    changed.sort(key=lambda one: (not one["now_answered"], one["message"]))
    summary = {
        "messages": routes.total(),
        "model": brain.model_identity,
        "unchanged": routes.total() - len(changed),
        "routes": {f"{before} to {after}": number for (before, after), number in routes.items()},
        "changed": changed,
    }
    return Report(summary, _lines(summary, period))


async def _decided_again(
    store: Store, brain: Brain, period: Period
) -> AsyncIterator[tuple[Past, Decision]]:
    async for batch in past_decisions(store, period):
        messages = [one.message for one in batch]
        decisions = await asyncio.to_thread(decide_many, messages, brain.model, brain.library)
        for pair in zip(batch, decisions, strict=True):
            yield pair


def _alike(past: Past, now: Decision) -> bool:
    same_route = past.route == now.route
    return same_route and {*past.types} == {*now.types} and {*past.flags} == {*now.flags}


def _change(past: Past, now: Decision) -> dict[str, Any]:
    return {
        "message": past.id,
        "reference": past.reference,
        "then": {"route": past.route, "types": past.types, "flags": past.flags},
        "now": {"route": now.route, "types": now.types, "flags": now.flags},
        "now_answered": now.route is Route.ANSWER and past.route != Route.ANSWER,
        "reasons": [reason.text for reason in now.reasons],
        "decided_by": past.model,
    }


def _lines(summary: dict[str, Any], period: Period) -> list[str]:
    """What would newly be answered comes first: that is where a mistake would be unsafe."""
    lines = [
        f"{summary['messages']} messages decided from {period.first} to {period.last}",
        f"decided again by model {summary['model']}; as before: {summary['unchanged']}",
    ]
    lines += [f"  {route}: {number}" for route, number in sorted(summary["routes"].items())]
    for one in summary["changed"][:MOST_SHOWN]:
        then, now = (f"{one[when]['route']} ({', '.join(one[when]['types'])})" for when in _WHEN)
        lines.append(f"{one['reference']}: {then}, now {now}: {'; '.join(one['reasons'])}")
    more = len(summary["changed"]) - MOST_SHOWN
    return [*lines, f"and {more} more (--json lists all)"] if more > 0 else lines


_WHEN = ("then", "now")
