"""One message decided without a database: what `triagebot triage` prints of it."""

import json
import time
from datetime import date
from email.utils import parseaddr
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.brain import Brain
from bot.mail.charsets import storable
from bot.mail.identity import identity_of
from bot.mail.parse import ParsedMail, parse, to_message
from bot.mail.render import render_text
from bot.settings import Settings
from handlers.compose import Composer
from handlers.drafts import questions_of
from handlers.letters import Letter, Template
from triage.decision import Decision, Route
from triage.message import Message

NO_REFERENCE = "ENQ-000000-0000"
"""Stands where the reference of a stored enquiry would."""


class Described(BaseModel):
    """A message to decide, and the id that its line or file goes by."""

    model_config = ConfigDict(frozen=True)

    id: str | int
    message: Message
    may_auto_reply: bool


class _Line(BaseModel):
    """A line of JSON Lines, as the labelling page gives its form; labels are ignored."""

    id: str | int
    channel: Literal["email", "slack"] = "email"
    sender: str = Field("", alias="from")
    subject: str = ""
    body: str = ""


def from_json(line: bytes) -> Described:
    """One line of JSON Lines. Raises ValueError with one line that says what is wrong."""
    try:
        # Not pydantic's own reading of JSON: that refuses a lone surrogate, which mails do hold.
        found = json.loads(line)
    except ValueError as error:
        raise ValueError(f"not JSON: {error}") from None
    if not isinstance(found, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004  a bad line is one kind of error
    try:
        read = _Line.model_validate(
            {key: storable(one) if isinstance(one, str) else one for key, one in found.items()}
        )
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(one) for one in first["loc"])
        raise ValueError(f"{where}: {first['msg']}" if where else first["msg"]) from None
    mail = _as_mail(read)
    if read.channel == "slack":
        message = Message(
            channel="slack", sender=read.sender, text=read.body, new_text=mail.signed_text
        )
        return Described(id=read.id, message=message, may_auto_reply=True)
    return Described(id=read.id, message=to_message(mail), may_auto_reply=mail.may_auto_reply)


def triage_record(described: Described, brain: Brain, settings: Settings) -> dict[str, Any]:
    """The decision as one object; its keys are a promise to those who call the command."""
    start = time.perf_counter()
    decision = brain.decide(described.message)
    composer = Composer(brain.library, settings.contacts())
    content, objections = composer.content(decision, date.today())  # noqa: DTZ011  the service's day
    answers = decision.route is Route.ANSWER and not objections and not content.is_empty
    reply = draft = None
    if answers and described.may_auto_reply and settings.mode == "automatic":
        letter = _letter(described.message, "answer", settings).model_copy(
            update={"content": content}
        )
        subject, text = render_text(letter, identity_of(settings))
        reply = {"subject": subject, "text": text}
    elif decision.route is not Route.IGNORE:
        asked = questions_of(decision, described.message)
        draft = composer.draft(content, described.message.sender_name, asked)
    return {
        "id": described.id,
        **_decided(decision, answered=reply is not None),
        "series": list(decision.series),
        "reply": reply,
        "draft": draft,
        "explanation": decision.explanation and decision.explanation.model_dump(mode="json"),
        "ms": round((time.perf_counter() - start) * 1000, 2),
    }


def _decided(decision: Decision, *, answered: bool) -> dict[str, Any]:
    route = decision.route
    if route is Route.ANSWER and not answered:
        route = Route.ESCALATE
    shown = decision.model_dump(
        mode="json",
        include={"types", "type_scores", "flags", "confidence", "reasons", "passages"},
    )
    return {
        "types": shown.pop("types"),
        "type_scores": shown.pop("type_scores"),
        "route": route,
        "topics": list(decision.nearest_topics),
        **shown,
    }


def _letter(message: Message, template: Template, settings: Settings) -> Letter:
    domain = settings.mailbox_address.rpartition("@")[2]
    return Letter(
        template=template,
        reference=NO_REFERENCE,
        to=message.sender,
        to_name=message.sender_name,
        subject=message.subject,
        message_id=f"<{NO_REFERENCE}@{domain}>",
    )


def _as_mail(line: _Line) -> ParsedMail:
    """Written down as a mail, so that it goes the way of every mail."""
    name, address = parseaddr(line.sender)
    head = {
        "From": f"{json.dumps(name, ensure_ascii=False)} <{address}>" if name else address,
        "Subject": " ".join(line.subject.split()),
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
    }
    top = "".join(f"{key}: {value}\n" for key, value in head.items())
    return parse(f"{top}\n{line.body}".encode("utf-8", "replace"))
