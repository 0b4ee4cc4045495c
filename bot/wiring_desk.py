"""Puts together what use cases and deliveries need, as `bot/wiring.py` does the processes."""

from datetime import timedelta

from bot.brain import Brain
from bot.following import Following
from bot.mail.authentic import SenderCheck
from bot.mail.identity import identity_of
from bot.mail.send import Relay, longest_hand_over
from bot.mail.signing import SigningError
from bot.mail.transport import MailTransport
from bot.pipeline import Pipeline, Read
from bot.reading import MailReader
from bot.running import Running, StartError
from bot.settings import Settings
from bot.slack.channels import CaseChannels
from bot.slack.clients import web_client
from bot.slack.incoming import read_inbound
from bot.slack.send import SlackTransport
from handlers.case_background import Behind
from handlers.compose import Composer
from handlers.delivery import Delivery
from handlers.deployment import signing_key
from handlers.desk import Desk
from handlers.feedback_links import FeedbackLinks
from handlers.guard import Caution
from handlers.phone_calls import CHANNEL, read_call
from handlers.similar_cases import PastCases
from handlers.switches import Mode
from handlers.unit import Store
from knowledge.library import Library


def own_addresses(settings: Settings) -> frozenset[str]:
    """The service's own addresses, in lower case."""
    return frozenset(one.lower() for one in (settings.mailbox_address, *settings.own_addresses))


def _caution(settings: Settings) -> Caution:
    return Caution(
        own_addresses(settings),
        settings.replies_per_sender_per_day,
        settings.replies_per_subject_per_hour,
        settings.brake_mails,
        timedelta(minutes=settings.brake_minutes),
    )


async def desk_now(settings: Settings, store: Store, brain: Brain) -> tuple[Desk, Following]:
    """What use cases need, with the articles as they were decided on, and what follows them."""
    async with store.unit() as unit:
        key = await signing_key(unit)
    desk = Desk(
        signing_key=key,
        mail_domain=settings.mailbox_address.rpartition("@")[2],
        caution=_caution(settings),
        usual_mode=Mode(settings.mode),
        composer=Composer(brain.library, settings.contacts()),
        clocks=settings.clock_rules(),
        roster=settings.roster_now(),
        undo_seconds=settings.reply_undo_seconds,
        teams=settings.teams,
    )

    def replaced(library: Library) -> None:
        desk.composer = Composer(library, settings.contacts())

    following = Following(store, brain, replaced)
    await following.look()
    return desk, following


async def pipeline_of(run: Running, store: Store, desk: Desk, brain: Brain) -> Pipeline:
    """What decides, answers and delivers. Raises StartError for a key that cannot sign mail."""
    settings = run.settings
    # Links are only made where their reader can follow them.
    public = settings.web_public_url
    links = FeedbackLinks(public, desk.signing_key) if public else None
    try:
        relay = Relay.of(settings)
    except SigningError as error:
        raise StartError(str(error)) from None
    run.stack.push_async_callback(relay.close)
    token = settings.slack_bot_token
    client = web_client(settings.slack_api_url, token, "asks_once") if token else None
    delivery = Delivery(
        store,
        {
            "mail": MailTransport(relay, identity_of(settings, desk.signing_key), links, store),
            "slack": SlackTransport(
                store,
                client,
                CaseChannels(settings.slack_cases_channel, settings.slack_case_channels),
                Behind(PastCases(brain.encoder), desk.clocks),
            ),
        },
        settings.in_doubt,
        patience=timedelta(seconds=longest_hand_over(settings.relay_timeout)),
    )
    readers: dict[str, Read] = {
        "email": MailReader(own_addresses(settings), SenderCheck.of(settings)),
        "slack": read_inbound,
        CHANNEL: read_call,
    }
    return Pipeline(store, desk, brain.decide, readers, delivery)
