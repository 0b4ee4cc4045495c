"""DKIM: our mails carry our domain's signature, so that others can tell them from forged ones."""

from dataclasses import dataclass, field

import dkim
from dkim.crypto import UnparsableKeyError, parse_pem_private_key

from bot.mail.alignment import aligned, domain_of
from bot.settings import Settings

SIGNED = (
    *("from", "from", "to", "cc", "reply-to", "subject", "date", "message-id"),
    *("in-reply-to", "references", "mime-version", "content-type", "auto-submitted"),
)
"""From stands twice, so that nobody can add another (RFC 6376 8.15)."""
LEAST_BITS = 1024
"""RFC 8301 3.2; 2048 are advised."""


class SigningError(Exception):
    """The settings do not let us sign; the text is one line that says what is wrong."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs for one domain with one key."""

    selector: str
    domain: str
    key: bytes = field(repr=False)

    @classmethod
    def of(cls, settings: Settings) -> "Signer | None":
        """The signer that the settings name; None where none is. Raises SigningError."""
        if settings.dkim_key is None:
            return None
        domain = domain_of(settings.dkim_domain or settings.mailbox_address)
        if not domain:
            raise SigningError("TRIAGEBOT_DKIM_DOMAIN is not a domain")
        if not aligned(domain, settings.mailbox_address):
            raise SigningError(
                f"TRIAGEBOT_DKIM_DOMAIN {domain} does not speak for {settings.mailbox_address}"
            )
        if not domain_of(f"{settings.dkim_selector}._domainkey.{domain}"):
            raise SigningError("set TRIAGEBOT_DKIM_SELECTOR to the name of the key in the DNS")
        try:
            key = settings.dkim_key.read_bytes().replace(b"\r\n", b"\n")
        except OSError as error:
            raise SigningError(
                f"TRIAGEBOT_DKIM_KEY {settings.dkim_key} cannot be read: {error.strerror}"
            ) from error
        if _bits(key) < LEAST_BITS:
            raise SigningError(
                f"TRIAGEBOT_DKIM_KEY {settings.dkim_key} is no RSA key of {LEAST_BITS} bits or"
                " more in PEM"
            )
        return cls(settings.dkim_selector, domain, key)

    def signed(self, data: bytes) -> bytes:
        """The mail with its signature on top. Takes a moment: for a thread."""
        names = {name.lower() for name, _ in dkim.DKIM(data).headers}
        field_ = dkim.sign(
            data,
            self.selector.encode("ascii"),
            self.domain.encode("ascii"),
            self.key,
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=[one.encode() for one in SIGNED if one.encode() in names],
        )
        return bytes(field_) + data


def _bits(key: bytes) -> int:
    """The size of an RSA key; 0 where it is none."""
    try:
        modulus: int = parse_pem_private_key(key)["modulus"]
    except (UnparsableKeyError, ValueError, LookupError, TypeError):
        return 0
    return modulus.bit_length()
