"""Health, readiness and Prometheus figures."""

from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import update
from web.ledger import Ledger

from bot.settings import Settings
from bot.web.app import create_app
from bot.web.health import TriageStatus
from bot.web.server import WebServer
from handlers.slack_standing import TOKEN_REFUSED
from handlers.tables import CaseState, InboundState, Outgoing, OutgoingState
from handlers.unit import Store
from triage.likeness import LEAST_MESSAGES


async def _health(client: aiohttp.ClientSession, status: int = 200) -> dict[str, Any]:
    async with client.get("/health") as answer:
        assert answer.status == status
        body: dict[str, Any] = await answer.json()
        return body


async def _samples(client: aiohttp.ClientSession) -> dict[tuple[str, ...], float]:
    async with client.get("/metrics") as answer:
        assert answer.status == 200
        families = list(text_string_to_metric_families(await answer.text()))
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in families
        for sample in family.samples
    }


async def test_all_is_well_in_a_new_service(client: aiohttp.ClientSession) -> None:
    body = await _health(client)
    assert (body["status"], body["database"], body["encoder"]) == ("ok", "ok", "MiniLM")
    assert body["model"] == "m1"
    assert body["queue"]["oldest_unread_seconds"] == 0
    async with client.get("/ready") as answer:
        assert await answer.json() == {"ready": True}


async def test_mail_that_nobody_triages_fails_health_but_not_readiness(
    client: aiohttp.ClientSession, ledger: Ledger
) -> None:
    await ledger.accepted(InboundState.NEW, ago=timedelta(minutes=6))
    body = await _health(client, 503)
    assert body["status"] == "failing"
    assert body["queue"]["unread"] == 1
    assert body["queue"]["oldest_unread_seconds"] >= 360
    async with client.get("/ready") as answer:
        assert answer.status == 200


@pytest.mark.parametrize("state", [OutgoingState.HELD, OutgoingState.FAILED])
async def test_mail_in_doubt_or_refused_degrades_health(
    client: aiohttp.ClientSession, ledger: Ledger, state: OutgoingState
) -> None:
    await ledger.effect(state)
    assert (await _health(client))["status"] == "degraded"


async def test_a_token_that_slack_refuses_degrades_health_which_says_what_waits(
    client: aiohttp.ClientSession, ledger: Ledger, store: Store
) -> None:
    assert (await _health(client))["slack"] == "ok"
    await ledger.effect(OutgoingState.READY)
    async with store.unit() as unit:
        values = {"transport": "slack", "error": f"{TOKEN_REFUSED}token_revoked"}
        await unit.session.execute(update(Outgoing).values(**values))
    body = await _health(client)
    assert body["status"] == "degraded"
    assert body["slack"] == "refuses our token (token_revoked): 1 posts wait"


async def _health_of(store: Store, triage: TriageStatus) -> dict[str, Any]:
    server = WebServer(create_app(store, Settings(), triage), "127.0.0.1", 0)
    address = await server.start()
    try:
        async with aiohttp.ClientSession(address) as client:
            return await _health(client)
    finally:
        await server.stop()


async def test_without_the_encoder_health_is_degraded_and_says_why(store: Store) -> None:
    body = await _health_of(store, TriageStatus(model="m2", has_encoder=False))
    assert (body["status"], body["encoder"]) == ("degraded", "absent, TF-IDF alone")


async def test_without_a_bound_health_says_that_answers_wait_for_approval(store: Store) -> None:
    body = await _health_of(store, TriageStatus("m3", has_encoder=True, has_bound=False))
    assert (body["status"], body["answers"]) == (
        "degraded",
        "after approval: too little evidence for a bound",
    )


async def test_when_messages_drift_health_says_that_answers_wait_for_approval(
    client: aiohttp.ClientSession, ledger: Ledger
) -> None:
    assert (await _health(client))["answers"] == "by themselves"
    for _ in range(LEAST_MESSAGES):
        await ledger.decided(likeness=0.01)
    body = await _health(client)
    assert body["status"] == "degraded"
    assert body["answers"].startswith("after approval: recent messages differ")
    assert (await _samples(client))["triagebot_drifting",] == 1


async def test_prometheus_reads_decisions_cases_and_the_queue(
    client: aiohttp.ClientSession, ledger: Ledger
) -> None:
    await ledger.decided()
    await ledger.decided(outcome="case", route="escalate")
    await ledger.case(timedelta(days=20), state=CaseState.WAITING)
    await ledger.effect(OutgoingState.READY, ago=timedelta(seconds=90))
    await ledger.accepted(InboundState.SET_ASIDE)
    samples = await _samples(client)
    assert samples["triagebot_decisions_today", "answer", "answered"] == 1
    assert samples["triagebot_decisions_today", "case", "escalate"] == 1
    assert samples["triagebot_open_cases", "over 10 days", "waiting"] == 1
    assert samples["triagebot_outgoing", "ready"] == 1
    assert samples["triagebot_outgoing", "held"] == 0
    assert samples["triagebot_oldest_ready_seconds",] >= 90
    assert samples["triagebot_set_aside",] == 1
    assert samples["triagebot_unread",] == 0
