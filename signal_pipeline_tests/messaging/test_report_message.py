"""The message of producers: what is taken, and the closed word for everything that is not."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from signal_pipeline.errors import MessageRejected
from signal_pipeline.messaging.report_message import (
    MAX_MESSAGE_BYTES,
    ReportMessage,
    parse_report_message,
    report_message,
)
from signal_pipeline.work_order import Priority

REPORT = UUID("6f1d1e3e-0a55-4a56-9b0e-1d5d3f0c7a11")
OTHER = UUID("0b7c2c7e-5a0e-4d8e-9d53-7f6f6c1f5b22")

GOOD = {
    "as documented": b'{"report_id": "6f1d1e3e-0a55-4a56-9b0e-1d5d3f0c7a11"}',
    "upper case": b'{"report_id": "6F1D1E3E-0A55-4A56-9B0E-1D5D3F0C7A11"}',
    "with white space": b' \n{ "report_id" :\t"6f1d1e3e-0a55-4a56-9b0e-1d5d3f0c7a11" } ',
    "with the version": b'{"report_id": "6f1d1e3e-0a55-4a56-9b0e-1d5d3f0c7a11", "version": 1}',
    "with escapes": rb'{"report_id": "6f1d1e3e\u002d0a55-4a56-9b0e-1d5d3f0c7a11"}',
}

ORDERS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "nothing": ({}, {"kind": "report", "priority": Priority.normal, "not_before": None, "depends_on": ()}),
    "interactive": ({"priority": "interactive"}, {"priority": Priority.interactive}),
    "backfill in its own queue": (
        {"priority": "backfill", "kind": "nightly-import"}, {"priority": Priority.backfill, "kind": "nightly-import"}),
    "later": (
        {"not_before": "2026-01-31T02:00:00+01:00"}, {"not_before": datetime(2026, 1, 31, 1, tzinfo=UTC)}),
    "after another report": ({"depends_on": [str(OTHER)]}, {"depends_on": (OTHER,)}),
    "with a config": (
        {"config": {"clusters": {"similarity_threshold": 0.2, "algorithm": "dbscan"}, "incidents": {}}},
        {"config_json": '{"clusters": {"algorithm": "dbscan", "similarity_threshold": 0.2}}'}),
    "with an empty config": ({"config": {"clusters": {}}}, {"config_json": None}),
}  # fmt: skip

ID = '"report_id": "6f1d1e3e-0a55-4a56-9b0e-1d5d3f0c7a11"'
BAD = {
    "nothing": (b"", "bad_message"),
    "not JSON": (b"report 6f1d1e3e-0a55-4a56-9b0e-1d5d3f0c7a11", "bad_message"),
    "cut short": (b'{"report_id": "6f1d1e3e-0a55', "bad_message"),
    "two values": (f"{{{ID}}}{{{ID}}}".encode(), "bad_message"),
    "null": (b"null", "bad_message"),
    "list": (b"[]", "bad_message"),
    "list with an object": (f"[{{{ID}}}]".encode(), "bad_message"),
    "string": (b'"x"', "bad_message"),
    "number": (b"1e999", "bad_message"),
    "bytes that are no text": (b"\xff\xfe\x00\x80", "bad_message"),
    "no text in the id": (b'{"report_id": "\xff\xfe"}', "bad_message"),
    "lone surrogate": (rb'{"report_id": "\ud800"}', "bad_message"),
    "byte order mark": (b"\xef\xbb\xbf" + f"{{{ID}}}".encode(), "bad_message"),
    "UTF-16": (f"{{{ID}}}".encode("utf-16"), "bad_message"),
    "deep lists": (b"[" * 8000 + b"]" * 8000, "bad_message"),
    "deep objects": (b'{"a":' * 2000 + b"1" + b"}" * 2000, "bad_message"),
    "empty object": (b"{}", "missing_field"),
    "other name": (b'{"reportId": "6f1d1e3e-0a55-4a56-9b0e-1d5d3f0c7a11"}', "missing_field"),
    "name in capitals": (b'{"REPORT_ID": "6f1d1e3e-0a55-4a56-9b0e-1d5d3f0c7a11"}', "missing_field"),
    "one field more": (f'{{{ID}, "priority": 1}}'.encode(), "unknown_field"),
    "ten thousand files": (f'{{{ID}, "files": [{",".join("1" * 7000)}]}}'.encode(), "unknown_field"),
    "version 3": (f'{{{ID}, "version": 3}}'.encode(), "unknown_version"),
    "a field of version 2 in version 1": (f'{{{ID}, "version": 1, "kind": "report"}}'.encode(), "unknown_field"),
    "another field in version 2": (f'{{{ID}, "version": 2, "prio": "backfill"}}'.encode(), "unknown_field"),
    "priority as a number": (f'{{{ID}, "version": 2, "priority": 5}}'.encode(), "bad_work_order"),
    "unknown priority": (f'{{{ID}, "version": 2, "priority": "passwd"}}'.encode(), "bad_work_order"),
    "kind with a space": (f'{{{ID}, "version": 2, "kind": "my kind"}}'.encode(), "bad_work_order"),
    "time without a zone": (f'{{{ID}, "version": 2, "not_before": "2026-01-31T02:00:00"}}'.encode(), "bad_work_order"),
    "time in another age": (f'{{{ID}, "version": 2, "not_before": "2926-01-31T02:00:00Z"}}'.encode(), "bad_work_order"),
    "dependency that is no id": (f'{{{ID}, "version": 2, "depends_on": ["passwd"]}}'.encode(), "bad_work_order"),
    "dependency in braces": (
        f'{{{ID}, "version": 2, "depends_on": ["{{{REPORT}}}"]}}'.encode(),
        "bad_work_order",
    ),
    "config of no step": (
        f'{{{ID}, "version": 2, "config": {{"passwd": {{}}}}}}'.encode(),
        "bad_work_order",
    ),
    "config out of bounds": (
        f'{{{ID}, "version": 2, "config": {{"clusters": {{"similarity_threshold": 7}}}}}}'.encode(),
        "bad_work_order",
    ),
    "version as text": (f'{{{ID}, "version": "1"}}'.encode(), "unknown_version"),
    "version true": (f'{{{ID}, "version": true}}'.encode(), "unknown_version"),
    "version null": (f'{{{ID}, "version": null}}'.encode(), "unknown_version"),
    "id null": (b'{"report_id": null}', "bad_report_id"),
    "id number": (b'{"report_id": 7}', "bad_report_id"),
    "id list": (b'{"report_id": ["6f1d1e3e-0a55-4a56-9b0e-1d5d3f0c7a11"]}', "bad_report_id"),
    "id empty": (b'{"report_id": ""}', "bad_report_id"),
    "id in braces": (b'{"report_id": "{6f1d1e3e-0a55-4a56-9b0e-1d5d3f0c7a11}"}', "bad_report_id"),
    "id as urn": (b'{"report_id": "urn:uuid:6f1d1e3e-0a55-4a56-9b0e-1d5d3f0c7a11"}', "bad_report_id"),
    "id without dashes": (b'{"report_id": "6f1d1e3e0a554a569b0e1d5d3f0c7a11"}', "bad_report_id"),
    "id and a line end": (rb'{"report_id": "6f1d1e3e-0a55-4a56-9b0e-1d5d3f0c7a11\n"}', "bad_report_id"),
    "id and NUL": (rb'{"report_id": "6f1d1e3e-0a55-4a56-9b0e-1d5d3f0c7a11\u0000"}', "bad_report_id"),
    "id with other digits": ('{"report_id": "٦f1d1e3e-0a55-4a56-9b0e-1d5d3f0c7a11"}'.encode(), "bad_report_id"),
    "id that climbs": (b'{"report_id": "../../etc/passwd"}', "bad_report_id"),
    "too large": (b" " * MAX_MESSAGE_BYTES + f"{{{ID}}}".encode(), "too_large"),
}


@pytest.mark.parametrize("data", GOOD.values(), ids=GOOD.keys())
def test_a_good_message_names_its_report(data: bytes) -> None:
    assert parse_report_message(data) == ReportMessage(REPORT)


@pytest.mark.parametrize(("fields", "told"), ORDERS.values(), ids=ORDERS.keys())
def test_version_2_says_how_the_report_is_processed(fields: dict[str, Any], told: dict[str, Any]) -> None:
    order = parse_report_message(json.dumps({"report_id": str(REPORT), "version": 2, **fields}).encode()).order
    assert order is not None
    assert {name: getattr(order, name) for name in told} == told
    # What is sent is what is taken.
    assert parse_report_message(report_message(REPORT, order)) == ReportMessage(REPORT, order)


@pytest.mark.parametrize(("data", "code"), BAD.values(), ids=BAD.keys())
def test_a_bad_message_has_a_closed_word_and_is_not_quoted(data: bytes, code: str) -> None:
    with pytest.raises(MessageRejected) as rejected:
        parse_report_message(data)
    assert rejected.value.code == code
    # What failed is a cause that Python would print with the message.
    assert rejected.value.__suppress_context__ or rejected.value.__context__ is None
    assert all(part not in str(rejected.value) for part in ("6f1d", "passwd", 'prio"'))


def test_what_we_send_is_what_we_take() -> None:
    assert parse_report_message(report_message(REPORT)) == ReportMessage(REPORT)
    assert json.loads(report_message(REPORT)) == {"report_id": str(REPORT)}


# The sentence behind the word: config, beside the id of a report, and what it names.
NAMED = {
    "an order without a version": ('"priority": "backfill"', 'an order needs "version": 2'),
    "a misspelt field of version 2": ('"version": 2, "prio": "backfill"', "1 besides config, depends_on"),
    "config of no step": ('"version": 2, "config": {"passwd": {}}', "config: has a name that is not one of clusters,"),
    "a misspelt setting": (
        '"version": 2, "config": {"clusters": {"passwd": 1}}',
        "config.clusters: has a name that is not one of algorithm, similarity_threshold, min_samples",
    ),
}


@pytest.mark.parametrize(("fields", "sentence"), NAMED.values(), ids=NAMED.keys())
def test_a_rejected_message_names_what_is_known(fields: str, sentence: str) -> None:
    with pytest.raises(MessageRejected) as rejected:
        parse_report_message(f"{{{ID}, {fields}}}".encode())
    assert sentence in str(rejected.value)
    assert "passwd" not in str(rejected.value)
