"""Beside a Slack-shaped server that is not ours, knows the basics alone and says little."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
import structlog
from aiohttp import web
from slack_world import World, app_of, eventually, over_http
from sparse_slack import (
    APP_TOKEN,
    BOT_TOKEN,
    SECRET,
    SparseSlack,
    has_no_address,
    lacks_scope,
    says_unknown,
    serving,
)

from bot.settings import Settings
from bot.slack import names
from bot.slack.app import start_socket_mode
from handlers.desk import Desk
from handlers.tables import CaseState
from handlers.unit import Store

CASES, QUESTIONS, OFFICER, ENQUIRER = "C0CASES", "C0ASK", "UOFFICER", "UENQUIRER"
UNKNOWN = {"unknown_method": says_unknown, "404": has_no_address, "scope": lacks_scope}


def world_of(slack: SparseSlack, store: Store, desk: Desk, **more: object) -> World:
    settings = Settings(
        slack_api_url=slack.api,
        slack_bot_token=BOT_TOKEN,
        slack_app_token=APP_TOKEN,
        slack_signing_secret=SECRET,
        slack_cases_channel=CASES,
        slack_enquiry_channels=(QUESTIONS,),
        **more,
    )
    nobody = None  # This server has no members that could act through it.
    return World(slack, settings, store, desk, CASES, QUESTIONS, nobody, nobody, nobody)


@pytest.fixture(params=sorted(UNKNOWN))
def unknown(request: pytest.FixtureRequest) -> Callable[[str], web.Response]:
    return UNKNOWN[request.param]


@pytest.fixture(params=["http", "socket"])
async def sparse(
    request: pytest.FixtureRequest,
    unknown: Callable[[str], web.Response],
    store: Store,
    desk: Desk,
) -> AsyncIterator[World]:
    async with serving(SparseSlack(unknown)) as slack:
        world = world_of(slack, store, desk)
        if request.param == "http":
            async with over_http(app_of(world), world):
                yield world
            return
        async with over_socket(world):
            yield world


async def test_a_case_is_asked_worked_and_closed_beside_a_server_of_others(sparse):
    world, slack = sparse, sparse.slack
    asked = (await slack.post(ENQUIRER, QUESTIONS, "Where is our application?"))["event"]
    await world.triage()
    await world.deliver()
    [card] = [one for one in slack.posts if one["channel"] == CASES]
    [told] = [one for one in slack.posts if one["channel"] == QUESTIONS]
    assert told["thread_ts"] == asked["ts"]
    if slack.sockets:
        await slack.refresh()

    await slack.press(OFFICER, card, names.CLAIM)
    await eventually(lambda: is_in(world, CaseState.OPEN))
    await world.deliver()
    assert OFFICER in str(card["blocks"])

    await slack.press(OFFICER, card, names.REPLY)
    view = await eventually(lambda: slack.views and slack.views[-1])
    assert await slack.submit(OFFICER, view, {"value": "With the panel until Friday."}) == {}
    await world.deliver()
    last = [one for one in slack.posts if one["channel"] == QUESTIONS][-1]
    assert "With the panel" in last["text"]
    assert last["thread_ts"] == asked["ts"]

    await slack.post(ENQUIRER, QUESTIONS, "And then?", asked["ts"])
    await world.triage()
    await eventually(lambda: is_in(world, CaseState.OPEN))
    await world.deliver()
    await world.deliver()
    assert [one for one in slack.posts if one.get("thread_ts") == card["ts"]]

    await slack.press(OFFICER, card, names.RESOLVE)
    view = await eventually(lambda: len(slack.views) > 1 and slack.views[-1])
    assert await slack.submit(OFFICER, view, {"selected_option": {"value": "answered"}}) == {}
    assert (await world.case()).state == CaseState.RESOLVED


async def is_in(world: World, state: CaseState) -> bool:
    return (await world.case()).state == state


async def test_a_stale_press_is_answered_where_there_are_no_ephemeral_messages(sparse):
    world, slack = sparse, sparse.slack
    await world.mail("What will it cost?")
    await world.deliver()
    [card] = slack.posts
    card = dict(card)
    await slack.press(OFFICER, card, names.CLAIM)
    await eventually(lambda: is_in(world, CaseState.OPEN))
    with structlog.testing.capture_logs() as logs:
        for number in (1, 2):
            await slack.press("UOTHER", card, names.CLAIM)
            said = await eventually(lambda: direct(slack, "UOTHER")[number - 1 :])  # noqa: B023  awaited here
            assert "claimed it" in said[0]["text"]
    lost = [one for one in logs if "ephemeral" in one["event"]]
    assert len(lost) <= 1


def direct(slack: SparseSlack, who: str) -> list[dict[str, object]]:
    return [one for one in slack.posts if one["channel"] == f"D{who}"]


async def test_what_is_unknown_there_is_said_once_and_stops_nothing(sparse):
    world, slack = sparse, sparse.slack
    with structlog.testing.capture_logs() as logs:
        for number in range(3):
            await slack.post(f"UASKER{number}", QUESTIONS, f"Question {number}?")
            home = {"type": "app_home_opened", "user": f"UASKER{number}", "channel": "D1"}
            assert (await slack.send("events_api", slack.event(home)))[0] == 200
        await eventually(lambda: "views.publish" in slack.asked)
        assert len(await world.triage()) == 3
    assert slack.asked.count("users.info") == 1
    assert [one["event"] for one in logs].count("names are off: members go by their ids") == 1


async def test_a_post_that_is_sent_again_is_kept_once(sparse):
    world, slack = sparse, sparse.slack
    payload = await slack.post(ENQUIRER, QUESTIONS, "Where is our application?")
    assert (await slack.send("events_api", payload, retry=1))[0] == 200
    assert (await slack.send("events_api", payload, retry=2))[0] == 200
    assert len(await world.triage()) == 1


class WithHomes(SparseSlack):
    """A server that also has App Home."""

    def _views_publish(self, told: dict[str, object]) -> dict[str, object]:
        self.views.append(told)
        return {"ok": True}


@pytest.mark.parametrize("way", ["http", "socket"])
async def test_an_event_that_comes_again_is_worked_on_once(store, desk, way):
    async with serving(WithHomes()) as slack:
        world = world_of(slack, store, desk)
        async with over_http(app_of(world), world) if way == "http" else over_socket(world):
            home = slack.event({"type": "app_home_opened", "user": OFFICER, "channel": "D1"})
            for retry in range(3):
                assert (await slack.send("events_api", home, retry=retry))[0] == 200
            await eventually(lambda: slack.views)
            other = slack.event({"type": "app_home_opened", "user": OFFICER, "channel": "D1"})
            await slack.send("events_api", other)
            await eventually(lambda: len(slack.views) > 1)
    assert len(slack.views) == 2


async def test_an_event_that_was_not_kept_is_worked_on_when_it_comes_again(store, desk):
    async with serving(SparseSlack()) as slack:
        world = world_of(slack, store, desk)
        event = {
            "type": "message",
            "user": ENQUIRER,
            "channel": QUESTIONS,
            "text": "Where is our application?",
            "ts": "1700000000.000100",
        }
        payload = slack.event(event)
        async with over_http(app_of(world), world):
            async with store.engine.connect() as other:
                await other.exec_driver_sql("LOCK TABLE inbound IN ACCESS EXCLUSIVE MODE")
                assert (await slack.send("events_api", payload))[0] == 503
                await other.rollback()
            assert (await slack.send("events_api", payload, retry=1))[0] == 200
        assert len(await world.triage()) == 1


async def test_who_we_are_may_be_unknown_and_a_post_is_kept_all_the_same(store, desk):
    async with serving(SparseSlack()) as slack:
        world = world_of(slack, store, desk)
        async with over_http(app_of(world), world):
            slack.refused[BOT_TOKEN] = "token_revoked"
            await slack.post(ENQUIRER, QUESTIONS, "Where is our application?")
        assert len(await world.triage()) == 1


async def test_each_workspace_is_answered_with_its_own_token(store, desk):
    async with serving(WithHomes()) as slack:
        world = world_of(slack, store, desk, slack_bot_tokens={"T0OTHER": "xoxb-other"})
        async with over_http(app_of(world), world):
            for team in ("T0OTHER", "T024BE7LH"):
                event = slack.event({"type": "app_home_opened", "user": OFFICER, "channel": "D1"})
                payload = {**event, "team_id": team, "enterprise_id": "E0ORG"}
                await slack.send("events_api", {**payload, "is_enterprise_install": True})
            await eventually(lambda: len(slack.views) == 2)
    drawn_with = [token for method, token in slack.tokens if method == "views.publish"]
    assert sorted(drawn_with) == sorted(["xoxb-other", BOT_TOKEN])


@asynccontextmanager
async def over_socket(world: World) -> AsyncIterator[None]:
    connection = await start_socket_mode(app_of(world), world.settings)
    await eventually(lambda: world.slack.sockets)
    try:
        yield
    finally:
        await connection.close()
