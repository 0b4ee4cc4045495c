"""Fifteen enquiries, what is right for each, and what an enquirer and an officer then see."""

import html
import re
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache

from scenarios.desk import Desk, contact_settings
from scenarios.service import MAILBOX, until
from slack_world import words

from bot.sandbox.mailbox import Mail
from knowledge.articles import read_articles
from knowledge.catalogue import read_catalogue

REFERENCE = re.compile(r"\[(ENQ-[0-9A-Z]{6}-[0-9A-Z]{4})\]")
ANSWER, CASE, NOTHING = "answer", "case", "nothing"
OUTCOMES = {
    ANSWER: ("answer", "answered"),
    CASE: ("escalate", "case"),
    NOTHING: ("ignore", "ignored"),
}


@dataclass(frozen=True)
class Enquiry:
    """One enquiry as somebody writes it, and its right outcome."""

    name: str
    subject: str
    text: str
    outcome: str
    article: str | None = None
    """The article that the answer must rest on."""
    series: str | None = None
    """The published data that the answer must name."""
    says: tuple[str, ...] = ()
    """Words that the answer must hold."""
    flag: str | None = None
    hidden: tuple[str, ...] = ()
    """What may not be seen on the card."""
    headers: dict[str, str] = field(default_factory=dict)

    def mail(self, way: str) -> EmailMessage:
        """It as a mail; `way` keeps apart what is sent more than once."""
        message = EmailMessage()
        message["From"] = f"Robin Asker <{self.name}@{way}.example>"
        message["To"] = MAILBOX
        message["Subject"] = self.subject
        message["Message-ID"] = f"<{self.name}@{way}.example>"
        for name, value in self.headers.items():
            message[name] = value
        message.set_content(self.text)
        return message


GIVEN = (
    Enquiry(
        "total-cost",
        "Total Cost",
        "Total Cost at the top of our draft for cancer registrations says £9,450. "
        "Is that what we will pay?",
        ANSWER,
        article="ndrs-total-cost",
        says=("only an estimate", "not correct"),
    ),
    Enquiry(
        "odr-again",
        "Our ODR application",
        "We applied to the Office for Data Release in 2021. Should we apply again through DARS?",
        ANSWER,
        article="ndrs-odr-application",
        says=("No, please do not make a new application until we have contacted you",),
    ),
    Enquiry(
        "bowel-cancers",
        "Bowel cancer",
        "How many new bowel cancers were there in England by age group?",
        ANSWER,
        series="cancer-registration-statistics",
    ),
    Enquiry(
        "where-is-it",
        "Our application",
        "Where has our application DARS-NIC-381078-Y9C5K got to?",
        CASE,
    ),
    Enquiry(
        "covid-notice",
        "Data held under the COVID notice",
        "Our trust still holds GP records taken under the COVID notice. May we keep them?",
        CASE,
    ),
)

OWN = (
    Enquiry(
        "charges",
        "What do your charges cover?",
        "Hello,\n\nBefore we write our grant bid: what do the charges for data from DARS cover, "
        "and where are they explained?\n\nKind regards\nRobin Asker",
        ANSWER,
        article="charges-guidance",
    ),
    Enquiry(
        "who-may-apply",
        "Who may apply?",
        "Dear team,\n\nWho can apply to you for data? We are a small charity and have never done "
        "this before. And what stages does an application go through?\n\nMany thanks\nRobin",
        ANSWER,
        article="who-can-apply",
    ),
    Enquiry(
        "odr-rule",
        "Applications to the ODR",
        "Hello,\n\nWhat should people do whose application was with the Office for Data Release "
        "when it closed: do they start again with you?\n\nRobin Asker",
        ANSWER,
        article="ndrs-odr-application",
    ),
    Enquiry(
        "odr-own-agreement",
        "Our ODR agreement",
        "Hello,\n\nOur agreement with the Office for Data Release, ODR1819_222, ends next month. "
        "Can you extend it for us, please?\n\nRobin Asker",
        CASE,
    ),
    Enquiry(
        "copi-guidance",
        "End of the COPI notice",
        "Hello,\n\nWhere is the guidance on what an organisation must do now that the COPI notice "
        "has expired?\n\nThanks\nRobin",
        ANSWER,
        article="copi-exit",
    ),
    Enquiry(
        "waiting-times",
        "Waiting times",
        "Hi,\n\nIs there a published table of how long people wait from referral to treatment, by "
        "hospital trust and month? Totals are enough.\n\nThanks\nRobin",
        ANSWER,
        series="referral-to-treatment",
    ),
    Enquiry(
        "own-record",
        "my records",
        "Hello, how can I see my own health record? I would like to know what my GP has written "
        "about me.\n\nRobin",
        ANSWER,
        article="own-record",
    ),
    Enquiry(
        "freedom-of-information",
        "Freedom of Information request",
        "Dear Sir or Madam,\n\nUnder the Freedom of Information Act 2000 please tell me how many "
        "organisations were charged for data in each of the last three years. I also wish to "
        "complain that my last request went unanswered.\n\nYours faithfully\nRobin Asker",
        CASE,
        flag="STATUTORY CLOCK",
    ),
    Enquiry(
        "patient-data",
        "Wrong date in the register",
        "The cancer register has the wrong treatment date for our patient Edith Sample, NHS number "
        "999 123 4004, born 14 February 1951. Can you correct it please?\n\nRobin Asker",
        CASE,
        flag="PATIENT DATA",
        hidden=("999 123 4004", "9991234004", "14 February 1951"),
    ),
    Enquiry(
        "out-of-office",
        "Automatic reply: Your enquiry",
        "I am out of the office until Monday and will read your message when I am back.",
        NOTHING,
        headers={"Auto-Submitted": "auto-replied"},
    ),
)

MORE = (
    Enquiry(
        "stages",
        "The stages of an application",
        "Good morning,\n\nWhat stages does an application for data go through, from the first "
        "enquiry to the end?\n\nBest wishes\nRobin Asker",
        ANSWER,
        article="process-stages",
    ),
    Enquiry(
        "complaint",
        "Complaint",
        "I wish to make a formal complaint. I have been passed between four people since March and "
        "nobody has called back as promised.\n\nRobin Asker",
        CASE,
        flag="COMPLAINT",
    ),
    Enquiry(
        "phone-call",
        "A call?",
        "Hello,\n\nCould somebody ring me this week about how to apply? My number is 01632 960 "
        "123.\n\nRobin Asker",
        CASE,
    ),
    Enquiry(
        "invoice",
        "Invoice 40117",
        "Hello,\n\nWe have received invoice 40117 twice. Which of the two should we pay?\n\n"
        "Robin Asker, Finance",
        CASE,
    ),
    Enquiry(
        "welsh",
        "Cais am ddata canser",
        "Annwyl dîm,\n\nRydym yn brifysgol yng Nghymru ac yn awyddus i wneud cais am ddata "
        "cofrestru canser ar gyfer astudiaeth ymchwil. Sut mae dechrau, a faint fydd y gost?\n\n"
        "Diolch yn fawr\nRobin",
        CASE,
    ),
)

ALL = (*GIVEN, *OWN, *MORE)


async def see_through(desk: Desk, enquiry: Enquiry, asked: EmailMessage) -> None:
    """Check all that follows from an enquiry that was just handed in."""
    if enquiry.outcome == NOTHING:
        await until(lambda: desk.outcome(asked), 5, "the decision")
        assert desk.replies_to(asked) == []
        return check_outcome(desk, enquiry, asked)
    mail = await desk.reply_to(asked)
    check_outcome(desk, enquiry, asked)
    check_marks(mail, asked)
    reference = reference_of(mail)
    if enquiry.outcome == ANSWER:
        check_answer(mail, enquiry)
        assert desk.card_of(reference) is None
        return None
    assert f"Your reference is {reference}" in text_of(mail)
    card = await desk.card(reference, "Robin Asker", " ".join(enquiry.text.split())[:20])
    assert enquiry.flag is None or enquiry.flag in words(card)
    assert not [one for one in enquiry.hidden if one in words(card)]
    return None


def check_outcome(desk: Desk, enquiry: Enquiry, asked: EmailMessage) -> None:
    """The right thing was done, and the decision says so."""
    found = desk.outcome(asked)
    assert found is not None
    assert found[:2] == OUTCOMES[enquiry.outcome], f"{enquiry.text!r} became {found}"


def check_marks(mail: Mail, asked: EmailMessage) -> None:
    """It is in the thread, and no machine will answer it (RFC 3834, RFC 5322 section 3.6.4)."""
    ident, headers = str(asked["Message-ID"]), mail.headers
    assert headers.get("In-Reply-To").split() == [ident]
    assert ident in headers.get("References").split()
    assert headers.get("Auto-Submitted") == "auto-replied"
    assert headers.get("X-Auto-Response-Suppress") == "All"
    assert mail.envelope_from == ""
    assert mail.envelope_to == (asked["From"].addresses[0].addr_spec,)
    assert mail.sender.address == MAILBOX
    assert mail.subject == f"Re: {asked['Subject']} [{reference_of(mail)}]"
    assert "0300 303 5678" in text_of(mail)
    assert reference_of(mail) in text_of(mail, "html")


def check_answer(mail: Mail, enquiry: Enquiry) -> None:
    """Each sentence that was expected is there, in text and in HTML, with its links."""
    text, page = (" ".join(text_of(mail, kind).split()) for kind in ("plain", "html"))
    if enquiry.article is not None:
        passages = approved_passages()[enquiry.article]
        assert any(one in text for one in passages), f"nothing of {enquiry.article} in: {text}"
        assert any(html.escape(one) in page.replace("&#39;", "&#x27;") for one in passages)
    if enquiry.series is not None:
        address = next(str(one.url) for one in read_catalogue() if one.id == enquiry.series)
        assert address in text
        assert f'href="{address}"' in page
    assert "https://" in text
    assert '<a href="https://' in page
    assert not [one for one in enquiry.says if one not in text]


def reference_of(mail: Mail) -> str:
    """The reference in a mail's subject."""
    found = REFERENCE.search(mail.subject)
    assert found is not None, f"no reference in {mail.subject!r}"
    return found[1]


def text_of(mail: Mail, kind: str = "plain") -> str:
    """The body as text or as HTML, read by the standard library."""
    body = message_from_bytes(mail.raw, policy=policy.default).get_body((kind,))
    assert body is not None, f"no {kind} part"
    content: str = body.get_content()
    return content


@cache
def approved_passages() -> dict[str, list[str]]:
    """The passages of each article as they are sent."""
    contacts = {name.lower(): value for name, value in contact_settings().items()} | {
        "organisation": "NHS England",
        "telephone": "0300 303 5678",
    }
    return {
        one.front.id: [passage.filled(contacts) for passage in one.passages]
        for one in read_articles()
    }
