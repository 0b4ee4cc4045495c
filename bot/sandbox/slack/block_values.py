"""What a person filled in: from a page's plain strings to the values that Slack sends."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.sandbox.slack.block_kit import elements_of
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.model import Json

Filled = Mapping[str, Mapping[str, str | list[str] | None]]
"""By block_id and action_id: the text typed or the value of the option chosen."""

_TYPED = (
    "plain_text_input",
    "email_text_input",
    "url_text_input",
    "number_input",
)
_PLAIN: dict[str, str] = {
    **dict.fromkeys(_TYPED, "value"),
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "users_select": "selected_user",
    "channels_select": "selected_channel",
    "conversations_select": "selected_conversation",
}
_LISTS: dict[str, str] = {
    "multi_users_select": "selected_users",
    "multi_channels_select": "selected_channels",
    "multi_conversations_select": "selected_conversations",
}
_INITIAL: dict[str, str] = {
    **dict.fromkeys(_TYPED, "initial_value"),
    "datepicker": "initial_date",
    "timepicker": "initial_time",
    "users_select": "initial_user",
    "channels_select": "initial_channel",
    "conversations_select": "initial_conversation",
    "multi_users_select": "initial_users",
    "multi_channels_select": "initial_channels",
    "multi_conversations_select": "initial_conversations",
}
_MOMENT = "datetimepicker"
_ONE_OPTION = ("static_select", "radio_buttons", "external_select", "overflow")
_MANY_OPTIONS = ("multi_static_select", "checkboxes", "multi_external_select")


def options_of(element: Json) -> list[Json]:
    """The options of a select, those in groups included."""
    grouped = [
        option for group in element.get("option_groups") or [] for option in group["options"]
    ]
    return [*(element.get("options") or []), *grouped]


def initial(element: Json) -> str | list[str] | None:
    """What an element shows before anyone touches it, in the page's plain form."""
    kind = element["type"]
    if kind == _MOMENT:
        at = element.get("initial_date_time")
        return None if at is None else _on_the_clock(at)
    if kind in _INITIAL:
        value: str | list[str] | None = element.get(_INITIAL[kind])
        return value
    if kind in _ONE_OPTION:
        option = element.get("initial_option")
        return option.get("value", "") if option else None
    if kind in _MANY_OPTIONS:
        return [option.get("value", "") for option in element.get("initial_options") or []]
    return None


def value_of(element: Json, filled: str | list[str] | None) -> Json:
    """One element's entry in `state.values`, and what an action on it carries.

    Raises:
        SlackError: `invalid_option` where the option is not among those offered,
            `invalid_date_time` where a moment is none.
    """
    kind = element["type"]
    if kind == _MOMENT:
        return {"type": kind, "selected_date_time": _seconds(filled)}
    if kind in _PLAIN:
        return {"type": kind, _PLAIN[kind]: filled or None}
    if kind in _LISTS:
        return {"type": kind, _LISTS[kind]: _listed(filled)}
    if kind in _MANY_OPTIONS:
        chosen = [_option(element, value) for value in _listed(filled)]
        return {"type": kind, "selected_options": chosen}
    if kind in _ONE_OPTION:
        option = _option(element, str(filled)) if filled else None
        return {"type": kind, "selected_option": option}
    return {"type": kind}


def state_values(blocks: list[Json], filled: Filled) -> Json:
    """`state.values` of a view or message: every element that holds a value."""
    values: Json = {}
    for block in blocks:
        for element in elements_of(block):
            if element["type"] in ("button", "image", "overflow"):
                continue
            given = filled.get(block["block_id"], {})
            action_id = element["action_id"]
            now = given[action_id] if action_id in given else initial(element)
            values.setdefault(block["block_id"], {})[action_id] = value_of(element, now)
    return values


def incomplete(blocks: list[Json], values: Json) -> dict[str, str]:
    """What Slack's own client refuses before the app hears of it, by block_id."""
    found: dict[str, str] = {}
    for block in blocks:
        if block["type"] != "input":
            continue
        element = block["element"]
        value = values[block["block_id"]][element["action_id"]]
        words = _complaint(element, _content(value), optional=bool(block.get("optional")))
        if words:
            found[block["block_id"]] = words
    return found


def find_element(blocks: list[Json], block_id: str | None, action_id: str) -> tuple[Json, Json]:
    """The block and element that a person pressed.

    Raises:
        SlackError: `action_not_found`.
    """
    for block in blocks:
        if block_id in (None, block["block_id"]):
            for element in elements_of(block):
                if element.get("action_id") == action_id:
                    return block, element
    raise SlackError("action_not_found")


def _content(value: Json) -> Any:
    return next((part for name, part in value.items() if name != "type"), None)


def _complaint(element: Json, content: Any, *, optional: bool) -> str | None:
    if not content:
        return None if optional else "Please complete this required field."
    if element["type"] == "plain_text_input":
        least, most = element.get("min_length", 0), element.get("max_length", 3000)
        if len(content) < least:
            return f"Please enter at least {least} characters."
        if len(content) > most:
            return f"Please enter no more than {most} characters."
    if element["type"] == "email_text_input" and "@" not in content:
        return "Please enter a valid email address."
    return None


def _on_the_clock(at: int) -> str:
    """A moment as the page's field has it, on the clock of this computer."""
    return f"{datetime.fromtimestamp(at, UTC).astimezone():%Y-%m-%dT%H:%M}"


def _seconds(filled: str | list[str] | None) -> int | None:
    """What the page's field holds, as Slack sends it."""
    if not isinstance(filled, str) or not filled:
        return None
    try:
        return int(datetime.fromisoformat(filled).astimezone().timestamp())
    except ValueError:
        raise SlackError("invalid_date_time") from None


def _listed(filled: str | list[str] | None) -> list[str]:
    if filled is None or filled == "":
        return []
    return [filled] if isinstance(filled, str) else filled


def _option(element: Json, value: str) -> Json:
    for option in options_of(element):
        if option.get("value", "") == value:
            return option
    raise SlackError("invalid_option")
