"""A name server on this machine that knows what a test told it, and answers over UDP."""

import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset


@dataclass
class Names:
    """An authoritative server: what is not in `records` does not exist."""

    records: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    """By name and type; texts as they are, without quotes."""
    broken: set[str] = field(default_factory=set)
    """Names for which the server fails."""
    silent: set[str] = field(default_factory=set)
    """Names about which it says nothing, so that who asks waits."""
    asked: list[str] = field(default_factory=list)
    port: int = 0

    def tell(self, name: str, kind: str, *values: str) -> None:
        self.records[name, kind] = list(values)

    def answer(self, wire: bytes) -> bytes | None:
        query = dns.message.from_wire(wire)
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        kind = dns.rdatatype.to_text(question.rdtype)
        self.asked.append(name)
        if name in self.silent:
            return None
        reply = dns.message.make_response(query)
        reply.flags |= dns.flags.AA
        if name in self.broken:
            reply.set_rcode(dns.rcode.SERVFAIL)
        elif values := self.records.get((name, kind)):
            written = [_quoted(one) if kind == "TXT" else one for one in values]
            reply.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *written))
        elif all(name != known for known, _ in self.records):
            reply.set_rcode(dns.rcode.NXDOMAIN)
        return reply.to_wire()


def _quoted(text: str) -> str:
    """A text in the strings of at most 255 bytes that a record holds."""
    return " ".join(f'"{text[at : at + 255]}"' for at in range(0, len(text), 255))


@contextmanager
def answering(names: Names) -> Iterator[Names]:
    """Have the server answer on a free port."""

    class OneQuestion(socketserver.DatagramRequestHandler):
        def handle(self) -> None:
            wire: Any = self.request[0]
            if reply := names.answer(wire):
                self.wfile.write(reply)

    with socketserver.ThreadingUDPServer(("127.0.0.1", 0), OneQuestion) as server:
        names.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield names
        finally:
            server.shutdown()
            thread.join()


def seconds_since(start: float) -> float:
    """How long ago that was, by the clock of `time.monotonic`."""
    return time.monotonic() - start
