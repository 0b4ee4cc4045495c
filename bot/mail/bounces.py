# ruff: noqa: E501 - lists of alternatives read better as long lines
"""Delivery reports: in the standard form (RFC 3464, 6522) and as servers have long written them."""

import re

from bot.mail.mime import Part

MACHINE_SENDER = re.compile(
    r"^(?:mailer[-_. ]?daemon|mail[-_. ]?daemon|post[-_]?master|mdaemon|microsoftexchange[0-9a-f]*"
    r"|bounces?|mail[-_ ]?delivery(?:[-_ ]?(?:sub)?system)?|e?mail[-_]?system)"
    r"(?:[-+=][^@]*)?(?:@|$)"
    r"|\bmail\s+delivery\s+(?:(?:sub)?system|service|agent)\b|\b(?:system|mail)\s+administrator\b"
    r"|\bpost\s?master\b|\binternet\s+mail\s+(?:delivery|service)\b|\bmailer-daemon\b"
    r"|\bdelivery\s+(?:sub)?system\b|\bmicrosoft\s+outlook\b$",
    re.IGNORECASE,
)
"""An address or a name that mail servers use for themselves."""

_SUBJECT = re.compile(
    r"^\W*(?:undeliver(?:able|ed)|un-?deliverable|non-?deliver|nondeliverable|returned\s+(?:mail|e-?mail|to\s+sender)"
    r"|return(?:ed)?\s+receipt|(?:mail|message|e-?mail)\s+(?:delivery\s+)?(?:has\s+)?(?:failed|failure|error|delayed|not\s+delivered)"
    r"|(?:mail|message)\s+(?:could\s+not|cannot|can't)\s+be\s+deliver|delivery\s+(?:status\s+notification|notification|failure|failed|report|delayed|error|problem|has\s+failed|unsuccessful)"
    r"|failure\s+(?:notice|delivery)|failed\s+(?:mail|delivery)|(?:warning:\s+)?could\s+not\s+send|mail\s+system\s+error"
    r"|(?:permanent|temporary|transient)\s+(?:mail\s+)?delivery\s+fail|ndn:|ndr:|error\s+(?:sending|delivering)|user\s+unknown|unknown\s+(?:user|address|recipient)"
    r"|message\s+(?:status|undeliverable|delayed|you\s+sent\s+blocked)|rejected\s+(?:mail|message)|bounce|your\s+(?:message|mail|e-?mail)\b.{0,60}\b(?:undeliver|not\s+be\s+delivered|bounced|rejected)"
    r"|unzustellbar|nicht\s+zustellbar|remise\s+(?:différée|impossible|échouée)|nachricht\s+(?:nicht|konnte)|zustellung\s+fehl|non\s+(?:remis|distribué)|échec\s+(?:de\s+la\s+)?(?:remise|distribution)|no\s+se\s+(?:puede|pudo)\s+entregar|no\s+entregado"
    r"|non\s+recapitabile|mancato\s+recapito|não\s+entregue|falha\s+na\s+entrega|kan\s+niet\s+worden\s+bezorgd|onbestelbaar"
    r"|kunde\s+inte\s+leverera|olevererbar|oleverbar|kunne\s+ikke\s+lever|ikke\s+leveret|niedostarczaln|nie\s+można\s+dostarczyć|nedoručiteln|недоставлен|не\s+доставлен|toimittaminen\s+epäonnistui"
    r"|配信不能|配送不能|無法傳遞|无法投递|未传递|배달되지\s*않음|系统退信|退信)",
    re.IGNORECASE,
)
_EVIDENCE = re.compile(
    r"\b[45]\d\d[- ](?:#|\()?[45]\.\d{1,3}\.\d{1,3}\b|\bstatus:\s*[45]\.\d|\bsmtp;\s*[45]\d\d|\b5[05]\d\s+\S|#[45]\.\d\.\d"
    r"|(?:could|can)\s*not\s+be\s+(?:delivered|sent|reached|processed)|couldn't\s+be\s+(?:delivered|found)|(?:was|were|been)\s+(?:not|un)\s*(?:delivered|deliverable)|not\s+delivered|undeliver(?:able|ed)"
    r"|permanent\s+(?:fatal\s+)?error|unable\s+to\s+deliver|did\s+not\s+reach|delivery\s+(?:to\s+the|failed|has\s+failed|attempts?|error)|failed\s+(?:recipient|permanently|to\s+deliver)"
    r"|(?:user|recipient|mailbox|address|account)\s+(?:is\s+)?(?:unknown|not\s+(?:found|exist|known)|does\s+not\s+exist|doesn't\s+exist|unavailable|disabled|full|rejected|invalid)|unknown\s+(?:user|recipient|local\s+part|address)|no\s+such\s+(?:user|address|mailbox|recipient)"
    r"|over\s+quota|quota\s+exceeded|mailbox\s+(?:full|quota)|qmail-send|returned\s+to\s+(?:you|sender)|returning\s+(?:your|the)\s+(?:message|mail)|original\s+message\s+(?:follows|headers|is\s+included|was|attached)|below\s+this\s+line\s+is\s+a\s+copy"
    r"|host\s+(?:unknown|not\s+found|unreachable)|still\s+being\s+retried|delayed|message\s+(?:was\s+)?(?:rejected|blocked|refused)|(?:nicht|konnte)\s.{0,60}zugestellt|empfänger\s+nicht\s+erreicht|n'a\s+pas\s+(?:pu\s+être|été)\s+remis|bounce",
    re.IGNORECASE,
)
_ACTION = re.compile(rb"^action:\s*([a-z]+)", re.IGNORECASE | re.MULTILINE)
_RETURNED = re.compile(
    r"^>?[ \t]*(?:Received|Return-Path|Message-ID):\s", re.IGNORECASE | re.MULTILINE
)
_READ_SO_FAR = 20_000
_EVIDENCE_ALONE = 3


def is_report(root: Part) -> bool:
    """Whether the message is a report on delivery or on abuse in the standard form."""
    kind = (root.headers.parameter("Content-Type", "report-type") or "").lower()
    if root.type == "multipart/report" and kind in {"delivery-status", "feedback-report"}:
        return True
    reports = {
        "message/delivery-status",
        "message/global-delivery-status",
        "message/feedback-report",
    }
    return any(part.type in reports for part in root.walk())


def is_bounce(root: Part, *, sender: str, sender_name: str, null_sender: bool, text: str) -> bool:
    """Whether a mail of ours came back, for good or for now.

    `null_sender` says that the envelope names no sender; `text` is the message's text.
    A report that mail arrived is none. A person who writes about a bounce sends none.
    """
    if root.type == "multipart/report" or is_report(root):
        return is_report(root) and _report_of_failure(root)
    if "X-Failed-Recipients" in root.headers:
        return True
    subject = _SUBJECT.match(root.headers.get("Subject")) is not None
    evidence = len(set(_EVIDENCE.findall(text[:_READ_SO_FAR])))
    if null_sender or is_machine(sender, sender_name):
        return subject or evidence > 0
    returned = _RETURNED.search(text[:_READ_SO_FAR]) or any(
        part.type in {"message/rfc822", "text/rfc822-headers"} for part in root.walk()
    )
    return subject and evidence >= _EVIDENCE_ALONE and bool(returned)


def is_machine(sender: str, sender_name: str) -> bool:
    """Whether a mail server writes in its own name."""
    return any(MACHINE_SENDER.search(text.strip()) for text in (sender, sender_name) if text)


def _report_of_failure(root: Part) -> bool:
    statuses = [part.content for part in root.walk() if part.type.endswith("delivery-status")]
    if not statuses:
        return not any(part.type == "message/feedback-report" for part in root.walk())
    actions = {action.lower() for status in statuses for action in _ACTION.findall(status)}
    return not actions or bool(actions - {b"delivered", b"relayed", b"expanded"})
