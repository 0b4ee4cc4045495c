"""The envelope of a mail that did not come by SMTP, read back from the fields that a server left.

What cannot be known is guessed so that nobody is ignored: only a Return-Path that is there and
empty makes a null sender, and without any trace of a recipient the mail counts as for us.
"""

from bot.mail.addresses import OwnAddresses
from bot.mail.dedupe import dedupe_key
from bot.mail.headers import Headers, addresses, mailbox, split
from handlers.intake import Accepted

RECIPIENT_FIELDS = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")
"""In the order in which they are believed."""


def from_stored(raw: bytes, ours: OwnAddresses, our_mailbox: str, peer: str) -> Accepted:
    """A mail that a server or an archive held, as if it had come in now; never raises.

    Args:
        raw: the mail, byte for byte.
        ours: which recipients are addresses of the service.
        our_mailbox: the recipient where no field names any of ours.
        peer: the host that it was fetched from, or empty.
    """
    headers, _ = split(raw)
    sender = _sender(headers)
    recipients = _recipients(headers, ours) or (our_mailbox,)
    key = dedupe_key(sender, recipients, raw)
    return Accepted(key=key, envelope_from=sender, envelope_to=recipients, peer=peer, raw=raw)


def _sender(headers: Headers) -> str:
    path = headers.raw("Return-Path")
    if path is not None and path.strip() in {"", "<>"}:
        return ""
    named = (path, headers.raw("Sender"), headers.raw("From"))
    return next((found for one in named if one and (found := mailbox(one).address)), "")


def _recipients(headers: Headers, ours: OwnAddresses) -> tuple[str, ...]:
    for name in RECIPIENT_FIELDS:
        named = [one.address for value in headers.all(name) for one in addresses(value)]
        if found := [one for one in named if one in ours]:
            return tuple(dict.fromkeys(found))
    return ()
