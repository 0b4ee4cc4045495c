"""The limits of Block Kit's elements and composition objects, as its reference gives them."""

from collections.abc import Iterator
from typing import Any

from bot.sandbox.slack.shapes import (
    Check,
    anything,
    at,
    boolean,
    choice,
    every,
    integer,
    items,
    one_of_fields,
    record,
    string,
    tagged,
)

URL = string(3000)
ACTION_ID = string(255)
_DATE = string(10, 10)
_WORDS = string(255)


def plain(most: int) -> Check:
    """A `plain_text` object of at most so many characters."""
    return record(
        {"type": choice("plain_text"), "text": string(most, 1)},
        {"emoji": boolean},
    )


def text(most: int) -> Check:
    """A `plain_text` or `mrkdwn` object."""
    mrkdwn = record({"type": choice("mrkdwn"), "text": string(most, 1)}, {"verbatim": boolean})
    return tagged({"plain_text": plain(most), "mrkdwn": mrkdwn})


CONFIRM = record(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": choice("primary", "danger")},
)


def _option(words: Check) -> Check:
    return record(
        {"text": words, "value": string(150)},
        {"description": text(75), "url": URL},
    )


_OPTION = _option(plain(75))
_ANY_OPTION = _option(text(75))
_GROUP = record({"label": plain(75), "options": items(_OPTION, 100, 1)}, {})
_CONVERSATIONS = record(
    {},
    {
        "include": items(choice("im", "mpim", "private", "public"), 4, 1),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
)
_DISPATCH = record(
    {"trigger_actions_on": items(choice("on_enter_pressed", "on_character_entered"), 2, 1)}, {}
)


def _listed(value: Any, name: str) -> list[Any]:
    part = value.get(name) if isinstance(value, dict) else None
    return part if isinstance(part, list) else []


def _initial_is_offered(value: Any, pointer: str) -> Iterator[str]:
    """Slack refuses a first choice that the list does not hold, word for word."""
    if not isinstance(value, dict):
        return
    offered = [*_listed(value, "options")]
    for group in _listed(value, "option_groups"):
        offered += _listed(group, "options")
    first = value.get("initial_option")
    chosen = [*_listed(value, "initial_options"), *([first] if first else [])]
    if any(option not in offered for option in chosen):
        yield at(pointer, "initial option must match one of the options")


def _element(kind: str, required: dict[str, Check], optional: dict[str, Check]) -> Check:
    common: dict[str, Check] = {"action_id": ACTION_ID, "confirm": CONFIRM}
    return record({"type": choice(kind), **required}, {**common, **optional})


_FOCUS: dict[str, Check] = {"placeholder": plain(150), "focus_on_load": boolean}
_MULTI: dict[str, Check] = {**_FOCUS, "max_selected_items": integer(1, 100)}
_STATIC: dict[str, Check] = {
    "options": items(_OPTION, 100, 1),
    "option_groups": items(_GROUP, 100, 1),
}
_TYPED: dict[str, Check] = {
    **_FOCUS,
    "initial_value": string(3000),
    "dispatch_action_config": _DISPATCH,
}
_URL_OK: dict[str, Check] = {"response_url_enabled": boolean}


def _static(kind: str, more: dict[str, Check]) -> Check:
    shape = _element(kind, {}, {**_STATIC, **more})
    return every(shape, one_of_fields("options", "option_groups"), _initial_is_offered)


def _external(kind: str, more: dict[str, Check]) -> Check:
    return _element(kind, {}, {"min_query_length": integer(0, 3000), **more})


def _ticks(kind: str, first: dict[str, Check]) -> Check:
    shape = _element(
        kind, {"options": items(_ANY_OPTION, 10, 1)}, {"focus_on_load": boolean, **first}
    )
    return every(shape, _initial_is_offered)


IMAGE = every(
    record(
        {"type": choice("image"), "alt_text": string(2000)},
        {"image_url": string(3000, 1), "slack_file": anything},
    ),
    one_of_fields("image_url", "slack_file"),
)

_BUTTON = _element(
    "button",
    {"text": plain(75)},
    {
        "value": string(2000),
        "url": URL,
        "style": choice("primary", "danger"),
        "accessibility_label": string(75),
    },
)

SELECTS: dict[str, Check] = {
    "static_select": _static("static_select", {**_FOCUS, "initial_option": _OPTION}),
    "multi_static_select": _static(
        "multi_static_select", {**_MULTI, "initial_options": items(_OPTION, 100, 1)}
    ),
    "external_select": _external("external_select", {**_FOCUS, "initial_option": _OPTION}),
    "multi_external_select": _external(
        "multi_external_select", {**_MULTI, "initial_options": items(_OPTION, 100, 1)}
    ),
    "users_select": _element("users_select", {}, {**_FOCUS, "initial_user": _WORDS}),
    "multi_users_select": _element(
        "multi_users_select", {}, {**_MULTI, "initial_users": items(_WORDS, 100, 1)}
    ),
    "conversations_select": _element(
        "conversations_select",
        {},
        {
            **_FOCUS,
            **_URL_OK,
            "initial_conversation": _WORDS,
            "default_to_current_conversation": boolean,
            "filter": _CONVERSATIONS,
        },
    ),
    "multi_conversations_select": _element(
        "multi_conversations_select",
        {},
        {
            **_MULTI,
            "initial_conversations": items(_WORDS, 100, 1),
            "default_to_current_conversation": boolean,
            "filter": _CONVERSATIONS,
        },
    ),
    "channels_select": _element(
        "channels_select", {}, {**_FOCUS, **_URL_OK, "initial_channel": _WORDS}
    ),
    "multi_channels_select": _element(
        "multi_channels_select", {}, {**_MULTI, "initial_channels": items(_WORDS, 100, 1)}
    ),
}

_CHOOSERS: dict[str, Check] = {
    **SELECTS,
    "checkboxes": _ticks("checkboxes", {"initial_options": items(_ANY_OPTION, 10, 1)}),
    "radio_buttons": _ticks("radio_buttons", {"initial_option": _ANY_OPTION}),
    "datepicker": _element("datepicker", {}, {**_FOCUS, "initial_date": _DATE}),
    "datetimepicker": _element(
        "datetimepicker",
        {},
        {"focus_on_load": boolean, "initial_date_time": integer(10**9, 10**10 - 1)},
    ),
    "timepicker": _element(
        "timepicker", {}, {**_FOCUS, "initial_time": string(5, 5), "timezone": _WORDS}
    ),
}

_LENGTHS: dict[str, Check] = {"min_length": integer(0, 3000), "max_length": integer(1, 3000)}

_TYPING: dict[str, Check] = {
    "plain_text_input": _element(
        "plain_text_input", {}, {**_TYPED, **_LENGTHS, "multiline": boolean}
    ),
    "email_text_input": _element("email_text_input", {}, _TYPED),
    "url_text_input": _element("url_text_input", {}, _TYPED),
    "number_input": _element(
        "number_input",
        {"is_decimal_allowed": boolean},
        {**_TYPED, "min_value": _WORDS, "max_value": _WORDS},
    ),
    "rich_text_input": _element(
        "rich_text_input",
        {},
        {**_FOCUS, "initial_value": anything, "dispatch_action_config": _DISPATCH},
    ),
    "file_input": _element(
        "file_input", {}, {"filetypes": items(_WORDS, 100, 1), "max_files": integer(1, 10)}
    ),
}

_OVERFLOW = _element("overflow", {"options": items(_OPTION, 5, 1)}, {})
_PRESSED: dict[str, Check] = {"button": _BUTTON, "overflow": _OVERFLOW}

ACCESSORY = tagged({**_PRESSED, **_CHOOSERS, "image": IMAGE})
ACTION = tagged({**_PRESSED, **_CHOOSERS})
INPUT = tagged({**_CHOOSERS, **_TYPING})
CONTEXT_ELEMENT = tagged(
    {
        "image": IMAGE,
        "plain_text": plain(3000),
        "mrkdwn": text(3000),
    }
)
