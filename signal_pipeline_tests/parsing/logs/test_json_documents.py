"""JSON documents that hold log records: pretty or not, array or object, in any usual envelope."""

from __future__ import annotations

import json

import pytest

from signal_pipeline_tests.parsing.logs.reading import read

FIRST = {"timestamp": "2024-03-01T10:00:00.000Z", "level": "error", "message": "cannot add"}
SECOND = {"timestamp": "2024-03-01T10:00:01.000Z", "level": "info", "message": 'a "quoted" [brace}'}
ROWS = [FIRST, SECOND]
JOURNAL = {"__REALTIME_TIMESTAMP": "1709287200000000", "PRIORITY": "3", "MESSAGE": "cannot add", "_PID": "4"}
CLOUDWATCH = [
    {"timestamp": 1709287200000, "message": "ERROR cannot add", "logStreamName": "a", "eventId": "1"},
    {"timestamp": 1709287201000, "message": "added", "logStreamName": "a", "eventId": "2"},
]
OTEL = {
    "timeUnixNano": "1709287200000000000",
    "severityText": "ERROR",
    "body": "cannot add",
}


def _pretty(*documents: object) -> str:
    return "".join(json.dumps(document, indent=2) + "\n" for document in documents)


# name, document, (first line, lines) of each record, level and message of the first
DOCUMENTS = [
    ("array, pretty", _pretty(ROWS), [(2, 5), (7, 5)], "error", "cannot add"),
    ("array, one line", json.dumps(ROWS), [(1, 1), (1, 1)], "error", "cannot add"),
    ("a record per line", "[\n" + ",\n".join(map(json.dumps, ROWS)) + "\n]\n", [(2, 1), (3, 1)], "error", "cannot add"),
    ("records", _pretty({"records": ROWS}), [(3, 5), (8, 5)], "error", "cannot add"),
    ("entries beside others", _pretty({"next": [1, 2], "entries": ROWS}), [(7, 5), (12, 5)], "error", "cannot add"),
    (
        "hits of a search engine",
        json.dumps({"took": 3, "hits": {"total": 2, "hits": [{"_id": "1", "_source": row} for row in ROWS]}}),
        [(1, 1), (1, 1)],
        "error",
        "cannot add",
    ),
    ("CloudWatch", json.dumps({"events": CLOUDWATCH, "searched": []}), [(1, 1), (1, 1)], "error", "cannot add"),
    ("objects one after another", _pretty(*ROWS), [(1, 5), (6, 5)], "error", "cannot add"),
    ("journalctl -o json-pretty", _pretty(JOURNAL, JOURNAL), [(1, 6), (7, 6)], "error", "cannot add"),
    (
        "OpenTelemetry",
        json.dumps({"resourceLogs": [{"scopeLogs": [{"logRecords": [OTEL]}, {"logRecords": [OTEL]}]}]}),
        [(1, 1), (1, 1)],
        "error",
        "cannot add",
    ),
    ("one error event", _pretty({**FIRST, "extra": {"a": [1, {"b": 2}]}}), [(1, 13)], "error", "cannot add"),
    ("torn at its end", _pretty(ROWS + ROWS)[:-40], [(2, 5), (7, 5), (12, 5)], "error", "cannot add"),
]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("case", DOCUMENTS, ids=[case[0] for case in DOCUMENTS])
def test_records_of_documents(case, encoding):
    _, text, places, level, message = case
    frame, notes = read(text.encode(encoding))
    rows = frame.to_dicts()
    assert [(row["line_number"], row["line_count"]) for row in rows] == places
    assert (rows[0]["level"], rows[0]["message"]) == (level, message)
    assert (rows[0]["timestamp"].year, rows[0]["timestamp"].hour) == (2024, 10)
    assert notes.entries == len(places)


def test_evidence_finds_the_record_in_the_document():
    data = _pretty({"records": ROWS}).encode()
    for row, expected in zip(read(data)[0].to_dicts(), ROWS, strict=True):
        piece = data[row["byte_offset"] : row["byte_offset"] + row["byte_length"]]
        assert json.loads(piece) == expected
        assert data[: row["byte_offset"]].count(b"\n") + 1 == row["line_number"]


@pytest.mark.parametrize(
    "text",
    [
        _pretty({"name": "shop", "version": "1.0.0", "dependencies": {"left-pad": "1"}}),
        _pretty([1, 2, 3]),
        "[2024-03-01 10:00:00] ERROR cannot add\n",
        "[" * 5_000 + "\n",
        "{" * 5_000 + "\n",
        '{"a": \n',
    ],
    ids=["configuration", "numbers", "bracketed time", "deep arrays", "deep objects", "torn object"],
)
def test_other_files_are_no_documents(text):
    frame, _ = read(text.encode())
    assert not any(name and name.startswith("json") for name in [read(text.encode())[1].format])
    assert frame.height >= 1


def test_line_of_a_logger_in_the_message_of_a_shipper():
    written = "2024-03-01 10:00:00,123 ERROR [main] com.acme.Shop - cannot add\n\tat com.acme.Shop.add(Shop.java:1)"
    (row,) = read(json.dumps({"log": written, "stream": "stdout", "time": "2024-03-01T11:00:00Z"}).encode())[
        0
    ].to_dicts()
    assert (row["level"], row["component"], row["message"]) == ("error", "com.acme.Shop", "cannot add")
    assert row["stack_trace"] == "\tat com.acme.Shop.add(Shop.java:1)"
    assert row["timestamp"].hour == 11


WHOLE = [
    '{"specversion":"1.0","type":"a","data":{"id":[1,2]}}',
    _pretty({"name": "order", "items": [{"a": 1}, {"a": 2}], "error": "it broke"}),
    json.dumps(ROWS),
    _pretty(ROWS),
    json.dumps(FIRST),
]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("whole", WHOLE, ids=["an object", "pretty", "records", "pretty records", "a record"])
def test_a_document_that_ends_too_early_is_partial(whole, encoding):
    text = whole.strip()
    assert "truncated" not in read(text.encode(encoding))[1].reasons
    for share in (0.4, 0.6, 0.9):
        assert "truncated" in read(text[: int(len(text) * share)].encode(encoding))[1].reasons


@pytest.mark.parametrize(
    "text",
    [
        "[error] it broke [\n",
        "{main} it started {\nERROR it broke\n",
        json.dumps(FIRST) + "\n" + json.dumps(SECOND)[:40],
        "{'a': 1, 'b': [1,2\n",
        '{"a": 1}\nplain text with {\n',
    ],
    ids=["a level", "a word in braces", "a log that is being written", "not JSON", "text behind JSON"],
)
def test_what_only_looks_torn_is_not(text):
    assert "truncated" not in read(text.encode())[1].reasons
