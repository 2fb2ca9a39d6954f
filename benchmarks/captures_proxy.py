"""The example shop behind a proxy that breaks connections: is the broken flow named as the cause of the failed request?

Nobody may listen on the network here, so the capture is written from the bytes that the proxy carried. The shop also
fails by itself meanwhile, and those failures must not be put down to a connection. Once the capture holds the requests
in the clear, once TLS with nothing but the name of the server, and once nothing but addresses (an older client).
"""

from __future__ import annotations

import random
import re
import select
import socket
import struct
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from benchmarks.capture_writer import ACK, FIN, RST, CarriedConnection, write_capture
from benchmarks.result import Figure
from benchmarks.shop_visitors import Visitor, _shop, _visit, har_of
from signal_pipeline.causes.find import Causes, find_causes
from signal_pipeline.causes.settings import CauseSettings
from signal_pipeline.classification.classify import classify_entries
from signal_pipeline.frame_schema import EXCHANGE, FLOW
from signal_pipeline.parsing.signal_reader import read_signal
from signal_pipeline.redaction.redactor import Redactor

SERVER = "192.0.2.80"
NAME = "shop.example"
BREAKS = {"reset": "net::ERR_CONNECTION_RESET", "refused": "net::ERR_CONNECTION_REFUSED"}
"""Ways to break, and what a browser says of each."""
BREAK_SHARE = 0.15
ROUNDS = 3
SEED = 11
_RESET = struct.pack("ii", 1, 0)
_REQUEST_ID = re.compile(rb"X-Request-Id: (\S+)")
_HOST = re.compile(rb"Host: \S+")


@dataclass
class BreakingProxy:
    """Carries connections to the shop; of some it breaks the first request in one of BREAKS ways."""

    target: int
    rng: random.Random
    connections: list[CarriedConnection] = field(default_factory=list)
    broken: dict[str, tuple[int, str]] = field(default_factory=dict)
    """By request id the number of its connection, and how it was broken."""

    def carry(self, client: socket.socket, port: int) -> None:
        one = CarriedConnection(("192.0.2.7", port), (SERVER, 80), time.time())
        how = self.rng.choice(tuple(BREAKS)) if self.rng.random() < BREAK_SHARE else None
        self.connections.append(one)
        number = len(self.connections) - 1
        with client, socket.create_connection(("127.0.0.1", self.target)) as server:
            if how is not None:
                request = client.recv(65_536)
                self.broken[_REQUEST_ID.search(request)[1].decode()] = number, how  # type: ignore[index]
                self._break(client, one, request, how)
                return
            self._pass(client, server, one)

    def _break(self, client: socket.socket, one: CarriedConnection, request: bytes, how: str) -> None:
        time.sleep(self.rng.uniform(0.0, 0.05))
        one.refused = how == "refused"
        if not one.refused:
            one.sent.append((time.time() - 0.002, 0, request))
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        one.ended.append((time.time(), 1, RST))

    def _pass(self, client: socket.socket, server: socket.socket, one: CarriedConnection) -> None:
        sides = {client: (0, server), server: (1, client)}
        while True:
            for ready in select.select(list(sides), [], [], 30)[0]:
                side, other = sides[ready]
                try:
                    data = ready.recv(65_536)
                except ConnectionError:
                    data = b""
                if not data:
                    reset = side == 0 and not any(sender for _, sender, _ in one.sent)
                    one.ended.append((time.time(), side, RST | ACK if reset else FIN | ACK))
                    if not reset:
                        one.ended.append((time.time(), 1 - side, FIN | ACK))
                    return
                one.sent.append((time.time(), side, data))
                other.sendall(data)


@contextmanager
def _listening(proxy: BreakingProxy) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept() -> None:
            while True:
                try:
                    client, (_, port) = listener.accept()
                except OSError:
                    return
                threading.Thread(target=proxy.carry, args=(client, port), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)


def proxy() -> dict[str, Figure]:
    """Failed requests and the flows that are named as their causes, against those that the proxy broke."""
    rng = random.Random(SEED)
    with _shop() as shop:
        breaking = BreakingProxy(shop.port, random.Random(rng.getrandbits(32)))
        with _listening(breaking) as port:
            people = [Visitor(name, port, random.Random(rng.getrandbits(32)), 0.05) for name in ("ada", "bob", "carol")]
            threads = [threading.Thread(target=_visit, args=(person, ROUNDS)) for person in people]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        log = shop.log.read_text(encoding="utf-8")
    figures: dict[str, Figure] = {}
    for view in ("clear", "tls", "addresses"):
        right = named = wanted = 0
        for person in people:
            r, n, w = _measured(person, breaking, log, view)
            right, named, wanted = right + r, named + n, wanted + w
        figures[f"proxy_{view}_precision"] = Figure(right / max(named, 1), 0.95, "higher", f"of {named}")
        figures[f"proxy_{view}_recall"] = Figure(right / max(wanted, 1), 0.9, "higher", f"of {wanted}")
    return figures


def _measured(person: Visitor, proxy: BreakingProxy, log: str, view: str) -> tuple[int, int, int]:
    """(right, named, wanted) of one visitor's report: their HAR, the shop's log, the whole capture."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        scheme = "http" if view == "clear" else "https"
        for exchange in person.exchanges:
            if exchange.request_id in proxy.broken:
                exchange.net_error = BREAKS[proxy.broken[exchange.request_id][1]]
        har = har_of(person).replace(f"http://{NAME}", f"{scheme}://{NAME}")
        (folder / "shop.har").write_text(har, encoding="utf-8")
        (folder / "server.log").write_text(log, encoding="utf-8")
        write_capture(folder / "net.pcap", [_as_seen(one, view) for one in proxy.connections])
        entries = _entries(folder)
    found = find_causes(entries, CauseSettings())
    flow_of = _flows_by_request(found)
    starts = {one.request_id: number for number, one in enumerate(person.exchanges)}
    numbers = _numbers(entries)
    wanted = {
        starts[one]: numbers[proxy.connections[at].client[1]] for one, (at, _) in proxy.broken.items() if one in starts
    }
    right = sum(wanted.get(entry) == flow for entry, flow in flow_of.items())
    return right, len(flow_of), len(wanted)


def _entries(folder: Path) -> pl.DataFrame:
    frames = [
        classify_entries(frame)
        for path in sorted(folder.iterdir())
        for frame in read_signal(path, redactor=Redactor(b"key"), signal_id=path.name)
    ]
    return pl.concat(frames)


def _numbers(entries: pl.DataFrame) -> dict[int, int]:
    """Numbers of flows by the client's port."""
    flows = entries.filter(pl.col("role") == FLOW).select(
        port=pl.col("flow").str.json_path_match("$.source_port").cast(pl.Int64()), number="entry_index"
    )
    return {int(port): int(number) for port, number in flows.iter_rows()}


def _flows_by_request(found: Causes) -> dict[int, int]:
    """By entry of the HAR the number of the flow that it is put down to, however indirectly."""
    causes = {s.row: s.cause for incident in found.incidents for s in reversed(incident.symptoms)}
    named: dict[int, int] = {}
    for row, node in found.nodes.items():
        if node.role != EXCHANGE or node.file[0] != "shop.har":
            continue
        at = row
        while at in causes and found.nodes[at].role != FLOW:
            at = causes[at]
        if found.nodes[at].role == FLOW:
            named[int(node.entry_index or 0)] = int(found.nodes[at].entry_index or 0)
    return named


def _as_seen(one: CarriedConnection, view: str) -> CarriedConnection:
    """With the shop's name in the clear, or as TLS, which shows a name or, of an old client, none."""
    port = 80 if view == "clear" else 443
    if view == "clear":
        sent = [(at, side, _HOST.sub(b"Host: " + NAME.encode(), data)) for at, side, data in one.sent]
    else:
        sent = [(at, side, _record(23, data)) for at, side, data in one.sent]
        if sent and view == "tls":
            sent.insert(0, (sent[0][0] - 0.0005, 0, _client_hello(NAME.encode())))
    return CarriedConnection(one.client, (SERVER, port), one.began, sent, one.ended, one.refused)


def _record(kind: int, data: bytes) -> bytes:
    parts = [data[at : at + 16_000] for at in range(0, len(data), 16_000)]
    return b"".join(struct.pack(">BHH", kind, 0x0303, len(part)) + bytes(len(part)) for part in parts)


def _client_hello(name: bytes) -> bytes:
    listed = struct.pack(">HBH", len(name) + 3, 0, len(name)) + name
    extension = struct.pack(">HH", 0, len(listed)) + listed
    body = b"\x03\x03" + bytes(32) + b"\0" + b"\0\2\x13\x01" + b"\1\0" + struct.pack(">H", len(extension)) + extension
    hello = b"\x01" + len(body).to_bytes(3, "big") + body
    return struct.pack(">BHH", 22, 0x0301, len(hello)) + hello
