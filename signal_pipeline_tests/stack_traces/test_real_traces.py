"""Real traces with ground truth: goroutine dumps, browser errors, one trace per language, labelled crashes."""

import csv
import json
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from signal_pipeline.stack_traces.identity import top_frames
from signal_pipeline.stack_traces.languages.goroutines import read_goroutines
from signal_pipeline.stack_traces.model import StackFrame
from signal_pipeline.stack_traces.parse import parse_stack_trace
from signal_pipeline_tests.real_data import REAL_DATA, needs_real_data
from signal_pipeline_tests.stack_traces.browser_frames import missing_frames

pytestmark = [needs_real_data, pytest.mark.real_data]
TRACES = REAL_DATA / "traces"


def _go_frame(frame: StackFrame | None) -> dict[str, Any] | None:
    if frame is None:
        return None
    function = f"{frame.module}.{frame.function}" if frame.module else frame.function
    return {"Func": function, "File": frame.file, "Line": frame.line}


@pytest.mark.parametrize("golden", sorted((TRACES / "go").glob("*.golden.json")), ids=lambda path: path.name)
def test_goroutines_equal_the_golden_ones(golden: Path) -> None:
    text = golden.with_name(golden.name.replace(".golden.json", ".txt")).read_text()
    got = [
        {
            "ID": goroutine.id,
            "State": goroutine.state,
            "Wait": goroutine.wait_minutes * 60_000_000_000,
            "LockedToThread": goroutine.locked_to_thread,
            "Stack": [_go_frame(frame) for frame in goroutine.frames],
            "FramesElided": goroutine.frames_elided,
            "CreatedBy": _go_frame(goroutine.created_by),
        }
        for goroutine in read_goroutines(text.split("\n"), 256)
        if goroutine.complete
    ]
    expected = json.loads(golden.read_text())["Goroutines"] or []
    assert got == [{key: value for key, value in one.items() if key != "Ancestor"} for one in expected]


def test_frames_of_browser_errors_are_found() -> None:
    errors = list(missing_frames(TRACES))
    assert [frame for _, missing in errors for frame in missing] == []
    assert sum(expected for expected, _ in errors) == 192


def test_language_of_each_trace() -> None:
    with (TRACES / "multilang" / "index.tsv").open() as index:
        rows = list(csv.DictReader(index, delimiter="\t"))
    wrong = []
    for row in rows:
        trace = parse_stack_trace((TRACES / "multilang" / row["file"]).read_text())
        found = trace.language if trace is not None else "none"
        if found != row["language"]:
            wrong.append((row["file"], found))
    assert wrong == []


def _clusterfuzz_labels() -> dict[str, object]:
    labels: dict[str, object] = {}
    for line in (TRACES / "clusterfuzz" / "labels.jsonl").read_text().splitlines():
        row = json.loads(line)
        if row["state"]:
            labels.setdefault(f"clusterfuzz/{row['file']}", (row["type"], row["state"]))
    return labels


def _fuzzmanager_labels() -> dict[str, object]:
    """The state of a crash is its first three named frames; crashes without any cannot be told apart by anyone."""
    labels: dict[str, object] = {}
    for line in (TRACES / "fuzzmanager" / "labels.jsonl").read_text().splitlines():
        row = json.loads(line)
        frames = row["backtrace"]
        if frames and "0" in frames:
            named = [frames[key] for key in sorted(frames, key=int) if frames[key] != "??" and int(key) >= 0]
            if named:
                labels.setdefault(f"fuzzmanager/{row['file']}", tuple(named[:3]))
    return labels


def test_one_crash_has_one_signature() -> None:
    labels = {**_clusterfuzz_labels(), **_fuzzmanager_labels()}
    signatures = {}
    for file in labels:
        trace = parse_stack_trace((TRACES / file).read_text(errors="replace"))
        signatures[file] = (trace.exception_class, top_frames(trace)) if trace is not None else file
    together = {pair for pair in combinations(labels, 2) if labels[pair[0]] == labels[pair[1]]}
    merged = {pair for pair in combinations(labels, 2) if signatures[pair[0]] == signatures[pair[1]]}
    right = len(together & merged)
    assert right / len(merged) >= 0.99, merged - together
    assert right / len(together) >= 0.95, together - merged


@pytest.mark.parametrize("folder", ["clusterfuzz", "fuzzmanager"])
def test_each_crash_yields_a_trace(folder: str) -> None:
    files = sorted((TRACES / folder).glob("*.txt"))
    without = [path.name for path in files if parse_stack_trace(path.read_text(errors="replace")) is None]
    assert len(without) <= len(files) * 0.05, without
