"""Group commit: what waits, what fails, and that one bad mail harms no other."""

import asyncio
from collections.abc import Sequence

import pytest

from bot.mail.acceptor import MOST_A_GROUP, MOST_BYTES_A_GROUP, Acceptor, NotKeptError
from handlers.intake import Accepted


def mail(key: str, size: int = 1) -> Accepted:
    return Accepted(key, "ann@example.org", ("dars@triagebot.example",), "192.0.2.1", b"x" * size)


class Store:
    """Keeps keys in memory; refuses those that it is told to, and waits at its gate."""

    def __init__(self, *refused: str) -> None:
        self.refused = refused
        self.groups: list[list[str]] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def keep(self, mails: Sequence[Accepted]) -> None:
        await self.gate.wait()
        if any(one.key in self.refused for one in mails):
            raise ValueError("a row that cannot be")
        self.groups.append([one.key for one in mails])


async def all_taken(acceptor: Acceptor, mails: Sequence[Accepted]) -> list[str]:
    """Take them at the same time; the keys of those that were not kept."""
    outcomes = await asyncio.gather(*(acceptor.take(one) for one in mails), return_exceptions=True)
    assert all(outcome is None or isinstance(outcome, NotKeptError) for outcome in outcomes)
    return [one.key for one, outcome in zip(mails, outcomes, strict=True) if outcome]


async def test_what_waits_during_a_commit_is_committed_together_in_order() -> None:
    store = Store()
    acceptor = Acceptor(store.keep, patience=5)
    mails = [mail(str(number)) for number in range(200)]
    assert await all_taken(acceptor, mails) == []
    assert [key for group in store.groups for key in group] == [one.key for one in mails]
    assert max(map(len, store.groups)) == MOST_A_GROUP
    await acceptor.close()


async def test_a_group_is_bounded_in_bytes_too() -> None:
    store = Store()
    acceptor = Acceptor(store.keep, patience=5)
    half = MOST_BYTES_A_GROUP // 2 + 1
    assert await all_taken(acceptor, [mail(str(number), half) for number in range(3)]) == []
    assert store.groups == [["0"], ["1"], ["2"]]
    await acceptor.close()


async def test_a_mail_that_the_store_refuses_keeps_no_other_out() -> None:
    store = Store("3")
    acceptor = Acceptor(store.keep, patience=5)
    assert await all_taken(acceptor, [mail(str(number)) for number in range(10)]) == ["3"]
    assert sorted(key for group in store.groups for key in group) == list("012456789")
    await acceptor.close()


async def test_a_full_queue_refuses_at_once_and_keeps_what_it_has() -> None:
    store = Store()
    store.gate.clear()
    acceptor = Acceptor(store.keep, patience=5, most_waiting=5)
    first = asyncio.create_task(acceptor.take(mail("first")))
    await asyncio.sleep(0.01)
    others = [asyncio.create_task(acceptor.take(mail(str(number)))) for number in range(5)]
    await asyncio.sleep(0.01)
    with pytest.raises(NotKeptError, match="full"):
        await acceptor.take(mail("one too many"))
    store.gate.set()
    await asyncio.gather(first, *others)
    await acceptor.close()


async def test_a_commit_that_takes_too_long_is_given_up_and_the_next_one_works() -> None:
    store = Store()
    store.gate.clear()
    acceptor = Acceptor(store.keep, patience=0.1)
    with pytest.raises(NotKeptError):
        await acceptor.take(mail("1"))
    store.gate.set()
    await acceptor.take(mail("2"))
    assert store.groups[-1] == ["2"]
    await acceptor.close()


async def test_closing_commits_what_waits() -> None:
    store = Store()
    acceptor = Acceptor(store.keep, patience=5)
    waiting = [asyncio.create_task(acceptor.take(mail(str(number)))) for number in range(100)]
    await asyncio.sleep(0)
    await acceptor.close()
    await asyncio.gather(*waiting)
    assert sum(map(len, store.groups)) == 100
