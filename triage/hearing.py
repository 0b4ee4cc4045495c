"""What the rules say of a message: which of them there are, in order, and asking every one."""

from triage.decision import EnquiryType, Flag, Route
from triage.message import Message
from triage.objections import Heard, Rule, SpeakingRule
from triage.rules import automatic, flags, identifiers, instructions, noise, references, requests

EXISTING = EnquiryType.EXISTING_APPLICATION

RULES = (
    # The first rule that speaks decides the route; all that speak are kept as reasons.
    Rule(identifiers.nhs_number, Route.ESCALATE, Flag.PATIENT_DATA),
    Rule(identifiers.birth_date, Route.ESCALATE, Flag.PATIENT_DATA),
    Rule(identifiers.named_patient, Route.ESCALATE, Flag.PATIENT_DATA),
    Rule(automatic.sent_by_machine, Route.IGNORE),
    Rule(automatic.away_or_read, Route.IGNORE),
    Rule(noise.unreadable, Route.ESCALATE),
    Rule(flags.incident, Route.ESCALATE, Flag.INCIDENT),
    Rule(flags.safety, Route.ESCALATE),
    Rule(flags.foi_request, Route.ESCALATE, Flag.STATUTORY, (EnquiryType.OTHER,)),
    Rule(flags.own_data_request, Route.ESCALATE, Flag.STATUTORY, (EnquiryType.OTHER,)),
    Rule(flags.complaint, Route.ESCALATE, Flag.COMPLAINT),
    Rule(flags.legal_letter, Route.ESCALATE, Flag.STATUTORY),
    Rule(flags.press, Route.ESCALATE, Flag.MEDIA, (EnquiryType.OTHER,)),
    Rule(instructions.nothing_left, Route.ESCALATE),
    Rule(references.reference_asked_about, Route.ESCALATE, types=(EXISTING,)),
    Rule(requests.keep_or_delete, Route.ESCALATE),
    Rule(requests.invoice, Route.ESCALATE, types=(EnquiryType.CHARGES, EXISTING)),
    Rule(requests.quotation, Route.ESCALATE, types=(EnquiryType.CHARGES,)),
    Rule(requests.own_submission, Route.ESCALATE, types=(EXISTING,)),
    Rule(requests.own_date, Route.ESCALATE, types=(EXISTING,)),
    Rule(requests.own_delivery, Route.ESCALATE, types=(EXISTING,)),
    Rule(requests.own_entry, Route.ESCALATE),
    Rule(requests.asks_for_call, Route.ESCALATE),
)

NO_ANSWER: tuple[SpeakingRule, ...] = (
    # Nobody may be waiting: these force no route, but what they speak of is not answered.
    automatic.automatic_subject,
    automatic.machine_words,
    automatic.bulk_words,
    automatic.thanks_alone,
)
HINTS: tuple[SpeakingRule, ...] = (
    # These only lend the classifier a word.
    references.reference_named,
)


def hear(message: Message) -> Heard:
    """Ask every rule."""
    message, removed = instructions.without_instructions(message)
    spoken = tuple(
        (rule, said)
        for rule in RULES
        if (said := rule.speaks(message))
        and (removed or rule.speaks is not instructions.nothing_left)
    )
    doubts = tuple(said for doubt in NO_ANSWER if (said := doubt(message)))
    hints = [said for hint in HINTS if (said := hint(message))]
    signals = {said.rule for said in (*(said for _, said in spoken), *doubts, *hints)}
    if removed:
        signals.add("instructions_removed")
    return Heard(message, spoken, doubts, frozenset(signals))
