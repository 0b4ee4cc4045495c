"""A real Bolt app works on the pretend Slack over Socket Mode, only the base address changed."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sandbox.slack_desk import Desk, connected, until
from slack_bolt.async_app import (
    AsyncAck,
    AsyncApp,
    AsyncBoltRequest,
    AsyncRespond,
    AsyncSay,
)
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import NoAnswerError, View

Json = dict[str, Any]
Next = Callable[[], Awaitable[None]]


def top(desk: Desk) -> View:
    view = desk.slack.views.top(desk.officer_id)
    assert view is not None
    return view


def button(action_id: str = "claim") -> Json:
    return {
        "type": "actions",
        "block_id": "do",
        "elements": [
            {
                "type": "button",
                "action_id": action_id,
                "value": "7",
                "text": {"type": "plain_text", "text": "Claim"},
            }
        ],
    }


def modal(**more: Any) -> Json:
    return {
        "type": "modal",
        "callback_id": "reply",
        "private_metadata": "case 7",
        "title": {"type": "plain_text", "text": "Reply"},
        "submit": {"type": "plain_text", "text": "Send"},
        "blocks": [
            {
                "type": "input",
                "block_id": "text",
                "label": {"type": "plain_text", "text": "Text"},
                "element": {"type": "plain_text_input", "action_id": "text", "multiline": True},
            },
            {
                "type": "input",
                "block_id": "why",
                "optional": True,
                "label": {"type": "plain_text", "text": "Why"},
                "element": {
                    "type": "static_select",
                    "action_id": "why",
                    "options": [
                        {"text": {"type": "plain_text", "text": "Done"}, "value": "done"},
                        {"text": {"type": "plain_text", "text": "Spam"}, "value": "spam"},
                    ],
                },
            },
        ],
        **more,
    }


async def test_a_message_reaches_the_app_and_its_answer_stands_in_the_thread(desk: Desk) -> None:
    def build(app: AsyncApp) -> None:
        @app.event("message")
        async def heard(event: Json, say: AsyncSay) -> None:
            await say(f"You said: {event['text']}", thread_ts=event["ts"])

    async with connected(desk, build):
        asked = desk.officer.say(desk.channel, "Is it 3 < 4 & true?")
        await desk.slack.delivery.settled()
        thread = await desk.client.conversations_replies(channel=desk.channel, ts=asked.ts)
    assert [m["text"] for m in thread["messages"]] == [
        "Is it 3 &lt; 4 &amp; true?",
        "You said: Is it 3 &lt; 4 &amp; true?",
    ]
    assert thread["messages"][0]["reply_count"] == 1
    assert thread["messages"][1]["bot_id"] == desk.slack.app.bot_id


async def test_a_press_opens_a_modal_whose_submission_is_taken(desk: Desk) -> None:
    taken: asyncio.Queue[tuple[str, str, Json]] = asyncio.Queue()

    def build(app: AsyncApp) -> None:
        @app.action("claim")
        async def pressed(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
            await ack()
            await client.views_open(trigger_id=body["trigger_id"], view=modal())

        @app.view("reply")
        async def submitted(ack: AsyncAck, view: Json, body: Json) -> None:
            values = view["state"]["values"]
            if len(values["text"]["text"]["value"]) < 5:
                await ack(response_action="errors", errors={"text": "Say a little more."})
                return
            await ack()
            await taken.put((body["user"]["id"], view["private_metadata"], values))

    async with connected(desk, build):
        post = await desk.client.chat_postMessage(
            channel=desk.channel, text="Case 7", blocks=[button()]
        )
        await desk.officer.press(desk.channel, post["ts"], "claim")
        await until(desk.slack, lambda: desk.slack.views.top(desk.officer_id) is not None)
        view = top(desk)
        assert desk.slack.views.top(desk.colleague_id) is None
        assert await desk.officer.submit(view.id, {}) == {
            "text": "Please complete this required field."
        }
        assert await desk.officer.submit(view.id, {"text": {"text": "Hi"}}) == {
            "text": "Say a little more."
        }
        filled = {"text": {"text": "Thank you."}, "why": {"why": "done"}}
        assert await desk.officer.submit(view.id, filled) == {}
        who, metadata, values = await asyncio.wait_for(taken.get(), 5)
    assert desk.slack.views.top(desk.officer_id) is None
    assert (who, metadata) == (desk.officer_id, "case 7")
    assert values["why"]["why"]["selected_option"]["value"] == "done"


@pytest.mark.parametrize(
    ("answer", "titles"),
    [
        ({"response_action": "update", "view": modal(callback_id="next")}, ["next"]),
        ({"response_action": "push", "view": modal(callback_id="next")}, ["next", "reply"]),
        ({"response_action": "clear"}, []),
    ],
)
async def test_a_submission_can_be_answered_with_another_view(
    desk: Desk, answer: Json, titles: list[str]
) -> None:
    def build(app: AsyncApp) -> None:
        @app.shortcut("new")
        async def chosen(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
            await client.views_open(trigger_id=body["trigger_id"], view=modal())
            await ack()

        @app.view("reply")
        async def submitted(ack: AsyncAck) -> None:
            await ack(answer)

    async with connected(desk, build):
        await desk.officer.shortcut("new")
        view = top(desk)
        await desk.officer.submit(view.id, {"text": {"text": "Thank you."}})
        found = []
        while (shown := desk.slack.views.top(desk.officer_id)) is not None:
            found.append(shown.content["callback_id"])
            await desk.officer.close(shown.id)
    assert found == titles


async def test_a_slash_command_answers_only_the_one_who_typed_it(desk: Desk) -> None:
    def build(app: AsyncApp) -> None:
        @app.command("/triage")
        async def typed(ack: AsyncAck, command: Json) -> None:
            await ack(f"You asked for {command['text']}")

    async with connected(desk, build):
        await desk.officer.command(desk.channel, "/triage", "stats")
    seen = desk.slack.workspace.seen_by
    assert [m.text for m in seen(desk.channel, desk.officer_id)] == ["You asked for stats"]
    assert seen(desk.channel, desk.colleague_id) == []
    history = await desk.client.conversations_history(channel=desk.channel)
    assert history["messages"] == []


async def test_a_response_address_replaces_the_message_and_then_takes_it_away(desk: Desk) -> None:
    async def press(action_id: str) -> None:
        await desk.officer.press(desk.channel, posted["ts"], action_id)
        async with asyncio.timeout(5):
            await done.get()

    done: asyncio.Queue[str] = asyncio.Queue()

    def build(app: AsyncApp) -> None:
        @app.action("claim")
        async def claim(ack: AsyncAck, respond: AsyncRespond) -> None:
            await ack()
            await respond(text="Claimed", blocks=[button(action_id="drop")], replace_original=True)
            await done.put("claim")

        @app.action("drop")
        async def drop(ack: AsyncAck, respond: AsyncRespond) -> None:
            await ack()
            await respond("Only for you")
            await respond(delete_original=True)
            await done.put("drop")

    async with connected(desk, build):
        posted = await desk.client.chat_postMessage(
            channel=desk.channel, text="Case 7", blocks=[button()]
        )
        await press("claim")
        assert desk.slack.workspace.message(desk.channel, posted["ts"]).text == "Claimed"
        await press("drop")
    assert desk.slack.workspace.history(desk.channel) == []
    left = desk.slack.workspace.seen_by(desk.channel, desk.officer_id)
    assert [(m.text, m.seen_only_by) for m in left] == [("Only for you", desk.officer_id)]


async def test_looking_at_the_home_lets_the_app_draw_it(desk: Desk) -> None:
    def build(app: AsyncApp) -> None:
        @app.event("app_home_opened")
        async def opened(event: Json, client: AsyncWebClient) -> None:
            header = {"type": "header", "text": {"type": "plain_text", "text": "My cases"}}
            await client.views_publish(
                user_id=event["user"], view={"type": "home", "blocks": [header]}
            )

    async with connected(desk, build):
        desk.officer.open_home()
        await desk.slack.delivery.settled()
        await until(desk.slack, lambda: desk.slack.views.home(desk.officer_id) is not None)
    home = desk.slack.views.home(desk.officer_id)
    assert home is not None
    assert home.blocks[0]["text"]["text"] == "My cases"


async def test_an_event_is_sent_again_until_it_is_acknowledged(desk: Desk) -> None:
    attempts = []

    def build(app: AsyncApp) -> None:
        @app.middleware
        async def slow_at_first(req: AsyncBoltRequest, next_: Next) -> None:
            if req.body.get("type") == "event_callback":
                attempts.append((req.body["event_id"], req.headers.get("x-slack-retry-num")))
                if len(attempts) == 1:
                    await asyncio.sleep(1.2)
            await next_()

        @app.event("app_mention")
        async def mentioned() -> None:
            pass

        @app.event("message")
        async def heard() -> None:
            pass

    desk.slack.configure(events=frozenset({"app_mention"}))
    async with connected(desk, build):
        desk.officer.say(desk.channel, "@triagebot are you there?")
        await desk.slack.delivery.settled()
    assert len({event_id for event_id, _ in attempts}) == 1
    assert len(attempts) == 2
    assert [(d.name, d.attempts, d.failure) for d in desk.slack.delivery.journal] == [
        ("app_mention", 2, None)
    ]


async def test_the_app_comes_back_after_slack_asks_it_to_reconnect(desk: Desk) -> None:
    heard: asyncio.Queue[str] = asyncio.Queue()

    def build(app: AsyncApp) -> None:
        @app.event("message")
        async def take(event: Json) -> None:
            await heard.put(event["text"])

    async with connected(desk, build):
        await desk.slack.delivery.sockets.disconnect()
        desk.officer.say(desk.channel, "Still there?")
        assert await asyncio.wait_for(heard.get(), 10) == "Still there?"


async def test_a_press_that_no_one_acknowledges_is_told_to_the_presser(desk: Desk) -> None:
    posted = await desk.client.chat_postMessage(
        channel=desk.channel, text="Case 7", blocks=[button()]
    )
    with pytest.raises(NoAnswerError, match="connection_failed"):
        await desk.officer.press(desk.channel, posted["ts"], "claim")


async def test_a_message_shortcut_carries_the_message(desk: Desk) -> None:
    got: asyncio.Queue[str] = asyncio.Queue()

    def build(app: AsyncApp) -> None:
        @app.shortcut("make_enquiry")
        async def chosen(ack: AsyncAck, shortcut: Json) -> None:
            await ack()
            await got.put(shortcut["message"]["text"])

        @app.event("message")
        async def heard() -> None:
            pass

    async with connected(desk, build):
        asked = desk.colleague.say(desk.channel, "Where do I find the counts?")
        await desk.officer.message_shortcut("make_enquiry", desk.channel, asked.ts)
        assert await asyncio.wait_for(got.get(), 5) == "Where do I find the counts?"


async def test_slack_down_for_a_while_loses_no_event_that_is_tried_again(desk: Desk) -> None:
    heard: asyncio.Queue[str] = asyncio.Queue()

    def build(app: AsyncApp) -> None:
        @app.event("message")
        async def take(event: Json) -> None:
            await heard.put(event["text"])

    desk.slack.delivery.retry_after = (0, 0.5, 1, 2, 4)
    async with connected(desk, build):
        await desk.slack.start_outage()
        desk.officer.say(desk.channel, "Sent while it was down")
        await asyncio.sleep(0.2)
        desk.slack.end_outage()
        assert await asyncio.wait_for(heard.get(), 15) == "Sent while it was down"
