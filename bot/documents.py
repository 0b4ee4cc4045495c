"""Pages of documentation that are made from the code, so that they cannot drift from it.

`python -m bot.documents` (or `make docs`) writes them; a test compares.
"""

import inspect
from collections.abc import Callable
from pathlib import Path

from bot.settings import Settings
from handlers.case_life import RESOLUTIONS, TRANSITIONS
from handlers.public_status import OF_STATES
from triage.hearing import HINTS, RULES

DOCS = Path(__file__).parents[1] / "docs"
MADE = "<!-- Made from the code by `make docs`; change the code instead. -->"


def settings_page() -> str:
    """Every setting, its default, and what it is for."""
    rows = [
        f"| `TRIAGEBOT_{name.upper()}` | {_default(field.get_default())} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    return _page(
        "Settings",
        "From the environment, then `triagebot.toml` (names in lower case, without the prefix).",
        ["| setting | default | what it is for |", "| --- | --- | --- |", *rows],
    )


def rules_page() -> str:
    """The rules of triage in their order, each with its sentence."""
    rows = [
        f"| {number} | `{rule.speaks.__name__}` | {rule.route} | {rule.flag or ''} "
        f"| {_sentence(rule.speaks)} |"
        for number, rule in enumerate(RULES, start=1)
    ]
    hints = [f"| `{hint.__name__}` | {_sentence(hint)} |" for hint in HINTS]
    return _page(
        "Rules of triage",
        "The first rule that speaks decides the route; all that speak are kept as reasons.",
        [
            "| no. | rule | route | flag | when it speaks |",
            "| --- | --- | --- | --- | --- |",
            *rows,
            "",
            "These force nothing; the classifier weighs them.",
            "",
            "| hint | when it speaks |",
            "| --- | --- |",
            *hints,
        ],
    )


def case_page() -> str:
    """The states of a case and what leads from one to the next."""
    rows = [f"| {state} | {action} | {after} |" for (state, action), after in TRANSITIONS.items()]
    reasons = [f"- `{name}`: {words}" for name, words in RESOLUTIONS.items()]
    return _page(
        "The life of a case",
        "An action that is not in this table is refused, with a sentence that says so.",
        [
            "| state | action | state after |",
            "| --- | --- | --- |",
            *rows,
            "",
            "What its enquirer is told of it is another thing:",
            "",
            "| state | public status |",
            "| --- | --- |",
            *(f"| {state} | {status} |" for state, status in OF_STATES.items()),
            "",
            "A case is resolved for one of these reasons:",
            "",
            *reasons,
        ],
    )


PAGES: dict[str, Callable[[], str]] = {
    "settings.md": settings_page,
    "rules.md": rules_page,
    "case-life.md": case_page,
}


def write_pages(folder: Path = DOCS) -> None:
    """Write all of them."""
    for name, page in PAGES.items():
        (folder / name).write_text(page(), encoding="utf-8")


def _page(title: str, opening: str, lines: list[str]) -> str:
    return "\n".join([f"# {title}", "", MADE, "", opening, "", *lines, ""])


def _default(value: object) -> str:
    return "" if value in (None, "", (), {}) else f"`{value}`"


def _sentence(function: Callable[..., object]) -> str:
    return " ".join((inspect.getdoc(function) or "").split("\n\n")[0].split())


if __name__ == "__main__":
    write_pages()
