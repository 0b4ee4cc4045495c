"""The lists of cases: an officer's own, the others, words that are looked for, and pages."""

import re
import time

import pytest
from sqlalchemy import insert, text

from handlers.case_finding import PAGE, Listed, Sought, count_cases, find_cases
from handlers.tables import Enquiry
from triage.decision import EnquiryType, Flag

OPEN_IN_ALL = 10_000


def subjects(page) -> list[str]:
    return re.findall(r'<h3><a href="/cases/ENQ-[\w-]+">([^<]*)</a>', page.text)


async def test_each_case_stands_in_the_lists_that_it_belongs_to(asha, tom, make):
    names = ("unclaimed", "mine", "his", "waiting", "closed")
    made = {name: await make(subject=name) for name in names}
    await asha.press(made["mine"].reference, "claim")
    await tom.press(made["his"].reference, "claim")
    await asha.press(made["waiting"].reference, "reply", text="A word.")
    await asha.press(made["closed"].reference, "resolve", resolution="spam")
    assert {one: set(subjects(await asha.get(f"/cases?show={one}"))) for one in Listed} == {
        Listed.MINE: {"mine", "waiting"},
        Listed.UNCLAIMED: {"unclaimed"},
        Listed.APPROVAL: set(),
        Listed.WAITING: {"waiting"},
        Listed.OPEN: {"unclaimed", "mine", "his", "waiting"},
        Listed.CLOSED: {"closed"},
        Listed.ALL: set(names),
    }
    assert set(subjects(await asha.get("/cases"))) == {"mine", "waiting"}


async def test_the_case_that_has_waited_longest_comes_first_and_of_all_the_newest(asha, make):
    for name in ("first", "second"):
        await make(subject=name)
    assert subjects(await asha.get("/cases?show=unclaimed")) == ["first", "second"]
    assert subjects(await asha.get("/cases?show=all")) == ["second", "first"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("words=sact", ["About treatment"]),
        ("words=SACT+WHEN", ["About treatment"]),
        ("words=sact+nowhere", []),
        ("words=mira", ["About money"]),
        ("words=100%25", ["About money"]),
        ("words=%25", ["About money"]),
        ("type=process", ["About treatment"]),
        ("flag=media&show=all", ["About money"]),
        ("flag=media&show=all&words=sact", []),
        ("words=sact&show=closed", []),
        ("words=%00", []),
    ],
)
async def test_a_case_is_found_by_its_words_its_type_and_its_flag(asha, make, query, found):
    await make("When is SACT data there?", subject="About treatment", types=(EnquiryType.PROCESS,))
    await make("100% of it?", subject="About money", name="Mira Odell", flags=(Flag.MEDIA,))
    show = "" if "words" in query or "show" in query else "&show=all"
    assert subjects(await asha.get(f"/cases?{query}{show}")) == found


async def test_a_reference_leads_to_its_case(asha, make):
    case = await make()
    answer = await asha.get(f"/cases?words={case.reference.lower()}")
    assert answer.path == f"/cases/{case.reference}"


async def test_a_query_that_means_nothing_shows_the_officers_own(asha, make):
    await make(subject="unclaimed")
    answer = await asha.get("/cases?show=theirs&page=-1&type=<b>&flag=%00")
    assert answer.status == 200
    assert "You own no open case" in answer.text


async def many(store, number: int) -> None:
    """Cases that nobody owns, written at once."""
    async with store.unit() as unit:
        await unit.session.execute(
            insert(Enquiry),
            [
                {
                    "reference": f"ENQ-{one:06}-0000",
                    "channel": "email",
                    "requester": f"robin{one}@uni.example",
                    "requester_name": f"Robin {one}",
                    "subject": f"Question {one}",
                }
                for one in range(number)
            ],
        )
        await unit.session.execute(
            text(
                "INSERT INTO case_record (enquiry_id, state, types, flags, reasons, summary, draft)"
                " SELECT id, 'new', '{ndrs}', '{}', '[]', repeat('What of it? ', 50), ''"
                " FROM enquiry"
            )
        )


async def test_a_long_list_has_pages_that_keep_what_is_looked_for(asha, store):
    await many(store, PAGE * 2 + 3)
    first = await asha.get("/cases?words=question&type=ndrs")
    assert len(subjects(first)) == PAGE
    assert "Page 1 of 3" in first.text
    [following] = re.findall(r'rel="next" href="([^"]+)"', first.text)
    second = await asha.get(following.replace("&amp;", "&"))
    assert not set(subjects(first)) & set(subjects(second))
    last = await asha.get("/cases?show=unclaimed&page=99")
    assert len(subjects(last)) == 3
    assert 'rel="next"' not in last.text


@pytest.mark.alone
async def test_ten_thousand_open_cases_are_searched_within_half_a_second(store):
    await many(store, OPEN_IN_ALL)
    async with store.unit() as unit:
        await unit.session.execute(text("ANALYZE"))
        start = time.perf_counter()
        found = await find_cases(unit, Sought(Listed.ALL, "UASHA", words="robin 77 nowhere"))
        counts = await count_cases(unit, "UASHA")
        seconds = time.perf_counter() - start
    assert found.total == 0
    assert counts[Listed.UNCLAIMED] == OPEN_IN_ALL
    assert seconds < 0.5
