"""How the bot is switched, in words, and the modal by which a lead switches it."""

from bot.slack.blocks import Json
from bot.slack.mrkdwn import escape
from bot.slack.views import TYPE_NAMES
from handlers.cases import Officer
from handlers.switches import ALL, Mode, Switches

MODES = {
    Mode.AUTOMATIC: "answers leave by themselves",
    Mode.APPROVE: "each answer waits for an officer",
    Mode.OFF: "every enquiry becomes a case",
    Mode.SHADOW: "messages are decided and recorded; nothing leaves, no case is opened",
}
MODE_MODAL = "home_mode_modal"
KIND, MODE, WHY = "kind", "mode", "why"
"""Block ids and action ids of the modal."""
LONGEST_WHY = 300


def described(now: Switches) -> str:
    """How everything is switched, a line each."""
    lines = [f"*{now.modes[ALL]}*: {MODES[now.modes[ALL]]}"]
    lines += [f"{kind}: *{mode}*" for kind, mode in sorted(now.modes.items()) if kind != ALL]
    if now.braked is not None:
        lines.append(f":octagonal_sign: automatic mail is stopped: {escape(now.braked)}")
    return "\n".join(lines)


def switched(officer: Officer, kind: str, mode: Mode, note: str) -> str:
    """What everybody reads of a mode that was switched."""
    what = "The bot" if kind == ALL else f"For enquiries of the type *{kind}* the bot"
    return _why(
        f"{what} is now switched to *{mode}* by {escape(officer.name)}: {MODES[mode]}.", note
    )


def released(officer: Officer, note: str) -> str:
    """What everybody reads once mail may leave again."""
    return _why(f"{escape(officer.name)} released the brake: automatic mail leaves again.", note)


def stopped(officer: Officer, note: str) -> str:
    """What everybody reads once a lead has stopped automatic mail."""
    said = (
        f":octagonal_sign: {escape(officer.name)} stopped automatic mail. Enquiries become cases."
    )
    return _why(said, note)


def mode_modal() -> Json:
    """Asks what is to be switched, how, and why."""
    kinds = {ALL: "All enquiries", **{str(kind): name for kind, name in TYPE_NAMES.items()}}
    modes = {str(mode): f"{mode}: {words}"[:75] for mode, words in MODES.items()}
    why: Json = {"type": "plain_text_input", "action_id": WHY, "max_length": LONGEST_WHY}
    return {
        "type": "modal",
        "callback_id": MODE_MODAL,
        "title": _plain("Switch the bot"),
        "submit": _plain("Switch"),
        "close": _plain("Cancel"),
        "blocks": [
            _input(KIND, "For", _select(KIND, kinds) | {"initial_option": _option(ALL, kinds)}),
            _input(MODE, "Mode", _select(MODE, modes)),
            _input(WHY, "Why", why) | {"optional": True},
        ],
    }


def _why(said: str, note: str) -> str:
    return f"{said} _{escape(note)}_" if note else said


def _input(block_id: str, label: str, element: Json) -> Json:
    return {"type": "input", "block_id": block_id, "label": _plain(label), "element": element}


def _select(action_id: str, choices: dict[str, str]) -> Json:
    options = [_option(value, choices) for value in choices]
    return {"type": "static_select", "action_id": action_id, "options": options}


def _option(value: str, choices: dict[str, str]) -> Json:
    return {"text": _plain(choices[value]), "value": value}


def _plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}
