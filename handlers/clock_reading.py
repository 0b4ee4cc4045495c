"""Reading the clocks of cases: one query, for one case or for many."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, literal_column, select

from handlers.clocks import Clock, Happening, History, clocks
from handlers.errors import UnknownCase
from handlers.tables import Case, CaseEvent, Enquiry
from handlers.targets import ClockRules
from handlers.unit import Unit


async def clocks_of(
    unit: Unit, case_ids: Collection[int], rules: ClockRules, now: datetime | None = None
) -> Mapping[int, tuple[Clock, ...]]:
    """The clocks of these cases, by the case's number; cases that do not exist are left out."""
    moment = now or await unit.now()
    rows = await unit.session.execute(_history().where(Case.id.in_(case_ids)))
    histories = (history_of(row) for row in rows.mappings())
    return {one.case_id: clocks(one, rules, moment) for one in histories}


async def clocks_of_case(
    unit: Unit, case_id: int, rules: ClockRules, now: datetime | None = None
) -> tuple[Clock, ...]:
    """The clocks of one case. Raises UnknownCase."""
    found = await clocks_of(unit, [case_id], rules, now)
    if case_id not in found:
        raise UnknownCase(case_id)
    return found[case_id]


async def clocks_of_reference(
    unit: Unit, reference: str, rules: ClockRules, now: datetime
) -> tuple[Clock, ...] | None:
    """The clocks of the case with this reference; None where there is none."""
    row = await unit.session.execute(
        select(Case.id)
        .join(Enquiry, Enquiry.id == Case.enquiry_id)
        .where(Enquiry.reference == reference.upper())
    )
    case_id = row.scalar_one_or_none()
    return None if case_id is None else await clocks_of_case(unit, case_id, rules, now)


def history_columns() -> tuple[Any, ...]:
    """What a query over `Case` selects, so that `history_of` can read its rows."""
    one: Any = literal_column("jsonb_build_array(e.kind, e.at, e.detail->>'to')")
    events = select(CaseEvent).where(CaseEvent.case_id == Case.id).correlate(Case).subquery("e")
    happened = select(func.jsonb_agg(one.op("ORDER BY")(events.c.version))).scalar_subquery()
    return (
        Case.id,
        Case.types,
        Case.flags,
        func.jsonb_path_query_array(Case.reasons, literal_column("'$[*].rule'::jsonpath")).label(
            "rules"
        ),
        Case.opened_at,
        Case.first_reply_at,
        happened.label("events"),
    )


def history_of(row: Mapping[Any, Any]) -> History:
    """The history in a row of `history_columns`."""
    return History(
        case_id=row["id"],
        types=row["types"],
        flags=row["flags"],
        rules=row["rules"],
        opened_at=row["opened_at"],
        first_reply_at=row["first_reply_at"],
        events=[
            Happening(kind, datetime.fromisoformat(at), to) for kind, at, to in row["events"] or ()
        ],
    )


def _history() -> Select[*tuple[Any, ...]]:
    return select(*history_columns())
