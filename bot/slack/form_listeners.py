"""Listens to the card's menu and hand-over button, to the list of all actions, and to forms."""

from dataclasses import dataclass

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import names
from bot.slack.answers import DATABASE_AWAY
from bot.slack.blocks import Json
from bot.slack.forms import Form, all_forms
from bot.slack.forms_cases import FORMS
from bot.slack.forms_people import ASK, ASSIGN, HAND_OVER, NOTE, REQUEST
from bot.slack.people import People
from bot.slack.presses import told, value_of
from bot.slack.shown_cards import ShownCards
from bot.slack.submitting import Given, refusal, refuse, submit
from handlers.case_view import CaseView, case_view
from handlers.cases import Press, begin
from handlers.desk import Desk
from handlers.errors import CaseError, NotAllowed, StoreUnavailableError
from handlers.unit import Store

ALL: dict[str, Form] = {
    one.action: one for one in (REQUEST, NOTE, ASK, FORMS[0], HAND_OVER, ASSIGN, *FORMS[1:])
}
"""By action; the card's menu shows the first few."""


@dataclass(frozen=True, slots=True)
class Forms:
    """Opens forms, and does what they ask for."""

    store: Store
    people: People
    desk: Desk
    shown: ShownCards

    def register(self, app: AsyncApp) -> None:
        """Have Bolt bring them here."""
        app.action(names.MORE)(self.ask)
        app.action(names.HAND_OVER)(self.ask)
        app.view(names.MORE_MODAL)(self.chosen)
        app.view(names.FORM_MODAL)(self.submitted)

    async def ask(
        self, ack: AsyncAck, body: Json, client: AsyncWebClient, respond: AsyncRespond
    ) -> None:
        """Open the form that was asked for, unless it would be refused anyway."""
        await ack()
        async with told(body, client, respond), self.shown.drawn_anew(body, respond):
            seen, what = names.form_in(value_of(body))
            officer = await self.people.officer(body["user"]["id"])
            press = Press(seen.case_id, seen.version, officer)
            modal = await self._modal(press, seen, what)
            await client.views_open(trigger_id=body["trigger_id"], view=modal)

    async def chosen(self, ack: AsyncAck, body: Json, view: Json) -> None:
        """One of all actions was chosen: the same modal becomes its form."""
        seen, _ = names.form_in(view["private_metadata"])
        officer = await self.people.officer(body["user"]["id"])
        press = Press(seen.case_id, seen.version, officer)
        try:
            modal = await self._modal(press, seen, Given.of(view).chosen())
        except CaseError as error:
            await refuse(ack, view, refusal(error))
        except StoreUnavailableError:
            await refuse(ack, view, DATABASE_AWAY)
        else:
            await ack(response_action="update", view=modal)

    async def submitted(self, ack: AsyncAck, body: Json, view: Json) -> None:
        """Do what the form asks for."""
        _, what = names.form_in(view["private_metadata"])
        await submit(ack, body, view, self.store, self.people, ALL[what].act(self.desk))

    async def _modal(self, press: Press, seen: names.Seen, what: str) -> Json:
        if what == names.ALL_FORMS:
            case = await self._seen(press, None)
            return all_forms(tuple(ALL.values()), case, self.desk, seen)
        form = ALL.get(what)
        if form is None:
            raise NotAllowed("Please choose one of the listed actions.")
        case = await self._seen(press, form)
        if not form.is_open(case, self.desk):
            raise NotAllowed("This cannot be done to the case as it stands.")
        return form.modal(case, self.desk, seen)

    async def _seen(self, press: Press, form: Form | None) -> CaseView:
        """The case, if the officer may do this; a note can be added in every state."""
        async with self.store.unit() as unit:
            await begin(unit, press, (form or NOTE).action)
            return await case_view(unit, press.case_id)
