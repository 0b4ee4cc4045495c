"""Read mutated mails for some minutes and say what was raised, lost or slow.

    python benchmarks/fuzz_mail.py --minutes 10 [--seed 1] [--json]

The mails of tests/data are cut, joined, repeated and damaged. A fault is an exception, text
that cannot be stored, an attachment that cannot be fetched, or a mail that takes two seconds
of processor time or more than 300 MB of memory. The bytes of each fault are written to the folder
named by --keep.
"""

import argparse
import hashlib
import json
import random
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from bot.mail.parse import as_record, attachment_bytes, parse

DATA = Path(__file__).parents[1] / "tests" / "data"
SLOW = 2.0
MOST_MB = 300
LONGEST = 300_000
PIECES = (
    b"\n--b\n", b"\n--b--\n", b"\n\n", b"\r", b"\0", b"\xff\xfe", b"=\n", b"=?utf-8?B?", b"?=",
    b"Content-Type: multipart/mixed; boundary=b\n", b"Content-Type: message/rfc822\n",
    b"Content-Type: application/ms-tnef\n", b"Content-Type: application/pkcs7-mime\n",
    b"Content-Transfer-Encoding: base64\n", b"Content-Type: text/html\n", b"<div>", b"</div>",
    b"<blockquote type=cite>", b"> ", b"-- \n", b"begin 644 a\n", b"\nend\n", b"wrote:\n",
    b"From: a <a@b.example>\n", b"charset=utf-7", b"\x1b$B", b"filename*0*=utf-8''%ff;",
)  # fmt: skip


def mutated(seeds: list[bytes], dice: random.Random) -> bytes:
    """A seed with one to eight things done to it."""
    mail = dice.choice(seeds)
    for _ in range(dice.randint(1, 8)):
        start = dice.randrange(len(mail) + 1)
        end = min(len(mail), start + int(dice.expovariate(1 / 40)))
        mail = dice.choice((
            mail[:start] + mail[end:],
            mail[:start] + dice.choice(PIECES) + mail[start:],
            mail[:start] + dice.randbytes(end - start) + mail[end:],
            mail[:end] + mail[start:end] * dice.randint(1, 200) + mail[end:],
            mail[:start] + dice.choice(seeds)[-dice.randint(1, 2_000) :],
            mail[:start],
            mail.replace(b"\n", b"\r\n" if b"\r\n" not in mail else b"\n"),
        ))[:LONGEST]  # fmt: skip
    return mail


def faults(mail: bytes) -> Iterator[str]:
    """What is wrong with how this mail is read."""
    begun = time.process_time()
    try:
        parsed = parse(mail)
        took = time.process_time() - begun
        if "\0" in json.dumps(as_record(parsed, "mail.eml"), ensure_ascii=False):
            yield "a NUL in what is stored"
        json.dumps(as_record(parsed, "mail.eml"), ensure_ascii=False).encode("utf-8")
        for number, file in enumerate(parsed.attachments):
            if len(attachment_bytes(mail, number)) != file.size:
                yield "an attachment of another size"
    except Exception as error:  # noqa: BLE001 -- whatever is raised is what is looked for
        yield f"{type(error).__name__}: {error}"[:200]
        return
    if took > SLOW:
        yield f"took {took:.1f} s"
    if peak_mb() > MOST_MB:
        yield f"more than {MOST_MB} MB, by this mail or one before"


def peak_mb() -> float:
    """The most memory that this process ever had; macOS counts bytes, Linux kilobytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def main() -> int:
    """Run until the time is up; 1 where a fault was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="where the bytes of faults are written")
    parser.add_argument("--json", action="store_true", help="one object on the last line")
    asked = parser.parse_args()
    seeds = [path.read_bytes() for path in sorted(DATA.rglob("*.eml"))]
    dice = random.Random(asked.seed)
    found: dict[str, int] = {}
    slowest, done, whole = 0.0, 0, asked.minutes * 60
    begun = time.monotonic()
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("mails read", total=whole)
        while (gone := time.monotonic() - begun) < whole:
            mail = mutated(seeds, dice)
            start = time.process_time()
            for fault in faults(mail):
                found[fault] = found.get(fault, 0) + 1
                if asked.keep:
                    asked.keep.mkdir(parents=True, exist_ok=True)
                    name = hashlib.sha256(mail).hexdigest()[:16]
                    (asked.keep / f"{name}.eml").write_bytes(mail)
            slowest = max(slowest, time.process_time() - start)
            done += 1
            progress.update(task, completed=gone)
    if asked.json:
        told = {"mails": done, "faults": found, "slowest_seconds": round(slowest, 3)}
        print(json.dumps({**told, "peak_mb": round(peak_mb())}))
    else:
        print(f"{done} mails read from {len(seeds)} seeds, the slowest in {slowest:.2f} s")
        print(f"{peak_mb():.0f} MB of memory at most")
        print("\n".join(f"{count} x {fault}" for fault, count in found.items()) or "no fault")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
