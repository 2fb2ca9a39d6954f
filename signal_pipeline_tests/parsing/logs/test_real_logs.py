"""Real logs with ground truth that nobody here wrote. Skipped where they are absent."""

from __future__ import annotations

import json
import os

import polars as pl
import pytest

from signal_pipeline.errors import SignalRejected
from signal_pipeline_tests.parsing.logs.reading import read
from signal_pipeline_tests.real_data import REAL_DATA, needs_real_data

pytestmark = [needs_real_data, pytest.mark.real_data]

LOGHUB = ("Android", "Apache", "HDFS", "Linux", "OpenSSH", "OpenStack", "Spark", "Zookeeper")
COMPONENTS = ("Android", "HDFS", "Linux", "OpenStack", "Spark")
FORMATS = {
    "Android": "logcat-threadtime",
    "Apache": "apache-error",
    "HDFS": "hadoop",
    "Linux": "syslog-rfc3164",
    "OpenSSH": "syslog-rfc3164",
    "OpenStack": "openstack",
    "Spark": "hadoop",
    "Zookeeper": "zookeeper",
}
LEVELS = {
    "V": "trace",
    "D": "debug",
    "I": "info",
    "W": "warning",
    "E": "error",
    "INFO": "info",
    "WARN": "warning",
    "ERROR": "error",
    "WARNING": "warning",
    "notice": "notice",
    "error": "error",
    "warn": "warning",
}


def _plain(column: str) -> pl.Expr:
    return pl.col(column).str.strip_chars().str.replace_all(r"\s+", " ")


@pytest.mark.parametrize("system", LOGHUB)
def test_loghub_lines_are_taken_apart(system):
    folder = REAL_DATA / "logs" / "loghub" / system
    frame, notes = read((folder / f"{system}_2k.log").read_bytes())
    truth = pl.read_csv(folder / f"{system}_2k.log_structured.csv", infer_schema=False)
    both = truth.with_columns(pl.col("LineId").cast(pl.Int64())).join(
        frame, left_on="LineId", right_on="line_number", how="left"
    )
    assert notes.format == FORMATS[system]
    assert notes.understood == notes.units
    assert both.select((_plain("message") == _plain("Content")).fill_null(False).mean()).item() >= 0.98
    assert both["timestamp"].null_count() == 0
    if system in COMPONENTS:
        assert both.select((_plain("component") == _plain("Component")).fill_null(False).mean()).item() >= 0.99
    if "Level" in truth.columns and system != "Linux":
        expected = both["Level"].replace_strict(LEVELS, default=None)
        assert (both["level"] == expected).mean() >= 0.99


def test_lnav_formats_and_levels():
    samples = [
        json.loads(line) for line in (REAL_DATA / "logs" / "lnav" / "format_samples.jsonl").read_text().splitlines()
    ]
    understood, right, labelled = 0, 0, 0
    for sample in samples:
        frame, notes = read(sample["line"].encode())
        understood += notes.format != "text"
        if sample["level"]:
            labelled += 1
            right += frame["level"][0] == sample["level"]
    assert understood >= 0.94 * len(samples)
    assert right >= 0.95 * labelled


def _files() -> list[str]:
    folders = [REAL_DATA / "logs", REAL_DATA / "traces"]
    return sorted(
        str(path.relative_to(REAL_DATA)) for folder in folders for path in folder.rglob("*") if path.is_file()
    )


HEAD_BYTES = 40_000
PARTS = 4
"""So many tests, which may run side by side."""
STEP = int(os.environ.get("REAL_FILES_STEP", "4"))
"""One file in so many; 1 for all of them."""


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_every_file_ends_with_an_outcome(part):
    for name in _files()[part * STEP :: PARTS * STEP]:
        data = (REAL_DATA / name).read_bytes()[:HEAD_BYTES]
        try:
            frame, notes = read(data)
        except SignalRejected:
            continue
        assert notes.entries == len(frame), name
        assert notes.units <= notes.lines, name
        for column in ("message", "stack_trace", "component", "thread"):
            if len(frame):
                assert not frame[column].str.contains(r"[\x00-\x08\x0b-\x1f\x7f]").any(), name
