"""What is quoted below a message changes nothing that is decided about it."""

from datetime import date
from email.message import EmailMessage
from pathlib import Path

import pytest

from bot.mail.parse import parse, to_message
from knowledge.library import Library
from triage.decision import Decision
from triage.labelled import Labelled
from triage.many import decide_many
from triage.message import Message
from triage.model import Model

TODAY = date(2026, 11, 28)
EACH = 8
"""One in so many of the messages that only measure is tried."""
LETTERS = sorted((Path(__file__).parents[1] / "data" / "golden_mail").glob("*.txt"))
LETTERS = [one for one in LETTERS if not one.name.endswith(".headers.txt")]
WROTE = "On Wed, 2 Mar 2022 at 09:15, Data Access <dars@triagebot.example> wrote:"
HEAD = (
    "From: Data Access <dars@triagebot.example>\nSent: 2 March 2022 09:15\n"
    "To: Robin Asker\nSubject: Your enquiry"
)
CHARGE = (
    "I am a journalist with the Saltmarsh Gazette. I demand a refund under the Freedom of\n"
    "Information Act, and I want to know what an application costs."
)
"""Words that would change route, types and flags if they were heard."""


def received(one: Labelled, below: str = "") -> Message:
    """The message as it is read from a mail, with something below it."""
    mail = EmailMessage()
    mail["From"] = "Robin Asker <robin@uni.example>"
    mail["Subject"] = one.message(str).subject
    mail.set_content(one.message(str).text + below, charset="utf-8", cte="quoted-printable")
    return to_message(parse(mail.as_bytes()))


def ways(old: str) -> list[str]:
    """An older message as programs set it below a reply."""
    quoted = "\n".join(f"> {line}".rstrip() for line in old.split("\n"))
    return [
        f"\n\n{WROTE}\n\n{quoted}\n",
        f"\n\n-----Original Message-----\n{HEAD}\n\n{old}\n",
        f"\n\n________________________________\n{HEAD}\n\n{old}\n",
    ]


@pytest.fixture(scope="module")
def some(held: list[Labelled]) -> list[Labelled]:
    by_mail = [one for one in held if one.message(str).channel == "email"]
    return by_mail[::EACH]


@pytest.fixture(scope="module")
def alone(some: list[Labelled], model: Model, library: Library) -> list[Decision]:
    """What is decided about each without anything below it."""
    return decide_many([received(one) for one in some], model, library, today=TODAY)


def test_a_letter_of_ours_or_a_strangers_demand_quoted_below_changes_no_decision(
    some: list[Labelled], alone: list[Decision], model: Model, library: Library
) -> None:
    assert len(some) > 50
    olds = [CHARGE, *(one.read_text(encoding="utf-8") for one in LETTERS)]
    below = [way for old in olds for way in ways(old)]
    # Each message gets another letter in another way, so that all of them are met.
    messages = [received(one, below[at % len(below)]) for at, one in enumerate(some)]
    decided = decide_many(messages, model, library, today=TODAY)
    changed = [
        (one.id, below[at % len(below)][:60])
        for at, (one, before, after) in enumerate(zip(some, alone, decided, strict=True))
        if before != after
    ]
    assert not changed
