"""For machines that watch: `/ready` (can it serve), `/health` (is all well) and `/metrics`."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.web.pages import assumed_days_of, store_of
from handlers.errors import StoreUnavailableError
from handlers.feedback_figures import Answers, answers
from handlers.metrics import By, Row, volumes
from handlers.periods import latest
from handlers.slack_standing import SlackStanding, slack_standing
from handlers.standing import Standing, is_reachable, standing

BY_THEMSELVES = "by themselves"
"""How health says that answers need no approval."""
ANSWERS_DAYS = 30
PATIENCE = timedelta(minutes=5)
"""A message that is not triaged after so long means that no worker works."""


@dataclass(frozen=True, slots=True)
class TriageStatus:
    """What decides in this deployment."""

    model: str
    """Identity of the classifier, as decisions keep it."""
    has_encoder: bool
    """False: sentences are not encoded, and it runs on TF-IDF alone."""
    has_bound: bool = True
    """False: too little evidence to answer without an officer's approval."""


async def ready(request: Request) -> Response:
    """200 where the database answers, else 503: for a load balancer."""
    try:
        async with store_of(request).unit() as unit:
            await is_reachable(unit)
    except StoreUnavailableError:
        return JSONResponse({"ready": False}, 503)
    return JSONResponse({"ready": True})


async def health(request: Request) -> Response:
    """200 with `ok` or `degraded`, 503 with `failing`: for monitoring, and for people.

    Failing: no database, or messages lie untriaged. Degraded: no encoder, something waits for
    a person (mail in doubt or refused, messages set aside), Slack refuses our token, or no answer
    leaves without approval (no bound was shown, or messages drift).
    """
    triage = cast("TriageStatus", request.app.state.triage)
    try:
        async with store_of(request).unit() as unit:
            now = await standing(unit)
            slack = await slack_standing(unit)
    except StoreUnavailableError:
        now, slack = None, None
    status = _status(triage, now)
    if slack and slack.refused and status == "ok":
        status = "degraded"
    body = {
        "status": status,
        "database": "ok" if now else "unreachable",
        "encoder": "MiniLM" if triage.has_encoder else "absent, TF-IDF alone",
        "model": triage.model,
        "answers": _answers(triage, now) if now else None,
        "slack": _slack(slack) if slack else None,
        "queue": _queue(now) if now else None,
    }
    return JSONResponse(body, 503 if status == "failing" else 200)


async def metrics(request: Request) -> Response:
    """Prometheus text. Gauges, read anew each time: right on every host, whatever restarted."""
    try:
        async with store_of(request).unit() as unit:
            today = await volumes(unit, latest(1), (By.ROUTE, By.OUTCOME))
            now = await standing(unit)
            days = assumed_days_of(request)
            how = await answers(unit, latest(ANSWERS_DAYS), assumed_days=days)
    except StoreUnavailableError:
        return Response("# the database is unreachable\n", 503, media_type=CONTENT_TYPE_LATEST)
    registry = CollectorRegistry()
    registry.register(_Gauges(today, now, how))
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


def _status(triage: TriageStatus, now: Standing | None) -> str:
    if now is None or (now.oldest_unread or timedelta()) > PATIENCE:
        return "failing"
    approved_first = _answers(triage, now) != BY_THEMSELVES
    troubled = now.needs_a_person or not triage.has_encoder or approved_first
    return "degraded" if troubled else "ok"


def _answers(triage: TriageStatus, now: Standing) -> str:
    """Whether answers leave by themselves, and if not, why."""
    if not triage.has_bound:
        return "after approval: too little evidence for a bound"
    if now.drifting:
        return "after approval: recent messages differ from those that answers were tested on"
    return BY_THEMSELVES


def _slack(slack: SlackStanding) -> str:
    """Whether posts leave; while the token is refused the web pages and mail go on."""
    if slack.refused:
        return f"refuses our token ({slack.refused}): {slack.waiting} posts wait"
    return f"{slack.waiting} posts wait" if slack.waiting else "ok"


def _queue(now: Standing) -> dict[str, Any]:
    return {
        "unread": now.unread,
        "oldest_unread_seconds": _seconds(now.oldest_unread),
        "oldest_ready_seconds": _seconds(now.oldest_ready),
        "set_aside": now.set_aside,
        **{f"outgoing_{state}": number for state, number in now.unsent.items()},
    }


def _seconds(span: timedelta | None) -> float:
    return round(span.total_seconds(), 1) if span else 0.0


class _Gauges(Collector):
    def __init__(self, today: list[Row], now: Standing, how: Answers) -> None:
        self._today = today
        self._now = now
        self._how = how

    def collect(self) -> list[GaugeMetricFamily]:
        """The families, in the order of the page."""
        return [
            self._decisions(),
            self._answers(),
            self._cases(),
            self._outgoing(),
            *self._waiting(),
        ]

    def _decisions(self) -> GaugeMetricFamily:
        family = GaugeMetricFamily(
            "triagebot_decisions_today",
            "Decisions since midnight in London",
            labels=("route", "outcome"),
        )
        for row in self._today:
            family.add_metric(row.keys, row.messages)
        return family

    def _answers(self) -> GaugeMetricFamily:
        family = GaugeMetricFamily(
            f"triagebot_answers_{ANSWERS_DAYS}_days",
            f"Answers sent in the last {ANSWERS_DAYS} days, by how they did",
            labels=("how",),
        )
        for how, number in self._how.as_dict().items():
            if how != "sent":
                family.add_metric((how,), number)
        return family

    def _cases(self) -> GaugeMetricFamily:
        family = GaugeMetricFamily(
            "triagebot_open_cases", "Cases that are not resolved", labels=("age", "state")
        )
        for (age, state), number in self._now.open_cases.items():
            family.add_metric((age, state), number)
        return family

    def _outgoing(self) -> GaugeMetricFamily:
        family = GaugeMetricFamily(
            "triagebot_outgoing", "Mails and Slack posts that have not left", labels=("state",)
        )
        for state, number in self._now.unsent.items():
            family.add_metric((state,), number)
        return family

    def _waiting(self) -> list[GaugeMetricFamily]:
        now = self._now
        figures = (
            ("triagebot_unread", "Messages accepted and not yet triaged", now.unread),
            ("triagebot_set_aside", "Messages that failed three times", now.set_aside),
            ("triagebot_drifting", "1 where recent messages are unusual", float(now.drifting)),
            (
                "triagebot_oldest_unread_seconds",
                "Wait of the oldest message not yet triaged",
                _seconds(now.oldest_unread),
            ),
            (
                "triagebot_oldest_ready_seconds",
                "Wait of the oldest effect not yet sent",
                _seconds(now.oldest_ready),
            ),
        )
        return [GaugeMetricFamily(name, text, value=number) for name, text, number in figures]
