"""What an app may answer at once: to a submission another view, to a command a message."""

from collections.abc import Mapping

from bot.sandbox.slack.content import checked_blocks
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.model import Channel, Json, Message, View
from bot.sandbox.slack.state import PretendSlack


def follow(slack: PretendSlack, view: View, answer: Json) -> dict[str, str]:
    """Do with a modal what the app answered to its submission.

    Returns:
        The app's corrections, by block_id.

    Raises:
        SlackError: `invalid_response_errors`, or what is wrong with the view it answered.
    """
    views = slack.views
    action = answer.get("response_action")
    try:
        if action == "errors":
            return _errors(view, answer.get("errors"))
        if action == "update":
            views.update(view.id, "", "", answer.get("view") or {})
        elif action == "push":
            views.push(view.user, answer.get("view") or {})
        elif action == "clear":
            views.clear(view.user)
        else:
            views.close(view)
    finally:
        slack.changes.announce()
    return {}


def show_answer(
    slack: PretendSlack, user_id: str, channel: Channel, answer: Json, thread_ts: str | None
) -> None:
    """Show what an app answered to a slash command, to its sender or to the channel.

    Raises:
        SlackError: `invalid_blocks`.
    """
    public = answer.get("response_type") == "in_channel"
    slack.post(
        Message(
            channel.id,
            slack.workspace.new_ts(),
            slack.app.user_id,
            str(answer.get("text") or ""),
            checked_blocks(answer.get("blocks")),
            thread_ts=thread_ts,
            seen_only_by=None if public else user_id,
        )
    )


def _errors(view: View, errors: object) -> dict[str, str]:
    """Errors that the app names; Slack refuses them for blocks that are no input."""
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not isinstance(errors, Mapping) or not errors or not inputs.issuperset(errors):
        raise SlackError("invalid_response_errors")
    return {str(block_id): str(words) for block_id, words in errors.items()}
