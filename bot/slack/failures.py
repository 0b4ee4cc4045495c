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
TOKEN_REFUSED = frozenset(
    {"invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive"}
)
"""What Slack says of a token that is good for nothing any more."""
NOT_LET_IN = frozenset(
    {
        *TOKEN_REFUSED,
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
UNKNOWN_METHOD = "unknown_method"
"""What a server says of a method that it does not have."""
NOT_TO_BE_HAD = frozenset(
    {
        *(UNKNOWN_METHOD, "method_not_supported", "method_deprecated", "deprecated_endpoint"),
        *("missing_scope", "not_allowed_token_type", "paid_teams_only", "plan_upgrade_required"),
        *("feature_not_enabled", "team_not_found"),
    }
)
"""What is said of a method that works here for nobody, or not for our token."""
NO_SUCH_ADDRESS = frozenset({404, 405, 410, 501})
"""HTTP statuses by which a server that has no such method may say so, with no word of Slack's."""
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
    """Slack's word for an error, such as `channel_not_found`, or the exception's name.

    Of an answer that is none of Slack's, the status tells: 404 is a method that is not there.
    """
    if not isinstance(error, SlackApiError):
        return type(error).__name__
    # Of a page in place of JSON, slack_sdk hands on text, bytes, or the HTTP library's answer.
    told = getattr(error.response, "data", None)
    code = told.get("error") if isinstance(told, dict) else None
    if isinstance(code, str) and code:
        return code
    return UNKNOWN_METHOD if status_of(error) in NO_SUCH_ADDRESS else type(error).__name__


def is_not_to_be_had(error: Exception) -> bool:
    """Whether the method itself is missing here or closed to us, so that asking again is idle."""
    return code_of(error) in NOT_TO_BE_HAD


def is_token_refused(error: Exception) -> bool:
    """Whether Slack refuses the token itself, whatever is asked."""
    return code_of(error) in TOKEN_REFUSED


def status_of(error: SlackApiError) -> int:
    """The HTTP status of the answer."""
    # Of a body that is no JSON, slack_sdk hands on aiohttp's response, which calls it `status`.
    status = getattr(error.response, "status_code", None)
    return int(getattr(error.response, "status", 0) if status is None else status)


def wait_of(error: Exception) -> float:
    """Seconds that Slack asks us to wait (header Retry-After); 1 where it does not say."""
    if not isinstance(error, SlackApiError):
        return 1.0
    told = getattr(error.response, "headers", None) or {}
    headers = {str(name).lower(): value for name, value in told.items()}
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
