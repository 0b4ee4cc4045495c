"""Replies come back to the mailbox, with the enquiry's signed reference after a plus sign."""

from dataclasses import replace

import pytest
from mail_out.letters import IDENTITY, LETTERS

from bot.mail.render import render
from handlers.references import references_of_tags


def test_replies_come_back_to_an_address_that_carries_the_signed_reference() -> None:
    message = render(LETTERS["answer"], IDENTITY)
    address = message["Reply-To"].addresses[0]
    local, _, domain = address.addr_spec.partition("@")
    mailbox, _, tag = local.partition("+")
    assert (mailbox, domain) == ("dars", "triagebot.example")
    assert address.display_name == IDENTITY.name
    assert references_of_tags([tag], IDENTITY.reply_key or "") == ["ENQ-7K3MQD-4T9P"]
    assert message["From"].addresses[0].addr_spec == IDENTITY.address


@pytest.mark.parametrize(
    "changed",
    [
        {"reply_key": None},
        {"address": f"{'a' * 40}@triagebot.example"},
        {"address": "dars+live@triagebot.example"},
    ],
    ids=["switched off", "no room before the at sign", "a tag of its own"],
)
def test_without_plus_addressing_replies_come_back_to_the_mailbox(changed: dict[str, str]) -> None:
    identity = replace(IDENTITY, **changed)
    message = render(LETTERS["answer"], identity)
    assert message["Reply-To"].addresses[0].addr_spec == identity.address
