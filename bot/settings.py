"""Settings: the environment (prefix `TRIAGEBOT_`), then `triagebot.toml`, then these defaults."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from bot.settings_cases import CaseSettings
from bot.settings_clocks import ClockSettings
from bot.settings_officers import OfficerSettings
from bot.settings_relay import RelaySettings
from bot.settings_roster import RosterSettings
from bot.settings_senders import SenderSettings
from bot.settings_slack import SlackPeopleSettings


class Settings(
    SlackPeopleSettings,
    OfficerSettings,
    CaseSettings,
    RosterSettings,
    ClockSettings,
    SenderSettings,
    RelaySettings,
):
    """All that a deployment can set. Port 0 picks a free port, and the start line says which."""

    model_config = SettingsConfigDict(
        env_prefix="TRIAGEBOT_", toml_file="triagebot.toml", extra="forbid", frozen=True
    )

    data_dir: Path = Field(
        Path("var"), description="Folder for the database, the encoder and the model"
    )
    database_url: SecretStr | None = Field(
        None, description="PostgreSQL address; unset runs the embedded server"
    )
    postgres_bin: Path | None = Field(
        None, description="Folder of initdb and postgres; unset looks in the wheel, then the system"
    )

    smtp_host: str = Field("127.0.0.1", description="Address on which mail is received")
    smtp_port: int = Field(8025, ge=0, le=65535, description="Port on which mail is received")
    smtp_certificate: Path | None = Field(
        None, description="PEM chain; set with the key, STARTTLS is offered"
    )
    smtp_key: Path | None = Field(None, description="PEM private key of the certificate")
    smtp_max_bytes: int = Field(26_214_400, gt=0, description="Largest message taken, in bytes")
    smtp_max_recipients: int = Field(100, gt=0, description="Most recipients a message")
    smtp_max_connections: int = Field(256, gt=0, description="Most connections at once")
    smtp_max_connections_per_address: int = Field(
        64, gt=0, description="Most connections from one address"
    )
    smtp_max_commands: int = Field(1000, gt=0, description="Most commands in one connection")
    smtp_idle_seconds: float = Field(
        60, gt=0, description="Silence after which a session is closed"
    )
    smtp_session_seconds: float = Field(600, gt=0, description="Longest life of a session")
    smtp_commit_seconds: float = Field(20, gt=0, description="Longest wait for a commit before 451")

    mailbox_address: str = Field("dars@triagebot.example", description="The service's own address")
    mailbox_name: str = Field("Data Access Request Service", description="The name beside it")
    mailbox_plus_addressing: bool = Field(
        True,
        description="On: replies go to an address with a signed reference after a plus sign, such"
        " as `dars+enq-…@`. Off for mail servers that take no such addresses",
    )
    own_addresses: tuple[str, ...] = Field(
        (), description="Other addresses of ours: never replied to"
    )
    mailbox_imap_host: str | None = Field(
        None, description="IMAP server of a service mailbox that is read; unset reads none"
    )
    mailbox_imap_port: int = Field(993, ge=1, le=65535, description="Its port")
    mailbox_imap_tls: Literal["implicit", "starttls", "never"] = Field(
        "implicit", description="How the connection is encrypted"
    )
    mailbox_imap_authority: Path | None = Field(
        None, description="PEM certificates trusted there instead of the system's"
    )
    mailbox_imap_username: str | None = Field(None, description="User name of the mailbox")
    mailbox_imap_password: SecretStr | None = Field(
        None, description="Its password, where it takes one"
    )
    mailbox_imap_token_url: str | None = Field(
        None,
        pattern=r"^https?://",
        description="Where access tokens are had instead (XOAUTH2); for Exchange Online"
        " `https://login.microsoftonline.com/TENANT/oauth2/v2.0/token`",
    )
    mailbox_imap_client_id: str | None = Field(None, description="Who asks for access tokens")
    mailbox_imap_client_secret: SecretStr | None = Field(None, description="The client's secret")
    mailbox_imap_scope: str = Field(
        "https://outlook.office365.com/.default", description="What the token is to open"
    )
    mailbox_imap_folder: str = Field("INBOX", description="Folder that is read")
    mailbox_imap_done: str = Field("Triaged", description="Folder for mail that was taken")
    mailbox_imap_failed: str = Field("Not taken", description="Folder for mail that was refused")
    mailbox_imap_max_bytes: int = Field(
        52_428_800, gt=0, description="Largest message taken from it; a larger one stays there"
    )
    mailbox_imap_poll_seconds: float = Field(
        60, ge=1, le=1500, description="How often it is looked at, also where it tells of new mail"
    )
    in_doubt: Literal["hold", "resend"] = Field(
        "hold",
        description="What becomes of a mail that may or may not have left when we were killed",
    )
    replies_per_sender_per_day: int = Field(
        20, gt=0, description="Most automatic mails to one address a day"
    )
    replies_per_subject_per_hour: int = Field(
        60, gt=0, description="Most automatic mails with one subject an hour"
    )
    brake_mails: int = Field(
        600,
        gt=0,
        description="Most automatic mails within the brake's minutes; one more stops them all",
    )
    brake_minutes: int = Field(10, gt=0, le=1440, description="The brake's minutes")

    mode: Literal["automatic", "approve", "off", "shadow"] = Field(
        "automatic",
        description="What the bot does by itself until a lead switches it in Slack: it answers;"
        " each answer waits for an officer; every enquiry becomes a case; or messages are decided"
        " and recorded, and nothing leaves",
    )
    answer_assumed_days: int = Field(
        5,
        gt=0,
        le=60,
        description="Working days without a word after which an answer is counted as assumed to"
        " have helped",
    )
    labelled_dir: Path | None = Field(
        None,
        description="Folder of this deployment's own labelled messages, as JSON Lines: those in"
        " its `train` teach beside ours, those in its `calibration` set the thresholds alone",
    )
    organisation: str = Field("NHS England", description="The organisation's name in replies")
    telephone: str = Field("0300 303 5678", description="The team's telephone line")
    contact_dars: str | None = Field(
        None, description="The service's mailbox, as told to enquirers"
    )
    contact_ndrs: str | None = Field(None, description="Mailbox for NDRS data release")
    contact_ncardrs: str | None = Field(None, description="Mailbox for congenital anomaly data")
    contact_copi: str | None = Field(None, description="Mailbox for the COPI notice")
    contact_ndrs_optout: str | None = Field(
        None, description="Mailbox for leaving the disease register"
    )
    contact_foi: str | None = Field(None, description="Contact for freedom of information requests")
    contact_sar: str | None = Field(None, description="Contact for subject access requests")
    contact_press: str | None = Field(None, description="Press office")
    contact_complaints: str | None = Field(None, description="Complaints team")
    contact_security: str | None = Field(None, description="Security incident line")
    contact_seft: str | None = Field(None, description="Help desk of the secure file transfer")

    slack_api_url: str = Field(
        "https://slack.com/api/", description="Base address of Slack's Web API"
    )
    slack_bot_token: SecretStr | None = Field(None, description="Bot token, xoxb-…")
    slack_app_token: SecretStr | None = Field(None, description="App token for Socket Mode, xapp-…")
    slack_signing_secret: SecretStr | None = Field(
        None, description="Signs requests when Slack calls by HTTP"
    )
    slack_cases_channel: str = Field("", description="Id of the channel where cases appear")
    slack_enquiry_channels: tuple[str, ...] = Field(
        (), description="Ids of channels whose posts are enquiries"
    )
    slack_officers_group: str | None = Field(
        None, description="Handle of the usergroup of case officers; unset lets every member act"
    )
    slack_leads_group: str | None = Field(
        None,
        description="Handle of the usergroup of leads, who switch modes; unset lets every officer",
    )

    web_host: str = Field("127.0.0.1", description="Address of the web pages")
    web_port: int = Field(8080, ge=0, le=65535, description="Port of the web pages")
    web_public_url: str | None = Field(
        None,
        pattern=r"^https?://[^\s/?#]+[^\s?#]*$",
        description="Address under which people reach the web pages; set, answers by mail ask"
        " whether they helped",
    )
    sandbox_port: int = Field(8090, ge=0, le=65535, description="Port of the sandbox's pages")

    encoder_dir: Path | None = Field(
        None, description="Folder with model.safetensors and tokenizer.json"
    )
    worker_concurrency: int = Field(8, gt=0, description="Jobs that one worker has in hand at once")
    log_format: Literal["auto", "console", "json"] = Field("auto", description="How log lines look")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment before file; a dotenv or secrets folder is not read."""
        del dotenv_settings, file_secret_settings
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @property
    def encoder_folder(self) -> Path:
        """Where set-up puts the built encoder."""
        return self.data_dir / "encoder"

    @property
    def published_encoder_folder(self) -> Path:
        """Where set-up puts the encoder as it was published, which public data is measured with."""
        return self.data_dir / "encoder-published"

    @property
    def model_folder(self) -> Path:
        """Where training puts the classifier."""
        return self.data_dir / "model"

    @classmethod
    def contact_names(cls) -> frozenset[str]:
        """The placeholders that articles may have."""
        names = (name for name in cls.model_fields if name.startswith("contact_"))
        return frozenset({*names, "organisation", "telephone"})

    def contacts(self) -> dict[str, str]:
        """The placeholders of articles that have a value, such as `contact_ndrs`."""
        values = {name: getattr(self, name) for name in sorted(self.contact_names())}
        return {name: value for name, value in values.items() if value}
