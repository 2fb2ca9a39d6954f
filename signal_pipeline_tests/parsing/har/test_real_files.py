"""Real HARs of many producers: no crash, every entry, and the fields that another parser read from them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from signal_pipeline.errors import SignalRejected
from signal_pipeline_tests.parsing.har.samples import read
from signal_pipeline_tests.real_data import REAL_DATA, needs_real_data

FILES = sorted((REAL_DATA / "har").rglob("*.har")) if REAL_DATA.is_dir() else []
EXPECTED = [path for path in FILES if path.with_suffix(".json").is_file()]


@needs_real_data
@pytest.mark.real_data
@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(REAL_DATA / "har")))
def test_every_entry_is_read(path: Path) -> None:
    data = path.read_bytes()
    try:
        entries = json.loads(data.decode("utf-8-sig"))["log"]["entries"]
    except (ValueError, KeyError, TypeError):
        entries = None
    try:
        frame, outcome = read(data)
    except SignalRejected as rejected:
        assert entries is None
        assert rejected.code in ("har_shape", "not_har")
        return
    if entries is None:  # a bare entry without a log
        assert frame.height == 1
        return
    assert frame.height == outcome.entries == len(entries)
    statuses = [max(entry["response"]["status"] or 0, 0) for entry in entries]
    assert frame["status"].to_list() == statuses


@needs_real_data
@pytest.mark.real_data
@pytest.mark.parametrize("path", EXPECTED, ids=lambda path: path.name)
def test_fields_agree_with_mitmproxy(path: Path) -> None:
    flows: list[dict[str, Any]] = json.loads(path.with_suffix(".json").read_text())
    frame, _ = read(path.read_bytes())
    assert frame.height == len(flows)
    for flow, found in zip(flows, frame.iter_rows(named=True), strict=True):
        request, response = flow["request"], flow["response"]
        assert found["method"] == request["method"]
        assert found["status"] == response["status_code"]
        assert found["timestamp"].timestamp() == pytest.approx(request["timestamp_start"], abs=0.002)
        assert found["component"].partition(":")[0] == request["host"]
        assert found["url"].partition(":")[0] == request["scheme"]
