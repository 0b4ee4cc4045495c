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
    r"automatische antwort|respuesta automática|abwesenheitsnotiz|"
    r"odpowiedź automatyczna|risposta automatica|allan o'r swyddfa(?: / out of office)?|"
    r"ateb awtomatig)\s*(?::|$)",
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
    r"\bthis (?:mailbox|inbox) (?:is not|isn't) (?:monitored|read)\b",
    r"\bhas been logged\b.{0,80}\bqueue\b",
    r"\bthis is an? (?:aggregate|automated|scheduled) report\b",
    r"\bwygenerowana automatycznie\b",
    r"\b(?:build|job|deploy\w*|pipeline|check) #?\d+ (?:has )?(?:passed|failed|finished)\b",
    r"#\d{2,6} (?:passed|failed|merged)\b",
    r"\bmoved from \W?[\w ]+\W? to \W?[\w ]+\W? by\b",
    r"\bis now on call for\b",
    r"\bhas joined the channel\b",
    r"^\W*new (?:post )?(?:in|on) (?:the )?[\w* ]+?(?:page|feed)\W",
)
_BULK = words(
    r"\bunsubscribe\b",
    r"\bview (?:this (?:e-?mail )?)?in (?:your )?browser\b",
    r"\bmanage (?:your )?preferences\b",
    r"\bupdate your (?:profile|preferences)\b",
    r"\{\{\w+",
    r"\b(?:stop (?:all|these) e-?mails|manage (?:your )?(?:alerts|subscription)|you(?:'re| are) "
    r"subscribed to|you receive this (?:bulletin|e-?mail|newsletter)|messages in this issue|"
    r"in this issue:)",
    r"\b(?:attention|dear) (?:beneficiary|webmaster|decision maker|customer you have)\b",
    r"\bSEO\b.{0,60}\b(?:backlinks|redesign|ranking)\b",
    r"\b\d+% off\b",
    r"\bonly \d+ seats left\b",
    r"\bverified [\w ,&]{3,40}contacts\b",
    r"\b(?:password expires|confirm your account|click (?:the )?secure link)\b",
    r"\bhow did we do\b",
)
_THANKS = words(
    r"^\W*(?:(?:many |lots of |thanks|thank|ta\b|cheers|thx|brilliant|great|perfect|super|"
    r"lovely|that'?s|got it|much appreciated|sorted|ahh?|ok(?:ay)?|ah|wonderful|fab|"
    r"noted)).{0,160}$",
)
_WANTS = words(
    r"\?",
    r"\b(?:but|however|can you|could you|please|when will|how|where|what|still|question|also|"
    r"one more|instead|wrong|need (?:a|to|the|you))\b",
)
_AWAY = words(
    r"\b(?:I am|I'm|I will be|I'll be|I have (?:now )?gone) (?:\w+ ){0,3}(?:away|out of (?:the )?"
    r"office|on (?:\w+ ){0,2}(?:leave|holiday|sabbatical)|at a conference|not in)\b",
    r"\b(?:annual|maternity|sick|parental|study) leave\b",
    r"\b(?:limited|no|patchy) (?:access|wifi)\b",
    r"\bwas read on\b",
    r"\bthank you for (?:contacting|your (?:e-?mail|message))\b.{0,90}\b(?:inbox|mailbox|working "
    r"days|aim to|checked)\b",
)
_PERSON = words(
    r"\?",
    r"\b(?:real (?:person|human|one)|not (?:a )?(?:bot|machine|really|automatic)|sorry (?:for|"
    r"about) (?:the|my) subject|note from|ignore the subject|(?:could|can) (?:someone|you)|"
    r"I know the subject|instead)\b",
)
_DONE = words(
    r"\b(?:nothing (?:more|else|further) (?:is )?(?:needed|required)|that's everything|"
    r"no (?:further action|reply|need to reply|action)|please close)\b",
)
_SHORT = 3
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


def away_or_read(message: Message) -> Reason | None:
    """Subject and text are both those of an absence notice or a receipt; no person adds a word."""
    everything = f"{message.subject}\n{message.new_text}"
    if not _SUBJECT.search(message.subject.strip()) or _PERSON.search(everything):
        return None
    if message.channel == "email" and (match := _AWAY.search(message.text)):
        return reason("away_or_read", "Reads as an absence notice or a receipt", match.group())
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
