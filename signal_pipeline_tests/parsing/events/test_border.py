"""What is a stream of events and what is a log in JSON: the table of envelopes decides, over all real logs as well."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from signal_pipeline.parsing.events.envelope import Envelope
from signal_pipeline.parsing.events.envelopes import ENVELOPES, envelope_of
from signal_pipeline.parsing.events.kind import EVENTS
from signal_pipeline.parsing.kinds import HEAD_BYTES
from signal_pipeline_tests.real_data import REAL_DATA, needs_real_data

CLOUD = {"specversion": "1.0", "id": "1", "source": "/shop", "type": "order.placed", "data": {"order_id": "A-1"}}
LARGE = {**CLOUD, "data": {"lines": [{"sku": "x" * 500, "n": [1, {"a": 2}]}] * 400}}

EVENT_FILES: list[tuple[str, bytes]] = [
    ("an event", json.dumps(CLOUD).encode()),
    ("one a line", b"".join(json.dumps(CLOUD).encode() + b"\n" for _ in range(3))),
    ("an array", json.dumps([CLOUD, CLOUD], indent=2).encode()),
    ("an array below a key", json.dumps({"events": [CLOUD, CLOUD]}).encode()),
    ("printed over several lines", json.dumps(CLOUD, indent=2).encode() + b"\n" + json.dumps(CLOUD, indent=2).encode()),
    ("with a mark of the byte order", b"\xef\xbb\xbf" + json.dumps(CLOUD).encode()),
    ("JSON text sequences", b"\x1e" + json.dumps(CLOUD).encode() + b"\n\x1e" + json.dumps(CLOUD).encode()),
    ("larger than the head", json.dumps(LARGE).encode()),
    ("an array whose first is larger than the head", json.dumps([LARGE]).encode()),
    ("plain events", b'{"event":"cart_abandoned","cart_id":"7","ts":1709287200}\n' * 4),
    ("CamelCase names", b'{"type":"OrderPlaced","id":"7","timestamp":"2024-03-01T10:00:00Z"}\n' * 4),
]
LOGS: list[tuple[str, bytes]] = [
    ("structlog", b'{"event": "payment.failed", "level": "error", "timestamp": "2024-03-01T10:00:00Z", "order_id": 1}\n'),
    ("pino", b'{"level":50,"time":1709287200000,"pid":1,"hostname":"h","msg":"a.b","id":"1"}\n'),
    ("a message beside the name", b'{"event_type":"order.placed","message":"order placed","id":"1","time":1709287200}\n'),
    ("one word for a name", b'{"event_type":"alert","id":"1","timestamp":"2024-03-01T10:00:00Z"}\n'),
    ("no time", b'{"event":"order.placed","id":"1"}\n'),
    ("audit trail", b'{"type":"MemberEvent","id":"1","actor":{"id":1},"payload":{},"created_at":"2024-03-01T10:00:00Z"}\n'),
    ("CloudTrail", b'{"Records":[{"eventVersion":"1.08","eventName":"GetObject","eventTime":"2024-03-01T10:00:00Z","eventID":"1"}]}'),
    ("text", b"2024-03-01 10:00:00 ERROR order.placed {\n"),
    ("an empty object", b"{}"),
    ("numbers", b"[1,2,3]"),
    ("mostly log lines", json.dumps(CLOUD).encode() + b"\n" + b'{"level":"info","msg":"a"}\n' * 4),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data"), EVENT_FILES, ids=[name for name, _ in EVENT_FILES])
def test_events(name: str, data: bytes) -> None:
    assert EVENTS.claims(data[:HEAD_BYTES])


@pytest.mark.parametrize(("name", "data"), LOGS, ids=[name for name, _ in LOGS])
def test_no_events(name: str, data: bytes) -> None:
    assert not EVENTS.claims(data[:HEAD_BYTES])


@pytest.mark.parametrize("row", ENVELOPES, ids=lambda row: row.name)
def test_each_envelope_matches_its_example_first(row: Envelope) -> None:
    assert envelope_of(json.loads(row.example)) is row


def heads(*folders: str) -> Iterator[tuple[Path, bytes]]:
    for folder in folders:
        for path in sorted((REAL_DATA / folder).rglob("*")):
            if path.is_file():
                with path.open("rb") as file:
                    head = file.read(HEAD_BYTES)
                if head.startswith(b"\x1f\x8b"):
                    try:
                        with gzip.open(path) as packed:
                            head = packed.read(HEAD_BYTES)
                    except (OSError, EOFError):
                        continue
                yield path, head


@needs_real_data
def test_no_real_file_of_another_kind_is_taken_for_events() -> None:
    taken = [path for path, head in heads("logs", "field", "traces", "incidents", "har", "pcap") if EVENTS.claims(head)]
    assert taken == []


@needs_real_data
def test_all_real_webhooks_are_events() -> None:
    left = [path for path, head in heads("events/webhooks", "github/webhooks") if not EVENTS.claims(head)]
    assert left == []
