"""The letters whose rendered mails are kept in tests/data/golden_mail. All people are invented.

After a wanted change of a template, write them anew and read the difference:
`PYTHONPATH=tests:. .venv/bin/python -m mail_out.letters`
"""

from datetime import UTC, date, datetime
from email.message import EmailMessage
from pathlib import Path

from bot.mail.render import Identity, render
from handlers.feedback_links import FeedbackLinks
from handlers.letters import Content, Letter, Link, Part, Series

FOLDER = Path(__file__).parents[1] / "data" / "golden_mail"
AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
IDENTITY = Identity(
    address="dars@triagebot.example",
    name="Data Access Request Service",
    organisation="NHS England",
    telephone="0300 303 5678",
    contact="dars@triagebot.example",
    reply_key="a key of an example",
)
CHARGES = Link(text="Charges for using DARS", url="https://www.example.org/dars/charges?a=1&b=2")
SERVICE = Link(text="The Data Access Request Service", url="https://www.example.org/dars")

_SHA256 = "0" * 64
_THREAD = {
    "message_id": "<ENQ-7K3MQD-4T9P.0123456789abcdef0123@triagebot.example>",
    "in_reply_to": "<second@example.org>",
    "references": ("<first@example.org>", "<second@example.org>"),
}
_PARTS = (
    Part(
        article="ndrs-total-cost",
        version=1,
        passage="estimate",
        sha256=_SHA256,
        heading="Is the Total Cost what I will pay?",
        text="No. The 'Total Cost' is an estimate, and at present it is incorrect.",
        links=(SERVICE, CHARGES),
    ),
    Part(
        article="ndrs-total-cost",
        version=1,
        passage="real-cost",
        sha256=_SHA256,
        heading="How do I find out the real cost?",
        text="Submit your application. A case officer then confirms the cost with you.",
        links=(CHARGES,),
    ),
)
_SERIES = (
    Series(
        id="cancer-registration-statistics",
        title="Cancer Registration Statistics, England",
        publisher="NHS England",
        url="https://www.example.org/cancer-registrations",
        why="cancer incidence; figures for each cancer alliance; the years that you name",
        geography="England, by region & Cancer Alliance",
        first="1995",
        frequency="annual",
        without=("patient-level records", "GP practice counts"),
    ),
)

LETTERS = {
    "answer": Letter(
        template="answer",
        reference="ENQ-7K3MQD-4T9P",
        to="zoe@example.org",
        to_name="Brontë, Zoë (EXAMPLE UNIVERSITY)",
        subject="RE: Total Cost <£9,450>",
        content=Content(parts=_PARTS, series=_SERIES),
        **_THREAD,
    ),
    "answer_approved": Letter(
        template="answer",
        reference="ENQ-7K3MQD-4T9P",
        to="zoe@example.org",
        to_name="Zoë Brontë",
        subject="Total Cost",
        content=Content(parts=_PARTS[:1]),
        officer_name="Asha Verma",
        **_THREAD,
    ),
    "answer_series_only": Letter(
        template="answer",
        reference="ENQ-7K3MQD-4T9P",
        to="info@example.org",
        subject="",
        content=Content(series=_SERIES, sure=False),
        message_id="<ENQ-7K3MQD-4T9P.1@triagebot.example>",
    ),
    "answer_unmet": Letter(
        template="answer",
        reference="ENQ-7K3MQD-4T9P",
        to="info@example.org",
        subject="Cancers by surgery",
        content=Content(
            parts=_PARTS[:1],
            unmet="None of the published series that we know has figures on this for each GP"
            " practice.",
        ),
        message_id="<ENQ-7K3MQD-4T9P.2@triagebot.example>",
    ),
    "acknowledgement": Letter(
        template="acknowledgement",
        reference="ENQ-7K3MQD-4T9P",
        to="ann@example.org",
        to_name="Ann O'Hara",
        subject="Where has our application got to?",
        **_THREAD,
    ),
    "closing": Letter(
        template="closing",
        reference="ENQ-7K3MQD-4T9P",
        to="ann@example.org",
        to_name="Ann O'Hara",
        subject="Where has our application got to?",
        closes_on=date(2026, 4, 2),
        **_THREAD,
    ),
    "officer": Letter(
        template="officer",
        reference="ENQ-7K3MQD-4T9P",
        to="ann@example.org",
        to_name="Ann O'Hara",
        cc=("bob@example.org",),
        subject="Where has our application got to?",
        body=(
            "Dear Ms O'Hara,\n\n"
            "Thank you for asking. It is with the <independent> advisers & will come back.\n\n"
            "You can follow it here:\nhttps://www.example.org/status?a=1&b=2\n\nKind regards"
        ),
        officer_name="Sam Field",
        **_THREAD,
    ),
}


ASKING = ("answer", "answer_approved")


def as_files(name: str, message: EmailMessage) -> dict[str, str]:
    """A mail as its golden files: headers, text and HTML, by file name."""
    text, html = message.iter_parts()
    assert isinstance(text, EmailMessage)
    assert isinstance(html, EmailMessage)
    head = message.as_string().partition("\r\n\r\n")[0]
    return {
        f"{name}.headers.txt": head.replace("\r\n", "\n") + "\n",
        f"{name}.txt": text.get_content(),
        f"{name}.html": html.get_content(),
    }


LINKS = FeedbackLinks("https://answers.example.org", "a key of this test").below(7)


def rendered(name: str) -> EmailMessage:
    """A letter as it is kept; answers by mail with and without the question whether they helped."""
    links = LINKS if name in ASKING else ()
    return render(LETTERS[name], IDENTITY, at=AT, links=links)


if __name__ == "__main__":
    for letter_name in LETTERS:
        for file, content in as_files(letter_name, rendered(letter_name)).items():
            (FOLDER / file).write_text(content)
