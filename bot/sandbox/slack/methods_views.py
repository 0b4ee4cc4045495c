"""The `views.*` methods."""

from typing import Any

from bot.sandbox.slack.call import Call
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.model import Json, View


def open_view(call: Call) -> Json:
    """`views.open`."""
    content = _content(call)
    trigger = call.slack.passes.spend_trigger(_trigger_id(call))
    return _shown(call, call.slack.views.open(trigger.user, content))


def push_view(call: Call) -> Json:
    """`views.push`, in answer to a press within a modal."""
    content = _content(call)
    trigger = call.slack.passes.spend_trigger(_trigger_id(call))
    return _shown(call, call.slack.views.push(trigger.user, content))


def update_view(call: Call) -> Json:
    """`views.update`."""
    given = call.arguments
    if not given.text("view_id") and not given.text("external_id"):
        given.required("view_id")
    view = call.slack.views.update(
        given.text("view_id"), given.text("external_id"), given.text("hash"), _content(call)
    )
    return _shown(call, view)


def publish_view(call: Call) -> Json:
    """`views.publish`."""
    user = call.workspace.user(call.arguments.required("user_id"))
    content = _content(call)
    return _shown(call, call.slack.views.publish(user.id, call.arguments.text("hash"), content))


def _trigger_id(call: Call) -> str:
    # Slack still takes the older name of the argument, and so do apps in use.
    return call.arguments.text("trigger_id") or call.arguments.required("interactivity_pointer")


def _content(call: Call) -> Json:
    content: Any = call.arguments.structure("view")
    if not isinstance(content, dict):
        missing = "[ERROR] missing required field: view"
        raise SlackError("invalid_arguments", messages=(missing,))
    return content


def _shown(call: Call, view: View) -> Json:
    call.slack.changes.announce()
    return {"view": call.slack.view_json(view)}
