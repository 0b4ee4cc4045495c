"""What an error of Slack's Web API says about the call: did it happen, and when to try again."""

import asyncio
from enum import Enum, auto

from aiohttp import ClientConnectorError, ClientError
from slack_sdk.errors import SlackApiError

ANSWERLESS = (ClientError, asyncio.TimeoutError, OSError)
"""What a connection raises."""
ERRORS = (SlackApiError, *ANSWERLESS)
"""All that a call may raise for reasons on the other side."""

REFUSED = frozenset(
    {
        *("invalid_blocks", "invalid_blocks_format", "invalid_arguments", "invalid_arg_name"),
        *("msg_too_long", "no_text", "too_many_attachments", "invalid_metadata_format"),
        *("invalid_metadata_schema", "msg_blocks_too_long", "restricted_action"),
    }
)
"""What is wrong with the message itself, and so will be wrong for ever."""
NOT_LET_IN = frozenset(
    {
        *("invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive"),
        *("missing_scope", "not_allowed_token_type", "no_permission", "org_login_required"),
        *(
            "channel_not_found",
            "not_in_channel",
            "is_archived",
            "access_denied",
            "team_access_not_granted",
        ),
    }
)
"""What a person must set right in Slack or in our settings; the message waits meanwhile."""
SERVER_ERROR = 500
UNAVAILABLE = 503
TOO_MANY = 429


class Verdict(Enum):
    """What became of a call."""

    BUSY = auto()
    """Slack asks to slow down; it did nothing."""
    AWAY = auto()
    """Slack was not reached, or says that it is away; it did nothing."""
    NOT_LET_IN = auto()
    REFUSED = auto()
    FAILED = auto()
    """Another refusal: it did nothing, and may do it another time."""
    DOUBT = auto()
    """The request was written and no word came back that says whether it was done."""


def verdict(error: Exception) -> Verdict:
    """Judge an error of `ERRORS`."""
    if isinstance(error, SlackApiError):
        return _answered(status_of(error), code_of(error))
    # A connector error is raised before anything is written (aiohttp, client exceptions).
    return Verdict.AWAY if isinstance(error, ClientConnectorError) else Verdict.DOUBT


def code_of(error: Exception) -> str:
    """Slack's word for an error, such as `channel_not_found`, or the exception's name."""
    if isinstance(error, SlackApiError) and isinstance(error.response.get("error"), str):
        return str(error.response["error"])
    return type(error).__name__


def status_of(error: SlackApiError) -> int:
    """The HTTP status of the answer."""
    # Of a body that is no JSON, slack_sdk hands on aiohttp's response, which calls it `status`.
    status = getattr(error.response, "status_code", None)
    return int(getattr(error.response, "status", 0) if status is None else status)


def wait_of(error: Exception) -> float:
    """Seconds that Slack asks us to wait (header Retry-After); 1 where it does not say."""
    if not isinstance(error, SlackApiError):
        return 1.0
    headers = {name.lower(): value for name, value in error.response.headers.items()}
    try:
        return max(float(headers.get("retry-after", 1)), 0.1)
    except ValueError:
        return 1.0


def _answered(status: int, code: str) -> Verdict:
    if status == TOO_MANY or code in ("ratelimited", "rate_limited"):
        return Verdict.BUSY
    if status == UNAVAILABLE or code == "service_unavailable":
        return Verdict.AWAY
    if status >= SERVER_ERROR or code in ("internal_error", "fatal_error", "request_timeout"):
        return Verdict.DOUBT
    if code in REFUSED:
        return Verdict.REFUSED
    return Verdict.NOT_LET_IN if code in NOT_LET_IN else Verdict.FAILED
