"""Settings on senders: whose word is believed on who wrote a mail."""

from ipaddress import IPv4Network, IPv6Network

from pydantic import Field
from pydantic_settings import BaseSettings


class SenderSettings(BaseSettings):
    """A part of all settings."""

    trusted_authserv_ids: tuple[str, ...] = Field(
        (),
        description="Names under which your mail gateway writes Authentication-Results; believed"
        " only in mail from `trusted_peers`",
    )
    trusted_peers: tuple[IPv4Network | IPv6Network, ...] = Field(
        (), description="Addresses or networks of your mail gateway"
    )
    trusted_arc_sealers: tuple[str, ...] = Field(
        (),
        description="Domains of forwarders that are believed on how a mail reached them (ARC);"
        " used with `check_senders`",
    )
    check_senders: bool = Field(
        False,
        description="On: SPF, DKIM, DMARC and ARC are checked here, for mail that no trusted"
        " gateway checked",
    )
    check_senders_seconds: float = Field(
        10, gt=0, le=60, description="Longest wait for the DNS about one mail"
    )
    dns_server: str | None = Field(
        None, description="Address of the DNS resolver for these checks; unset takes the system's"
    )
    dns_port: int = Field(53, gt=0, le=65535, description="Its port")
