"""How fast the desk in Slack is beside ten thousand open cases: prints one line for each bar.

    .venv/bin/python benchmarks/desk_speed.py [--cases 10000] [--seconds 30] [--rate 20]

It fills an embedded PostgreSQL, starts `triagebot serve` on it as a process of its own, and works
it over Socket Mode from the pretend Slack: presses of buttons at a steady rate (claims, forms that
open, explanations), openings of App Home, and mails that become cards. A press counts from when
Slack sends it until Slack has the acknowledgement. Ends with code 1 where a bound is exceeded.
"""

import argparse
import asyncio
import json
import os
import smtplib
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from email.message import EmailMessage
from importlib.resources import files
from pathlib import Path

import psycopg
from card_speed import NoJobs, fill

from bot.postgres import EmbeddedPostgres
from bot.sandbox.slack import (
    CASES_CHANNEL,
    OFFICERS_GROUP,
    Acting,
    PretendSlack,
    running,
    sandbox_workspace,
)
from bot.slack import names
from bot.slack.clients import web_client
from bot.slack.views import card, card_text
from handlers.case_view import case_view
from handlers.schema import migrate
from handlers.unit import Store
from triage import labelled

PRESS_BAR, HOME_BAR, CARD_BAR = 500.0, 300.0, 2000.0
"""Milliseconds: 99 of 100 presses acknowledged, half of App Homes drawn, half of cards there."""
BUTTONS = (names.CLAIM, names.REPLY, names.SHOW_WHY)
HOMES, MAILS = 30, 20
OFFICERS = ("asha", "tom", "mei", "ruth")
READY_SECONDS = 60


@dataclass
class Desk:
    """What is measured."""

    slack: PretendSlack
    channel: str
    smtp_port: int
    cards: list[str]
    """The ts of each card that is pressed."""

    def officer(self, at: int) -> Acting:
        """One of the officers in turn."""
        name = OFFICERS[at % len(OFFICERS)]
        users = self.slack.workspace.users.values()
        return Acting(self.slack, next(one.id for one in users if one.name == name))

    async def press(self, at: int) -> float:
        """Press one button; the milliseconds until it was acknowledged."""
        start = time.perf_counter()
        button = BUTTONS[at % len(BUTTONS)]
        await self.officer(at // len(BUTTONS)).press(self.channel, self.cards[at], button)
        return 1000 * (time.perf_counter() - start)

    async def presses(self, rate: float, count: int) -> list[float]:
        """Presses at a steady rate, however slowly they are acknowledged."""
        start, tasks = time.perf_counter(), []
        for at in range(count):
            await asyncio.sleep(max(0.0, start + at / rate - time.perf_counter()))
            tasks.append(asyncio.create_task(self.press(at)))
        return await asyncio.gather(*tasks)

    async def home(self, at: int) -> float:
        """Open App Home; the milliseconds until it was drawn."""
        officer = self.officer(at)
        views, user = self.slack.views, self.slack.workspace.users
        who = next(one for one in user.values() if one.name == OFFICERS[at % len(OFFICERS)]).id
        before = views.home(who)
        seen = before.hash if before else ""
        start = time.perf_counter()
        officer.open_home()
        while (now := views.home(who)) is None or now.hash == seen:  # noqa: ASYNC110 -- a clock
            await asyncio.sleep(0.001)
        return 1000 * (time.perf_counter() - start)

    async def mail(self, at: int) -> float:
        """Hand a mail in; the milliseconds from its 250 until its card stands."""
        before = len(self.slack.workspace.history(self.channel))
        await asyncio.to_thread(_hand_in, self.smtp_port, at)
        start = time.perf_counter()
        while len(self.slack.workspace.history(self.channel)) == before:  # noqa: ASYNC110 -- a clock
            await asyncio.sleep(0.002)
        return 1000 * (time.perf_counter() - start)


def _hand_in(port: int, number: int) -> None:
    message = EmailMessage()
    message["From"] = f"Asker <asker{number}@uni.example>"
    message["To"] = "dars@triagebot.example"
    message["Subject"] = f"Our application, {number}"
    message["Message-ID"] = f"<speed-{number}@uni.example>"
    reference = f"DARS-NIC-{381000 + number}-B2C3D"
    message.set_content(f"Who is our case officer for {reference} now, and where does it stand?")
    with smtplib.SMTP("127.0.0.1", port, timeout=30) as client:
        client.send_message(message)


async def post_cards(slack: PretendSlack, channel: str, store: Store, count: int) -> list[str]:
    """The cards of the first cases, as they would have been posted."""
    client = web_client(slack.api_url, None, "asks_once")
    client.token = slack.bot_token
    posted = []
    for number in range(1, count + 1):
        async with store.unit() as unit:
            case = await case_view(unit, number)
        answer = await client.chat_postMessage(
            channel=channel, text=card_text(case), blocks=card(case)
        )
        posted.append(str(answer["ts"]))
    return posted


def start_service(
    folder: Path, address: str, slack: PretendSlack, channel: str
) -> subprocess.Popen[bytes]:
    """`triagebot serve`, on every port a free one."""
    prepared = Path("var").resolve()
    for name in ("encoder", "model", "cache"):
        if (prepared / name).is_dir():
            (folder / name).symlink_to(prepared / name)
    settings = {
        "DATA_DIR": str(folder),
        "DATABASE_URL": address,
        "LOG_FORMAT": "json",
        "SMTP_PORT": "0",
        "WEB_PORT": "0",
        "SLACK_API_URL": slack.api_url,
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_CASES_CHANNEL": channel,
        "SLACK_OFFICERS_GROUP": OFFICERS_GROUP,
        "REMINDERS": "false",
    }
    environment = {f"TRIAGEBOT_{name}": value for name, value in settings.items()}
    with (folder / "output.txt").open("wb") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "bot.cli", "serve"],
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(Path.cwd()), **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
        )


async def smtp_port(folder: Path, process: subprocess.Popen[bytes]) -> int:
    """The port of the service's mail, once it is ready."""
    until = time.monotonic() + READY_SECONDS
    while "ready in" not in (said := (folder / "output.txt").read_text(errors="replace")):
        if process.poll() is not None or time.monotonic() > until:
            raise SystemExit(f"the service did not start:\n{said[-2000:]}")
        await asyncio.sleep(0.1)
    line = next(one for one in said.splitlines() if "smtp://" in one)
    return int(line.rpartition("smtp://")[2].split()[0].rpartition(":")[2].strip("/"))


def told(name: str, times: list[float], which: float, bar: float) -> bool:
    """Print one figure beside its bar; whether it is kept."""
    ordered = sorted(times)
    at = ordered[min(len(ordered) - 1, int(which * len(ordered)))]
    half = statistics.median(ordered)
    print(
        f"{name}: p{100 * which:.0f} {at:.0f} ms (bar {bar:.0f}), p50 {half:.0f} ms,"
        f" longest {ordered[-1]:.0f} ms, of {len(ordered)}"
    )
    return at <= bar


async def measure(folder: Path, address: str, options: argparse.Namespace) -> bool:
    """Start everything, press, print; whether all bounds were kept."""
    count = round(options.seconds * options.rate)
    slack = sandbox_workspace(limits={})
    slack.install(json.loads((files("bot.slack") / "manifest.json").read_text()))
    channel = next(one.id for one in slack.workspace.channels.values() if one.name == CASES_CHANNEL)
    async with running(slack):
        store = Store(address, NoJobs())
        cards = await post_cards(slack, channel, store, count)
        await store.close()
        _share_out(address, slack)
        process = start_service(folder, address, slack, channel)
        try:
            desk = Desk(slack, channel, await smtp_port(folder, process), cards)
            await slack.delivery.sockets.connected()
            presses = await desk.presses(options.rate, count)
            homes = [await desk.home(at) for at in range(HOMES)]
            mails = [await desk.mail(at) for at in range(MAILS)]
        finally:
            process.terminate()
            await asyncio.to_thread(process.wait, 60)
    return all(
        [
            told(f"presses, {options.rate:.0f} a second", presses, 0.99, PRESS_BAR),
            told("App Home", homes, 0.5, HOME_BAR),
            told("from a mail's 250 to its card", mails, 0.5, CARD_BAR),
        ]
    )


def _share_out(address: str, slack: PretendSlack) -> None:
    """Give half of the cases that are not pressed to the officers."""
    users = {one.name: one for one in slack.workspace.users.values()}
    with psycopg.connect(address, autocommit=True) as connection:
        for at, name in enumerate(OFFICERS):
            who = users[name]
            connection.execute(
                "UPDATE case_record SET officer = %s, officer_name = %s WHERE id %% 8 = %s",
                [who.id, who.real_name, at],
            )
        connection.execute("VACUUM ANALYZE")


def main() -> None:
    """Fill, measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--rate", type=float, default=20)
    options = parser.parse_args()
    messages = [one for one in labelled.read(labelled.CALIBRATION) if one.route == "escalate"]

    async def run() -> bool:
        with tempfile.TemporaryDirectory(prefix="tb-") as name:
            folder = Path(name)
            server = EmbeddedPostgres(folder / "db")
            (folder / "db").mkdir()
            await server.start()
            try:
                await asyncio.to_thread(migrate, server.address)
                await asyncio.to_thread(fill, server.address, options.cases, messages, open_every=1)
                return await measure(folder, server.address, options)
            finally:
                await server.stop()

    raise SystemExit(0 if asyncio.run(run()) else 1)


if __name__ == "__main__":
    main()
