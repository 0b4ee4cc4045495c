"""The `conversations.*` methods."""

from bot.sandbox.slack.call import Call, page_of, paged
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.json_forms import channel_json
from bot.sandbox.slack.model import Channel, Json, Message

_TYPE = {"channel": "public_channel", "private": "private_channel", "im": "im"}


def list_channels(call: Call) -> Json:
    """`conversations.list`."""
    wanted = (call.arguments.text("types") or "public_channel").replace(" ", "").split(",")
    rows = [
        channel
        for channel in call.workspace.channels.values()
        if _TYPE[channel.kind] in wanted
        and call.slack.may_read(channel, call.actor)
        and not (channel.is_archived and call.arguments.flag("exclude_archived"))
    ]
    page, cursor = page_of(call, rows, default=100, most=1000)
    return paged("channels", [_shown(call, channel) for channel in page], cursor)


def info(call: Call) -> Json:
    """`conversations.info`."""
    return {"channel": _shown(call, call.channel())}


def history(call: Call) -> Json:
    """`conversations.history`: the newest first."""
    channel = _joined(call)
    rows = [m for m in reversed(call.workspace.history(channel.id)) if _within(call, m)]
    page, cursor = page_of(call, rows, default=100, most=999)
    return _messages(call, page, cursor)


def replies(call: Call) -> Json:
    """`conversations.replies`: the oldest first, the thread's first message always among them."""
    channel = _joined(call)
    message = call.workspace.message(channel.id, call.arguments.required("ts"), "thread_not_found")
    root, *rest = call.workspace.thread(channel.id, message.thread_ts or message.ts)
    rows = [root, *(reply for reply in rest if _within(call, reply))]
    page, cursor = page_of(call, rows, default=1000, most=1000)
    return _messages(call, page, cursor)


def members(call: Call) -> Json:
    """`conversations.members`."""
    page, cursor = page_of(call, sorted(call.channel().members), default=100, most=1000)
    return {"members": page, "response_metadata": {"next_cursor": cursor}}


def join(call: Call) -> Json:
    """`conversations.join`."""
    channel = call.channel()
    if channel.kind != "channel":
        raise SlackError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise SlackError("is_archived")
    if call.actor not in channel.members:
        channel.members.add(call.actor)
        joined = {"user": call.actor, "channel": channel.id, "channel_type": "C"}
        call.slack.emit("member_joined_channel", {"type": "member_joined_channel", **joined})
    return {"channel": _shown(call, channel)}


def open_direct(call: Call) -> Json:
    """`conversations.open`, for direct messages with one member."""
    if call.arguments.text("channel"):
        return {"channel": _shown(call, call.channel())}
    users = call.arguments.words("users")
    if len(users) != 1:
        raise SlackError(
            "method_not_supported_for_channel_type" if users else "users_list_not_supplied"
        )
    call.workspace.user(users[0])
    channel = call.workspace.direct_channel(users[0], call.actor)
    return {
        "channel": _shown(call, channel) if call.arguments.flag("return_im") else {"id": channel.id}
    }


def _shown(call: Call, channel: Channel) -> Json:
    return channel_json(channel, call.actor, call.workspace.id)


def _joined(call: Call) -> Channel:
    channel = call.channel()
    if call.actor not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def _within(call: Call, message: Message) -> bool:
    oldest, latest = _time(call, "oldest"), _time(call, "latest")
    ts = float(message.ts)
    if call.arguments.flag("inclusive"):
        return oldest <= ts and (not latest or ts <= latest)
    return oldest < ts and (not latest or ts < latest)


def _time(call: Call, name: str) -> float:
    try:
        return float(call.arguments.text(name) or 0)
    except ValueError as wrong:
        raise SlackError(f"invalid_ts_{name}") from wrong


def _messages(call: Call, page: list[Message], cursor: str) -> Json:
    metadata = call.arguments.flag("include_all_metadata")
    shown = [call.slack.message_json(message, metadata=metadata) for message in page]
    return {**paged("messages", shown, cursor), "has_more": bool(cursor), "pin_count": 0}
