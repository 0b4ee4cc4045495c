"""What officers are told of mail as such: that it came back, or that all of it is stopped."""

from bot.slack.mrkdwn import escape


def brake_text(mails: int, minutes: int) -> str:
    """That automatic mail is stopped, why, and how a lead lets it go on."""
    return (
        f":octagonal_sign: *Automatic mail is stopped.* {mails} automatic mails were written within"
        f" {minutes} minutes, which looks like a loop. Enquiries become cases, and nobody is"
        " answered or acknowledged by the bot until a lead writes `/triage brake release`."
    )


def returned_text(address: str, status: str, reference: str, *, for_good: bool) -> str:
    """That a mail came back, and what follows from it."""
    code = f" (status {escape(status)})" if status else ""
    if for_good:
        return (
            f":incoming_envelope: Our mail to {escape(address)} for {reference} came back for"
            f" good{code}. Nothing more is sent to that address until an officer writes"
            f" `/triage lift {escape(address)}`."
        )
    return (
        f":hourglass: Our mail to {escape(address)} for {reference} has not arrived yet{code}."
        " Their mail server is still trying, or may have given up."
    )
