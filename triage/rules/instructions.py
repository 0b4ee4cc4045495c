"""Text that tries to instruct the bot is put aside: what is left decides."""

import re
from typing import NamedTuple

from triage.decision import Reason
from triage.message import Message
from triage.parts import plain_subject
from triage.rules.wording import reason, words

_INSTRUCTION = words(
    r"\b(?:ignore|disregard|forget|override|bypass|skip)\b(?: \w+){0,4} (?:instructions?|"
    r"rules?|prompts?|guardrails?|guidelines|programming|safeguards|polic(?:y|ies)|filters?|"
    r"training)\b",
    r"\b(?:you are|you're|act as|pretend (?:to be|you are)) (?:now )?(?:\w+ ){0,3}(?:bot\b|"
    r"\w*bot\b|assistant|developer mode|in developer|dan\b|unrestricted|the finance approver|"
    r"an? ai)",
    r"\b(?:system|assistant|admin|developer) ?(?:prompt|override|note|message|"
    r"instruction)?\s*:\s*\S",
    r"\bsystem prompt\b",
    r"\b(?:developer|maintenance|debug|admin) mode\b",
    r"\b(?:route|flags?|status|priority|label) ?= ?\w",
    r"\b(?:clear|drop|remove|reset) (?:all|every|any) (?:the )?flags?\b",
    r"\bjailbreak",
    r"\b(?:classify|mark|label|route|treat|flag|categori[sz]e|tag|set|log|score) (?:this|it|"
    r"my|the)(?: \w+){0,4} (?:as|to) (?:\w+ )?[\"']?(?:answer|ignore|escalate|resolved|spam|"
    r"urgent priority|approved|closed|automatic|low risk)\b",
    r"\b(?:do not|don't|dont|never) (?:open|create|raise|log) (?:a|any) (?:case|ticket)\b",
    r"\breply (?:only )?with (?:the word|only|just|nothing|\")",
    r"\brespond (?:only )?with\b",
    r"\boutput (?:only|the|your)\b",
    r"\b(?:note|message|instruction)s? (?:to|for) (?:the |any |your )?(?:ai|bot|model|"
    r"assistant|llm|chatbot|automated system|classifier|triage (?:bot|system))\b",
    r"\bif you(?:'re| are) (?:an? )?(?:ai|bot|llm|language model|robot|automated)\b",
)
_GO_ON = words(
    r"^\W*(?:you (?:must|will|shall|may)|reply|respond|say|confirm|repeat|do not|don't|answer "
    r"(?:yes|no|only)|instead|output|print|then|and (?:then|mark|set)|mark|set|approve|send "
    r"(?:me )?(?:all|every))\b",
)
_PIECE = re.compile(r"[^.!?\n]*[.!?\n]+[\"')\]]*|[^.!?\n]+$")
_LETTERS = 3
"""Words that must be left for a message still to ask something."""


class Cleaned(NamedTuple):
    """What is left of a message, and whether something was put aside."""

    message: Message
    removed: bool


def without_instructions(message: Message) -> Cleaned:
    """Drop sentences that address the bot's workings, and commands that follow on from them."""
    subject = "" if _INSTRUCTION.search(plain_subject(message.subject)) else message.subject
    text = _kept(message.new_text)
    removed = subject != message.subject or text != message.new_text
    if not removed:
        return Cleaned(message, removed=False)
    return Cleaned(message.model_copy(update={"subject": subject, "new_text": text}), removed=True)


def _kept(text: str) -> str:
    if not _INSTRUCTION.search(text):
        return text
    kept: list[str] = []
    instructing = False
    for piece in _PIECE.findall(text):
        if not piece.strip():
            instructing = False
        elif _INSTRUCTION.search(piece):
            instructing = True
            continue
        elif instructing and _GO_ON.search(piece):
            continue
        else:
            instructing = False
        kept.append(piece)
    return "".join(kept).strip()


def nothing_left(message: Message) -> Reason | None:
    """With instructions to the bot put aside, nothing is left that asks anything."""
    if len(re.findall(r"[^\W\d_]+", f"{message.subject} {message.new_text}")) < _LETTERS:
        return reason("nothing_left", "Nothing is left that a person asks")
    return None
