"""`triagebot answer show`: what was sent to an enquirer, to the letter, and on what ground."""

import asyncio
import email
import email.policy
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.console import Console

from bot.commands.shared import load_settings, opened_store, print_json
from bot.long_work import CommandError
from handlers.answer_record import AnswerRecord, SentAnswer, answer_record
from handlers.tables import OutgoingState

answer_app = typer.Typer(help="Look at what was answered.", no_args_is_help=True)

STATES = {
    OutgoingState.READY: "not sent yet",
    OutgoingState.SENDING: "being sent at this moment",
    OutgoingState.SENT: "sent",
    OutgoingState.HELD: "held: it may or may not have left, and waits for an officer's word",
    OutgoingState.FAILED: "not sent: it failed for good",
    OutgoingState.CANCELLED: "not sent: an officer took it back",
}


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.add_typer(answer_app, name="answer")


@answer_app.command("show")
def show(
    reference: str,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object, on the last line.")
    ] = False,
) -> None:
    """Show every answer to an enquiry as it was sent, its passages, and what became of it."""
    record = asyncio.run(_read(reference.strip().upper()))
    if record is None:
        raise CommandError(f"there is no enquiry {reference}")
    if as_json:
        print_json(_as_object(record))
        return
    console = Console(highlight=False, markup=False, soft_wrap=True)
    console.print(f"{record.reference} {record.subject}")
    if not record.answers:
        console.print("No answer was written.")
    for answer in record.answers:
        console.rule(f"{answer.kind}, {STATES[OutgoingState(answer.state)]}")
        console.print("\n".join(_lines(answer)))
    if record.case is not None:
        case = record.case
        end = f", {case.resolution}" if case.resolution else ""
        console.rule("case")
        console.print(f"{case.state}{end}, opened {_time(case.opened_at)}")


async def _read(reference: str) -> AnswerRecord | None:
    async with opened_store(load_settings()) as store, store.unit() as unit:
        return await answer_record(unit, reference)


def _lines(answer: SentAnswer) -> list[str]:
    subject, text = _words(answer)
    lines = [
        f"when: {_time(answer.sent_at) if answer.sent_at else STATES[OutgoingState(answer.state)]}",
        f"to: {answer.to}",
        f"approved by: {answer.approved_by or 'nobody, it was automatic'}",
    ]
    if answer.sent_at is None:
        lines.append(f"written: {_time(answer.created_at)}, failed tries: {answer.attempts}")
    if answer.error:
        lines.append(f"error: {answer.error}")
    if answer.receipt:
        lines.append(f"receipt: {answer.receipt}")
    for one in answer.passages:
        score = "" if one.score is None else f", score {one.score:.3f}"
        lines.append(f"passage: {one.article} v{one.version} {one.passage}{score}, {one.sha256}")
    lines += [f"series: {one}" for one in answer.series]
    if answer.ground is not None:
        lines.append(f"model: {answer.ground.model}, confidence {answer.ground.confidence:.3f}")
        limits = ", ".join(
            f"{name} {value:.3f}" for name, value in answer.ground.thresholds.items()
        )
        lines.append(f"thresholds: {limits or 'none'}")
    lines += [f"the enquirer said: {one.said}, {_time(one.at)}" for one in answer.feedback]
    if answer.sent_copy is None:
        lines.append("no copy of a mail is kept; these words it is made of:")
    else:
        lines.append(f"subject: {subject}")
    return [*lines, "", text.rstrip()]


def _as_object(record: AnswerRecord) -> dict[str, Any]:
    """The record for other programs: the kept mail as subject and text, not as bytes."""
    whole = record.model_dump(mode="json", exclude={"answers": {"__all__": {"sent_copy"}}})
    for shown, answer in zip(whole["answers"], record.answers, strict=True):
        shown["subject"], shown["text"] = _words(answer)
        shown["is_copy"] = answer.sent_copy is not None
        del shown["composed"]
    return whole


def _words(answer: SentAnswer) -> tuple[str | None, str]:
    """Subject and text: of the mail as it was sent, else the words that it is made of."""
    if answer.sent_copy is None:
        return None, answer.composed
    mail = email.message_from_bytes(answer.sent_copy, policy=email.policy.default)
    body = mail.get_body(("plain",))
    text = "" if body is None else str(body.get_content())
    return str(mail["Subject"]), text.replace("\r\n", "\n")


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S %Z}"
