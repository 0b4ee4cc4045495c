"""A whole service desk for a journey: the service, where its mail lands, and its Slack."""

import contextlib
import json
import shutil
import tempfile
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from importlib.resources import files
from pathlib import Path

from scenarios.service import Service, until
from slack_world import words

from bot.sandbox.mailbox import Mail, Mailbox
from bot.sandbox.slack import (
    CASES_CHANNEL,
    ENQUIRY_CHANNEL,
    OFFICERS_GROUP,
    Acting,
    Message,
    PretendSlack,
    View,
    running,
    sandbox_workspace,
)
from bot.sandbox.world import CONTACTS

MEMORY = Path("/dev/shm")  # noqa: S108  each folder in it gets a name of its own
ANSWER_SECONDS = 5.0
"""How soon an enquirer has an answer, and an officer a card."""


@dataclass(frozen=True)
class Desk:
    """What a journey speaks of."""

    service: Service
    mailbox: Mailbox
    slack: PretendSlack
    cases_channel: str

    def replies_to(self, asked: EmailMessage) -> list[Mail]:
        """The mails that answer one mail, the newest first."""
        ident = str(asked["Message-ID"])
        return [one for one in self.mailbox.newest() if ident in one.headers.get("In-Reply-To")]

    async def reply_to(self, asked: EmailMessage, seconds: float = ANSWER_SECONDS) -> Mail:
        """The first mail that answers one mail, once it is there."""
        await until(lambda: self.replies_to(asked), seconds, f"a reply to {asked['Subject']!r}")
        return self.replies_to(asked)[-1]

    @property
    def cards(self) -> list[Message]:
        """What stands in the channel of cases, threads apart."""
        return self.slack.workspace.history(self.cases_channel)

    def card_of(self, reference: str) -> Message | None:
        """The card of a case."""
        found = [one for one in self.cards if words(one).startswith(f"Case {reference}")]
        assert len(found) < 2, f"{reference} has two cards"
        return found[0] if found else None

    async def card(
        self, reference: str, *expected: str, seconds: float = ANSWER_SECONDS
    ) -> Message:
        """The card of a case, once it is there and says all that is expected."""

        def is_there() -> bool:
            found = self.card_of(reference)
            return found is not None and all(one in words(found) for one in expected)

        await until(is_there, seconds, f"the card of {reference} with {expected}")
        card = self.card_of(reference)
        assert card is not None
        return card

    def thread_of(self, card: Message) -> list[str]:
        """What is written below a card."""
        below = self.slack.workspace.thread(card.channel, card.ts)[1:]
        return [words(one) for one in below]

    def officer(self, name: str) -> Acting:
        """Someone to act as, such as `asha`."""
        return Acting(self.slack, self.officer_id(name))

    def officer_id(self, name: str) -> str:
        """The id of a member of the workspace."""
        return next(one.id for one in self.slack.workspace.users.values() if one.name == name)

    async def modal(self, name: str) -> View:
        """The modal that this member has open, once it is."""
        who = self.officer_id(name)
        await until(lambda: self.slack.views.top(who), ANSWER_SECONDS, f"{name}'s modal")
        view = self.slack.views.top(who)
        assert view is not None
        return view

    def outcome(self, asked: EmailMessage) -> tuple[object, ...] | None:
        """Route, what was done, types and flags of a mail; None before it is decided."""
        found = self.service.rows(
            "SELECT d.route, d.outcome, d.types, d.flags FROM decision d JOIN message m"
            " ON m.id = d.message_id WHERE m.message_id = %s",
            str(asked["Message-ID"]),
        )
        return found[0] if found else None


def installed(request_url: str | None = None) -> PretendSlack:
    """The sandbox's workspace without rate limits, with the app as our manifest installs it."""
    slack = sandbox_workspace(limits={})
    install(slack, request_url)
    return slack


def install(slack: PretendSlack, request_url: str | None = None) -> None:
    """Install the app as our manifest says; over HTTP where a request address is given."""
    manifest = json.loads((files("bot.slack") / "manifest.json").read_text())
    if request_url is not None:
        manifest["settings"]["socket_mode_enabled"] = False
        manifest["settings"]["interactivity"]["request_url"] = request_url
    slack.install(manifest)


def slack_settings(slack: PretendSlack) -> dict[str, str]:
    """The settings that name a pretend Slack that runs, for Socket Mode."""
    channels = {one.name: one.id for one in slack.workspace.channels.values()}
    return {
        "SLACK_API_URL": slack.api_url,
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_CASES_CHANNEL": channels[CASES_CHANNEL],
        "SLACK_ENQUIRY_CHANNELS": f'["{channels[ENQUIRY_CHANNEL]}"]',
        "SLACK_OFFICERS_GROUP": OFFICERS_GROUP,
    }


def contact_settings() -> dict[str, str]:
    """An example address for each contact that an article may name."""
    return {f"CONTACT_{name.upper()}": f"{name}@contacts.example" for name in CONTACTS}


@contextlib.contextmanager
def short_folder():
    """A folder with a short name that every account may enter, removed at the end."""
    in_memory = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > 2_000_000_000
    folder = Path(tempfile.mkdtemp(prefix="tb-", dir=MEMORY if in_memory else None))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextlib.asynccontextmanager
async def open_desk(
    changed: Mapping[str, str] | None = None,
    *,
    without: tuple[str, ...] = (),
    signed: bool = False,
) -> AsyncIterator[Desk]:
    """Start everything, with some settings changed and some left out.

    `signed` tells the service Slack's signing secret, which it needs where it is called by HTTP.
    """
    mailbox, slack = Mailbox(), installed()
    with short_folder() as folder:
        async with mailbox.listening() as port, running(slack):
            relay = {"RELAY_HOST": "127.0.0.1", "RELAY_PORT": str(port)}
            settings = relay | contact_settings() | slack_settings(slack) | dict(changed or {})
            if signed:
                settings["SLACK_SIGNING_SECRET"] = slack.app.signing_secret
            kept = {name: value for name, value in settings.items() if name not in without}
            service = Service(folder, kept)
            await service.start()
            try:
                yield Desk(service, mailbox, slack, settings["SLACK_CASES_CHANNEL"])
            finally:
                await service.stop()
