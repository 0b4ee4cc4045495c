"""What a report on delivery says of each recipient (RFC 3464), or as older servers write it."""

import re

from bot.mail.headers import addresses
from bot.mail.mime import Part
from handlers.mail_tables import ReportKind
from handlers.returned import Returned

MOST_RECIPIENTS = 100
MOST_CHARACTERS = 20_000
"""So much of a report is read: what it says of recipients stands at its top."""

_FIELD = re.compile(r"^([A-Za-z-]{1,40}):[ \t]*(.*(?:\n[ \t]+.*)*)", re.MULTILINE)
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_CODE = re.compile(r"\b([45])\d\d\b[ -]")
_KINDS = {
    "failed": ReportKind.FAILED,
    "delayed": ReportKind.DELAYED,
    "delivered": ReportKind.DELIVERED,
}


def reports(root: Part, text: str) -> tuple[Returned, ...]:
    """What is said of each recipient; one without an address where only that it came back is said.

    A status of the class 4 is for now, whatever the report calls it; and where nothing tells
    whether it is for good, it is taken for now, so that nobody is cut off by a guess.
    """
    told = [
        one
        for part in root.walk()
        if part.type.endswith("delivery-status")
        for one in _of_recipients(part.text[:MOST_CHARACTERS])
    ]
    if told:
        return tuple(told[:MOST_RECIPIENTS])
    words = text[:MOST_CHARACTERS]
    status = next(iter(_STATUS.findall(words)), "")
    code = status[:1] or next(iter(_CODE.findall(words)), "")
    kind = ReportKind.FAILED if code == "5" else ReportKind.DELAYED
    failed = addresses(root.headers.raw("X-Failed-Recipients") or "")
    names = [one.address for one in failed if one.address] or [""]
    return tuple(Returned(name.lower(), kind, status, "") for name in names[:MOST_RECIPIENTS])


def _of_recipients(status: str) -> list[Returned]:
    found = []
    for group in re.split(r"\n[ \t]*\n", status):
        fields = {name.lower(): _unfolded(value) for name, value in _FIELD.findall(group)}
        recipient = fields.get("original-recipient") or fields.get("final-recipient")
        kind = _KINDS.get(fields.get("action", "").lower())
        if recipient is None or kind is None:
            continue
        code = next(iter(_STATUS.findall(fields.get("status", ""))), "")
        if kind is ReportKind.FAILED and code.startswith("4"):
            kind = ReportKind.DELAYED
        address = recipient.rpartition(";")[2].strip().strip("<>").lower()
        found.append(Returned(address, kind, code, fields.get("diagnostic-code", "")[:500]))
    return found


def _unfolded(value: str) -> str:
    return " ".join(value.split())
