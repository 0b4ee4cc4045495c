"""A knowledge owner decides while the service runs: the next enquiry is dealt with by it."""

import asyncio
import json
import re

import aiohttp
from scenarios.service import Service, enquiry, post, until

COST = "Total Cost at the top of our draft for cancer registrations says £9,450. Must we pay that?"
PAGE = "/knowledge/ndrs-total-cost"
REASONS = "SELECT reasons FROM case_record ORDER BY id DESC LIMIT 1"
ANSWERS = "SELECT payload FROM outgoing WHERE kind = 'answer' ORDER BY id"


async def decide(service: Service, what: str, **fields: str) -> None:
    """Fill in a form of the article's page, and wait until the worker follows."""
    base = f"http://127.0.0.1:{service.port('dashboard')}"
    async with aiohttp.ClientSession(base, headers={"Sec-Fetch-Site": "same-origin"}) as client:
        async with client.get(PAGE) as answer:
            html = await answer.text()
        seen = {
            name: re.search(rf'name="{name}" value="(\d+)"', html)[1]
            for name in ("decision", "version")
        }
        followed = service.output.count("articles follow a decision")
        form = {**seen, "author": "Ana Whitlock", **fields}
        async with client.post(f"{PAGE}/{what}", data=form) as answer:
            assert answer.status == 200, await answer.text()
    await until(
        lambda: service.output.count("articles follow a decision") > followed, 10, "the new library"
    )


async def ask(service: Service, number: int) -> None:
    mail = enquiry(f"{COST} ({number})", sender=f"asker{number}@uni.example")
    await asyncio.to_thread(post, service.port("mail"), mail)
    await until(
        lambda: service.output.count('"message done"') >= number, 20, f"enquiry {number} to be done"
    )


async def test_decisions_of_a_knowledge_owner_hold_without_a_restart_and_after_one(service) -> None:
    running: Service = service()
    await running.start()
    await ask(running, 1)
    [[first]] = running.rows(ANSWERS)
    versions = {part["article"]: part["version"] for part in first["content"]["parts"]}
    shipped = versions["ndrs-total-cost"]

    await decide(running, "retire", note="prices are being published")
    await ask(running, 2)
    [[reasons]] = running.rows(REASONS)
    assert "article ndrs-total-cost is retired" in json.dumps(reasons)

    text = next(
        one for [one] in running.rows("SELECT text FROM article_event WHERE action = 'retired'")
    )
    draft = text.replace(f"version: {shipped}", f"version: {shipped + 1}")
    draft = draft.replace("status: retired", "status: draft")
    await decide(running, "draft", text=draft.replace("only an estimate", "no more than a guess"))
    await ask(running, 3)
    assert len(running.rows(ANSWERS)) == 1
    await decide(running, "approve")
    await ask(running, 4)
    [_, [second]] = running.rows(ANSWERS)
    parts = second["content"]["parts"]
    told = {part["version"] for part in parts if part["article"] == "ndrs-total-cost"}
    assert told == {shipped + 1}
    assert "no more than a guess" in " ".join(part["text"] for part in parts)

    await running.stop()
    await running.start()
    await ask(running, 5)
    assert len(running.rows(ANSWERS)) == 3
