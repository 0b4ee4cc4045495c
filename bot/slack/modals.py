"""The modals that are not forms: how each is drawn, and what its submission asks for."""

from dataclasses import dataclass

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.slack import names
from bot.slack.blocks import MOST_TEXT, Json, context, section
from bot.slack.inputs import field, one_of, option, several_of, shell
from bot.slack.letters import link
from bot.slack.mrkdwn import escape, fit
from bot.slack.people import People
from bot.slack.submitting import Act, Given, submit
from bot.slack.views import type_name
from handlers import cases
from handlers.approval import approve
from handlers.case_life import RESOLUTIONS
from handlers.case_view import CaseView
from handlers.cases import Press
from handlers.desk import Desk
from handlers.letters import Content
from handlers.tables import Case
from handlers.unit import Store, Unit
from knowledge.topics import Topic
from triage.decision import EnquiryType, Route

ROUTE, TOPICS = "route", "topics"
ROUTE_NAMES = {
    Route.ANSWER: "Answered by the bot",
    Route.ESCALATE: "A case for a person, as it was",
    Route.IGNORE: "Ignored",
}
TEACHES = "Kept as a correction, from which the classifier can be taught."


def reclassify_modal(case: CaseView, seen: names.Seen) -> Json:
    """What the enquiry is about, and where it should have gone, to be put right."""
    types = [option(type_name(one), str(one)) for one in EnquiryType]
    routes = [option(words, route) for route, words in ROUTE_NAMES.items()]
    topics = [option(str(one).replace("-", " "), str(one)) for one in Topic]
    return shell(
        names.RECLASSIFY_MODAL,
        "Reclassify",
        "Save",
        seen.dumped(),
        [
            field("It is about", several_of(types, case.types)),
            field(
                "It should have been", one_of(routes), block_id=ROUTE, optional=True, hint=TEACHES
            ),
            field("Guidance that answers it", several_of(topics), block_id=TOPICS, optional=True),
        ],
    )


def resolve_modal(case: CaseView, seen: names.Seen) -> Json:
    """Why the case ends."""
    del case
    reasons = one_of([option(words, value) for value, words in RESOLUTIONS.items()])
    return shell(
        names.RESOLVE_MODAL, "Resolve", "Resolve", seen.dumped(), [field("Because", reasons)]
    )


def approve_modal(case: CaseView, seen: names.Seen) -> Json:
    """The answer that waits, as the enquirer would read it; to submit is to have it sent."""
    content = case.offered or Content()
    where = "in their thread" if case.channel == "slack" else f"to {fit(case.requester, 400)}"
    blocks = [
        context(f"It leaves {where}, in your name, and the case is resolved as answered."),
        *_series(content),
        *_passages(content),
    ]
    read = [option("I have read the enquiry, and this answers it", "read")]
    decision = field("Read against what was asked", {"type": "checkboxes", "options": read})
    return shell(
        names.APPROVE_MODAL,
        f"Answer {case.reference}",
        "Send",
        seen.dumped(),
        [*blocks, decision],
    )


@dataclass(frozen=True, slots=True)
class Modals:
    """Listens to submissions; errors are shown below a field, with the modal still open."""

    store: Store
    people: People
    desk: Desk

    def register(self, app: AsyncApp) -> None:
        """Have Bolt bring submissions here."""
        app.view(names.RECLASSIFY_MODAL)(self.reclassify)
        app.view(names.RESOLVE_MODAL)(self.resolve)
        app.view(names.APPROVE_MODAL)(self.approve)

    async def reclassify(self, ack: AsyncAck, body: Json, view: Json) -> None:
        """Put types, route and topics right."""

        async def act(unit: Unit, press: Press, given: Given) -> Case:
            types = [EnquiryType(one) for one in given.several()]
            route = Route(given.chosen(ROUTE)) if given.chosen(ROUTE) else None
            topics = [Topic(one) for one in given.several(TOPICS)]
            return await cases.reclassify(unit, press, types, route=route, topics=topics)

        await submit(ack, body, view, self.store, self.people, act)

    async def resolve(self, ack: AsyncAck, body: Json, view: Json) -> None:
        """End the case."""
        act: Act = lambda unit, press, given: cases.resolve(unit, press, given.chosen())  # noqa: E731 -- as the others
        await submit(ack, body, view, self.store, self.people, act)

    async def approve(self, ack: AsyncAck, body: Json, view: Json) -> None:
        """Have the answer sent that waits."""

        async def act(unit: Unit, press: Press, given: Given) -> Case:
            del given
            return await approve(unit, press, self.desk)

        await submit(ack, body, view, self.store, self.people, act)


def _series(content: Content) -> list[Json]:
    if content.unmet:
        return [section(f"*Published data*\n{escape(content.unmet)}")]
    if not content.series:
        return []
    lines = [
        f"• {link(one.url, one.title)} ({escape(one.publisher)})"
        + (f"\n  Why it may fit: {escape(one.why)}" if one.why else "")
        for one in content.series
    ]
    return [section("*Published data that may meet the need*\n" + "\n".join(lines))]


def _passages(content: Content) -> list[Json]:
    """A section a passage; articles keep well below a section's length."""
    return [
        section(
            f"*{escape(part.heading)}* _(guidance: {escape(part.article)} v{part.version})_\n"
            f"{fit(part.text, MOST_TEXT - 400)}"
        )
        for part in content.parts
    ]
