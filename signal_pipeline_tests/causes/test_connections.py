"""Which failed flow of a capture a failed request or a log line is put down to: a case for each way to say so."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from signal_pipeline.causes.find import find_causes
from signal_pipeline.causes.node import Node
from signal_pipeline.causes.settings import CauseSettings
from signal_pipeline.classification.classify import classify_entries
from signal_pipeline.frame_schema import FLOW
from signal_pipeline.parsing.signal_reader import read_signal
from signal_pipeline.redaction.redactor import Redactor
from signal_pipeline_tests.parsing.pcap.packets import (
    ACK,
    RST,
    SERVER,
    SYN,
    Connection,
    client_hello,
    dns,
    ip,
    pcap,
    udp,
)

BEGIN = datetime(2024, 3, 1, 10, 0, tzinfo=UTC)
HELLO = client_hello("pay.shop.example")
REFUSED = Connection(server_port=5432).send(0, flags=SYN).send(1, flags=RST | ACK).packets
RESET = Connection(server_port=443).opened().send(0, HELLO).send(1, flags=RST | ACK).packets
GIVEN_UP = Connection(server_port=443).opened().send(0, HELLO).send(0, flags=RST | ACK).packets
NO_NAME = [
    ip(udp(40_000, 53, dns("pay.shop.example")), target="9.9.9.9", protocol=17),
    ip(udp(53, 40_000, dns("pay.shop.example", rcode=3)), "9.9.9.9", "10.0.0.2", 17),
]


def line(text: str, seconds: float = 0.1) -> str:
    at = (BEGIN + timedelta(seconds=seconds)).isoformat(timespec="milliseconds")
    return f"{at} ERROR shop.orders {text}\n"


def request(url: str, error: str, seconds: float = 0.0) -> str:
    started = (BEGIN + timedelta(seconds=seconds)).isoformat(timespec="milliseconds")
    asked = {"method": "GET", "url": url, "headers": []}
    entry = {"startedDateTime": started, "time": 40, "request": asked, "response": {"status": 0, "_error": error}}
    return json.dumps({"log": {"version": "1.2", "entries": [entry]}})


# name, packets, file, its content, whether the flow is its cause
CASES: list[tuple[str, list[bytes], str, str, bool]] = [
    ("address and port", REFUSED, "app.log", line(f"dial tcp {SERVER}:5432: connect: connection refused"), True),
    ("address, port in words", REFUSED, "app.log", line(f"connection to server at {SERVER}, port 5432 refused"), True),
    ("in a URL", REFUSED, "app.log", line(f"postgres://shop@{SERVER}/shop: connection refused"), True),
    ("another port", REFUSED, "app.log", line(f"dial tcp {SERVER}:5433: connect: connection refused"), False),
    ("another way", REFUSED, "app.log", line(f"read tcp {SERVER}:5432: connection reset by peer"), False),
    ("much later", REFUSED, "app.log", line(f"dial tcp {SERVER}:5432: connection refused", 90), False),
    ("a request by name", RESET, "a.har", request("https://pay.shop.example/x", "net::ERR_CONNECTION_RESET"), True),
    ("a request, closed", RESET, "a.har", request("https://pay.shop.example/", "net::ERR_CONNECTION_CLOSED"), False),
    ("a client that gave up", GIVEN_UP, "a.har", request("https://pay.shop.example/", "net::ERR_ABORTED"), False),
    ("a name that no flow has", REFUSED, "app.log", line("db.internal:5432 connection refused"), True),
    ("a name that another has", RESET, "app.log", line("https://other.example/ connection reset by peer"), False),
    ("a name without an address", NO_NAME, "app.log", line("getaddrinfo ENOTFOUND pay.shop.example"), True),
]  # fmt: skip


def cause_of(packets: list[bytes], file: str, content: str, folder: Path) -> Node | None:
    (folder / "net.pcap").write_bytes(pcap(packets, start=int(BEGIN.timestamp())))
    (folder / file).write_text(content, encoding="utf-8")
    frames = [
        classify_entries(frame)
        for path in sorted(folder.iterdir())
        for frame in read_signal(path, redactor=Redactor(b"key"), signal_id=path.name)
    ]
    found = find_causes(pl.concat(frames), CauseSettings())
    row = next(row for row, node in found.nodes.items() if node.file[0] == file)
    return next((found.nodes[i.root] for i in found.incidents for s in i.symptoms if s.row == row), None)


@pytest.mark.parametrize(("name", "packets", "file", "content", "joined"), CASES, ids=[case[0] for case in CASES])
def test_a_failure_is_put_down_to_the_flow_that_it_names(
    name: str, packets: list[bytes], file: str, content: str, joined: bool, tmp_path: Path
) -> None:
    cause = cause_of(packets, file, content, tmp_path)
    assert (cause is not None and cause.role == FLOW) == joined, name
