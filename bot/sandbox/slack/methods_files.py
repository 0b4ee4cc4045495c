"""Uploading a file: ask for an address, send the bytes there, then complete."""

import secrets
from typing import Any

from bot.sandbox.slack.call import Call
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.json_forms import file_json
from bot.sandbox.slack.model import File, Json, Message


def get_upload_url(call: Call) -> Json:
    """`files.getUploadURLExternal`."""
    name = call.arguments.required("filename")
    size = call.arguments.number("length", 0, 10**9)
    if not size:
        raise SlackError("invalid_arguments", messages=("[ERROR] length must be positive",))
    file = File(f"F{secrets.token_hex(6).upper()}", name, size, user=call.actor)
    call.workspace.files[file.id] = file
    return {"upload_url": f"{call.slack.base_url}/upload/{file.id}", "file_id": file.id}


def complete_upload(call: Call) -> Json:
    """`files.completeUploadExternal`: shares the files in a channel, where one is named."""
    given: Any = call.arguments.structure("files")
    if not isinstance(given, list) or not given:
        raise SlackError("invalid_arguments", messages=("[ERROR] missing required field: files",))
    files = [_complete(call, one) for one in given]
    if call.arguments.text("channel_id"):
        _share(call, files)
    return {"files": [file_json(file, call.slack.base_url) for file in files]}


def _complete(call: Call, given: Any) -> File:
    file = call.workspace.files.get(str(given.get("id"))) if isinstance(given, dict) else None
    if file is None or file.content is None:
        raise SlackError("file_not_found")
    file.title = str(given.get("title") or file.name)
    return file


def _share(call: Call, files: list[File]) -> None:
    channel = call.channel("channel_id")
    thread_ts = call.arguments.text("thread_ts") or None
    if thread_ts:
        call.workspace.message(channel.id, thread_ts, "thread_not_found")
    call.slack.post(
        Message(
            channel.id,
            call.workspace.new_ts(),
            call.actor,
            call.arguments.text("initial_comment"),
            files=files,
            thread_ts=thread_ts,
        )
    )
