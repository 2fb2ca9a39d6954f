"""Each report is one error with its message, class and frames, and its neighbours are records of their own."""

from __future__ import annotations

import pytest

from signal_pipeline.classification.classify import classify_entries
from signal_pipeline_tests.parsing.logs.crash_reports import CRASH_REPORTS
from signal_pipeline_tests.parsing.logs.reading import read


@pytest.mark.parametrize("name", CRASH_REPORTS)
def test_errors_of_report(name):
    text, expected = CRASH_REPORTS[name]
    records, _ = read(text.encode())
    errors = (
        classify_entries(records).filter("is_error").select("line_number", "message", "exception_class", "top_frames")
    )
    found = [
        (line, message, exception_class, frames[0] if frames else None)
        for line, message, exception_class, frames in errors.iter_rows()
    ]
    assert [(line, exception_class, frame) for line, _, exception_class, frame in found] == [
        (line, exception_class, frame) for line, _, exception_class, frame in expected
    ]
    assert [
        part for (_, part, _, _), (_, message, _, _) in zip(expected, found, strict=True) if part not in message
    ] == []
