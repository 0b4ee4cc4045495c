"""When a mail is tried again, and how much goes to one domain."""

from email.message import EmailMessage

import pytest
from mail_out.sinks import Sink, listening

from bot.mail.failures import result_of, status_of
from bot.mail.pacing import Pace
from bot.mail.relay_pool import RelayAddress
from bot.mail.send import Relay
from handlers.delivery import Later, Refused, Sent

HOUR = 3600


@pytest.mark.parametrize(
    ("code", "text", "least"),
    [
        (452, "4.2.2 Mailbox full", HOUR),
        (450, "4.2.1 Disabled for now", 4 * HOUR),
        (450, "4.7.1 Greylisted, come back", 300),
        (451, "4.3.2 Not now", 900),
        (421, "4.4.2 Connection lost", 0),
        (451, "Something went wrong", 0),
        (451, "5.1.1 contradicts its own code", 0),
    ],
)
def test_what_may_work_later_waits_as_its_class_needs(code: int, text: str, least: float) -> None:
    result = result_of(code, text)
    assert isinstance(result, Later)
    assert (result.at_least, result.counts, result.after_seconds) == (least, True, None)
    assert text in result.why


@pytest.mark.parametrize(
    ("code", "text", "words"),
    [
        (550, "5.1.1 No such user", "the address does not exist"),
        (550, "5.1.10 Null MX", "the address does not exist"),
        (552, "5.2.2 Over quota", "the mailbox is full"),
        (554, "5.7.26 Unauthenticated", "their policy refuses it"),
        (552, "5.3.4 Too big", "too long"),
        (554, "No", "554 No"),
    ],
)
def test_what_never_will_is_refused_in_plain_words(code: int, text: str, words: str) -> None:
    result = result_of(code, text)
    assert isinstance(result, Refused)
    assert words in result.why
    assert text in result.why


@pytest.mark.parametrize("code", [530, 535, 538])
def test_a_relay_that_does_not_know_us_uses_up_no_mails_tries(code: int) -> None:
    result = result_of(code, "5.7.0 Authentication required")
    assert isinstance(result, Later)
    assert not result.counts


def test_a_status_is_found_where_it_stands_and_nowhere_else() -> None:
    assert status_of("4.2.2 full") == "4.2.2"
    assert status_of("from 192.5.1.1 and version 5.2") == ""


class Clock:
    """Stands still until it is told to go on."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_domain_gets_so_many_mails_in_any_minute_and_others_are_not_held_up() -> None:
    clock = Clock()
    pace = Pace(3, clock)
    assert [pace.seconds_to_wait({"a.example"}) for _ in range(3)] == [0, 0, 0]
    assert pace.seconds_to_wait({"a.example"}) == 60
    assert pace.seconds_to_wait({"b.example"}) == 0
    clock.now += 60
    assert pace.seconds_to_wait({"a.example"}) == 0


def test_mails_that_wait_are_given_places_one_after_the_other() -> None:
    clock = Clock()
    pace = Pace(2, clock)
    waits = [pace.seconds_to_wait({"a.example"}) for _ in range(12)]
    assert waits[2:] == [60 + 30 * number for number in range(10)]
    sent = 2
    for wait in waits[2:]:
        clock.now = 1000 + wait
        sent += pace.seconds_to_wait({"a.example"}) == 0
    assert sent == 12


async def test_a_mail_that_must_wait_for_its_domain_keeps_its_tries_and_its_place() -> None:
    message = EmailMessage()
    message.set_content("Hello")

    async def take() -> bool:
        return True

    sink = Sink()
    async with listening(sink) as port:
        address = RelayAddress("127.0.0.1", port, 2, "never", None, None, "triagebot.example")
        relay = Relay(address, pace=Pace(1, Clock()))
        first = await relay.send(message, "", ["a@one.example"], take)
        second = await relay.send(message, "", ["b@one.example"], take)
        await relay.close()
    assert isinstance(first, Sent)
    assert isinstance(second, Later)
    assert (second.counts, second.after_seconds) == (False, 60)
    assert len(sink.taken) == 1
