"""A pipeline on a fresh database, with an outside world that does what a test tells it."""

from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Literal

import psycopg
import pytest
from sqlalchemy import select

from bot.pipeline import Pipeline
from bot.reading import MailReader
from handlers.delivery import AlreadyTaken, Delivery, InDoubt, Later, Result, Sent, Take
from handlers.desk import Desk
from handlers.intake import Accepted, keep_mail
from handlers.tables import Outgoing
from handlers.unit import Store
from triage.decision import Decision, EnquiryType, Reason, Route
from triage.message import Message

PATIENCE = timedelta(seconds=30)


@dataclass
class Outside:
    """The other side: what it answers next, whom it has, and what it says when it is asked.

    An exception as the answer is raised before the point of no return.
    """

    answers: deque[Result | Exception] = field(default_factory=deque)
    got: list[str] = field(default_factory=list)
    found: Sent | Later | InDoubt = field(default_factory=lambda: InDoubt("nobody can say"))
    then: Callable[[], None] = field(default=lambda: None)
    """What happens in the world just after it took something."""

    async def deliver(self, outgoing: Outgoing, take_it: Take) -> Result:
        """Answer as told; without being told, take it."""
        answer = self.answers.popleft() if self.answers else Sent("250 OK")
        if isinstance(answer, Exception):
            raise answer
        if not await take_it():
            return AlreadyTaken()
        if isinstance(answer, Sent | InDoubt):
            self.got.append(outgoing.key)
            self.then()
        return answer

    async def find(self, outgoing: Outgoing) -> Sent | Later | InDoubt:
        """What became of an effect in doubt."""
        del outgoing
        return self.found


def for_a_person(message: Message) -> Decision:
    """A decision that sends every message to a person."""
    del message
    return Decision(
        types=(EnquiryType.OTHER,),
        type_scores={},
        route=Route.ESCALATE,
        topics=(),
        flags=(),
        confidence=0.9,
        reasons=(Reason(rule="example", text="An example reason."),),
        passages=(),
        series=(),
        model="example",
        thresholds={},
    )


@dataclass(frozen=True)
class Away:
    """Has the database go away, as at a restart: connections break, and none is let in."""

    address: str

    def begin(self) -> None:
        """From now on."""
        self._run("ALTER DATABASE {0} ALLOW_CONNECTIONS false")
        self._run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{0}'")

    def end(self) -> None:
        """It is back."""
        self._run("ALTER DATABASE {0} ALLOW_CONNECTIONS true")

    def _run(self, statement: str) -> None:
        name = self.address.partition("?")[0].rpartition("/")[2]
        maintenance = self.address.replace(f"/{name}?", "/postgres?")
        with psycopg.connect(maintenance, autocommit=True) as connection:
            connection.execute(statement.format(name))


@pytest.fixture
def away(database: str) -> Away:
    """The database's absence."""
    return Away(database)


@pytest.fixture
def relay() -> Outside:
    """Where mail goes."""
    return Outside()


@pytest.fixture
def slack() -> Outside:
    """Where cards go."""
    return Outside()


Make = Callable[..., Pipeline]


@pytest.fixture
def make_pipeline(store: Store, desk: Desk, relay: Outside, slack: Outside) -> Make:
    """A pipeline with another way to decide, or another answer to doubt."""

    def make(
        decide: Callable[[Message], Decision] = for_a_person,
        in_doubt: Literal["hold", "resend"] = "hold",
    ) -> Pipeline:
        delivery = Delivery(store, {"mail": relay, "slack": slack}, in_doubt, PATIENCE)
        readers = {"email": MailReader(frozenset({"dars@triagebot.example"}))}
        return Pipeline(store, desk, decide, readers, delivery)

    return make


@pytest.fixture
def pipeline(make_pipeline: Make) -> Pipeline:
    """The pipeline as most tests need it."""
    return make_pipeline()


Accept = Callable[..., Awaitable[int]]


@pytest.fixture
def accept(store: Store) -> Accept:
    """Have a mail accepted; gives its number."""
    numbers = count(1)

    async def keep(
        text: str = "Where is our application?",
        *,
        sender: str = "robin@uni.example",
        head: str = "",
        message_id: str | None = None,
        to: str = "dars@triagebot.example",
    ) -> int:
        number = next(numbers)
        ident = message_id or f"<{number}@uni.example>"
        # Mails of one person on one matter, shortly after one another, are one enquiry.
        subject = "A question" if message_id else f"Question {number}"
        raw = f"From: {sender}\nSubject: {subject}\nMessage-ID: {ident}\n{head}\n{text}\n"
        mail = Accepted(
            key=f"mail-{number}",
            envelope_from=sender,
            envelope_to=(to,),
            peer="127.0.0.1",
            raw=raw.encode(),
        )
        [inbound_id] = await keep_mail(store, [mail])
        return inbound_id

    return keep


@pytest.fixture
def rows(store: Store) -> Callable[..., Awaitable[list[object]]]:
    """Every row of a table, in the order of their ids."""

    async def read(table: type) -> list[object]:
        async with store.unit() as unit:
            return list((await unit.session.execute(select(table).order_by(table.id))).scalars())

    return read
