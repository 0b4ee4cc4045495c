"""`/api/<method>`: finds the method, checks token, limits and scope, and words the answer."""

from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from bot.sandbox.slack import (
    methods_chat,
    methods_conversations,
    methods_files,
    methods_people,
    methods_views,
)
from bot.sandbox.slack.access import TokenKind
from bot.sandbox.slack.arguments import Arguments, read_arguments
from bot.sandbox.slack.call import Call
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.model import Json
from bot.sandbox.slack.state import PretendSlack


@dataclass(frozen=True)
class Method:
    """A Web API method, and what a token must be and hold to call it."""

    run: Callable[[Call], Json]
    scope: str | None = None
    kind: TokenKind | None = "bot"


def _open_connection(call: Call) -> Json:
    """`apps.connections.open`: an address for one Socket Mode connection."""
    ticket = call.slack.passes.new_ticket()
    address = call.slack.base_url.replace("http", "ws", 1)
    return {"url": f"{address}/link/?ticket={ticket}&app_id={call.slack.app.id}"}


METHODS: dict[str, Method] = {
    "apps.connections.open": Method(_open_connection, "connections:write", "app"),
    "auth.test": Method(methods_people.auth_test, None, None),
    "bots.info": Method(methods_people.bot_info, "users:read"),
    "chat.delete": Method(methods_chat.delete, "chat:write"),
    "chat.getPermalink": Method(methods_chat.get_permalink),
    "chat.postEphemeral": Method(methods_chat.post_ephemeral, "chat:write"),
    "chat.postMessage": Method(methods_chat.post_message, "chat:write"),
    "chat.unfurl": Method(methods_chat.unfurl, "links:write"),
    "chat.update": Method(methods_chat.update, "chat:write"),
    "conversations.history": Method(methods_conversations.history, "channels:history"),
    "conversations.info": Method(methods_conversations.info, "channels:read"),
    "conversations.join": Method(methods_conversations.join, "channels:join"),
    "conversations.list": Method(methods_conversations.list_channels, "channels:read"),
    "conversations.members": Method(methods_conversations.members, "channels:read"),
    "conversations.open": Method(methods_conversations.open_direct, "im:write"),
    "conversations.replies": Method(methods_conversations.replies, "channels:history"),
    "files.completeUploadExternal": Method(methods_files.complete_upload, "files:write"),
    "files.getUploadURLExternal": Method(methods_files.get_upload_url, "files:write"),
    "reactions.add": Method(methods_chat.add_reaction, "reactions:write"),
    "reactions.remove": Method(methods_chat.remove_reaction, "reactions:write"),
    "team.info": Method(methods_people.team_info, "team:read"),
    "usergroups.list": Method(methods_people.list_usergroups, "usergroups:read"),
    "usergroups.users.list": Method(methods_people.list_usergroup_users, "usergroups:read"),
    "users.info": Method(methods_people.user_info, "users:read"),
    "users.list": Method(methods_people.list_users, "users:read"),
    "users.lookupByEmail": Method(methods_people.lookup_by_email, "users:read.email"),
    "views.open": Method(methods_views.open_view),
    "views.publish": Method(methods_views.publish_view),
    "views.push": Method(methods_views.push_view),
    "views.update": Method(methods_views.update_view),
}


async def answer(slack: PretendSlack, request: web.Request) -> web.Response:
    """Serve one call; every refusal is a JSON object with `ok` false, as Slack's are."""
    try:
        arguments = await read_arguments(request)
        told = _serve(slack, request.match_info["method"], request, arguments)
    except SlackError as refusal:
        return _refused(refusal)
    return web.json_response({"ok": True, **told})


def _serve(slack: PretendSlack, name: str, request: web.Request, arguments: Arguments) -> Json:
    slack.faults.check(name, arguments.text("channel"))
    if name == "api.test":
        if arguments.text("error"):
            raise SlackError(arguments.text("error"))
        return {"args": {}}
    method = METHODS.get(name)
    if method is None:
        raise SlackError("unknown_method")
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    token = slack.tokens.check(
        given or arguments.text("token"), kind=method.kind, scope=method.scope
    )
    return method.run(Call(slack, arguments, token))


def _refused(refusal: SlackError) -> web.Response:
    told: Json = {"ok": False, "error": refusal.code}
    if refusal.messages:
        told["response_metadata"] = {"messages": list(refusal.messages)}
    if refusal.code == "invalid_blocks":
        told["errors"] = [words.removeprefix("[ERROR] ") for words in refusal.messages]
    headers = {}
    if refusal.retry_after is not None:
        headers["Retry-After"] = str(refusal.retry_after)
    return web.json_response(told, status=refusal.status, headers=headers)
