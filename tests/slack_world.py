"""A pretend Slack, the real app beside it, and the jobs that a worker would do."""

import asyncio
from collections.abc import Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import uvicorn
from slack_bolt.async_app import AsyncApp
from sqlalchemy import select
from starlette.applications import Starlette

from bot.sandbox.slack import Acting, Message, PretendSlack, User, View, Workspace
from bot.settings import Settings
from bot.slack.app import EVENTS_PATH, create_app, http_routes, start_socket_mode
from bot.slack.channels import CaseChannels
from bot.slack.clients import web_client
from bot.slack.incoming import read_inbound
from bot.slack.names import metadata
from bot.slack.send import SlackTransport
from handlers.case_background import Behind
from handlers.delivery import Delivery
from handlers.desk import Desk
from handlers.enquiries import Arrival
from handlers.inbound import waiting
from handlers.phone_calls import CHANNEL, read_call
from handlers.receive import Judged, Outcome, receive
from handlers.similar_cases import PastCases
from handlers.tables import Case, Inbound, InboundState, Outgoing, OutgoingState
from handlers.unit import Store
from triage.decision import Decision, EnquiryType, Flag, Reason, Route
from triage.message import Message as Mail


def decision(route: Route = Route.ESCALATE, flags: tuple[Flag, ...] = (), **more: Any) -> Decision:
    """A decision as triage would make it."""
    values = {
        "types": (EnquiryType.NDRS, EnquiryType.CHARGES),
        "type_scores": {},
        "route": route,
        "topics": (),
        "flags": flags,
        "confidence": 0.9,
        "reasons": (Reason(rule="example", text="A fee has to be looked up."),),
        "passages": (),
        "series": (),
        "model": "example",
        "thresholds": {},
    }
    return Decision(**{**values, **more})


READERS = {"slack": read_inbound, CHANNEL: read_call}


@dataclass
class World:
    """Everything a test speaks of: people, channels, and what has happened so far."""

    slack: PretendSlack
    settings: Settings
    store: Store
    desk: Desk
    cases: str
    questions: str
    ana: Acting
    ben: Acting
    carla: Acting
    """An enquirer, who is in the questions channel only."""
    made: list[int] = field(default_factory=list)

    async def mail(
        self,
        text: str,
        *,
        decided: Decision | None = None,
        references: tuple[str, ...] = (),
        subject: str | None = None,
    ) -> Outcome:
        """Have a mail arrive, decided and followed through."""
        number = len(self.made) + 1
        if subject is None:
            # Mails of one person on one matter, shortly after one another, are one enquiry.
            subject = "Our cancer data" if number == 1 else f"Our cancer data, part {number}"
        async with self.store.unit() as unit:
            row = Inbound(
                key=f"mail-{number}",
                channel="email",
                envelope_from="asker@uni.example",
                envelope_to=["dars@triagebot.example"],
                peer="127.0.0.1",
                raw=b"kept as it came",
            )
            unit.session.add(row)
            await unit.session.flush()
            self.made.append(row.id)
        arrival = Arrival(
            inbound_id=self.made[-1],
            message=Mail(
                sender="asker@uni.example",
                sender_name="Robin Asker",
                subject=subject,
                text=text,
                new_text=text,
            ),
            reply_to="asker@uni.example",
            message_id=f"<{number}@uni.example>",
            references=references,
        )
        async with self.store.unit() as unit:
            return await receive(unit, arrival, Judged(decided or decision(), 1), self.desk)

    async def triage(self, decide: Callable[[Arrival], Decision] | None = None) -> list[Outcome]:
        """Do the triage jobs of posts, as a worker would."""
        outcomes = []
        async with self.store.unit() as unit:
            ids = (
                await unit.session.execute(
                    select(Inbound.id).where(Inbound.state == InboundState.NEW).order_by(Inbound.id)
                )
            ).scalars()
            found = [await waiting(unit, one) for one in ids]
        for one in found:
            arrival = READERS[one.channel](one)
            judged = Judged(decide(arrival) if decide else decision(), 1)
            async with self.store.unit() as unit:
                outcomes.append(await receive(unit, arrival, judged, self.desk))
        return outcomes

    async def deliver(self) -> None:
        """Do the deliver jobs that are due for Slack, once each, as a worker would."""
        delivery = Delivery(self.store, {"slack": self.transport}, "hold", timedelta(seconds=20))
        for one in await self.outgoing("slack", OutgoingState.READY):
            await delivery.deliver(one.id)

    @property
    def transport(self) -> SlackTransport:
        """A way into Slack as a worker has it."""
        token = self.settings.slack_bot_token
        client = web_client(self.settings.slack_api_url, token, "asks_once") if token else None
        channels = CaseChannels(
            self.settings.slack_cases_channel, self.settings.slack_case_channels
        )
        behind = Behind(PastCases(), self.desk.clocks)
        return SlackTransport(self.store, client, channels, behind)

    async def outgoing(self, transport: str, state: str | None = None) -> list[Outgoing]:
        async with self.store.unit() as unit:
            rows = await unit.session.execute(
                select(Outgoing)
                .where(Outgoing.transport == transport)
                .where(Outgoing.state == state if state else Outgoing.id > 0)
                .order_by(Outgoing.id)
            )
            return list(rows.scalars())

    async def slack_has_posted(self, outgoing: Outgoing) -> None:
        """Have Slack hold the effect's post, as if its answer had been lost."""
        client = web_client(self.settings.slack_api_url, self.settings.slack_bot_token, "asks_once")
        await client.chat_postMessage(
            channel=self.cases, text="drawn", metadata=metadata(outgoing.key)
        )

    async def case(self) -> Case:
        async with self.store.unit() as unit:
            return (await unit.session.execute(select(Case))).scalar_one()

    @property
    def cards(self) -> list[Message]:
        """What stands in the cases channel, threads apart."""
        return self.slack.workspace.history(self.cases)

    @property
    def card(self) -> Message:
        [card] = self.cards
        return card

    def thread_of(self, message: Message) -> list[Message]:
        return self.slack.workspace.thread(message.channel, message.ts)[1:]

    def seen_by(self, who: str, channel: str) -> list[str]:
        """What one member alone was told."""
        return [
            words(one)
            for one in self.slack.workspace.seen_by(channel, who)
            if one.seen_only_by == who
        ]

    async def modal_of(self, who: str) -> View:
        return await eventually(lambda: self.slack.views.top(who))

    async def case_card(self, text: str = "What will our extract cost?", **more: Any) -> Message:
        """A case whose card is posted."""
        await self.mail(text, **more)
        await self.deliver()
        return self.card


def words(message: Message) -> str:
    """All text of a message, as one string."""
    return "\n".join([message.text, *_texts(message.blocks)])


def _texts(part: object) -> list[str]:
    if isinstance(part, dict):
        own = [part["text"]] if isinstance(part.get("text"), str) else []
        return own + [text for value in part.values() for text in _texts(value)]
    if isinstance(part, list):
        return [text for one in part for text in _texts(one)]
    return []


async def eventually(look, seconds: float = 5.0):
    """What `look` finds once it finds something; it may be awaitable. Fails after a while."""
    async with asyncio.timeout(seconds):
        while True:
            found = look()
            if asyncio.iscoroutine(found):
                found = await found
            if found:
                return found
            await asyncio.sleep(0.01)


def workspace() -> tuple[Workspace, str, str]:
    """Two officers, an enquirer, a channel for cases and one for questions."""
    workspace = Workspace()
    workspace.add_user(User("UANA", "ana", "Ana Whitlock"))
    workspace.add_user(User("UBEN", "ben", "Ben Osei"))
    workspace.add_user(User("UCARLA", "carla", "Carla Nwosu"))
    cases = workspace.add_channel("dars-cases", ["UANA", "UBEN"]).id
    questions = workspace.add_channel("ask-dars", ["UANA", "UBEN", "UCARLA"]).id
    workspace.add_usergroup("dars-officers", "Officers", ["UANA", "UBEN"])
    return workspace, cases, questions


@asynccontextmanager
async def over_socket(app: AsyncApp, world: World):
    """The app on Socket Mode."""
    connection = await start_socket_mode(app, world.settings)
    await world.slack.delivery.sockets.connected()
    try:
        yield
    finally:
        await connection.close()


@asynccontextmanager
async def over_http(app: AsyncApp, world: World):
    """The app behind its HTTP address."""
    config = uvicorn.Config(
        Starlette(routes=http_routes(app)), port=0, log_config=None, lifespan="off"
    )
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None
    serving = asyncio.create_task(server.serve())
    await eventually(lambda: server.started)
    port = server.servers[0].sockets[0].getsockname()[1]
    world.slack.configure(request_url=f"http://127.0.0.1:{port}{EVENTS_PATH}")
    try:
        yield
    finally:
        server.should_exit = True
        await serving


MODES = {"socket": over_socket, "http": over_http}


def app_of(world: World) -> AsyncApp:
    return create_app(world.settings, world.store, world.desk)
