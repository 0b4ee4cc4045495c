"""Mails of invented people, and how they came."""

from typing import Any

from bot.mail.authentic import SenderCheck
from bot.mail.parse import parse
from bot.settings import Settings
from handlers.authentication import Authentication
from handlers.inbound import Waiting

SENDER = "robin@uni-north.example"
HOST = "192.0.2.7"
"""From where the sender's own server writes."""
GATEWAY = "198.51.100.9"
OURS = "mx.service.example"


def mail(*, sender: str = SENDER, head: str = "", text: str = "Where is it?") -> bytes:
    lines = f"{head}From: Robin <{sender}>\nTo: dars@triagebot.example\nSubject: Costs\n"
    whole = f"{lines}Message-ID: <1@uni-north.example>\n\n{text}\n"
    return whole.replace("\n", "\r\n").encode()


def came(raw: bytes, **how: Any) -> Waiting:
    """The mail as it waits; straight from the sender's own server unless told otherwise."""
    known = {"peer": HOST, "helo": "mail.uni-north.example", "origin": "smtp"}
    sender = how.pop("envelope_from", SENDER)
    return Waiting(1, "email", sender, ("dars@triagebot.example",), raw, **{**known, **how})


def judged(check: SenderCheck, raw: bytes, **how: Any) -> Authentication:
    return check(came(raw, **how), parse(raw))


def gateway(**options: Any) -> SenderCheck:
    """A deployment behind a gateway."""
    settings = {"trusted_authserv_ids": (OURS,), "trusted_peers": (GATEWAY,), **options}
    return SenderCheck.of(Settings(**settings))
