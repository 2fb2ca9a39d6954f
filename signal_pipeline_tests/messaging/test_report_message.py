"""The message of producers: what is taken, and the closed word for everything that is not."""

from __future__ import annotations

import json
from uuid import UUID

import pytest

from signal_pipeline.errors import MessageRejected
from signal_pipeline.messaging.report_message import MAX_MESSAGE_BYTES, parse_report_message, report_message

REPORT = UUID("6f1d1e3e-0a55-4a56-9b0e-1d5d3f0c7a11")

GOOD = {
    "as documented": b'{"report_id": "6f1d1e3e-0a55-4a56-9b0e-1d5d3f0c7a11"}',
    "upper case": b'{"report_id": "6F1D1E3E-0A55-4A56-9B0E-1D5D3F0C7A11"}',
    "with white space": b' \n{ "report_id" :\t"6f1d1e3e-0a55-4a56-9b0e-1d5d3f0c7a11" } ',
    "with the version": b'{"report_id": "6f1d1e3e-0a55-4a56-9b0e-1d5d3f0c7a11", "version": 1}',
    "with escapes": rb'{"report_id": "6f1d1e3e\u002d0a55-4a56-9b0e-1d5d3f0c7a11"}',
}

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
    "version 2": (f'{{{ID}, "version": 2}}'.encode(), "unknown_version"),
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
    assert parse_report_message(data) == REPORT


@pytest.mark.parametrize(("data", "code"), BAD.values(), ids=BAD.keys())
def test_a_bad_message_has_a_closed_word_and_is_not_quoted(data: bytes, code: str) -> None:
    with pytest.raises(MessageRejected) as rejected:
        parse_report_message(data)
    assert rejected.value.code == code
    # What failed is a cause that Python would print with the message.
    assert rejected.value.__suppress_context__ or rejected.value.__context__ is None
    assert all(part not in str(rejected.value) for part in ("6f1d", "passwd", "priority"))


def test_what_we_send_is_what_we_take() -> None:
    assert parse_report_message(report_message(REPORT)) == REPORT
    assert json.loads(report_message(REPORT)) == {"report_id": str(REPORT)}
