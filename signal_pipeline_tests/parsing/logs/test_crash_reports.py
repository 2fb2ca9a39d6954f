"""Each report is one error with its message, class and frames, and its neighbours are records of their own."""

from __future__ import annotations

from itertools import accumulate

import polars as pl
import pytest

from signal_pipeline.classification.classify import classify_entries
from signal_pipeline_tests.parsing.logs.crash_reports import CRASH_REPORTS
from signal_pipeline_tests.parsing.logs.reading import read
from signal_pipeline_tests.parsing.logs.runtime_reports import RUNTIME_REPORTS

REPORTS = CRASH_REPORTS | RUNTIME_REPORTS


@pytest.fixture(scope="module")
def classified():
    """The entries of each report. Classified together: each small frame would compile all patterns again."""
    records = {name: read(text.encode())[0] for name, (text, _) in REPORTS.items()}
    entries = classify_entries(pl.concat(records.values()))
    ends = accumulate(frame.height for frame in records.values())
    return {
        name: entries.slice(end - records[name].height, records[name].height)
        for name, end in zip(records, ends, strict=True)
    }


@pytest.mark.parametrize("name", REPORTS)
def test_errors_of_report(classified, name):
    _, expected = REPORTS[name]
    errors = classified[name].filter("is_error").select("line_number", "message", "exception_class", "top_frames")
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
