"""App Home drawn: an officer's lists with their filters and pages; no session, no client."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from bot.slack.blocks import Json, button, context, section
from bot.slack.case_lines import line_text
from bot.slack.home_look import ALL, LONGEST_WORDS, Look
from bot.slack.mrkdwn import fit
from bot.slack.views import STATE_NAMES, TYPE_NAMES
from handlers.case_life import UNRESOLVED
from handlers.case_queue import OpenCase, Queue

MOST_LINES = 20
"""Cases of one page; a view takes 100 blocks."""
FIRST_LINES = 5
"""Cases of each list where all are shown."""
LIST_NAMES = {
    Queue.MINE: "My cases",
    Queue.UNCLAIMED: "Unclaimed",
    Queue.TEAM: "My team's",
    Queue.WAITING: "Waiting for enquirers",
    Queue.APPROVALS: "Answers to approve",
}

LIST = "home_list"
"""Action ids begin so; a list's name follows, since ids within a block differ."""
PAGE = "home_page"
KIND, STATE, WORDS, CLEAR = "home_kind", "home_state", "home_words", "home_clear"
FILTERS = "home_filters"
"""Block id of the two menus."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What is shown: how many cases each list holds, and a piece of those that are looked at."""

    look: Look
    counts: Mapping[Queue, int]
    lists: Mapping[Queue, Sequence[OpenCase]]
    workspace: str
    now: datetime
    due: Mapping[int, str] = field(default_factory=dict)
    """What is due next of a case, by its number."""
    lead: Sequence[Json] = field(default=())
    """What leads see besides."""


def home_view(blocks: list[Json], look: Look | None = None) -> Json:
    """The tab with these blocks."""
    return {
        "type": "home",
        "private_metadata": (look or Look()).dumped(),
        "blocks": blocks,
    }


def desk_view(desk: Desk) -> Json:
    """The tab of an officer."""
    look = desk.look
    blocks = [_lists(desk), *_filters(look)]
    if look.queue:
        blocks += _one_list(desk, Queue(look.queue))
    else:
        for queue in Queue:
            blocks += _listed(desk, queue)
            if desk.counts[queue] > FIRST_LINES:
                blocks.append(_all_of(queue, desk.counts[queue]))
        blocks += desk.lead
    return home_view(blocks, look)


def _listed(desk: Desk, queue: Queue) -> list[Json]:
    lines = desk.lists[queue]
    return listed(LIST_NAMES[queue], lines, desk.workspace, now=desk.now, due=desk.due)


def listed(
    title: str,
    lines: Sequence[OpenCase],
    workspace: str,
    *,
    now: datetime | None = None,
    due: Mapping[int, str] = MappingProxyType({}),
) -> list[Json]:
    """One list with its title; no more than fit."""
    header: Json = {"type": "header", "text": {"type": "plain_text", "text": title}}
    if not lines:
        return [header, context("None.")]
    return [
        header,
        *(
            section(line_text(line, workspace, now, due.get(line.id, "")))
            for line in lines[:MOST_LINES]
        ),
    ]


def _one_list(desk: Desk, queue: Queue) -> list[Json]:
    page, total = desk.look.page, desk.counts[queue]
    lines = desk.lists[queue]
    blocks = _listed(desk, queue)
    first = page * MOST_LINES
    if lines:
        shown = f"{first + 1} to {first + len(lines)} of {total}, {_order(queue)} first."
        blocks.append(context(shown))
    turns = [
        *([_page_button("Earlier page", queue, page - 1)] if page else []),
        *([_page_button("Next page", queue, page + 1)] if first + len(lines) < total else []),
        _list_button("All lists", ""),
    ]
    return [*blocks, {"type": "actions", "block_id": "home_pages", "elements": turns}]


def _order(queue: Queue) -> str:
    return "what is due soonest" if queue is Queue.MINE else "the oldest"


def _lists(desk: Desk) -> Json:
    elements = [
        _list_button(
            f"{LIST_NAMES[queue]} ({desk.counts[queue]})", queue, chosen=queue == desk.look.queue
        )
        for queue in Queue
    ]
    return {"type": "actions", "block_id": "home_lists", "elements": elements}


def _all_of(queue: Queue, total: int) -> Json:
    pressed = _list_button(f"See all {total}", queue)
    return {"type": "actions", "block_id": f"home_all_{queue}", "elements": [pressed]}


def _filters(look: Look) -> list[Json]:
    kinds = {ALL: "All types", **{str(kind): name for kind, name in TYPE_NAMES.items()}}
    states = {ALL: "All states", **{str(one): STATE_NAMES[one] for one in UNRESOLVED}}
    menus = [_menu(KIND, kinds, look.kind), _menu(STATE, states, look.state)]
    typed: Json = {
        "type": "plain_text_input",
        "action_id": WORDS,
        "max_length": LONGEST_WORDS,
        "placeholder": {"type": "plain_text", "text": "Name, subject or reference, then Enter"},
        "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
    }
    if look.words:
        typed["initial_value"] = look.words
    words: Json = {
        "type": "input",
        "block_id": WORDS,
        "dispatch_action": True,
        "optional": True,
        "label": {"type": "plain_text", "text": "Show only cases with"},
        "element": typed,
    }
    cleared = [button("Show all again", CLEAR, CLEAR)] if look.is_narrow else []
    note = []
    if look.is_narrow:
        said = [TYPE_NAMES.get(kind, "") for kind in TYPE_NAMES if kind == look.kind]
        said += [STATE_NAMES[one] for one in UNRESOLVED if one == look.state]
        said += [f"«{fit(look.words, 200)}»"] if look.words else []
        note = [context(f"Only: {' · '.join(said)}")]
    return [{"type": "actions", "block_id": FILTERS, "elements": [*menus, *cleared]}, words, *note]


def _menu(action_id: str, choices: Mapping[str, str], chosen: str) -> Json:
    options = {
        value: {"text": {"type": "plain_text", "text": name}, "value": value}
        for value, name in choices.items()
    }
    return {
        "type": "static_select",
        "action_id": action_id,
        "options": list(options.values()),
        "initial_option": options.get(chosen, options[ALL]),
    }


def _list_button(label: str, queue: str, *, chosen: bool = False) -> Json:
    return button(
        label, f"{LIST}:{queue or ALL}", queue or ALL, style="primary" if chosen else None
    )


def _page_button(label: str, queue: Queue, page: int) -> Json:
    return button(label, f"{PAGE}:{page}", str(page)) | {
        "accessibility_label": f"{label} of {LIST_NAMES[queue]}"
    }
