from __future__ import annotations

import polars as pl
import pytest

from signal_pipeline.classification.classify import classify_entries
from signal_pipeline.classification.error_detection import hints_at_error
from signal_pipeline.classification.error_words import HARMLESS, SAYS_ERROR, any_of
from signal_pipeline_tests.classification.calm_wordings import CALM
from signal_pipeline_tests.classification.error_type_cases import ERROR_TYPE_CASES
from signal_pipeline_tests.classification.error_wordings import ERRORS
from signal_pipeline_tests.classification.frames import har_frame, log_frame
from signal_pipeline_tests.classification.wordings_known_wrong import KNOWN_WRONG

TRACE = 'Traceback (most recent call last):\n  File "a.py", line 3, in f\nValueError: bad'


def is_error(message: str, level: str | None = None, trace: str | None = None) -> bool:
    return classify_entries(log_frame([message], level, trace))["is_error"].item()


@pytest.fixture(scope="module")
def without_level() -> dict[str, bool]:
    """All messages at once: each call compiles all patterns."""
    examples = (row.example for row in (*SAYS_ERROR, *HARMLESS))
    messages = [*ERRORS, *CALM, *(line for line, _, _ in KNOWN_WRONG), *examples]
    return dict(zip(messages, classify_entries(log_frame(messages))["is_error"], strict=True))


def test_wording_says_error(without_level):
    assert [message for message in ERRORS if not without_level[message]] == []


def test_wording_is_calm(without_level):
    assert [message for message in CALM if without_level[message]] == []


def test_known_wrong_is_still_wrong(without_level):
    assert [line for line, now, _ in KNOWN_WRONG if without_level[line] is not now] == []


@pytest.mark.parametrize("row", SAYS_ERROR, ids=lambda row: row.name)
def test_each_wording_says_error_of_its_example(without_level, row):
    assert pl.Series([row.example]).str.contains(any_of((row,))).all()
    assert without_level[row.example]


@pytest.mark.parametrize("row", HARMLESS, ids=lambda row: row.name)
def test_each_harmless_phrase_covers_its_example(without_level, row):
    assert pl.Series([row.example]).str.contains(any_of((row,))).all()
    assert not without_level[row.example]


def test_hints_miss_no_wording():
    """The hints are a filter before the wording: a line without a hint is never asked."""
    messages = [*ERRORS, *(row.example for row in SAYS_ERROR), *(case[0] for case in ERROR_TYPE_CASES)]
    frame = pl.DataFrame({"text": messages}).with_columns(
        hints_at_error(pl.col("text")).alias("hint"), pl.col("text").str.contains(any_of(SAYS_ERROR)).alias("says")
    )
    assert frame.filter(pl.col("says") & ~pl.col("hint"))["text"].to_list() == []


@pytest.mark.parametrize(
    ("level", "message", "trace", "expected"),
    [
        ("error", "all good", None, True),
        ("critical", "all good", None, True),
        ("info", "request failed with an error", None, False),
        ("debug", "java.lang.NullPointerException", None, False),
        ("notice", "failed", None, False),
        ("info", "caught and ignored", TRACE, False),
        ("warning", "request failed, retrying", None, False),
        ("warning", "could not close", TRACE, True),
        ("warning", "two lines", "of plain text", False),
        (None, "something happened", TRACE, True),
        (None, "something happened", "more plain text", False),
    ],
)
def test_level_and_trace(level, message, trace, expected):
    assert is_error(message, level, trace) is expected


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"status": 200}, False),
        ({"status": 304}, False),
        ({"status": 400}, True),
        ({"status": 503}, True),
        ({"status": 0}, True),
        ({"status": 200, "net_error": "net::ERR_FAILED"}, True),
        ({"status": None}, False),
    ],
)
def test_exchanges(row, expected):
    out = classify_entries(har_frame([{"method": "GET", "url": "https://h/x", "net_error": None, **row}]))
    assert out["is_error"].item() is expected


@pytest.mark.parametrize(("status", "expected"), [(200, False), (302, False), (404, True), (500, True)])
def test_access_log_lines(status, expected):
    frame = log_frame(['10.0.0.1 - "GET /errors/failed HTTP/1.1"']).with_columns(
        pl.lit(status, pl.Int32).alias("status")
    )
    assert classify_entries(frame)["is_error"].item() is expected
