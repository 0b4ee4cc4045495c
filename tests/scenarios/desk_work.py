"""What officers do at a desk in a scenario: presses, forms, and what is waited for after each."""

import json
from dataclasses import dataclass, field
from email.message import EmailMessage
from itertools import count

from scenarios.desk import Desk
from scenarios.service import MAILBOX, post, until
from slack_world import words

from bot.sandbox.slack import View
from bot.slack import names

WEEKS = ("two weeks", "a month", "since Easter", "for ever", "41 days")


@dataclass
class Work:
    """One day's work: what was asked, and what each officer did to which case."""

    desk: Desk
    asked: dict[str, EmailMessage] = field(default_factory=dict)
    """The first mail of each case, by its reference."""
    done: dict[str, list[str]] = field(default_factory=dict)
    """The events that each case must have, in their order."""
    replied: list[str] = field(default_factory=list)
    """References to which an officer's mail went."""
    _numbers: count = field(default_factory=lambda: count(1))

    async def ask(self, how_many: int) -> list[str]:
        """So many people ask something that only an officer can answer; their references."""
        mails = [_question(next(self._numbers)) for _ in range(how_many)]
        post(self.desk.service.port("mail"), *mails)
        before = set(self.asked)
        for mail in mails:
            await until(lambda mail=mail: self._reference(mail), 60, f"a case of {mail['Subject']}")
            reference = str(self._reference(mail))
            self.asked[reference] = mail
            self.done[reference] = ["opened"]
        return [one for one in self.asked if one not in before]

    async def write_again(self, reference: str, text: str) -> None:
        """The enquirer answers the mail that they had from us."""
        first = self.asked[reference]
        number = next(self._numbers)
        mail = EmailMessage()
        for name in ("From", "To"):
            mail[name] = first[name]
        mail["Subject"] = f"Re: {first['Subject']} [{reference}]"
        mail["Message-ID"] = f"<again-{number}@uni.example>"
        mail["References"] = str(first["Message-ID"])
        mail.set_content(text)
        post(self.desk.service.port("mail"), mail)
        self.done[reference].append("write_again")
        await self.happened(reference)

    async def press(self, who: str, reference: str, button: str, event: str) -> None:
        """A button that acts at once."""
        card = await self.desk.card(reference, seconds=60)
        await self.desk.officer(who).press(card.channel, card.ts, button)
        self.done[reference].append(event)
        await self.happened(reference)

    async def fill(
        self, who: str, reference: str, button: str, event: str, **values: object
    ) -> None:
        """A button that opens a form, and the form filled in."""
        card = await self.desk.card(reference, seconds=60)
        await self.desk.officer(who).press(card.channel, card.ts, button)
        await self.submit(who, reference, await self.desk.modal(who), event, values)

    async def choose(self, who: str, reference: str, action: str, **values: object) -> None:
        """An action from the list of all, and its form filled in."""
        card = await self.desk.card(reference, seconds=60)
        officer = self.desk.officer(who)
        [menu] = [
            one
            for block in card.blocks
            for one in block.get("elements", [])
            if one["type"] == "overflow"
        ]
        every = menu["options"][-1]["value"]
        await officer.press(card.channel, card.ts, names.MORE, chosen=every)
        modal = await self.desk.modal(who)
        assert await officer.submit(modal.id, {names.FIELD: {names.FIELD: action}}) == {}
        await self.submit(who, reference, await self.desk.modal(who), action, values)

    async def submit(
        self, who: str, reference: str, modal: View, event: str, values: dict[str, object]
    ) -> None:
        """Send a form off, which must be taken."""
        given = {block: {names.FIELD: value} for block, value in values.items()}
        refused = await self.desk.officer(who).submit(modal.id, given)
        assert refused == {}, f"{event} of {reference}: {json.dumps(refused)}"
        self.done[reference].append(event)
        if event == "reply":
            self.replied.append(reference)
        await self.happened(reference)

    async def happened(self, reference: str) -> None:
        """Wait until the case has as many events as it must, and its card tells of the last."""
        expected = len(self.done[reference])
        await until(
            lambda: len(self.events(reference)) >= expected,
            20,
            f"{self.done[reference][-1]} of {reference}",
        )
        version = self.desk.service.rows(
            "SELECT c.version FROM case_record c JOIN enquiry e ON e.id = c.enquiry_id"
            " WHERE e.reference = %s",
            reference,
        )[0][0]
        await until(lambda: self._shows(reference, version), 60, f"the card of {reference}")

    def events(self, reference: str) -> list[str]:
        """What happened to a case, readings apart."""
        rows = self.desk.service.rows(
            "SELECT v.kind FROM case_event v JOIN case_record c ON c.id = v.case_id"
            " JOIN enquiry e ON e.id = c.enquiry_id"
            " WHERE e.reference = %s AND v.version > 0 ORDER BY v.version",
            reference,
        )
        return [str(kind) for (kind,) in rows]

    def _shows(self, reference: str, version: object) -> bool:
        """Whether the card's buttons carry this version; that of a merged case has none."""
        card = self.desk.card_of(reference)
        if card is None:
            return False
        if self.done[reference][-1] == "merge":
            return "work on it there" in words(card)
        values = [
            json.loads(one["value"])["version"]
            for block in card.blocks
            for one in block.get("elements", [])
            if one.get("type") == "button" and "version" in str(one.get("value"))
        ]
        return version in values

    def _reference(self, mail: EmailMessage) -> str | None:
        rows = self.desk.service.rows(
            "SELECT e.reference FROM enquiry e JOIN message m ON m.enquiry_id = e.id"
            " JOIN case_record c ON c.enquiry_id = e.id WHERE m.message_id = %s",
            str(mail["Message-ID"]),
        )
        return str(rows[0][0]) if rows else None


def _question(number: int) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = f"Asker {number} <asker{number}@uni{number % 7}.example>"
    mail["To"] = MAILBOX
    mail["Subject"] = f"Our application, request {number}"
    mail["Message-ID"] = f"<day-{number}@uni.example>"
    mail.set_content(
        f"Hello,\n\nwe have waited {WEEKS[number % len(WEEKS)]} for a word on our application"
        f" DARS-NIC-{381000 + number}-B{number % 10}C3D. Has it been to the advisory group yet, and"
        f" who is our case officer now?\n\nAsker {number}"
    )
    return mail
