"""Mail in to reply handed over, decision included: `python benchmarks/end_to_end.py [MAILS]`.

Starts the real command on a fresh data folder, hands mails in over SMTP as fast as eight clients
can, and waits until every reply has reached a relay in this process. Then it sends five a second
and takes the time of each. Prints what was done with them, mails a second, CPU a mail (PostgreSQL
apart), and memory. Mails are labelled messages that an answer is right for, since a flood of one
and the same text is a drift, which sends the rest to a person: more work, and not the usual.
"""

import asyncio
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections import Counter
from email.message import EmailMessage
from itertools import cycle, islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from scenarios.service import Service, enquiry, post

from bot.sandbox.mailbox import Mailbox
from bot.sandbox.slack import CASES_CHANNEL, running, sandbox_workspace
from triage import labelled
from triage.decision import Route

CLIENTS = 8
PACED = 50
TICKS = os.sysconf("SC_CLK_TCK")


def questions(number: int, start: str) -> list[EmailMessage]:
    """So many mails, each of another sender."""
    answerable = [one for one in labelled.read(labelled.CALIBRATION) if one.route is Route.ANSWER]
    mails = []
    for place, one in enumerate(islice(cycle(answerable), number)):
        ident = f"{start}-{place}"
        mail = enquiry(one.body, sender=f"{ident}@uni.example", ident=ident)
        mail.replace_header("Subject", one.subject or "A question")
        mails.append(mail)
    return mails


def outcomes(service: Service) -> Counter[str]:
    """What was done with the messages so far, as the log says."""
    lines = [line for line in service.output.splitlines() if '"message done"' in line]
    return Counter(json.loads(line)["outcome"] for line in lines)


def cpu_seconds(pid: int) -> float:
    """User and system time of one process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def resident_megabytes(pid: int) -> float:
    """Memory that one process holds now."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


async def flood(service: Service, mailbox: Mailbox, number: int) -> None:
    """As fast as it goes."""
    mails = questions(number, "flood")
    port, pid = service.port("mail"), service.process.pid
    before, start = cpu_seconds(pid), time.monotonic()
    await asyncio.gather(
        *(asyncio.to_thread(post, port, *mails[one::CLIENTS]) for one in range(CLIENTS))
    )
    accepted = time.monotonic() - start
    while len(mailbox) < number:  # noqa: ASYNC110  another process is waited for
        await asyncio.sleep(0.05)
    took = time.monotonic() - start
    used = cpu_seconds(pid) - before
    print(f"done with    {dict(outcomes(service))}")
    print(f"accepted     {number / accepted:8.1f} mails a second")
    print(f"end to end   {number / took:8.1f} mails a second")
    print(f"CPU          {used / number * 1000:8.1f} ms a mail, PostgreSQL apart")
    print(f"memory       {resident_megabytes(pid):8.1f} MB, PostgreSQL apart")


async def paced(service: Service, mailbox: Mailbox) -> None:
    """Five a second: how long a person waits."""
    times = []
    for mail in questions(PACED, "paced"):
        before = len(mailbox)
        start = time.monotonic()
        await asyncio.to_thread(post, service.port("mail"), mail)
        while len(mailbox) == before:  # noqa: ASYNC110  as above
            await asyncio.sleep(0.001)
        times.append(time.monotonic() - start)
        await asyncio.sleep(max(0.0, 0.2 - times[-1]))
    middle, worst = statistics.median(times) * 1000, max(times) * 1000
    print(f"at 5 a second, p50 {middle:.0f} ms, max {worst:.0f} ms")


async def measure(folder: Path, number: int) -> None:
    """Measure once."""
    mailbox, slack = Mailbox(most=100_000), sandbox_workspace(limits={})
    cases = slack.workspace.channel_named(CASES_CHANNEL).id
    async with mailbox.listening() as relay, running(slack):
        service = Service(
            folder,
            {
                "RELAY_HOST": "127.0.0.1",
                "RELAY_PORT": str(relay),
                "SLACK_API_URL": slack.api_url,
                "SLACK_BOT_TOKEN": slack.bot_token,
                "SLACK_APP_TOKEN": slack.app_token,
                "SLACK_CASES_CHANNEL": cases,
                "REPLIES_PER_SENDER_PER_DAY": "1000000",
            },
        )
        print(f"cold start   {await service.start():8.1f} s")
        try:
            await flood(service, mailbox, number)
            await paced(service, mailbox)
        finally:
            await service.stop()
        print(f"warm start   {await service.start():8.1f} s")
        await service.stop()


def main() -> None:
    """Make the data folder, one that every account may enter, and remove it at the end."""
    folder = Path(tempfile.mkdtemp(prefix="tb-"))
    folder.chmod(0o711)
    try:
        asyncio.run(measure(folder, int(sys.argv[1]) if len(sys.argv) > 1 else 1000))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
