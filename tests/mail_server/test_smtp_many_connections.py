"""A thousand connections at once: each is served or told to come back, and memory stays bounded."""

import asyncio
import os
import resource
import subprocess
import sys
import textwrap
from collections import Counter
from pathlib import Path

import pytest
from mail_server.peers import Line

ROOT = Path(__file__).parents[2]
CONNECTIONS = 1_000
PLACES = 256
"""As the settings have it where nothing is set."""
MOST_MB = 150
"""What a thousand of them may cost the server, beyond what it takes to run at all."""
MOST_MB_IN_A_FLOOD = 1_000
"""128 MB may be on their way in; lines, whole mails and what Python gives back late come on top."""
SERVER = textwrap.dedent("""
    import asyncio, resource, sys
    from pathlib import Path
    from bot.mail.server import start_smtp
    from bot.settings import Settings

    async def keep(mails):
        await asyncio.sleep(0.01)

    async def main():
        settings = Settings(
            smtp_port=0, smtp_max_connections_per_address=1000, data_dir=Path(sys.argv[1]),
            smtp_session_seconds=60, smtp_idle_seconds=30,
        )
        server = await start_smtp(settings, keep)
        print(server.port, flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, server.session_count, flush=True)

    asyncio.run(main())
""")

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(
        resource.getrlimit(resource.RLIMIT_NOFILE)[0] < CONNECTIONS + 200,
        reason=f"fewer than {CONNECTIONS + 200} files may be open here: raise `ulimit -n`",
    ),
]


class Server:
    """The SMTP server in a process of its own, so that its memory is its own."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVER, str(folder)],
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.port = int(self._line())
        self._idle_mb = self._resident_mb()

    def _line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def _resident_mb(self) -> float:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        [line] = [one for one in status.splitlines() if one.startswith("VmHWM")]
        return int(line.split()[1]) / 1024

    @property
    def grown_mb(self) -> float:
        """By how much its memory peaked above what it was before anybody came."""
        return self._resident_mb() - self._idle_mb

    def stop(self) -> int:
        """End it; how many sessions were open at the end."""
        said, _ = self.process.communicate("\n", timeout=30)
        return int(said.split()[1])


@pytest.fixture
def server(tmp_path: Path):
    if not Path("/proc/self/status").exists():
        pytest.skip("the peak of memory is read from /proc")
    one = Server(tmp_path)
    yield one
    one.process.kill()
    one.process.communicate()


async def opened(port: int) -> Line:
    return Line(*await asyncio.open_connection("127.0.0.1", port))


async def test_a_thousand_at_once_are_served_or_told_to_come_back(server: Server) -> None:
    lines = await asyncio.gather(*(opened(server.port) for _ in range(CONNECTIONS)))
    greetings = await asyncio.gather(*(line.hear() for line in lines))
    codes = Counter(text[:3] for text in greetings)
    assert codes == {"220": PLACES, "421": CONNECTIONS - PLACES}
    inside = [line for line, text in zip(lines, greetings, strict=True) if text[:3] == "220"]

    async def send(line: Line, at: int) -> str:
        await line.envelope()
        return await line.say(f"Subject: {at}\r\n\r\n" + "word " * 40 + "\r\n.")

    said = await asyncio.gather(*(send(line, at) for at, line in enumerate(inside)))
    assert {text[:3] for text in said} == {"250"}
    for line in lines:
        line.writer.close()
    assert server.grown_mb < MOST_MB
    await asyncio.sleep(0.5)
    assert server.stop() == 0


async def test_a_thousand_one_after_another_that_never_say_goodbye_leave_no_trace(
    server: Server,
) -> None:
    for _ in range(10):
        lines = await asyncio.gather(*(opened(server.port) for _ in range(CONNECTIONS // 10)))
        await asyncio.gather(*(line.hear() for line in lines))
        for line in lines:
            line.writer.transport.abort()
    await asyncio.sleep(0.5)
    late = await opened(server.port)
    assert (await late.hear()).startswith("220")
    late.writer.close()
    await asyncio.sleep(0.5)
    assert server.stop() == 0


async def test_large_mails_on_all_places_at_once_are_bounded_in_memory(server: Server) -> None:
    """Two hundred and fifty-six times 20 MB would be 5 GB; most hear 421 instead."""
    lines = await asyncio.gather(*(opened(server.port) for _ in range(PLACES)))
    for line in lines:
        await line.hear()

    async def flood(line: Line) -> str:
        try:
            await line.envelope()
            for _ in range(20):
                line.writer.write((b"x" * 998 + b"\r\n") * 1000)
                await line.writer.drain()
            return await line.say(b".\r\n")
        except (ConnectionError, AssertionError):
            return "421"

    said = Counter(text[:3] or "421" for text in await asyncio.gather(*map(flood, lines)))
    for line in lines:
        line.writer.close()
    assert set(said) <= {"250", "421", "451"}
    assert said["421"] > 0
    assert server.grown_mb < MOST_MB_IN_A_FLOOD
