"""Block Kit's limits: what Slack takes is taken, and one step beyond each limit is refused."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.slack import problems, view_problems

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def section(text: str = "x", **more: Any) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(**more: Any) -> Json:
    return {"type": "button", "text": plain("Go"), "action_id": "go", **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def option(text: str = "One", value: str = "1") -> Json:
    return {"text": plain(text), "value": value}


def select(count: int, **more: Any) -> Json:
    options = [option(f"Option {n}", str(n)) for n in range(count)]
    return {"type": "static_select", "action_id": "pick", "options": options, **more}


def text_input(**more: Any) -> Json:
    element = {"type": "plain_text_input", "action_id": "in", **more}
    return {"type": "input", "block_id": "b", "label": plain("Label"), "element": element}


def modal(*blocks: Json, **more: Any) -> Json:
    return {
        "type": "modal",
        "title": plain("Title"),
        "submit": plain("Send"),
        "blocks": list(blocks),
        **more,
    }


AT_THE_LIMIT = {
    "50 blocks": [section()] * 50,
    "section text of 3000": [section("x" * 3000)],
    "header of 150": [{"type": "header", "text": plain("x" * 150)}],
    "button text of 75": [actions(button(text=plain("x" * 75)))],
    "button value of 2000": [actions(button(value="x" * 2000))],
    "action_id of 255": [actions(button(action_id="x" * 255))],
    "block_id of 255": [section(block_id="x" * 255)],
    "10 in a context": [{"type": "context", "elements": [plain("x")] * 10}],
    "25 actions": [actions(*(button(action_id=str(n)) for n in range(25)))],
    "10 fields of 2000": [{"type": "section", "fields": [plain("x" * 2000)] * 10}],
    "100 options": [actions(select(100))],
    "option text of 75": [actions(select(1, options=[option("x" * 75)]))],
    "initial value of 3000": [text_input(initial_value="x" * 3000)],
    "placeholder of 150": [text_input(placeholder=plain("x" * 150))],
}
BEYOND = {
    "51 blocks": [section()] * 51,
    "section text of 3001": [section("x" * 3001)],
    "empty section text": [section("")],
    "header of 151": [{"type": "header", "text": plain("x" * 151)}],
    "header in mrkdwn": [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}],
    "button text of 76": [actions(button(text=plain("x" * 76)))],
    "button value of 2001": [actions(button(value="x" * 2001))],
    "button style unknown": [actions(button(style="green"))],
    "action_id of 256": [actions(button(action_id="x" * 256))],
    "block_id of 256": [section(block_id="x" * 256)],
    "block_id twice": [section(block_id="b"), section(block_id="b")],
    "action_id twice in a block": [actions(button(), button())],
    "11 in a context": [{"type": "context", "elements": [plain("x")] * 11}],
    "nothing in a context": [{"type": "context", "elements": []}],
    "26 actions": [actions(*(button(action_id=str(n)) for n in range(26)))],
    "11 fields": [{"type": "section", "fields": [plain("x")] * 11}],
    "field of 2001": [{"type": "section", "fields": [plain("x" * 2001)]}],
    "section with neither text nor fields": [{"type": "section"}],
    "101 options": [actions(select(101))],
    "option text of 76": [actions(select(1, options=[option("x" * 76)]))],
    "first choice not offered": [actions(select(2, initial_option=option("Other", "9")))],
    "overflow of 6": [
        section(
            accessory={
                "type": "overflow",
                "action_id": "o",
                "options": [option(str(n)) for n in range(6)],
            }
        )
    ],
    "initial value of 3001": [text_input(initial_value="x" * 3001)],
    "placeholder of 151": [text_input(placeholder=plain("x" * 151))],
    "unknown block": [{"type": "banner"}],
    "unknown field": [section(colour="red")],
    "image without alt text": [{"type": "image", "image_url": "https://example.org/x.png"}],
    "text input among actions": [actions(text_input()["element"])],
    "not a list": "blocks",
}


@pytest.mark.parametrize("name", AT_THE_LIMIT)
def test_blocks_at_a_limit_are_taken(name: str) -> None:
    assert problems(AT_THE_LIMIT[name], "message") == []


@pytest.mark.parametrize("name", BEYOND)
def test_blocks_beyond_a_limit_are_refused_with_a_pointer(name: str) -> None:
    found = problems(BEYOND[name], "message")
    assert found
    assert all("[json-pointer:/" in words for words in found)


def test_a_modal_may_hold_a_hundred_blocks_and_no_more() -> None:
    assert problems([section()] * 100, "modal") == []
    assert problems([section()] * 101, "modal")


@pytest.mark.parametrize(
    "view",
    [
        modal(title=plain("x" * 25)),
        modal(submit=plain("x" * 25)),
        modal(close=plain("x" * 25)),
        modal(private_metadata="x" * 3001),
        modal(callback_id="x" * 256),
        modal(text_input(), submit=None),
        {"type": "modal", "blocks": []},
        {"type": "home", "title": plain("Home"), "blocks": []},
        {"type": "drawer", "blocks": []},
    ],
)
def test_a_view_beyond_a_limit_is_refused(view: Json) -> None:
    assert view_problems(view)


def test_a_view_at_its_limits_is_taken() -> None:
    full = {"private_metadata": "x" * 3000, "callback_id": "x" * 255, "close": plain("x" * 24)}
    assert view_problems(modal(text_input(), title=plain("x" * 24), **full)) == []
    assert view_problems({"type": "home", "blocks": [section()] * 100}) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "text", "elements", "element", "options", "block_id"]),
            inner | st.sampled_from(["section", "actions", "static_select", "input"]),
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_no_value_whatever_makes_the_check_itself_fail(value: Any) -> None:
    assert isinstance(problems(value, "message"), list)
    assert isinstance(view_problems(value), list)
