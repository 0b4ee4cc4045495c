"""A person works on the pretend Slack's page, in a real browser, beside a real Bolt app."""

import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Page, async_playwright, expect
from sandbox.slack_desk import Desk, connected
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncSay
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack.place import read_place
from bot.sandbox.slack.rendering import Rendering

Json = dict[str, Any]
CHROMIUM = shutil.which("chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def option(text: str) -> Json:
    return {"text": plain(text), "value": text.lower()}


def field(block_id: str, label: str, element: Json, **more: Any) -> Json:
    element = {"action_id": block_id, **element}
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": element,
        **more,
    }


UNTIL = 1_798_448_400
MODAL = {
    "type": "modal",
    "callback_id": "reply",
    "title": plain("Reply"),
    "submit": plain("Send"),
    "blocks": [
        field("text", "Text", {"type": "plain_text_input", "multiline": True}),
        field("why", "Why", {"type": "static_select", "options": [option("Done"), option("Spam")]}),
        field(
            "also",
            "Also",
            {"type": "checkboxes", "options": [option("Close"), option("Praise")]},
            optional=True,
        ),
        field(
            "rank",
            "Rank",
            {"type": "radio_buttons", "options": [option("Low"), option("High")]},
            optional=True,
        ),
        field(
            "topics",
            "Topics",
            {"type": "multi_static_select", "options": [option("Charges"), option("NDRS")]},
            optional=True,
        ),
        field("day", "Day", {"type": "datepicker"}, optional=True),
        field("until", "Until", {"type": "datetimepicker", "initial_date_time": UNTIL}),
    ],
}


def at(seconds: int) -> datetime:
    """A moment on the clock of this computer, as the page shows it."""
    return datetime.fromtimestamp(seconds, UTC).astimezone()


CONFIRM = {
    "title": plain("Resolve?"),
    "text": plain("The enquirer is told."),
    "confirm": plain("Resolve"),
    "deny": plain("Not yet"),
}
SCRIPT = "*Cost* <script>document.title='x'</script>"
CARD = [
    {"type": "header", "text": plain("Case 7")},
    {"type": "section", "text": {"type": "mrkdwn", "text": SCRIPT}},
    {
        "type": "actions",
        "block_id": "do",
        "elements": [
            {"type": "button", "action_id": "reply", "text": plain("Reply")},
            {
                "type": "button",
                "action_id": "resolve",
                "text": plain("Resolve"),
                "confirm": CONFIRM,
            },
            {"type": "static_select", "action_id": "type", "options": [option("NDRS")]},
        ],
    },
]


def build(app: AsyncApp, heard: list[str | int]) -> None:
    @app.event("message")
    async def message(event: Json, say: AsyncSay) -> None:
        if "?" in event["text"]:
            await say("An answer", thread_ts=event["ts"])

    @app.action("reply")
    async def reply(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    @app.action("resolve")
    async def resolve(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await ack()
        user, channel = body["user"]["id"], body["channel"]["id"]
        await client.chat_postEphemeral(channel=channel, user=user, text="Resolved")

    @app.action("type")
    async def reclassify(ack: AsyncAck, body: Json) -> None:
        await ack()
        heard.append(body["actions"][0]["selected_option"]["value"])

    @app.view("reply")
    async def submitted(ack: AsyncAck, view: Json, body: Json, client: AsyncWebClient) -> None:
        values = view["state"]["values"]
        text = values["text"]["text"]["value"]
        if len(text) < 5:
            await ack(response_action="errors", errors={"text": "Say a little more."})
            return
        await ack()
        heard.extend(
            [
                body["user"]["id"],
                text,
                values["why"]["why"]["selected_option"]["value"],
                ",".join(one["value"] for one in values["also"]["also"]["selected_options"]),
                values["rank"]["rank"]["selected_option"]["value"],
                ",".join(one["value"] for one in values["topics"]["topics"]["selected_options"]),
                values["day"]["day"]["selected_date"],
                values["until"]["until"]["selected_date_time"],
            ]
        )
        await client.views_publish(
            user_id=body["user"]["id"],
            view={"type": "home", "blocks": [{"type": "header", "text": plain("Replied: 1")}]},
        )

    @app.command("/triage")
    async def command(ack: AsyncAck, command: Json) -> None:
        await ack(f"Asked for {command['text']}")

    @app.event("app_home_opened")
    async def opened() -> None:
        heard.append("home")


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    """A page in headless Chromium that fails the test at any error in the page's script."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        made = await browser.new_page(viewport={"width": 1280, "height": 840})
        errors: list[str] = []
        made.on("pageerror", lambda error: errors.append(str(error)))
        made.set_default_timeout(10_000)
        yield made
        await browser.close()
        assert errors == []


@pytest.mark.browser
async def test_a_person_writes_presses_and_submits_as_an_officer(desk: Desk, page: Page) -> None:
    heard: list[str | int] = []
    async with connected(desk, lambda app: build(app, heard)):
        await desk.client.chat_postMessage(channel=desk.channel, text="Case 7", blocks=CARD)
        await page.goto(desk.base_url)
        await expect(page.get_by_role("note")).to_contain_text("pretend Slack")
        await page.get_by_test_id("composer-text").fill("What does it cost?")
        await page.keyboard.press("Enter")
        asked = page.get_by_test_id("message").filter(has_text="What does it cost?")
        await expect(asked.get_by_test_id("thread-link")).to_have_text("1 reply")
        await asked.get_by_test_id("thread-link").click()
        replies = page.get_by_test_id("replies")
        await expect(replies).to_contain_text("An answer")
        await page.get_by_test_id("reply-text").fill("Thank you")
        await page.get_by_test_id("reply-send").click()
        await expect(replies).to_contain_text("Thank you")
        await page.get_by_test_id("thread-close").click()

        await page.locator("[data-action-id=reply]").click()
        modal = page.get_by_test_id("modal")
        await modal.get_by_label("Text", exact=True).fill("Hi")
        await page.get_by_test_id("modal-submit").click()
        await expect(modal.locator("[data-error=why]")).to_contain_text("required")
        await modal.locator("[data-action-id=why]").select_option("done")
        await page.get_by_test_id("modal-submit").click()
        await expect(modal.locator("[data-error=text]")).to_have_text("Say a little more.")
        await modal.get_by_label("Text", exact=True).fill("Dear Ms Shah")
        await modal.get_by_label("Close", exact=True).last.check()
        await modal.get_by_label("High").check()
        await modal.locator("[data-action-id=topics]").select_option(["charges", "ndrs"])
        await modal.locator("[data-action-id=day]").fill("2026-03-04")
        until = modal.get_by_label("Until")
        assert await until.input_value() == f"{at(UNTIL):%Y-%m-%dT%H:%M}"
        await until.fill(f"{at(UNTIL + 3600):%Y-%m-%dT%H:%M}")
        await page.get_by_test_id("modal-submit").click()
        await expect(modal).to_be_hidden()
        assert heard == [
            desk.officer_id, "Dear Ms Shah", "done", "close", "high", "charges,ndrs", "2026-03-04",
            UNTIL + 3600,
        ]  # fmt: skip

        await page.get_by_test_id("home-link").click()
        await expect(page.get_by_test_id("home")).to_contain_text("Replied: 1")


@pytest.mark.browser
async def test_what_is_for_one_is_not_shown_to_another(desk: Desk, page: Page) -> None:
    heard: list[str | int] = []
    async with connected(desk, lambda app: build(app, heard)):
        await desk.client.chat_postMessage(channel=desk.channel, text="Case 7", blocks=CARD)
        await page.goto(desk.base_url)
        assert await page.title() != "x"
        await page.locator("[data-action-id=resolve]").click()
        await page.get_by_test_id("confirm-deny").click()
        await page.locator("[data-action-id=resolve]").click()
        await page.get_by_test_id("confirm-yes").click()
        await expect(page.get_by_test_id("only-you")).to_have_count(1)
        await page.locator("select[data-action-id=type]").select_option("ndrs")
        await page.get_by_test_id("composer-text").fill("/triage stats")
        await page.get_by_test_id("send").click()
        await expect(page.get_by_test_id("only-you")).to_have_count(2)
        await page.get_by_test_id("user-switcher").select_option(desk.colleague_id)
        await expect(page.get_by_test_id("user-switcher")).to_have_value(desk.colleague_id)
        await expect(page.get_by_test_id("message")).to_have_count(1)
        await expect(page.get_by_test_id("only-you")).to_have_count(0)
        assert heard == ["ndrs"]


@pytest.mark.browser
async def test_the_page_says_when_the_app_does_not_answer(desk: Desk, page: Page) -> None:
    await desk.client.chat_postMessage(channel=desk.channel, text="Case 7", blocks=CARD)
    await page.goto(desk.base_url)
    await expect(page.get_by_test_id("app-status")).to_contain_text("not connected")
    await page.locator("[data-action-id=reply]").click()
    await expect(page.get_by_test_id("toast")).to_contain_text("not connected")


async def test_no_other_sites_form_can_act_on_the_page(desk: Desk) -> None:
    said = {"as": desk.officer_id, "channel": desk.channel, "text": "forged"}
    address = f"{desk.base_url}/page/do/say"
    async with aiohttp.ClientSession() as other:
        async with other.post(address, data=said) as answer:
            assert answer.status == 415
        async with other.post(address, json=said, headers={"Host": "evil.example"}) as answer:
            assert answer.status == 403
        async with other.post(
            address, json=said, headers={"Origin": "https://evil.example"}
        ) as answer:
            assert answer.status == 403
    assert desk.slack.workspace.history(desk.channel) == []


async def test_the_page_names_the_pages_beside_it_and_an_outage(desk: Desk) -> None:
    rendering = Rendering(desk.slack, (("Mailbox", "/mail/"),))
    parts = rendering.parts(read_place(desk.slack, {}))
    assert 'href="/mail/"' in parts["sidebar"]
    await desk.slack.start_outage()
    parts = rendering.parts(read_place(desk.slack, {}))
    assert "Slack is down" in parts["sidebar"]


async def test_a_long_channel_shows_its_last_hundred_messages(desk: Desk) -> None:
    for number in range(103):
        desk.officer.say(desk.channel, f"Message {number}")
    parts = Rendering(desk.slack).parts(read_place(desk.slack, {"channel": desk.channel}))
    assert "3 earlier messages" in parts["messages"]
    assert "Message 2<" not in parts["messages"]
    assert parts["messages"].count("<article") == 100
