"""The note that asks an article's owner to mend it, in the channel of the cases."""

from bot.slack.blocks import MOST_TEXT, Json, section
from bot.slack.mrkdwn import fit, inert
from knowledge.front_matter import Hindrance
from triage.decision import Withheld


def article_note_text(one: Withheld) -> str:
    """What a screen reader and a notification say of it."""
    return fit(f"Guidance needs its owner, {one.owner}: {one.why} ({one.title})", MOST_TEXT)


def article_note(one: Withheld) -> list[Json]:
    """Which article, whose it is, what is wrong and how to mend it."""
    words = (
        f":books: *Guidance needs its owner: {fit(one.owner, 300)}*\n"
        f"«{fit(one.title, 300)}» ({inert(one.article)}, version {one.version}) would answer an "
        f"enquiry, but {fit(one.why, 500)}. Until that is mended its enquiries go to a person.\n"
        f"{_how_to_mend(one.hindrance)}"
    )
    return [section(words)]


def _how_to_mend(hindrance: Hindrance | None) -> str:
    match hindrance:
        case Hindrance.SETTING:
            return "Have those who run the service set it; /knowledge shows what it says."
        case Hindrance.EARLY:
            return "To have it sent before that day, approve a draft that holds now (/knowledge)."
        case Hindrance.RETIRED:
            return (
                "To bring it back, save a draft with what holds now, and approve it (/knowledge)."
            )
        case _:
            return "Save a draft with what holds now, and approve it, on its page (/knowledge)."
