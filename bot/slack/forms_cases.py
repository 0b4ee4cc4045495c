"""Forms on the case itself: when it is worked on, and which other cases it belongs to."""

from datetime import UTC, datetime

from bot.slack.blocks import Json, context
from bot.slack.forms import Form
from bot.slack.inputs import field, one_of, option, text_box
from bot.slack.mrkdwn import fit_plain
from bot.slack.submitting import Act
from handlers.case_life import Action
from handlers.case_tables import Priority
from handlers.case_view import CaseView, MessageView
from handlers.desk import Desk
from handlers.merging import merge, split
from handlers.passing_on import mark_spam, send_to_team
from handlers.planning import set_priority, snooze, wake
from handlers.proposing import propose_article
from handlers.related import link, mark_duplicate
from handlers.working_time import WorkingHours

WHEN, OTHERS, AWAY = "When", "Other cases", "Not ours to answer"
GUIDANCE = "Guidance"
NOTE_FIELD = "note"
MOST_TEAMS = 100


def next_opening(now: datetime, hours: WorkingHours) -> datetime:
    """When the next working day begins, as a first choice to snooze until."""
    return hours.opening(hours.working_day_after(hours.local(now).date(), 1))[0]


def _snooze(case: CaseView, desk: Desk) -> list[Json]:
    del case
    opens = next_opening(datetime.now(UTC), desk.clocks.hours)
    picker: Json = {"type": "datetimepicker", "initial_date_time": int(opens.timestamp())}
    note = "It comes back then, or as soon as the enquirer writes. Its clocks go on."
    return [field("Until", picker), context(note)]


def _wake(case: CaseView, desk: Desk) -> list[Json]:
    del case, desk
    now = [option("Now, before its time", "now")]
    return [field("Bring it back", {"type": "checkboxes", "options": now, "initial_options": now})]


def _priority(case: CaseView, desk: Desk) -> list[Json]:
    del desk
    options = [option(one.capitalize(), one) for one in Priority]
    return [field("Priority", one_of(options, case.now.priority))]


def _reference(words: str) -> list[Json]:
    box = {**text_box(long=False), "placeholder": _placeholder()}
    return [field("Reference of the other case", box), context(words)]


def _placeholder() -> Json:
    return {"type": "plain_text", "text": "ENQ-7K3MQD-4T9P", "emoji": False}


def _link(case: CaseView, desk: Desk) -> list[Json]:
    del case, desk
    return _reference("Both cards then name the other case.")


def _duplicate(case: CaseView, desk: Desk) -> list[Json]:
    del case, desk
    return _reference("This case is resolved as a duplicate; the other goes on.")


def _merge(case: CaseView, desk: Desk) -> list[Json]:
    del case, desk
    return _reference(
        "Messages and participants of this case go to the other, and so does what comes later."
        " Replies then go to the enquirer of the other case. This cannot be undone."
    )


def _later(case: CaseView) -> list[MessageView]:
    return [one for one in case.messages if one.direction == "in"][1:]


def _split(case: CaseView, desk: Desk) -> list[Json]:
    del desk
    options = [
        option(fit_plain(f"{one.at:%d %b %H:%M}: {one.text}", 75), str(one.id))
        for one in _later(case)
    ]
    note = "It becomes an enquiry of its own, with a case, a reference and a card."
    return [field("Message", one_of(options)), context(note)]


def _team(case: CaseView, desk: Desk) -> list[Json]:
    del case
    options = [option(name, name) for name in list(desk.teams)[:MOST_TEAMS]]
    note = (
        "A team with an address is mailed the enquirer's latest message; a team's channel is shown"
        " the masked summary. The case is resolved as passed on. The enquirer hears nothing of it"
        " from us: reply first, where they should."
    )
    return [
        field("Team", one_of(options)),
        field("Note for them", text_box(), block_id=NOTE_FIELD, optional=True),
        context(note),
    ]


def _spam(case: CaseView, desk: Desk) -> list[Json]:
    del case, desk
    return [
        field(
            "Sure?",
            {"type": "checkboxes", "options": [option("It is spam; nobody is to answer", "spam")]},
        )
    ]


def _propose(case: CaseView, desk: Desk) -> list[Json]:
    del case, desk
    note = (
        "It stands among the gaps on the knowledge owner's page, with what was asked and what you"
        " replied, masked, as a draft. Nothing of it is used before they approve it."
    )
    return [
        field("What it is to be about", text_box(long=False)),
        field("Note for the knowledge owner", text_box(), block_id=NOTE_FIELD, optional=True),
        context(note),
    ]


def _do_propose(desk: Desk) -> Act:
    del desk
    return lambda unit, press, given: propose_article(
        unit, press, given.text(), given.text(NOTE_FIELD)
    )


def _do_snooze(desk: Desk) -> Act:
    del desk
    return lambda unit, press, given: snooze(unit, press, given.moment())


def _do_wake(desk: Desk) -> Act:
    del desk
    return lambda unit, press, given: wake(unit, press)  # noqa: ARG005 -- as all forms


def _do_priority(desk: Desk) -> Act:
    del desk
    return lambda unit, press, given: set_priority(unit, press, Priority(given.chosen()))


def _do_link(desk: Desk) -> Act:
    del desk
    return lambda unit, press, given: link(unit, press, given.text())


def _do_duplicate(desk: Desk) -> Act:
    del desk
    return lambda unit, press, given: mark_duplicate(unit, press, given.text())


def _do_merge(desk: Desk) -> Act:
    del desk
    return lambda unit, press, given: merge(unit, press, given.text())


def _do_split(desk: Desk) -> Act:
    return lambda unit, press, given: split(unit, press, int(given.chosen()), desk)


def _do_team(desk: Desk) -> Act:
    return lambda unit, press, given: send_to_team(
        unit, press, given.chosen(), given.text(NOTE_FIELD), desk
    )


def _do_spam(desk: Desk) -> Act:
    del desk
    return lambda unit, press, given: mark_spam(unit, press)  # noqa: ARG005 -- as all forms


FORMS = (
    Form(Action.SNOOZE, "Snooze", "Snooze", WHEN, _snooze, _do_snooze),
    Form(
        Action.WAKE,
        "End the snooze",
        "Bring it back",
        WHEN,
        _wake,
        _do_wake,
        lambda case, _desk: case.now.snoozed_until is not None,
    ),
    Form(Action.SET_PRIORITY, "Change priority", "Save", WHEN, _priority, _do_priority),
    Form(Action.LINK, "Link to another case", "Link", OTHERS, _link, _do_link),
    Form(Action.MARK_DUPLICATE, "Mark as duplicate", "Mark", OTHERS, _duplicate, _do_duplicate),
    Form(
        Action.MERGE,
        "Merge into another case",
        "Merge",
        OTHERS,
        _merge,
        _do_merge,
        lambda case, _desk: case.channel == "email",
    ),
    Form(
        Action.SPLIT,
        "Split off a message",
        "Split",
        OTHERS,
        _split,
        _do_split,
        lambda case, _desk: bool(_later(case)),
    ),
    Form(
        Action.PROPOSE_ARTICLE,
        "Propose an article",
        "Propose",
        GUIDANCE,
        _propose,
        _do_propose,
    ),
    Form(
        Action.SEND_TO_TEAM,
        "Send to another team",
        "Send",
        AWAY,
        _team,
        _do_team,
        lambda _case, desk: bool(desk.teams),
    ),
    Form(Action.MARK_SPAM, "Mark as spam", "Mark", AWAY, _spam, _do_spam),
)
