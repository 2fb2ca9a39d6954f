"""One trace per dialect of each language (samples/*.txt) against what it says (samples/expected.json)."""

import json
from pathlib import Path
from typing import Any

import pytest

from signal_pipeline.stack_traces.identity import top_frames
from signal_pipeline.stack_traces.parse import parse_stack_trace

FOLDER = Path(__file__).with_name("samples")
EXPECTED: dict[str, dict[str, Any]] = json.loads((FOLDER / "expected.json").read_text())


def test_every_sample_has_an_expectation() -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["unix", "windows"])
def test_sample(name: str, line_end: str) -> None:
    expected = EXPECTED[name]
    text = (FOLDER / f"{name}.txt").read_text().rstrip("\n").replace("\n", line_end)
    trace = parse_stack_trace(text, expected.get("head", ""))
    assert trace is not None
    assert trace.language == expected["language"]
    assert trace.exception_class == expected["exception_class"]
    assert trace.message == expected["message"]
    assert [cause.exception_class for cause in trace.causes] == expected.get("causes", [])
    assert len(trace.frames) == expected["frames"]
    assert list(top_frames(trace)) == expected["top_frames"]
