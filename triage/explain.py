"""Reasons in words: what an officer reads on why a message went where it went."""

from triage.decision import Flag, Reason


def no_model() -> Reason:
    """Without a model nothing is answered."""
    return Reason(rule="no_model", text="No trained model is at hand, so a person decides")


def flag_likely(flag: Flag, chance: float) -> Reason:
    """The classifier sees a flag that no rule saw."""
    return Reason(
        rule=f"likely_{flag}", text=f"Probably {flag.replace('_', ' ')}: {percent(chance)}"
    )


def flag_possible(flag: Flag, chance: float) -> Reason:
    """A flag is not likely, but likely enough not to answer."""
    return Reason(
        rule=f"possible_{flag}", text=f"Possibly {flag.replace('_', ' ')}: {percent(chance)}"
    )


def nobody_waits(chance: float) -> Reason:
    """The classifier is sure that no person waits."""
    return Reason(rule="nobody_waits", text=f"No person seems to wait: {percent(chance)} sure")


def needs_person(chance: float) -> Reason:
    """The classifier says that a person is needed."""
    return Reason(rule="needs_person", text=f"Probably needs a person: {percent(chance)}")


def unsure(chance: float, threshold: float) -> Reason:
    """An answer may be right, but not surely enough."""
    if threshold > 1:
        return Reason(rule="no_bound", text="Too little evidence yet to answer without a person")
    return Reason(
        rule="unsure",
        text=f"Not sure enough to answer: {percent(chance)}, where {percent(threshold)} is asked",
    )


def part_needs_person(number: int, total: int, chance: float) -> Reason:
    """One question among several needs a person."""
    return Reason(
        rule="part_needs_person",
        text=f"Sentence {number} of {total} probably needs a person: {percent(chance)}",
    )


def unlike(likeness: float) -> Reason:
    """What was measured does not speak for a message like no other."""
    return Reason(
        rule="unlike",
        text=f"Unlike the messages that answers were tested on: {percent(1 - likeness)} of those "
        "were nearer to a known one",
    )


def other_language() -> Reason:
    """What we read in another language we read badly."""
    return Reason(
        rule="other_language",
        text="Not in English, which is what this is tested on: a person reads it first",
    )


def drifting() -> Reason:
    """Of late, messages are other than those that answers were tested on."""
    return Reason(
        rule="drifting",
        text="Recent messages differ from those that answers were tested on, so a person approves",
    )


def not_covered(number: int, total: int) -> Reason:
    """Approved guidance does not answer a question."""
    which = f"question {number} of {total}" if total > 1 else "what is asked"
    return Reason(rule="not_covered", text=f"No approved passage is close enough to {which}")


def withheld(why: str) -> Reason:
    """Guidance fits, and may not be sent today."""
    return Reason(rule="withheld", text=f"It cannot be answered today: {why}")


def can_answer(chance: float, threshold: float) -> Reason:
    """All checks passed."""
    return Reason(
        rule="can_answer",
        text=f"Approved guidance covers it: {percent(chance)} sure, {percent(threshold)} asked",
    )


def percent(chance: float) -> str:
    """Never 100 %: a probability is not a certainty."""
    return f"{min(round(100 * chance), 99)} %"
