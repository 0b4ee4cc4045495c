"""The names by which Bolt and Slack know our buttons, modals and metadata."""

import json
from dataclasses import dataclass
from typing import Any

CLAIM = "case_claim"
REPLY = "case_reply"
RECLASSIFY = "case_reclassify"
RESOLVE = "case_resolve"
REOPEN = "case_reopen"
SHOW_WHOLE = "case_show_whole"
SHOW_WHY = "case_show_why"
APPROVE = "case_approve"
UNDO = "case_undo"
HAND_OVER = "case_hand_over"
MORE = "case_more"
SNIPPET = "reply_snippet"
PREVIEW = "reply_preview"
SEND_AGAIN = "mail_send_again"
IT_ARRIVED = "mail_it_arrived"
NOT_MEANT = "answer_not_meant"
SHOW_CASE = "case_show"

PHONE_CALL = "new_phone_enquiry"
MAKE_ENQUIRY = "make_enquiry"
"""Our entries in Slack's menus."""
PHONE_MODAL = "phone_enquiry_modal"
REPLY_MODAL = "case_reply_modal"
RECLASSIFY_MODAL = "case_reclassify_modal"
RESOLVE_MODAL = "case_resolve_modal"
APPROVE_MODAL = "case_approve_modal"
FORM_MODAL = "case_form_modal"
MORE_MODAL = "case_more_modal"
ALL_FORMS = "all"
"""What a menu asks for where it asks for the list of all actions."""
FIELD = "field"
"""Block id of a modal's main field, and action id of every one."""
PERSON = "person"
"""Block id of the field in which a member is chosen."""

METADATA = "triagebot_case"
"""Event type of the metadata by which a message of ours is found again."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The case and version that an officer had before them; what a button carries."""

    case_id: int
    version: int

    def dumped(self) -> str:
        """As a button's value or a modal's private metadata."""
        return json.dumps({"case": self.case_id, "version": self.version}, separators=(",", ":"))


def seen_in(value: str) -> Seen:
    """What `Seen.dumped` wrote. Raises ValueError for anything else."""
    said = _object(value)
    return Seen(_number(said, "case"), _number(said, "version"))


def dumped_form(seen: Seen, what: str) -> str:
    """The same with the action that is asked for."""
    return json.dumps(
        {"case": seen.case_id, "version": seen.version, "do": what}, separators=(",", ":")
    )


def form_in(value: str) -> tuple[Seen, str]:
    """What `dumped_form` wrote. Raises ValueError for anything else."""
    return seen_in(value), str(_object(value).get("do") or "")


def dumped_outgoing(outgoing_id: int) -> str:
    """The value of a button about a mail."""
    return json.dumps({"outgoing": outgoing_id}, separators=(",", ":"))


def outgoing_in(value: str) -> int:
    """What `dumped_outgoing` wrote. Raises ValueError for anything else."""
    return _number(_object(value), "outgoing")


def metadata(key: str) -> dict[str, Any]:
    """What marks a message as the one effect of this key."""
    return {"event_type": METADATA, "event_payload": {"key": key}}


def _object(value: str) -> dict[str, Any]:
    said = json.loads(value)
    if not isinstance(said, dict):
        raise ValueError(f"not an object: {value[:80]}")  # noqa: TRY004  bad content, not a bad call
    return said


def _number(said: dict[str, Any], name: str) -> int:
    number = said.get(name)
    if not isinstance(number, int):
        raise ValueError(f"no {name} in a button's value")  # noqa: TRY004  bad content, not a bad call
    return number
