"""The service mailbox as the settings name it, and what is wrong with them."""

import ipaddress
from functools import partial

from bot.mail.acceptor import Keep
from bot.mail.addresses import OwnAddresses
from bot.mail.imap import Place
from bot.mail.mailbox import Alone, AsAccepted, MailboxReader, SetAside, Taking
from bot.mail.stored_envelope import from_stored
from bot.mail.token import ClientCredentials, Token
from bot.settings import Settings


def mailbox_problems(settings: Settings) -> list[str]:
    """Why the mailbox cannot be read as it is set, a line each; none where none is set."""
    if settings.mailbox_imap_host is None:
        return []
    found = []
    if not settings.mailbox_imap_username:
        found.append("TRIAGEBOT_MAILBOX_IMAP_USERNAME is not set")
    if (settings.mailbox_imap_password is None) == (settings.mailbox_imap_token_url is None):
        found.append(
            "set one of TRIAGEBOT_MAILBOX_IMAP_PASSWORD and TRIAGEBOT_MAILBOX_IMAP_TOKEN_URL"
        )
    client = (settings.mailbox_imap_client_id, settings.mailbox_imap_client_secret)
    if settings.mailbox_imap_token_url and None in client:
        found.append(
            "TRIAGEBOT_MAILBOX_IMAP_TOKEN_URL needs TRIAGEBOT_MAILBOX_IMAP_CLIENT_ID and"
            " TRIAGEBOT_MAILBOX_IMAP_CLIENT_SECRET"
        )
    if settings.mailbox_imap_tls == "never" and not _is_here(settings.mailbox_imap_host):
        found.append("TRIAGEBOT_MAILBOX_IMAP_TLS=never would send the password in the clear")
    authority = settings.mailbox_imap_authority
    if authority is not None and not authority.is_file():
        found.append(f"TRIAGEBOT_MAILBOX_IMAP_AUTHORITY: there is no file {authority}")
    folders = (
        settings.mailbox_imap_folder,
        settings.mailbox_imap_done,
        settings.mailbox_imap_failed,
    )
    if settings.mailbox_imap_folder in folders[1:]:
        found.append("TRIAGEBOT_MAILBOX_IMAP_FOLDER is also where mail is moved to")
    return found


def mailbox_reader(
    settings: Settings, keep: Keep, set_aside: SetAside, alone: Alone
) -> MailboxReader:
    """What reads the mailbox; the settings have no problem."""
    place = Place(
        host=settings.mailbox_imap_host or "",
        port=settings.mailbox_imap_port,
        tls=settings.mailbox_imap_tls,
        authority=settings.mailbox_imap_authority,
        username=settings.mailbox_imap_username or "",
        folder=settings.mailbox_imap_folder,
        done=settings.mailbox_imap_done,
        failed=settings.mailbox_imap_failed,
    )
    taking = Taking(
        read=envelope_reader(settings),
        keep=keep,
        set_aside=set_aside,
        alone=alone,
        most_bytes=settings.mailbox_imap_max_bytes,
    )
    return MailboxReader(
        place, _secret(settings), taking, poll_seconds=settings.mailbox_imap_poll_seconds
    )


def envelope_reader(settings: Settings) -> AsAccepted:
    """Reads the envelope of a stored mail, for this deployment's addresses."""
    ours = OwnAddresses.of(settings.mailbox_address, *settings.own_addresses)
    return partial(from_stored, ours=ours, our_mailbox=settings.mailbox_address, peer="")


def _secret(settings: Settings) -> str | Token:
    secret = settings.mailbox_imap_client_secret
    if settings.mailbox_imap_token_url and settings.mailbox_imap_client_id and secret:
        return ClientCredentials(
            settings.mailbox_imap_token_url,
            settings.mailbox_imap_client_id,
            secret,
            settings.mailbox_imap_scope,
        )
    password = settings.mailbox_imap_password
    return password.get_secret_value() if password else ""


def _is_here(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
