"""A file of events becomes entries: framing, places, failures, violations, signals within the file, redaction."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from signal_pipeline.classification.classify import classify_entries
from signal_pipeline.evidence import Place
from signal_pipeline.parsing.events.documents import MAX_EVENT_BYTES
from signal_pipeline.parsing.signal_reader import read_signal
from signal_pipeline.redaction.redactor import local_redactor


def cloud(id_: str, type_: str, at: str, **data: Any) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": id_,
        "source": "/shop",
        "type": type_,
        "time": f"2024-03-01T{at}Z",
        "data": data,
    }


PLACED = cloud("e1", "order.placed", "10:00:00", order_id="A-17", amount=12.5, currency="EUR")
FAILED = cloud(
    "e2", "payment.failed", "10:00:02", order_id="A-17", error={"code": "card_declined", "message": "no funds"}
)


def read(tmp_path: Path, data: bytes, kind: str | None = None) -> tuple[pl.DataFrame, Any]:
    path = tmp_path / "a.events.json"
    path.write_bytes(data)
    reading = read_signal(path, redactor=local_redactor(), kind=kind)
    frames = list(reading)
    return classify_entries(pl.concat(frames)) if frames else pl.DataFrame(), reading.outcome


def lines(*events: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(event).encode() + b"\n" for event in events)


FRAMINGS: list[tuple[str, bytes, list[int]]] = [
    ("one a line", lines(PLACED, FAILED), [1, 2]),
    ("blank lines", b"\n" + lines(PLACED) + b"\n\n" + lines(FAILED), [2, 5]),
    ("an array", json.dumps([PLACED, FAILED]).encode(), [1, 1]),
    ("an array, a line each", b"[\n" + lines(PLACED)[:-1] + b",\n" + lines(FAILED) + b"]\n", [2, 3]),
    ("below a key", json.dumps({"events": [PLACED, FAILED]}).encode(), [1, 1]),
    ("several lines each", json.dumps(PLACED, indent=1).encode() + b"\n" + json.dumps(FAILED, indent=1).encode(), [1, 13]),
    ("a torn end", lines(PLACED, FAILED) + b'{"specversion":"1.0","id', [1, 2]),
    ("a broken line between", lines(PLACED) + b'{"specver\n' + lines(FAILED), [1, 3]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "at"), FRAMINGS, ids=[case[0] for case in FRAMINGS])
def test_framing(tmp_path: Path, name: str, data: bytes, at: list[int]) -> None:
    entries, outcome = read(tmp_path, data)
    own = entries.filter(pl.col("event").is_not_null())
    assert outcome.kind == "events"
    assert own["line_number"].to_list() == at
    assert own["entry_index"].to_list() == [0, 1]
    assert [json.loads(text)["id"] for text in own["event"]] == ["e1", "e2"]
    for row in own.iter_rows(named=True):
        raw = data[row["byte_offset"] : row["byte_offset"] + row["byte_length"]]
        assert json.loads(raw)["id"] == json.loads(row["event"])["id"]
    assert ("bad_entries" in outcome.reasons) == (name in ("a torn end", "a broken line between"))


@pytest.mark.parametrize("cut", [1, 2, 40, 150])
def test_a_document_that_ends_too_early_is_partial(tmp_path: Path, cut: int) -> None:
    whole = json.dumps([PLACED, FAILED, PLACED]).encode()
    entries, outcome = read(tmp_path, whole[:-cut])
    assert (outcome.kind, outcome.status, outcome.reasons) == ("events", "partial", ("truncated",))
    assert set(entries["entry_index"]) == ({0, 1, 2} if cut == 1 else {0, 1})


def test_what_is_an_error(tmp_path: Path) -> None:
    odd = cloud("e3", "order.placed", "10:01:00", order_id="A-18", amount="12", currency="EUR")
    late = cloud("e4", "stock.counted", "11:00:00", count=3)
    entries, outcome = read(tmp_path, lines(PLACED, FAILED, odd, late))
    errors = entries.filter("is_error").select("entry_index", "exception_class", "error_type", "severity", "template")
    assert errors.rows() == [
        (1, "card_declined", "GenericError", "high", "payment.failed: card_declined: no funds"),
        (2, "SchemaViolation", "TypeError", "medium", "schema order.placed 1: /amount type"),
        (
            2,
            "FollowUpMissing",
            "TimeoutError",
            "high",
            "order_not_paid: no payment.captured or payment.failed or order.cancelled within 30m after order.placed",
        ),
    ]
    assert outcome.status == "ok"
    assert Place.of(entries.row(1, named=True), "a").label() == "a event 1"


def test_the_same_fault_is_the_same_error_in_another_file(tmp_path: Path) -> None:
    def hashes(number: int) -> set[str]:
        odd = cloud(
            f"x{number}", "order.placed", f"1{number}:01:00", order_id=f"B-{number}", amount="12", currency="EUR"
        )
        fail = {**FAILED, "id": f"f{number}", "data": {**FAILED["data"], "order_id": f"C-{number}"}}
        return set(read(tmp_path, lines(odd, fail))[0].filter("is_error")["signature_hash"])

    assert hashes(1) == hashes(2)
    assert len(hashes(1)) == 2


def test_ids_join_events_with_requests_and_logs(tmp_path: Path) -> None:
    traced = {**PLACED, "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}
    asked = {**FAILED, "data": {**FAILED["data"], "requestId": "7d0f6f7e-3c4b-4f0e-9d6f-2f1f3b9c8e11"}}
    entries, _ = read(tmp_path, lines(traced, asked))
    assert entries["trace_id"].to_list()[0] == "0af7651916cd43dd8448eb211c80319c"
    assert entries["request_id"].to_list()[1] == "7d0f6f7e-3c4b-4f0e-9d6f-2f1f3b9c8e11"


def test_redaction(tmp_path: Path) -> None:
    secret, mail = "4111 1111 1111 1111", "anna.berg@mail.example"
    event = cloud(
        mail, "payment.failed", "10:00:00", order_id="A-1", customer_id=mail, note=secret, error={"message": mail}
    )
    event |= {"source": f"/users/{mail}", mail: 1}
    event["data"][f"by {mail}"] = 1
    entries, outcome = read(tmp_path, lines(event))
    text = entries.write_json()
    assert "anna" not in text
    assert "1111" not in text
    assert outcome.redactions


def test_masked_keys_stay_different(tmp_path: Path) -> None:
    """Two customers are two, though neither may be shown."""
    events = [
        cloud(f"e{n}", "order.placed", f"10:00:0{n}", order_id=f"A-{n}", customer_id=f"p{n}@mail.example", amount=1, currency="EUR")
        for n in range(2)
    ]  # fmt: skip
    entries, _ = read(tmp_path, lines(*events))
    keys = [json.loads(text)["fields"]["customer_id"] for text in entries["event"].drop_nulls()]
    assert len(set(keys)) == 2


BAD: list[tuple[str, bytes, str]] = [
    ("deep", lines(PLACED) + b'{"specversion":"1.0","id":"1","source":"s","type":"a.b","data":' + b"[" * 5000 + b"]" * 5000 + b"}\n", "partial"),
    ("huge", lines(PLACED) + b'{"type":"a.b","x":"' + b"x" * (MAX_EVENT_BYTES + 10) + b'"}\n' + lines(FAILED), "partial"),
    ("huge in an array", b'[' + lines(PLACED) + b',{"type":"a.b","x":"' + b"x" * (3 * MAX_EVENT_BYTES) + b'"},' + lines(FAILED) + b"]", "partial"),
    ("keys twice", lines(PLACED).replace(b'"id": "e1"', b'"id": "e0", "id": "e1"'), "ok"),
    ("not UTF-8", lines(PLACED) + lines(FAILED).replace(b"no funds", b"no \xff funds"), "ok"),
    ("lone surrogate", lines(PLACED).replace(b"EUR", b"\\ud800"), "ok"),
    ("numbers without end", lines(PLACED).replace(b"12.5", b"1e400"), "ok"),
    ("a large number", lines(PLACED).replace(b"12.5", b"9" * 400), "ok"),
    ("NUL", lines(PLACED).replace(b"EUR", b"\\u0000"), "ok"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "status"), BAD, ids=[case[0] for case in BAD])
def test_bad_input(tmp_path: Path, name: str, data: bytes, status: str) -> None:
    entries, outcome = read(tmp_path, data)
    assert outcome.status in (status, "partial")
    assert outcome.kind == "events"
    assert entries.height >= 1


def test_a_file_that_is_only_called_events(tmp_path: Path) -> None:
    _, outcome = read(tmp_path, b'["a", "b"]', kind="events")
    assert (outcome.status, outcome.reasons) == ("failed", ("not_events",))
    entries, outcome = read(tmp_path, b"2024-03-01 10:00:00 ERROR boom\n", kind="events")
    assert (outcome.kind, entries.height) == ("log", 1)


@pytest.mark.parametrize("cut", range(1, 50))
def test_cut(tmp_path: Path, cut: int) -> None:
    whole = json.dumps([PLACED, FAILED] * 3, indent=1).encode()
    read(tmp_path, whole[: len(whole) * cut // 50])
