"""Whether blocks and views keep the limits that Slack enforces (docs.slack.dev, Block Kit)."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, Literal

from bot.sandbox.slack.block_elements import (
    ACCESSORY,
    ACTION,
    CONTEXT_ELEMENT,
    INPUT,
    URL,
    plain,
    text,
)
from bot.sandbox.slack.shapes import (
    Check,
    anything,
    at,
    boolean,
    choice,
    every,
    items,
    one_of_fields,
    record,
    string,
    tagged,
)

Surface = Literal["message", "modal", "home"]
MOST_BLOCKS: dict[Surface, int] = {"message": 50, "modal": 100, "home": 100}
MOST_TEXT = 40_000
"""Characters of a message's `text`; Slack recommends 4,000."""

_BLOCK_ID = string(255)


def _block(kind: str, required: dict[str, Check], optional: dict[str, Check]) -> Check:
    return record({"type": choice(kind), **required}, {"block_id": _BLOCK_ID, **optional})


_SECTION = every(
    _block(
        "section",
        {},
        {
            "text": text(3000),
            "fields": items(text(2000), 10, 1),
            "accessory": ACCESSORY,
            "expand": boolean,
        },
    ),
    one_of_fields("text", "fields"),
)
_IMAGE = every(
    _block(
        "image",
        {"alt_text": string(2000)},
        {"image_url": string(3000, 1), "slack_file": anything, "title": plain(2000)},
    ),
    one_of_fields("image_url", "slack_file"),
)
_RICH_PART = tagged(
    dict.fromkeys(
        ("rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"),
        record(
            {"type": anything, "elements": items(anything, 10_000)},
            {
                "style": anything,
                "indent": anything,
                "offset": anything,
                "border": anything,
                "language": anything,
            },
        ),
    )
)

_EVERYWHERE: dict[str, Check] = {
    "actions": _block("actions", {"elements": items(ACTION, 25, 1)}, {}),
    "context": _block("context", {"elements": items(CONTEXT_ELEMENT, 10, 1)}, {}),
    "divider": _block("divider", {}, {}),
    "header": _block("header", {"text": plain(150)}, {}),
    "image": _IMAGE,
    "input": _block(
        "input",
        {"label": plain(2000), "element": INPUT},
        {"hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    "rich_text": _block("rich_text", {"elements": items(_RICH_PART, 1000)}, {}),
    "section": _SECTION,
    "video": _block(
        "video",
        {
            "alt_text": string(2000),
            "title": plain(199),
            "video_url": URL,
            "thumbnail_url": URL,
        },
        {
            "title_url": URL,
            "author_name": string(50),
            "provider_name": string(50),
            "provider_icon_url": URL,
            "description": plain(200),
        },
    ),
}
_IN_MESSAGES: dict[str, Check] = {
    **_EVERYWHERE,
    "markdown": _block("markdown", {"text": string(12_000, 1)}, {}),
    "table": _block(
        "table", {"rows": items(items(anything, 20), 100, 1)}, {"column_settings": anything}
    ),
    "file": _block("file", {"external_id": string(255), "source": choice("remote")}, {}),
}
_BLOCKS: dict[Surface, Check] = {
    "message": items(tagged(_IN_MESSAGES), MOST_BLOCKS["message"]),
    "modal": items(tagged(_EVERYWHERE), MOST_BLOCKS["modal"]),
    "home": items(tagged(_EVERYWHERE), MOST_BLOCKS["home"]),
}


def problems(blocks: Any, surface: Surface) -> list[str]:
    """What Slack would refuse in these blocks, each with its JSON pointer; empty when all is well.

    Args:
        blocks: The value sent as `blocks`, of whatever type.
        surface: Where they are to stand.
    """
    found = list(_BLOCKS[surface](blocks, "/blocks"))
    if isinstance(blocks, list):
        found.extend(_repeated_ids([block for block in blocks if isinstance(block, dict)]))
    return found


_COMMON_OF_VIEWS: dict[str, Check] = {
    "private_metadata": string(3000),
    "callback_id": string(255),
    "external_id": string(255),
}
_MODAL = record(
    {"type": choice("modal"), "title": plain(24), "blocks": anything},
    {
        **_COMMON_OF_VIEWS,
        "submit": plain(24),
        "close": plain(24),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
    },
)
_HOME = record({"type": choice("home"), "blocks": anything}, _COMMON_OF_VIEWS)
_VIEW = tagged({"modal": _MODAL, "home": _HOME})


def view_problems(view: Any) -> list[str]:
    """What Slack would refuse in a modal or a home tab, its blocks included."""
    found = list(_VIEW(view, "/view"))
    if not isinstance(view, dict) or view.get("type") not in ("modal", "home"):
        return found
    blocks = view.get("blocks")
    within = problems(blocks, view["type"])
    found += [
        words.replace("[json-pointer:/blocks", "[json-pointer:/view/blocks") for words in within
    ]
    if view["type"] == "modal" and not view.get("submit") and _has_input(blocks):
        found.append(at("/view", "missing required field: submit"))
    return found


def _has_input(blocks: Any) -> bool:
    return isinstance(blocks, list) and any(
        isinstance(block, dict) and block.get("type") == "input" for block in blocks
    )


def _repeated_ids(blocks: list[dict[str, Any]]) -> Iterator[str]:
    counted = _counted(blocks, "block_id")
    for block_id, times in counted.items():
        if times > 1:
            yield at("/blocks", f"block_id {block_id!r} already exists")
    for index, block in enumerate(blocks):
        for action_id, times in _counted(elements_of(block), "action_id").items():
            if times > 1:
                yield at(f"/blocks/{index}", f"action_id {action_id!r} already exists")


def _counted(parts: list[dict[str, Any]], name: str) -> Counter[str]:
    return Counter(part[name] for part in parts if isinstance(part.get(name), str) and part[name])


def elements_of(block: dict[str, Any]) -> list[dict[str, Any]]:
    """The elements of a block that a person can press or fill in."""
    parts = [block.get("accessory"), block.get("element")]
    if block.get("type") == "actions" and isinstance(block.get("elements"), list):
        parts += block["elements"]
    return [part for part in parts if isinstance(part, dict)]
