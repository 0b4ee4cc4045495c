"""Settings on mail out: the relay, how we reach it, and how mail is sent through it."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings


class RelaySettings(BaseSettings):
    """A part of all settings."""

    relay_host: str | None = Field(None, description="SMTP server that outgoing mail is handed to")
    relay_port: int = Field(25, ge=0, le=65535, description="Its port")
    relay_timeout: float = Field(
        30, gt=0, description="Seconds that the relay may take for one step"
    )
    relay_tls: Literal["starttls", "implicit"] = Field(
        "starttls", description="`implicit`: TLS from the first byte on, as on port 465"
    )
    relay_starttls: Literal["always", "if-offered", "never"] = Field(
        "if-offered", description="Whether mail leaves only over TLS; for `relay_tls` starttls"
    )
    relay_tls_minimum: Literal["1.2", "1.3"] = Field(
        "1.2", description="Oldest version of TLS that is spoken with the relay"
    )
    relay_ca_file: Path | None = Field(
        None,
        description="PEM file of the authorities that vouch for the relay's certificate, which is"
        " then always checked; unset takes the system's",
    )
    relay_username: str | None = Field(None, description="User name at the relay")
    relay_password: SecretStr | None = Field(None, description="Password at the relay")
    relay_oauth_token_url: str | None = Field(
        None,
        pattern=r"^https?://[^\s/?#]+[^\s#]*$",
        description="Where tokens are fetched; set, we sign in at the relay by XOAUTH2, with"
        " client credentials, in place of the password",
    )
    relay_oauth_client_id: str = Field("", description="Our name at the token server")
    relay_oauth_client_secret: SecretStr | None = Field(None, description="Our secret there")
    relay_oauth_scope: str = Field(
        "",
        description="What the token is for, such as `https://outlook.office365.com/.default`",
    )
    relay_per_domain_per_minute: int | None = Field(
        None,
        gt=0,
        description="Most mails that one worker hands over for one domain in a minute; unset sets"
        " no limit",
    )
    dkim_key: Path | None = Field(
        None, description="PEM file of the RSA key that signs outgoing mail; unset signs none"
    )
    dkim_selector: str = Field(
        "", description="Under which name its public half is published in the DNS"
    )
    dkim_domain: str | None = Field(
        None, description="Domain that signs; unset is that of `mailbox_address`"
    )
