"""Sample enquiries that are sent with one click, and the invented people who write."""

import random
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

from bot.sandbox.mailbox.writing import Draft

_FILE = Path(__file__).with_name("samples.yaml")


class Writer(BaseModel):
    """An invented person with an address on an example domain."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    address: str = Field(alias="from")


class Sample(Writer):
    """One enquiry, what it is called on the page, and what it goes to show."""

    slug: str = Field(pattern=r"^[a-z0-9-]+$")
    label: str
    shows: str
    subject: str
    body: str
    headers: dict[str, str] = {}

    def draft(self, to: str) -> Draft:
        """The mail that it is, to the service's address."""
        return Draft(self.address, self.name, to, self.subject, self.body, headers=self.headers)


class Samples(BaseModel):
    """All of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    writers: tuple[Writer, ...]
    samples: tuple[Sample, ...]

    def sample(self, slug: str) -> Sample | None:
        """The sample of this name, if there is one."""
        return next((one for one in self.samples if one.slug == slug), None)

    def anyone(self) -> Writer:
        """Somebody to write as."""
        return random.choice(self.writers)


@cache
def read_samples() -> Samples:
    """The samples as the file beside this one has them."""
    return Samples.model_validate(yaml.safe_load(_FILE.read_text(encoding="utf-8")))
