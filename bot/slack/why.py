"""Why a message was decided as it was, drawn as Block Kit: rules, words, sentences, likenesses."""

from bot.slack.blocks import MOST_TEXT, Json, context, section
from bot.slack.mrkdwn import escape, fit
from triage.decision import Decision, Explanation, PassageHit
from triage.explain import percent
from triage.explanation import GROUNDS, quoted
from triage.masking import birth_dates, mask, nhs_numbers
from triage.message import Message

MOST_QUOTED = 160
MOST_LINES = 12


def text(decision: Decision) -> str:
    """What a screen reader says of it."""
    said = "; ".join(reason.text for reason in decision.reasons)
    return f"Why {decision.route}: {said}"


def blocks(decision: Decision, message: Message) -> list[Json]:
    """All that the decision rests on. Sentences are quoted masked."""
    explanation = decision.explanation
    rules = [f"• {fit(one.text, 300)} _({escape(one.rule)})_" for one in decision.reasons]
    drawn = [
        section(f"*Route: {decision.route}*, {percent(decision.confidence)} sure to be right"),
        *_listed("Rules and conditions that spoke", rules),
        *([] if explanation is None else _explained(explanation, message)),
        *_listed("Passages found", [_passage(hit) for hit in decision.passages]),
    ]
    return [*drawn, context(_model(decision))]


def _explained(explanation: Explanation, message: Message) -> list[Json]:
    routes = ", ".join(f"{one} {percent(chance)}" for one, chance in explanation.routes.items())
    settled = GROUNDS.get(explanation.ground, explanation.ground)
    words = [f"“{fit(one.words, 60)}” {one.weight:+.2f}" for one in explanation.words]
    alike = [
        f"• {escape(one.id)}: {one.route}, likeness {one.similarity:.2f}"
        + (f" ({fit(one.why, 200)})" if one.why else "")
        for one in explanation.nearest
    ]
    return [
        section(f"*Settled by* {settled}\n*By the classifier alone:* {routes}"),
        *_listed("Words that counted", [", ".join(words)] if words else []),
        *_listed("Each question by itself", _sentences(explanation, message)),
        *_listed("Labelled messages most like it", alike),
    ]


def _sentences(explanation: Explanation, message: Message) -> list[str]:
    whole = f"{message.subject}\n{message.new_text}"
    hidden = [*nhs_numbers(whole), *birth_dates(whole)]
    return [
        f"• {percent(one.needs_person)} needs a person: {fit(mask(words, hidden), MOST_QUOTED)}"
        for one, words in quoted(explanation, message)
    ]


def _listed(title: str, lines: list[str]) -> list[Json]:
    if not lines:
        return []
    shown = "\n".join(lines[:MOST_LINES])
    return [section(f"*{title}*\n{shown[:MOST_TEXT]}")]


def _passage(hit: PassageHit) -> str:
    return f"• {escape(hit.article)} v{hit.version}, {escape(hit.passage)}: {hit.score:.2f}"


def _model(decision: Decision) -> str:
    said = [f"Model {escape(decision.model)}"]
    asked = decision.thresholds.get("answer")
    if asked is not None:
        known = f"answers from {percent(asked)}"
        said.append("no bound for answers yet" if asked > 1 else known)
    if decision.likeness is not None:
        said.append(f"more usual than {percent(decision.likeness)} of calibration messages")
    return ", ".join(said)
