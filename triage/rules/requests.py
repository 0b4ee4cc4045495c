"""Rules for requests that only a person can carry out: a call, an invoice, a deletion."""

from triage.decision import Reason
from triage.message import Message
from triage.rules.wording import asserted, reason, words

_CALL = words(
    r"\b(?:call|ring|phone|telephone|contact) (?:me|us) (?:back |please |on |at |today|"
    r"tomorrow|asap|when|between|after|before)",
    r"\b(?:give|drop) (?:me|us) (?:a |an )?(?:call|ring|bell|buzz)\b",
    r"\b(?:please|can you|could you|could someone|can someone|pls) (?:call|ring|phone)\b",
    r"\b(?:book|arrange|set up|schedule|have|organise|fix|request) (?:a |an )?(?:\w+ "
    r"){0,3}(?:call|meeting|teams call|phone call|chat|zoom|teams)\b",
    r"\b(?:can|could|may) (?:we|I) (?:meet|speak|talk|have a (?:call|chat|meeting))\b",
    r"\bspeak (?:to|with) (?:someone|somebody|a person|a human|you|one of)\b",
    r"\b(?:love|like|want|appreciate|grateful for|possible to have) (?:a |an )?(?:\w+[ -]){0,3}"
    r"(?:chat|call|conversation|word) (?:on the phone|by phone|with (?:someone|somebody|whoever|"
    r"one of|you))",
    r"\b(?:come|travel|visit) (?:\w+ ){0,3}(?:and|to) (?:give|do|speak|talk|present)\b",
    r"\b(?:join|attend|come to|sit in on|dial in to) (?:our|us for|us on|us at) (?:\w+ ){0,3}"
    r"(?:meeting|call|session|board|panel|webinar|event|conference)\b",
    r"\bguest speaker\b",
)
_INVOICE = words(
    r"\binvoice (?:no\.?|number|#)? ?\d{4,}",
    r"\b(?:cancel|re-?issue|void|resend|amend|correct|query|dispute) (?:\w+ ){0,3}invoice\b",
    r"\b(?:our|this|the|your) invoice (?:is|was|has|still|dated|shows|says|of|for)\b",
    r"\brefund (?:us|me|of|the|our)\b",
    r"\b(?:want|need|request|ask(?:ing)? for|get|owed) (?:a |our |the )?(?:\w+ )?refund\b",
    r"\bcredit note\b",
)
_KEEP = words(
    r"\b(?:may|can|could|should|must|do) (?:we|I|they) (?:\w+ ){0,3}(?:keep|retain|hold on to|"
    r"hang on to|destroy|delete|wipe|return|carry on using)\b(?! (?:up|track|in touch|an eye|"
    r"being|getting|coming))",
    r"\b(?:is it|would it be|are we|am I) (?:ok|okay|all right|alright|fine|allowed|safe|meant|"
    r"supposed|expected)(?: for (?:us|me))? to (?:keep|retain|hold on to|hang on to|destroy|delete|"
    r"wipe|bin|shred|return|send back) (?:our|my|the|this|that|those|these|old) ",
    r"\b(?:do|should|must|shall|can) (?:we|I) (?:just )?(?:bin|shred|get rid of|dispose of|"
    r"send back) (?:our|my|the|this|that|those|these|old|all) ",
    r"\b(?:may|can|should|must|do|does) (?:our|my|this|that|those|these|the (?:old|earlier|last|"
    r"previous|\d{4})) (?:\w+ ){0,2}(?:data|extracts?|files?|cop(?:y|ies)|discs?) (?:\w+ ){0,2}be "
    r"(?:kept|retained|deleted|destroyed|wiped|returned|sent back)\b",
    r"\b(?:certificate of (?:destruction|deletion)|destruction certificate|deletion "
    r"certificate)\b",
    r"\bwe (?:still )?(?:hold|have|kept|keep) (?:\w+ ){0,8}(?:covid|copi|shielding|pandemic) "
    r"(?:\w+ )?(?:notice|files?|data|extract|lists?|spreadsheet)\b",
    r"\b(?:we've|we have|I've) never (?:binned|deleted|wiped|destroyed|shredded) (?:it|them)\b",
    r"\bkept (?:\w+ ){0,2}(?:covid|copi|shielding|pandemic) (?:\w+ ){0,2}(?:lists?|results?|"
    r"data|records?|files?)\b",
    r"\b(?:please|kindly) (?:destroy|delete|return|keep) (?:our|the|all|this) (?:\w+ "
    r")?(?:data|extract|files?)\b",
)
_QUOTATION = words(
    r"\b(?:written|formal|signed|official|firm) (?:quote|quotation)\b",
    r"\b(?:send|issue|give|provide) (?:me|us) (?:with )?(?:a |an )(?:\w+ )?(?:quote|"
    r"quotation)\b",
    r"\b(?:waive|waiver of|reduce|discount on) (?:the |our |your )?(?:\w+ )?(?:fee|charge|"
    r"cost|invoice)s?\b",
    r"\b(?:waive|waiving|let us off) (?:it|this|that|them|some)\b",
    r"\b(?:can|could|may) (?:it|this|they|the \w+) be (?:waived|reduced)\b",
    r"\blet (?:me|us) off\b",
    r"\bknock (?:something|a bit|some) off\b",
    r"\bwould like to ask for (?:one|a (?:waiver|reduction|discount))\b",
)
_SUBMITTED = words(
    r"\b(?:I|we)(?:'ve| have)? (?:now |already |just )?submitted (?:our|my|the|an?|it|on|in|"
    r"last)\b",
    r"\b(?:our|my) (?:\w+ ){0,2}(?:submitted|submission)\b",
)
_OWN_DATE = words(
    r"\b(?:our|my|ours)\b(?: \w+'?s?){0,4} (?:agreement|dsa|contract|approval)\b.{0,60}\b(?:run"
    r" out|runs out|end date|renewal date|due for renewal|expire[sd]?)\b.{0,80}\b(?:when|check|"
    r"in \w+ or|look|can't find|which)\b",
    r"\b(?:when|check|can you see|which (?:day|date|month))\b.{0,40}\b(?:our|my|ours)\b(?: "
    r"\w+'?s?){0,4} (?:agreement|dsa|contract|approval)\b.{0,30}\b(?:run|runs|end|ends|"
    r"expire[sd]?|renewal)\b",
)
_DELIVERY = words(
    r"\bour (?:[\w-]+ ){0,3}(?:extract|files?|delivery|download|data ?set|linkage|upload)\b.{0,90}"
    r"\b(?:blanks?|missing|corrupt\w*|empty|truncated|zero rows|duplicat\w+|expired|"
    r"(?:won't|will not|doesn't|does not|cannot|can't) (?:open|load|unzip|decrypt)|"
    r"(?:not|never|hasn't|didn't|has not) (?:yet )?(?:arrived?|come|turned up|appeared))\b",
)
_OWN_ENTRY = words(
    r"\bour own (?:\w+'?s? ){0,3}(?:line|entry|row|submission|figures?|return)s?\b.{0,80}\b(?:"
    r"wrong|low|high|double|nonsense|missing|correct\w*|mistake)",
    r"\b(?:blocked|403|locked out|can't log in|cannot log in|log ?in (?:fails|doesn't work))\b",
)


def own_submission(message: Message) -> Reason | None:
    """What they have submitted must be looked up."""
    if cue := asserted(message, _SUBMITTED):
        return reason("own_submission", "Speaks of what they have submitted", cue)
    return None


def own_date(message: Message) -> Reason | None:
    """When one's own agreement ends must be looked up."""
    if cue := asserted(message, _OWN_DATE):
        return reason("own_date", "Asks when their own agreement ends", cue)
    return None


def own_delivery(message: Message) -> Reason | None:
    """Something is wrong with data that were delivered to the writer: a person must look."""
    if cue := asserted(message, _DELIVERY):
        return reason("own_delivery", "Tells of a fault in data delivered to them", cue)
    return None


def own_entry(message: Message) -> Reason | None:
    """A fault in one's own entry, figures or access is looked into by a person."""
    if cue := asserted(message, _OWN_ENTRY):
        return reason("own_entry", "Tells of a fault in their own entry, figures or access", cue)
    return None


def asks_for_call(message: Message) -> Reason | None:
    """A call or a meeting is arranged by a person."""
    if cue := asserted(message, _CALL):
        return reason("asks_for_call", "Asks for a call or a meeting", cue)
    return None


def invoice(message: Message) -> Reason | None:
    """An invoice or a refund must be looked up."""
    if cue := asserted(message, _INVOICE):
        return reason("invoice", "Concerns an invoice or a refund", cue)
    return None


def keep_or_delete(message: Message) -> Reason | None:
    """Whether the writer may keep data, or must delete it, is for a person to say."""
    if cue := asserted(message, _KEEP):
        return reason("keep_or_delete", "Asks about keeping, deleting or returning data", cue)
    return None


def quotation(message: Message) -> Reason | None:
    """A quotation, a waiver or a discount is for a person to give."""
    if cue := asserted(message, _QUOTATION):
        return reason("quotation", "Asks for a quotation, a waiver or a discount", cue)
    return None
