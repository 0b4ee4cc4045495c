"""What a card shows beside the case: the need, who asks, earlier enquiries, similar past cases."""

from collections.abc import Sequence

import numpy as np
import pytest
from sqlalchemy import select

from handlers.case_background import Background, Behind
from handlers.case_list import show_case
from handlers.case_need import need_of
from handlers.case_readings import READ_WHOLE, note_reading
from handlers.case_view import case_view
from handlers.cases import Officer, Press, claim, resolve
from handlers.drafts import Question
from handlers.errors import NotAllowed, UnknownCase
from handlers.receive import receive
from handlers.similar_cases import BY_SENSE, PastCases
from handlers.tables import Case, CaseEvent, Enquiry
from handlers.targets import ClockRules
from triage.decision import Route
from triage.message import Message

ASHA = Officer("U1", "Asha Verma", may_act=True)
STATUS = "Where does our application for bowel screening records stand after ten weeks?"
NHS_NUMBER = "999 000 0018"


@pytest.fixture
def opened(store, desk, arrive, judged):
    """Open a case of a mail; gives its number."""

    async def open_one(text: str = STATUS, **mail: object) -> int:
        async with store.unit() as unit:
            await receive(unit, await arrive(text, **mail), judged(Route.ESCALATE), desk)
            rows = await unit.session.execute(select(Case.id).order_by(Case.id.desc()).limit(1))
            return rows.scalar_one()

    return open_one


async def end(store, number: int, resolution: str = "answered") -> None:
    async with store.unit() as unit:
        await claim(unit, Press(number, 1, ASHA))
        await resolve(unit, Press(number, 2, ASHA), resolution)


async def behind(store, number: int, past: PastCases | None = None) -> Background:
    async with store.unit() as unit:
        return await Behind(past or PastCases(), ClockRules()).read(
            unit, await case_view(unit, number)
        )


async def test_the_last_three_enquiries_of_a_person_are_shown_with_how_they_ended(
    store, opened, desk, arrive, judged
):
    await opened("The first of all.", subject="Left out")
    await end(store, await opened("May we have it?", subject=f"About {NHS_NUMBER}"), "passed_on")
    async with store.unit() as unit:
        mail = await arrive("What is the Total Cost?", subject="The total")
        await receive(unit, mail, judged(Route.ANSWER), desk)
    await opened("And now?", subject="Waits still")
    found = await behind(store, await opened(subject="This one"))
    assert [(one.subject, one.ended) for one in found.earlier] == [
        ("Waits still", "Still open"),
        ("The total", "Answered by guidance"),
        ("About [NHS number]", "Passed to another team"),
    ]


async def test_nobody_elses_enquiries_are_anyones_history(store, opened):
    await opened("Another matter altogether.", sender="other@uni.example")
    assert (await behind(store, await opened())).earlier == ()


async def test_past_cases_that_ended_are_found_by_what_they_share(store, opened):
    alike = await opened(
        "Our application for bowel screening records: where does it stand?", sender="a@x.example"
    )
    other = await opened("Please send an invoice for hospital episodes.", sender="b@x.example")
    await opened(STATUS, sender="c@x.example")
    await end(store, alike, "passed_on")
    await end(store, other)
    past = PastCases()
    [found] = (await behind(store, await opened(), past)).similar
    assert found.ended == "Passed to another team"
    assert found.officer_name == "Asha Verma"
    async with store.unit() as unit:
        enquiry = await unit.session.get_one(
            Enquiry, (await unit.session.get_one(Case, alike)).enquiry_id
        )
    assert found.reference == enquiry.reference


async def test_a_case_that_ended_after_the_search_began_is_found_by_the_next(store, opened):
    past = PastCases()
    number = await opened()
    assert (await behind(store, number, past)).similar == ()
    await end(store, await opened(STATUS, sender="a@x.example"))
    assert len((await behind(store, number, past)).similar) == 1


async def test_the_same_persons_cases_are_history_and_not_likeness(store, opened):
    await end(store, await opened(subject="Then"))
    found = await behind(store, await opened(subject="Now"))
    assert (len(found.earlier), found.similar) == (1, ())


class BySense:
    """Says that texts with «renewal» are alike, and counts what it is asked to read."""

    fingerprint = "by sense"

    def __init__(self) -> None:
        self.read = 0

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        self.read += len(texts)
        rows = [(1.0, 0.0) if "renewal" in text else (0.0, 1.0) for text in texts]
        return np.array(rows, dtype=np.float32)


async def test_sense_decides_among_cases_alike_by_words_and_reads_each_but_once(store, opened):
    words = "the agreement for cancer registrations"
    for number in range(BY_SENSE + 3):
        kind = "renewal" if number == 4 else f"invoice{number}"
        await end(store, await opened(f"{kind} of {words}", sender=f"n{number}@x.example"))
    encoder = BySense()
    past = PastCases(encoder)
    this = await opened(f"About the renewal of {words}")
    found = (await behind(store, this, past)).similar
    assert ["renewal" in one.summary for one in found] == [True]
    read = encoder.read
    assert read <= BY_SENSE + 1
    await behind(store, this, past)
    assert encoder.read == read


async def test_how_sure_triage_was_is_told_of_types_that_no_officer_changed(store, opened):
    number = await opened()
    assert (await behind(store, number)).chances == {"ndrs": 0.9, "charges": 0.8}
    async with store.unit() as unit:
        case = await unit.session.get_one(Case, number)
        case.types = ["charges", "process"]
    assert (await behind(store, number)).chances == {"charges": 0.8}


async def test_the_organisation_is_read_from_the_signature(store, opened):
    text = f"{STATUS}\n\nKind regards\nRobin Asker\nData Manager\nNorthmere University Hospitals"
    found = await behind(store, await opened(text))
    assert found.organisation == ("Northmere University Hospitals", "signature")


async def test_the_need_holds_no_identifier(store, opened):
    found = await behind(store, await opened(f"Is {NHS_NUMBER} on the register?"))
    assert found.need.question == "Is [NHS number] on the register?"


QUESTIONS = (
    Question("I am writing to make a formal complaint.", frozenset()),
    Question("What does it cost?", frozenset({("charges-guidance", "how")})),
    Question("Why were we charged twice?", frozenset()),
)


@pytest.mark.parametrize(
    ("types", "flags", "topics", "words"),
    [
        (("charges",), ("complaint",), (), "Complains, about charges"),
        (("other",), ("statutory",), (), "Makes a request under a statute"),
        (
            ("ndrs", "charges"),
            (),
            ("ndrs-total-cost",),
            "Asks about the Total Cost of an NDRS application",
        ),
        (
            ("existing_application", "charges"),
            (),
            ("ndrs-total-cost",),
            "Asks about the cost of an application or agreement of theirs",
        ),
        (("process",), (), (), "Asks about how to get data"),
        (("other",), (), ("contact",), "Writes about another matter"),
    ],
)
def test_the_need_is_said_in_plain_words(types, flags, topics, words):
    assert need_of(types, flags, topics, QUESTIONS, Message()).words == words


def test_the_question_shown_is_the_first_that_guidance_leaves_open():
    assert need_of((), (), (), QUESTIONS, Message()).question == "Why were we charged twice?"
    assert need_of((), (), (), QUESTIONS[:2], Message()).question == "What does it cost?"
    assert need_of((), (), (), QUESTIONS[:1], Message()).question == QUESTIONS[0].words


async def test_each_reading_of_a_whole_message_is_kept_and_makes_no_press_stale(store, opened):
    number = await opened()
    async with store.unit() as unit:
        await note_reading(unit, number, ASHA)
        await note_reading(unit, number, Officer("U2", "Tom Ellery", may_act=True))
    async with store.unit() as unit:
        await claim(unit, Press(number, 1, ASHA))
        await note_reading(unit, number, ASHA)
    async with store.unit() as unit:
        rows = await unit.session.execute(
            select(CaseEvent.version, CaseEvent.actor)
            .where(CaseEvent.kind == READ_WHOLE)
            .order_by(CaseEvent.id)
        )
        view = await case_view(unit, number)
        reference = view.reference
        record = await show_case(unit, reference)
    assert rows.all() == [(-1, "U1"), (-2, "U2"), (-3, "U1")]
    assert [event.kind for event in view.events] == ["opened", "claim"]
    assert record is not None
    assert [one.kind for one in record.events] == [
        *("opened", READ_WHOLE, READ_WHOLE, "claim", READ_WHOLE)
    ]


async def test_who_is_no_officer_reads_no_whole_message_and_leaves_no_trace(store, opened):
    number = await opened()
    async with store.unit() as unit:
        with pytest.raises(NotAllowed):
            await note_reading(unit, number, Officer("U9", "Callum Reid", may_act=False))
        with pytest.raises(UnknownCase):
            await note_reading(unit, number + 1, ASHA)
        rows = await unit.session.execute(select(CaseEvent).where(CaseEvent.kind == READ_WHOLE))
    assert rows.all() == []
