"""Setting Slack up: what is missing or refused is said in one line, and what is unknown is off."""

import asyncio
import json
import time
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
import structlog
from slack_bolt.async_app import AsyncApp
from slack_world import app_of, eventually, over_http, over_socket

from bot.sandbox.slack.signed_calls import signature
from bot.slack import names
from bot.slack.app import SlackUnavailableError, create_app, start_socket_mode
from bot.slack.people import People, Role

HOME_IS_OFF = "App Home was not drawn"


def without(world, **changes: Any):
    return world.settings.model_copy(update=changes)


async def test_a_missing_token_is_said_with_the_settings_name(quiet_world):
    world = quiet_world
    with pytest.raises(SlackUnavailableError, match="TRIAGEBOT_SLACK_BOT_TOKEN is not set"):
        create_app(without(world, slack_bot_token=None), world.store, world.desk)
    with pytest.raises(SlackUnavailableError, match="TRIAGEBOT_SLACK_APP_TOKEN is not set"):
        await start_socket_mode(app_of(world), without(world, slack_app_token=None))


async def test_a_refused_token_is_said_in_one_line(quiet_world):
    world = quiet_world
    app = app_of(world)
    await world.slack.revoke_token(world.slack.app_token)
    with pytest.raises(SlackUnavailableError, match="refused the app token") as told:
        await start_socket_mode(app, world.settings)
    assert "\n" not in str(told.value)
    await world.slack.revoke_token(world.slack.bot_token)
    with pytest.raises(SlackUnavailableError, match=r"refused the bot token \(token_revoked\)"):
        await start_socket_mode(app, world.settings)


async def test_a_start_while_slack_is_away_connects_once_it_is_back(quiet_world):
    world = quiet_world
    await world.slack.start_outage()
    connection = await start_socket_mode(app_of(world), world.settings)
    world.slack.end_outage()
    await eventually(lambda: world.slack.delivery.sockets.connections, seconds=15)
    await connection.close()


@pytest.mark.parametrize("secret", ["another secret", ""])
async def test_a_wrong_signature_is_refused(quiet_world, secret):
    async with over_http(app_of(quiet_world), quiet_world):
        status = await call(quiet_world, secret)
    assert status == 401


async def test_without_a_signing_secret_every_call_is_refused(quiet_world):
    world = quiet_world
    app = create_app(without(world, slack_signing_secret=None), world.store, world.desk)
    async with over_http(app, world):
        assert await call(world, "") == 401


async def test_bytes_that_are_no_text_are_refused(quiet_world):
    async with over_http(app_of(quiet_world), quiet_world):
        assert await call(quiet_world, "any", b"\xff\xfe") == 400


async def call(world, secret: str, body: bytes | None = None) -> int:
    """The status of a press signed with this secret."""
    payload = {"type": "block_actions", "actions": [{"action_id": names.CLAIM}]}
    body = urlencode({"payload": json.dumps(payload)}).encode() if body is None else body
    stamp = str(int(time.time()))
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": signature(secret, stamp, body),
    }
    async with (
        aiohttp.ClientSession() as session,
        session.post(world.slack.app.request_url, data=body, headers=headers) as answer,
    ):
        return answer.status


async def test_the_request_url_passes_slacks_handshake(quiet_world):
    world = quiet_world
    async with over_http(app_of(world), world):
        url = str(world.slack.app.request_url)
        token = world.slack.app.verification_token
        assert await world.slack.delivery.verify_request_url(url, token)


async def test_officers_and_leads_can_be_named_beside_and_without_a_group(quiet_world):
    client = app_of(quiet_world).client
    people = People(
        client,
        Role("dars-officers", frozenset({"UCARLA"})),
        Role(named=frozenset({"UBEN", "UZOE"})),
    )
    found = {one: await people.officer(one) for one in ("UANA", "UBEN", "UCARLA", "UZOE")}
    assert [name for name, one in found.items() if one.may_act] == ["UANA", "UBEN", "UCARLA"]
    assert [name for name, one in found.items() if one.leads] == ["UBEN"]


async def test_a_slack_without_usergroups_still_heeds_who_is_named(quiet_world):
    quiet_world.slack.fail_next("usergroups.list", "unknown_method", times=100)
    people = People(app_of(quiet_world).client, Role("dars-officers", frozenset({"UCARLA"})))
    assert (await people.officer("UCARLA")).may_act
    assert not (await people.officer("UANA")).may_act


async def test_a_slack_without_usergroups_lets_every_member_act_and_says_so_once(quiet_world):
    world = quiet_world
    world.slack.fail_next("usergroups.list", "unknown_method", times=100)
    people = People(app_of(world).client, Role("dars-officers"))
    with structlog.testing.capture_logs() as logs:
        assert (await people.officer("UCARLA")).may_act
        assert (await people.officer("UANA")).may_act
    assert [one["event"] for one in logs] == ["usergroups are off: every member may act"]


async def test_while_slack_is_away_nobody_new_becomes_an_officer(quiet_world):
    world = quiet_world
    people = People(app_of(world).client, Role("@dars-officers"))
    world.slack.fail_next("usergroups.list", "missing_scope")
    assert not (await people.officer("UANA")).may_act
    people = People(app_of(world).client, Role("@dars-officers"))
    assert (await people.officer("UANA")).may_act
    assert not (await people.officer("UCARLA")).may_act


async def test_a_slack_without_names_calls_members_by_their_ids_and_says_so_once(quiet_world):
    world = quiet_world
    world.slack.fail_next("users.info", "unknown_method", times=100)
    people = People(app_of(world).client)
    with structlog.testing.capture_logs() as logs:
        assert (await people.person("UCARLA")).name == "UCARLA"
        assert (await people.person("UANA")).name == "UANA"
    assert [one["event"] for one in logs] == ["names are off: members go by their ids"]


async def test_a_slack_without_app_home_hears_of_it_once(quiet_world):
    world = quiet_world
    world.slack.fail_next("views.publish", "unknown_method", times=1)
    with structlog.testing.capture_logs() as logs:
        async with over_socket(app_of(world), world):
            world.ana.open_home()
            await eventually(lambda: [one for one in logs if one["event"] == HOME_IS_OFF])
            world.ana.open_home()
            await world.slack.delivery.settled()
            await asyncio.sleep(0.3)
    assert world.slack.views.home("UANA") is None
    assert [one["event"] for one in logs].count(HOME_IS_OFF) == 1


async def test_bots_are_no_officers(quiet_world):
    world = quiet_world
    people = People(app_of(world).client)
    assert not (await people.officer(world.slack.app.user_id)).may_act


async def test_a_button_that_is_not_ours_is_answered_politely(quiet_world):
    world = quiet_world
    card = await world.case_card()
    card.blocks[-2]["elements"][0]["value"] = "{}"
    async with over_socket(app_of(world), world):
        await world.ana.press(world.cases, card.ts, names.CLAIM)
        [told] = await eventually(lambda: world.seen_by("UANA", world.cases))
    assert "older version" in told


async def test_a_press_is_acknowledged_while_the_database_is_busy(quiet_world):
    world = quiet_world
    card = await world.case_card()
    async with over_socket(app_of(world), world):
        async with world.store.engine.connect() as other:
            await other.exec_driver_sql("LOCK TABLE case_record IN ACCESS EXCLUSIVE MODE")
            begun = time.monotonic()
            await world.ana.press(world.cases, card.ts, names.CLAIM)
            assert time.monotonic() - begun < 1
            await other.rollback()

        async def owned():
            return (await world.case()).officer == "UANA"

        await eventually(owned)


def test_the_app_can_be_made_without_calling_slack(quiet_world):
    assert isinstance(app_of(quiet_world), AsyncApp)
