"""Rules for messages behind which no person waits."""

from triage.decision import Reason
from triage.message import Message
from triage.parts import split
from triage.rules.wording import reason, words

_SUBJECT = words(
    r"^(?:automatic reply|auto(?:matic)?[- ]?(?:reply|response)|autoreply|out of (?:the "
    r")?office|undeliver(?:able|ed)(?: mail| message)?|mail delivery (?:failed|failure|"
    r"subsystem|system)|delivery status notification|delivery (?:failure|has failed)|returned "
    r"mail|failure notice|message (?:undeliverable|delayed)|read|not read|delivered|accepted|"
    r"declined|tentative|cancell?ed|invitation|updated invitation|réponse automatique|"
    r"automatische antwort|respuesta automática|abwesenheitsnotiz)\s*(?::|$)",
    r"^(?:undelivered mail returned to sender|delivery status notification \(\w+\))",
)
_MACHINE = words(
    r"\bthis is an automat(?:ed|ic(?:ally)?(?: generated)?) (?:message|reply|response|"
    r"acknowledgement|email|e-mail|delivery)",
    r"\bthis is the mail system at host\b",
    r"\bdo not reply to this (?:automated )?(?:message|e-?mail)\b",
    r"\bthis mailbox is not monitored\b",
    r"\bhas (?:accepted|declined|tentatively accepted) this (?:meeting|invitation|event)",
    r"\bwas read on\b",
    r"\bplease type your reply above this line\b",
    r"\b550 5\.\d\.\d\b",
    r"\breporting-mta\b",
)
_BULK = words(
    r"\bunsubscribe\b",
    r"\bview (?:this (?:e-?mail )?)?in (?:your )?browser\b",
    r"\bmanage (?:your )?preferences\b",
    r"\bupdate your (?:profile|preferences)\b",
    r"\{\{\w+",
)
_THANKS = words(
    r"^\W*(?:(?:many |lots of |thanks|thank|ta\b|cheers|thx|brilliant|great|perfect|super|"
    r"lovely|that'?s|got it|much appreciated|sorted|ahh?|ok(?:ay)?|ah|wonderful|fab|"
    r"noted)).{0,80}$",
)
_WANTS = words(
    r"\?",
    r"\b(?:but|however|can you|could you|please|when will|how|where|what|still|question|also|"
    r"one more|instead|wrong|need (?:a|to|the|you))\b",
)
_DONE = words(
    r"\b(?:nothing (?:more|else|further) (?:is )?(?:needed|required)|that's everything|"
    r"no (?:further action|reply|need to reply|action)|please close)\b",
)
_SHORT = 2
"""Sentences that thanks alone may have."""


def sent_by_machine(message: Message) -> Reason | None:
    """The envelope or the headers say that a machine sent it."""
    if message.automatic_reason is None and not message.is_bounce:
        return None
    return reason("sent_by_machine", "Sent by a machine", message.automatic_reason or "bounce")


def automatic_subject(message: Message) -> Reason | None:
    """The subject is one that machines write: absence, delivery report, receipt, calendar."""
    if message.channel == "email" and (match := _SUBJECT.search(message.subject.strip())):
        return reason("automatic_subject", "The subject is one that machines write", match.group())
    return None


def machine_words(message: Message) -> Reason | None:
    """The text uses the fixed words of an automatic message."""
    if match := _MACHINE.search(message.new_text):
        return reason("machine_words", "Uses the words of an automatic message", match.group())
    return None


def bulk_words(message: Message) -> Reason | None:
    """The text ends as newsletters and bulk marketing do."""
    if match := _BULK.search(message.text):
        return reason("bulk_words", "Reads as a newsletter or bulk mail", match.group())
    return None


def thanks_alone(message: Message) -> Reason | None:
    """Thanks that need nothing need no reply."""
    parts = split(message.new_text)
    text = " ".join(part.text for part in parts)
    wants = _WANTS.search(text) and not (_DONE.search(text) and "?" not in text)
    if 0 < len(parts) <= _SHORT and _THANKS.search(text) and not wants:
        return reason("thanks_alone", "Thanks alone")
    return None
