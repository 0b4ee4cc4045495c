"""Figures over a year are read from indexes: the rows, which are wide, stay where they are."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import psycopg
import pytest
from alembic import command
from sqlalchemy import event

from bot.jobs import EngineQueue, engine
from handlers.feedback_figures import answers
from handlers.metrics import By, overview, volumes
from handlers.periods import Period, Step, latest
from handlers.schema import alembic_on
from handlers.summary import summary
from handlers.unit import Store, Unit

MESSAGES = 20_000

FILL = """
INSERT INTO enquiry (reference, channel, requester, requester_name, subject)
SELECT 'ENQ-' || n, 'email', '', '', '' FROM generate_series(1, %(count)s) n;
INSERT INTO message (enquiry_id, direction, author, author_name, "references", subject,
    text, new_text, attachments, is_bounce)
SELECT n, 'in', '', '', '{}', '', '', '', '[]', false FROM generate_series(1, %(count)s) n;
INSERT INTO decision (message_id, channel, route, outcome, types, topics, flags, confidence,
    record, milliseconds, decided_at)
SELECT n, 'email', 'answer', CASE WHEN n %% 2 = 0 THEN 'answered' ELSE 'case' END,
    '{charges}', '{charges-guidance}', '{}', 0.9,
    jsonb_build_object('reasons', repeat(md5(n::text), 25)), 10,
    now() - n * interval '20 minutes' FROM generate_series(1, %(count)s) n;
INSERT INTO case_record (enquiry_id, state, types, flags, reasons, summary, draft, opened_at)
SELECT message_id, 'resolved', '{}', '{}', '[]', repeat('word ', 60), repeat('word ', 120),
    decided_at FROM decision WHERE outcome = 'case';
INSERT INTO outgoing (key, transport, kind, enquiry_id, recipient, automatic, payload, state,
    created_at, sent_at)
SELECT message_id::text, 'mail', 'answer', message_id, '', true,
    jsonb_build_object('content', repeat(md5(message_id::text), 25)), 'sent', decided_at,
    decided_at FROM decision WHERE outcome = 'answered' ORDER BY decided_at;
"""

Ask = Callable[[Unit, Period], Awaitable[object]]
QUESTIONS: dict[str, Ask] = {
    **{f"volumes by {by}": lambda unit, period, by=by: volumes(unit, period, [by]) for by in By},
    "the dashboard's volumes": lambda unit, period: overview(unit, period, Step.WEEK),
    "the summary": summary,
    "how answers did": lambda unit, period: answers(unit, period, assumed_days=5),
}


@pytest.fixture
async def filled(database: str) -> AsyncIterator[Store]:
    """A database with most of a year in it."""
    with psycopg.connect(database, autocommit=True) as connection:
        for statement in FILL.split(";\n"):
            if statement.strip():
                connection.execute(statement, {"count": MESSAGES}, prepare=False)
        connection.execute("VACUUM ANALYZE")
    store = Store(database, EngineQueue(engine(database)))
    yield store
    await store.close()


async def test_no_figure_of_a_year_reads_all_rows_of_a_table(filled: Store) -> None:
    plans = {name: await plans_of(filled, ask) for name, ask in QUESTIONS.items()}
    wide = r"(Seq Scan|Bitmap Heap Scan|Index Scan\b.*) on (decision|outgoing|case_record)\b.*"
    found = {
        (name, match[0])
        for name, plan in plans.items()
        for match in re.finditer(wide, plan)
        if int(re.search(r"rows=(\d+)", match[0])[1]) > MESSAGES // 10
    }
    assert found == set()
    assert all("Index Only Scan" in plan for plan in plans.values())


def test_the_indexes_can_be_taken_back_and_made_again(database: str) -> None:
    def indexes() -> set[str]:
        with psycopg.connect(database) as connection:
            rows = connection.execute("SELECT indexname FROM pg_indexes")
            return {name for (name,) in rows}

    made = indexes()
    with alembic_on(database) as (config, _):
        command.downgrade(config, "0005")
    assert "decision_by_time" in indexes()
    assert "decision_metrics" not in indexes()
    with alembic_on(database) as (config, _):
        command.upgrade(config, "head")
    assert indexes() == made


async def plans_of(store: Store, ask: Ask) -> str:
    """How PostgreSQL goes about each statement of a question over a year."""
    asked: list[tuple[str, object]] = []

    def note(*args: object) -> None:
        asked.append((str(args[2]), args[3]))

    async with store.unit() as unit:
        today = (await unit.now()).date() + timedelta(days=1)
        event.listen(store.engine.sync_engine, "before_cursor_execute", note)
        await ask(unit, latest(365, today))
        event.remove(store.engine.sync_engine, "before_cursor_execute", note)
        connection = await unit.session.connection()
        plans = [
            await connection.exec_driver_sql(f"EXPLAIN {one}", values) for one, values in asked
        ]
        read = [[line for (line,) in plan] for plan in plans]
        # One row by its id is no reading of the table, whatever could have been read.
        return "\n".join(line for plan in read if not plan[0].startswith("Limit") for line in plan)
