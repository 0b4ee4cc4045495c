"""The JSON forms in which Slack shows members, channels, messages and views."""

from bot.sandbox.slack.model import AppSettings, Channel, File, Json, Message, User, Usergroup, View
from bot.sandbox.slack.workspace import Workspace


def user_json(user: User, team_id: str) -> Json:
    """A member, as `users.info` shows them."""
    profile: Json = {
        "real_name": user.real_name,
        "real_name_normalized": user.real_name,
        "display_name": user.name,
        "display_name_normalized": user.name,
        "title": user.title,
        "team": team_id,
    }
    if user.email:
        profile["email"] = user.email
    if user.bot_id:
        profile["bot_id"] = user.bot_id
    return {
        "id": user.id,
        "team_id": team_id,
        "name": user.name,
        "real_name": user.real_name,
        "deleted": user.deleted,
        "tz": user.tz,
        "profile": profile,
        "is_admin": user.is_admin,
        "is_owner": False,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "updated": 0,
    }


def channel_json(channel: Channel, viewer: str, team_id: str) -> Json:
    """A conversation, as `conversations.info` shows it to a member."""
    common: Json = {
        "id": channel.id,
        "created": channel.created,
        "is_archived": channel.is_archived,
        "is_im": channel.kind == "im",
        "is_org_shared": False,
        "context_team_id": team_id,
    }
    if channel.kind == "im":
        other = next((member for member in sorted(channel.members) if member != viewer), viewer)
        return {**common, "user": other, "is_user_deleted": False}
    return {
        **common,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": channel.kind == "channel",
        "is_group": False,
        "is_mpim": False,
        "is_private": channel.kind == "private",
        "is_general": False,
        "is_shared": False,
        "is_ext_shared": False,
        "is_member": viewer in channel.members,
        "num_members": len(channel.members),
        "purpose": {"value": channel.purpose, "creator": "", "last_set": 0},
        "topic": {"value": "", "creator": "", "last_set": 0},
    }


def usergroup_json(group: Usergroup, team_id: str, *, with_users: bool) -> Json:
    """A usergroup, as `usergroups.list` shows it."""
    shown: Json = {
        "id": group.id,
        "team_id": team_id,
        "is_usergroup": True,
        "name": group.name,
        "handle": group.handle,
        "description": "",
        "is_external": False,
        "date_delete": 1 if group.is_disabled else 0,
        "user_count": len(group.members),
    }
    if with_users:
        shown["users"] = list(group.members)
    return shown


def file_json(file: File, base_url: str) -> Json:
    """An uploaded file."""
    address = f"{base_url}/files/{file.id}/{file.name}"
    return {
        "id": file.id,
        "name": file.name,
        "title": file.title or file.name,
        "size": file.size,
        "user": file.user,
        "url_private": address,
        "url_private_download": address,
        "permalink": address,
    }


def message_json(
    message: Message,
    workspace: Workspace,
    app: AppSettings,
    *,
    metadata: bool = False,
    base_url: str = "",
) -> Json:
    """A message, as history shows it; metadata only where it was asked for."""
    shown: Json = {
        "type": "message",
        "user": message.user,
        "ts": message.ts,
        "text": message.text,
        "team": workspace.id,
    }
    if message.user == app.user_id:
        shown |= {"bot_id": app.bot_id, "app_id": app.id}
    if message.broadcast and message.is_reply:
        shown["subtype"] = "thread_broadcast"
    if message.username:
        shown["username"] = message.username
    if message.blocks:
        shown["blocks"] = message.blocks
    if message.attachments:
        shown["attachments"] = message.attachments
    if message.files:
        shown["files"] = [file_json(file, base_url) for file in message.files]
    if message.edited_ts:
        shown["edited"] = {"user": message.user, "ts": message.edited_ts}
    if message.metadata and metadata:
        shown["metadata"] = message.metadata
    if message.reactions:
        shown["reactions"] = [
            {"name": name, "users": list(users), "count": len(users)}
            for name, users in message.reactions.items()
        ]
    return shown | _thread_json(message, workspace)


def _thread_json(message: Message, workspace: Workspace) -> Json:
    if message.is_reply:
        parent = workspace.thread(message.channel, str(message.thread_ts))
        author = {"parent_user_id": parent[0].user} if parent else {}
        return {"thread_ts": message.thread_ts, **author}
    replies = workspace.thread(message.channel, message.ts)[1:]
    if not replies:
        return {}
    return {
        "thread_ts": message.ts,
        "reply_count": len(replies),
        "reply_users": list(dict.fromkeys(reply.user for reply in replies)),
        "latest_reply": replies[-1].ts,
    }


def view_json(view: View, team_id: str, app: AppSettings, values: Json | None = None) -> Json:
    """A view as it is returned and submitted, with what was filled in."""
    content = view.content
    shown: Json = {
        "id": view.id,
        "team_id": team_id,
        "type": view.kind,
        "blocks": view.blocks,
        "private_metadata": content.get("private_metadata") or "",
        "callback_id": content.get("callback_id") or "",
        "external_id": content.get("external_id") or "",
        "state": {"values": values or {}},
        "hash": view.hash,
        "clear_on_close": bool(content.get("clear_on_close")),
        "notify_on_close": bool(content.get("notify_on_close")),
        "root_view_id": view.root_id,
        "previous_view_id": view.previous_id,
        "app_id": app.id,
        "app_installed_team_id": team_id,
        "bot_id": app.bot_id,
    }
    for name in ("title", "submit", "close"):
        shown[name] = content.get(name)
    return shown
