"""The parts of modals: fields, options, and the frame around them."""

from bot.slack import names
from bot.slack.blocks import Json
from bot.slack.mrkdwn import units

MOST_INPUT = 3000
"""Characters of a text field, by Slack's rules."""
MOST_TITLE = 24
MOST_OPTION = 75


def shell(callback_id: str, title: str, submit: str, metadata: str, blocks: list[Json]) -> Json:
    """A modal with these blocks; `metadata` comes back with its submission."""
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title[:MOST_TITLE]),
        "submit": plain(submit),
        "close": plain("Cancel"),
        "private_metadata": metadata,
        "blocks": blocks,
    }


def field(
    label: str,
    element: Json,
    *,
    block_id: str = names.FIELD,
    optional: bool = False,
    hint: str = "",
) -> Json:
    """One field; its element has the block's own id, so that its value is found by one name."""
    block: Json = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": {**element, "action_id": names.FIELD},
    }
    more = {"hint": plain(hint)} if hint else {}
    return {**block, **more, **({"optional": True} if optional else {})}


def text_box(initial: str = "", *, long: bool = True) -> Json:
    """A text field, begun with as much as fits."""
    box: Json = {"type": "plain_text_input", "multiline": long, "max_length": MOST_INPUT}
    return {**box, "initial_value": cut(initial)} if initial.strip() else box


def one_of(options: list[Json], chosen: str | None = None) -> Json:
    """A menu of which one option is chosen."""
    menu: Json = {"type": "static_select", "options": options}
    first = [one for one in options if one["value"] == chosen]
    return {**menu, "initial_option": first[0]} if first else menu


def several_of(options: list[Json], chosen: tuple[str, ...] = ()) -> Json:
    """A menu of which several are chosen."""
    menu: Json = {"type": "multi_static_select", "options": options}
    first = [one for one in options if one["value"] in chosen]
    return {**menu, "initial_options": first} if first else menu


def option(words: str, value: str) -> Json:
    """One of the options of a menu."""
    return {"text": plain(words[:MOST_OPTION]), "value": value}


def plain(text: str) -> Json:
    """Text that is shown as it is."""
    return {"type": "plain_text", "text": text, "emoji": False}


def cut(text: str) -> str:
    """As much as fits, a character beyond the first plane counting for two."""
    while units(text) > MOST_INPUT:
        text = text[: len(text) - max(1, (units(text) - MOST_INPUT) // 2)]
    return text
