"""The Web API as Slack's own client library meets it: state, paging, refusals, limits."""

import asyncio
import time
from typing import Any

import aiohttp
import pytest
from sandbox.slack_desk import Desk, served
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import PretendSlack, RateLimit, Workspace, sandbox_workspace

Json = dict[str, Any]
KEY = {"event_type": "outgoing", "event_payload": {"key": "case-7-card"}}
HEADER = {"type": "header", "text": {"type": "plain_text", "text": "Case 7"}}


def modal(**more: Any) -> Json:
    return {"type": "modal", "title": {"type": "plain_text", "text": "T"}, "blocks": [], **more}


def code(refusal: pytest.ExceptionInfo[SlackApiError]) -> str:
    return str(refusal.value.response["error"])


async def test_a_message_is_posted_changed_found_and_taken_away(desk: Desk) -> None:
    posted = await desk.client.chat_postMessage(
        channel="#dars-cases", text="Case 7", blocks=[HEADER], metadata=KEY
    )
    channel, ts = posted["channel"], posted["ts"]
    plain = await desk.client.conversations_history(channel=channel)
    full = await desk.client.conversations_history(channel=channel, include_all_metadata=True)
    assert "metadata" not in plain["messages"][0]
    assert full["messages"][0]["metadata"] == KEY
    assert full["messages"][0]["blocks"][0]["block_id"]
    await desk.client.chat_update(channel=channel, ts=ts, text="Case 7, claimed")
    changed = (await desk.client.conversations_history(channel=channel))["messages"][0]
    assert changed["text"] == "Case 7, claimed"
    assert "blocks" not in changed
    await desk.client.chat_delete(channel=channel, ts=ts)
    assert (await desk.client.conversations_history(channel=channel))["messages"] == []


async def test_an_ephemeral_message_is_in_no_history(desk: Desk) -> None:
    await desk.client.chat_postEphemeral(
        channel=desk.channel, user=desk.officer_id, text="Only for you"
    )
    assert (await desk.client.conversations_history(channel=desk.channel))["messages"] == []
    with pytest.raises(SlackApiError) as refusal:
        await desk.client.chat_postEphemeral(channel=desk.channel, user="UNOBODY", text="x")
    assert code(refusal) == "user_not_in_channel"


@pytest.mark.parametrize(
    ("method", "arguments", "error"),
    [
        ("chat.postMessage", {"channel": "C404", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "#dars-cases"}, "no_text"),
        ("chat.postMessage", {"channel": "#dars-cases", "text": "x" * 40_001}, "msg_too_long"),
        (
            "chat.postMessage",
            {"channel": "#dars-cases", "text": "x", "thread_ts": "1.000001"},
            "thread_not_found",
        ),
        (
            "chat.postMessage",
            {"channel": "#dars-cases", "text": "x", "thread_ts": "then"},
            "invalid_thread_ts",
        ),
        (
            "chat.postMessage",
            {"channel": "#dars-cases", "text": "x", "metadata": {"event_type": 1}},
            "invalid_metadata_format",
        ),
        ("users.info", {"user": "U404"}, "user_not_found"),
        ("users.lookupByEmail", {"email": "no@one.example"}, "users_not_found"),
        ("usergroups.users.list", {"usergroup": "S404"}, "no_such_subteam"),
        ("users.list", {"cursor": "!"}, "invalid_cursor"),
        ("users.list", {"limit": "many"}, "invalid_limit"),
        ("views.open", {"trigger_id": "1.2.3", "view": modal()}, "invalid_trigger_id"),
        ("views.update", {"view_id": "V404", "view": modal()}, "not_found"),
        ("views.open", {"trigger_id": "1.2.3"}, "invalid_arguments"),
        ("api.test", {"error": "my_error"}, "my_error"),
        ("rockets.launch", {}, "unknown_method"),
    ],
)
async def test_a_wrong_call_gets_slacks_own_word(
    desk: Desk, method: str, arguments: Json, error: str
) -> None:
    with pytest.raises(SlackApiError) as refusal:
        await desk.client.api_call(method, json=arguments)
    assert code(refusal) == error
    form = {k: v for k, v in arguments.items() if isinstance(v, str)}
    if form == arguments:
        with pytest.raises(SlackApiError) as again:
            await desk.client.api_call(method, data=form)
        assert code(again) == error


async def test_bad_blocks_are_refused_with_each_problem(desk: Desk) -> None:
    long = {"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}
    with pytest.raises(SlackApiError) as refusal:
        await desk.client.chat_postMessage(channel=desk.channel, text="x", blocks=[long])
    assert code(refusal) == "invalid_blocks"
    assert refusal.value.response["response_metadata"]["messages"] == [
        "[ERROR] must be less than 151 characters [json-pointer:/blocks/0/text/text]"
    ]


async def test_messages_that_are_not_the_apps_own_cannot_be_changed(desk: Desk) -> None:
    said = desk.officer.say(desk.channel, "Mine")
    with pytest.raises(SlackApiError) as refusal:
        await desk.client.chat_update(channel=desk.channel, ts=said.ts, text="x")
    assert code(refusal) == "cant_update_message"
    with pytest.raises(SlackApiError) as refusal:
        await desk.client.chat_delete(channel=desk.channel, ts=said.ts)
    assert code(refusal) == "cant_delete_message"
    with pytest.raises(SlackApiError) as refusal:
        await desk.client.chat_update(channel=desk.channel, ts="1.000001", text="x")
    assert code(refusal) == "message_not_found"


async def test_tokens_are_told_apart(desk: Desk) -> None:
    async def error(token: str | None, method: str = "auth.test") -> str:
        client = AsyncWebClient(token, base_url=desk.slack.api_url)
        with pytest.raises(SlackApiError) as refusal:
            await client.api_call(method)
        return code(refusal)

    assert await error(None) == "not_authed"
    assert await error("xoxb-wrong") == "invalid_auth"
    assert await error(desk.slack.bot_token, "apps.connections.open") == "not_allowed_token_type"
    narrow = desk.slack.issue_token("bot", frozenset({"chat:write"}))
    assert await error(narrow, "users.list") == "missing_scope"
    await desk.slack.revoke_token(desk.slack.bot_token)
    assert await error(desk.slack.bot_token) == "token_revoked"


async def test_an_installed_manifest_limits_scopes_events_and_commands(desk: Desk) -> None:
    desk.slack.install(
        {
            "features": {
                "slash_commands": [{"command": "/triage"}],
                "shortcuts": [{"name": "New", "type": "global", "callback_id": "new"}],
            },
            "oauth_config": {"scopes": {"bot": ["chat:write"]}},
            "settings": {
                "socket_mode_enabled": True,
                "event_subscriptions": {"bot_events": ["app_mention"]},
            },
        }
    )
    with pytest.raises(SlackApiError) as refusal:
        await desk.client.users_list()
    assert code(refusal) == "missing_scope"
    assert desk.slack.app.events == {"app_mention"}
    assert desk.slack.app.commands == {"/triage"}
    assert desk.slack.app.request_url is None


async def test_a_list_is_read_page_by_page(desk: Desk) -> None:
    for number in range(7):
        await desk.client.chat_postMessage(channel=desk.channel, text=str(number))
    found, cursor = [], ""
    while True:
        page = await desk.client.conversations_history(channel=desk.channel, limit=3, cursor=cursor)
        found += [message["text"] for message in page["messages"]]
        cursor = page["response_metadata"]["next_cursor"]
        assert page["has_more"] is bool(cursor)
        if not cursor:
            break
    assert found == list("6543210")


async def test_history_can_be_asked_for_a_span_of_time(desk: Desk) -> None:
    stamps = [
        (await desk.client.chat_postMessage(channel=desk.channel, text=str(n)))["ts"]
        for n in range(4)
    ]

    async def between(**span: Any) -> list[str]:
        page = await desk.client.conversations_history(channel=desk.channel, **span)
        return [message["text"] for message in page["messages"]]

    assert await between(oldest=stamps[1]) == ["3", "2"]
    assert await between(oldest=stamps[1], latest=stamps[2], inclusive=True) == ["2", "1"]


async def test_a_limited_method_answers_429_and_the_client_waits_as_told() -> None:
    slack = PretendSlack(limits={"chat.postMessage": RateLimit(1, 1, per_channel=True)})
    async with served(slack) as desk:
        await desk.client.chat_postMessage(channel=desk.channel, text="first")
        with pytest.raises(SlackApiError) as refusal:
            await desk.client.chat_postMessage(channel=desk.channel, text="too soon")
        assert code(refusal) == "ratelimited"
        assert refusal.value.response.status_code == 429
        assert refusal.value.response.headers["Retry-After"] == "1"
        await desk.client.chat_postMessage(channel=desk.officer_id, text="another channel")
        desk.client.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=3))
        began = time.monotonic()
        await desk.client.chat_postMessage(channel=desk.channel, text="second")
        assert time.monotonic() - began > 0.3
        texts = [message.text for message in slack.workspace.history(desk.channel)]
    assert texts == ["first", "second"]


async def test_failures_and_outages_can_be_asked_for(desk: Desk) -> None:
    desk.slack.fail_next("chat.postMessage", "internal_error", times=2)
    for _ in range(2):
        with pytest.raises(SlackApiError) as refusal:
            await desk.client.chat_postMessage(channel=desk.channel, text="x")
        assert code(refusal) == "internal_error"
    await desk.client.chat_postMessage(channel=desk.channel, text="x")
    await desk.slack.start_outage()
    with pytest.raises(SlackApiError) as refusal:
        await desk.client.auth_test()
    assert refusal.value.response.status_code == 503
    desk.slack.end_outage()
    assert (await desk.client.auth_test())["user_id"] == desk.slack.app.user_id


async def test_a_trigger_opens_one_modal_and_only_soon() -> None:
    async with served(PretendSlack(trigger_seconds=0.2)) as desk:
        trigger = desk.slack.passes.new_trigger(desk.officer_id)
        opened = await desk.client.views_open(trigger_id=trigger, view=modal())
        with pytest.raises(SlackApiError) as refusal:
            await desk.client.views_open(trigger_id=trigger, view=modal())
        assert code(refusal) == "exchanged_trigger_id"
        late = desk.slack.passes.new_trigger(desk.officer_id)
        await asyncio.sleep(0.25)
        with pytest.raises(SlackApiError) as refusal:
            await desk.client.views_open(trigger_id=late, view=modal())
        assert code(refusal) == "expired_trigger_id"
        view = opened["view"]
        await desk.client.views_update(view_id=view["id"], hash=view["hash"], view=modal())
        with pytest.raises(SlackApiError) as refusal:
            await desk.client.views_update(view_id=view["id"], hash=view["hash"], view=modal())
        assert code(refusal) == "hash_conflict"


async def test_at_most_three_modals_are_stacked(desk: Desk) -> None:
    trigger = desk.slack.passes.new_trigger
    await desk.client.views_open(trigger_id=trigger(desk.officer_id), view=modal())
    for _ in range(2):
        await desk.client.views_push(trigger_id=trigger(desk.officer_id), view=modal())
    with pytest.raises(SlackApiError) as refusal:
        await desk.client.views_push(trigger_id=trigger(desk.officer_id), view=modal())
    assert code(refusal) == "push_limit_reached"


async def test_people_channels_and_groups_are_found(desk: Desk) -> None:
    found = await desk.client.users_lookupByEmail(email="ASHA@dars.example")
    assert found["user"]["profile"]["real_name"] == "Asha Verma"
    groups = (await desk.client.usergroups_list(include_users=True))["usergroups"]
    assert [(group["handle"], group["users"]) for group in groups] == [
        ("dars-officers", [desk.officer_id])
    ]
    users = await desk.client.usergroups_users_list(usergroup=groups[0]["id"])
    assert users["users"] == [desk.officer_id]
    rooms = (await desk.client.conversations_list(types="public_channel,im"))["channels"]
    assert rooms[0]["name"] == "dars-cases"
    members = (await desk.client.conversations_members(channel=desk.channel))["members"]
    assert desk.slack.app.user_id in members
    opened = await desk.client.conversations_open(users=[desk.officer_id])
    info = await desk.client.conversations_info(channel=opened["channel"]["id"])
    assert info["channel"]["user"] == desk.officer_id
    assert (await desk.client.team_info())["team"]["name"] == desk.slack.workspace.name
    assert (await desk.client.bots_info(bot=desk.slack.app.bot_id))["bot"]["name"] == "triagebot"


async def test_the_app_joins_a_channel_before_it_posts(desk: Desk) -> None:
    room = desk.slack.workspace.add_channel("ask-dars", [desk.officer_id])
    with pytest.raises(SlackApiError) as refusal:
        await desk.client.chat_postMessage(channel=room.id, text="x")
    assert code(refusal) == "not_in_channel"
    await desk.client.conversations_join(channel=room.id)
    await desk.client.chat_postMessage(channel=room.id, text="x")
    hidden = desk.slack.workspace.add_channel("board", [desk.officer_id], kind="private")
    with pytest.raises(SlackApiError) as refusal:
        await desk.client.conversations_info(channel=hidden.id)
    assert code(refusal) == "channel_not_found"


async def test_reactions_and_permanent_links(desk: Desk) -> None:
    said = desk.officer.say(desk.channel, "Well done")
    await desk.client.reactions_add(channel=desk.channel, timestamp=said.ts, name="tada")
    with pytest.raises(SlackApiError) as refusal:
        await desk.client.reactions_add(channel=desk.channel, timestamp=said.ts, name="tada")
    assert code(refusal) == "already_reacted"
    await desk.client.reactions_remove(channel=desk.channel, timestamp=said.ts, name="tada")
    link = (await desk.client.chat_getPermalink(channel=desk.channel, message_ts=said.ts))[
        "permalink"
    ]
    async with aiohttp.ClientSession() as browser, browser.get(link) as page:
        assert page.status == 200
        assert f'data-ts="{said.ts}"' in await page.text()


async def test_a_file_is_uploaded_and_shared_and_never_run_by_the_browser(desk: Desk) -> None:
    await desk.client.files_upload_v2(
        channel=desk.channel,
        filename="figures.html",
        content="<script>alert(1)</script>",
        initial_comment="Figures",
    )
    (shared,) = (await desk.client.conversations_history(channel=desk.channel))["messages"]
    assert shared["text"] == "Figures"
    address = shared["files"][0]["url_private"]
    async with aiohttp.ClientSession() as browser, browser.get(address) as answer:
        assert answer.content_type == "application/octet-stream"
        assert answer.headers["Content-Disposition"] == "attachment"
        assert await answer.read() == b"<script>alert(1)</script>"


async def test_a_link_is_unfurled_by_the_app(desk: Desk) -> None:
    desk.slack.configure(unfurl_domains=frozenset({"cases.example"}))
    said = desk.officer.say(desk.channel, "See https://cases.example/7")
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "Case 7"}}
    await desk.client.chat_unfurl(
        channel=desk.channel, ts=said.ts, unfurls={"https://cases.example/7": {"blocks": [section]}}
    )
    assert said.attachments[0]["blocks"][0]["text"]["text"] == "Case 7"


async def test_a_response_address_takes_five_answers(desk: Desk) -> None:
    key = desk.slack.passes.new_address(desk.officer_id, desk.channel, None)
    address = f"{desk.base_url}/actions/T/0/{key}"
    async with aiohttp.ClientSession() as app:
        for _ in range(5):
            async with app.post(address, json={"text": "hello"}) as answer:
                assert (answer.status, await answer.text()) == (200, "ok")
        async with app.post(address, json={"text": "hello"}) as answer:
            assert (answer.status, (await answer.json())["error"]) == (404, "used_url")
        async with app.post(f"{address}x", json={"text": "hello"}) as answer:
            assert (answer.status, (await answer.json())["error"]) == (404, "expired_url")


async def test_a_socket_ticket_is_good_once(desk: Desk) -> None:
    client = AsyncWebClient(base_url=desk.slack.api_url)
    opened = await client.apps_connections_open(app_token=desk.slack.app_token)
    async with aiohttp.ClientSession() as app:
        async with app.ws_connect(opened["url"]) as socket:
            hello = await socket.receive_json()
            assert hello["type"] == "hello"
            assert hello["connection_info"]["app_id"] == desk.slack.app.id
        with pytest.raises(aiohttp.WSServerHandshakeError, match="401"):
            await app.ws_connect(opened["url"])


def test_the_sandbox_has_its_people_channels_and_group_and_secrets_of_its_own() -> None:
    first, second = sandbox_workspace(), sandbox_workspace()
    names = {room.name for room in first.workspace.channels.values() if room.kind != "im"}
    assert names == {"dars-cases", "ask-dars"}
    (group,) = first.workspace.usergroups.values()
    assert group.handle == "dars-officers"
    assert len(group.members) == 4
    assert first.bot_token.startswith("xoxb-")
    assert first.app_token.startswith("xapp-")
    assert first.bot_token != second.bot_token
    assert isinstance(first.workspace, Workspace)
