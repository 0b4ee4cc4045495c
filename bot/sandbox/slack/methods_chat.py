"""The `chat.*` and `reactions.*` methods."""

import re

from bot.sandbox.slack.call import Call
from bot.sandbox.slack.content import Content, checked_blocks, read_content
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.model import Channel, Json, Message

_TS = re.compile(r"\d+\.\d+")


def post_message(call: Call) -> Json:
    """`chat.postMessage`."""
    channel = _destination(call)
    content = read_content(call.arguments)
    message = call.slack.post(
        Message(
            channel.id,
            call.workspace.new_ts(),
            call.actor,
            content.text,
            content.blocks,
            content.attachments,
            metadata=content.metadata,
            thread_ts=_thread(call, channel),
            broadcast=call.arguments.flag("reply_broadcast"),
            username=call.arguments.text("username") or None,
        )
    )
    shown = call.slack.message_json(message, metadata=True)
    return {"channel": channel.id, "ts": message.ts, "message": shown}


def post_ephemeral(call: Call) -> Json:
    """`chat.postEphemeral`."""
    channel = _destination(call)
    content = read_content(call.arguments)
    user = call.arguments.required("user")
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    message = Message(
        channel.id,
        call.workspace.new_ts(),
        call.actor,
        content.text,
        content.blocks,
        content.attachments,
        thread_ts=_thread(call, channel),
        seen_only_by=user,
    )
    return {"message_ts": call.slack.post(message).ts}


def update(call: Call) -> Json:
    """`chat.update`: blocks go where only text is given, attachments stay unless given."""
    message = _own(call, "cant_update_message")
    content = read_content(call.arguments)
    replace_content(call, message, content)
    shown = call.slack.message_json(message, metadata=True)
    return {"channel": message.channel, "ts": message.ts, "text": message.text, "message": shown}


def replace_content(call: Call, message: Message, content: Content) -> None:
    """Give a message new content, and tell of it."""
    before = call.slack.message_json(message)
    if content.blocks or content.text or call.arguments.has("blocks"):
        message.blocks = content.blocks
        message.text = content.text
    if call.arguments.has("attachments"):
        message.attachments = content.attachments
    if call.arguments.has("metadata"):
        message.metadata = content.metadata
    call.slack.edited(message, before)


def delete(call: Call) -> Json:
    """`chat.delete`."""
    message = _own(call, "cant_delete_message")
    call.slack.remove(message)
    return {"channel": message.channel, "ts": message.ts}


def get_permalink(call: Call) -> Json:
    """`chat.getPermalink`: an address of this server that shows the message."""
    message = call.message("message_ts")
    address = f"{call.slack.base_url}/archives/{message.channel}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        address += f"?thread_ts={message.thread_ts}&cid={message.channel}"
    return {"channel": message.channel, "permalink": address}


def unfurl(call: Call) -> Json:
    """`chat.unfurl`: show what the app knows of a link that someone posted."""
    message = call.message()
    unfurls = call.arguments.structure("unfurls")
    if not isinstance(unfurls, dict) or not unfurls:
        raise SlackError("cannot_unfurl_message")
    for address, shown in unfurls.items():
        if address not in message.text.replace("&amp;", "&"):
            raise SlackError("cannot_unfurl_url")
        blocks = checked_blocks(shown.get("blocks"))
        message.attachments.append({**shown, "blocks": blocks, "from_url": address})
    call.slack.changes.announce()
    return {}


def add_reaction(call: Call) -> Json:
    """`reactions.add`."""
    message = call.message("timestamp")
    users = message.reactions.setdefault(_emoji(call), [])
    if call.actor in users:
        raise SlackError("already_reacted")
    users.append(call.actor)
    call.slack.changes.announce()
    return {}


def remove_reaction(call: Call) -> Json:
    """`reactions.remove`."""
    message = call.message("timestamp")
    name = _emoji(call)
    if call.actor not in message.reactions.get(name, []):
        raise SlackError("no_reaction")
    message.reactions[name].remove(call.actor)
    if not message.reactions[name]:
        del message.reactions[name]
    call.slack.changes.announce()
    return {}


def _emoji(call: Call) -> str:
    return call.arguments.required("name").strip(":")


def _destination(call: Call) -> Channel:
    """Where to post: a channel by id or name, or a member's direct messages."""
    name = call.arguments.required("channel")
    workspace = call.workspace
    if name in workspace.users:
        return workspace.direct_channel(name, call.actor)
    channel = workspace.channels.get(name) or workspace.channel_named(name)
    if channel.kind != "channel" and call.actor not in channel.members:
        raise SlackError("channel_not_found")
    if call.actor not in channel.members:
        raise SlackError("not_in_channel")
    if channel.is_archived:
        raise SlackError("is_archived")
    return channel


def _thread(call: Call, channel: Channel) -> str | None:
    """The thread to post in: a reply to a reply goes to the thread's first message."""
    ts = call.arguments.text("thread_ts")
    if not ts:
        return None
    if not _TS.fullmatch(ts):
        wrong = f"[ERROR] {ts} is not a valid thread_ts"
        raise SlackError("invalid_thread_ts", messages=(wrong,))
    parent = call.workspace.message(channel.id, ts, "thread_not_found")
    return parent.thread_ts or parent.ts


def _own(call: Call, error: str) -> Message:
    message = call.message()
    if message.seen_only_by is not None:
        raise SlackError("message_not_found")
    if message.user != call.actor:
        raise SlackError(error)
    return message
