"""What an app sends to a response address: a further message, or a new shape of the old one."""

from bot.sandbox.slack.arguments import Arguments
from bot.sandbox.slack.content import Content, read_content
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.model import Message
from bot.sandbox.slack.passes import ResponseAddress
from bot.sandbox.slack.state import PretendSlack


def respond(slack: PretendSlack, key: str, arguments: Arguments) -> None:
    """Do as the app says at a response address.

    Raises:
        SlackError: `expired_url`, `used_url`, `service_unavailable`, or what is wrong with
            the message.
    """
    slack.faults.check("response_url", "")
    address = slack.passes.use_address(key)
    original = _original(slack, address)
    if arguments.flag("delete_original"):
        if original is None:
            raise SlackError("message_not_found", status=404)
        slack.remove(original)
        return
    content = read_content(arguments)
    if arguments.flag("replace_original") and original is not None:
        _replace(slack, original, content)
    else:
        _add(slack, address, arguments, content)


def _original(slack: PretendSlack, address: ResponseAddress) -> Message | None:
    if address.message_ts is None:
        return None
    try:
        return slack.workspace.message(address.channel, address.message_ts)
    except SlackError:
        return None


def _replace(slack: PretendSlack, original: Message, content: Content) -> None:
    before = slack.message_json(original)
    original.text, original.blocks = content.text, content.blocks
    original.attachments = content.attachments
    slack.edited(original, before)


def _add(
    slack: PretendSlack, address: ResponseAddress, arguments: Arguments, content: Content
) -> None:
    public = arguments.text("response_type") == "in_channel"
    slack.post(
        Message(
            address.channel,
            slack.workspace.new_ts(),
            slack.app.user_id,
            content.text,
            content.blocks,
            content.attachments,
            metadata=content.metadata,
            thread_ts=arguments.text("thread_ts") or None,
            seen_only_by=None if public else address.user,
        )
    )
