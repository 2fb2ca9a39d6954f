"""Each parser for a while on files that are nearly right: it says what is wrong with them, and never fails itself.

FUZZ_SECONDS for all of them together (60), FUZZ_SEED for other files than the last time, `-k captures` for some of them
alone. What fails is written to the test's folder and named, with the seed and the number of the file.
"""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from signal_pipeline.classification.classify import classify_entries
from signal_pipeline.errors import MessageRejected
from signal_pipeline.frame_schema import FrameSchema
from signal_pipeline.intake.event_batch import read_batch
from signal_pipeline.parsing.events.checked import EventChecker
from signal_pipeline.parsing.events.checks import event_checks
from signal_pipeline.parsing.har.error_body import read_problem
from signal_pipeline.parsing.signal_reader import read_signal
from signal_pipeline.redaction.redactor import Redactor
from signal_pipeline.schemas import ENTRIES, PARSED
from signal_pipeline.stack_traces.parse import parse_stack_trace
from signal_pipeline_tests.fuzz import seeds
from signal_pipeline_tests.fuzz.broken_packets import capture
from signal_pipeline_tests.fuzz.mutations import mutated

SEED = int(os.environ.get("FUZZ_SEED", "20260301"))
SECONDS = float(os.environ.get("FUZZ_SECONDS", "60"))
REDACTOR = Redactor(b"fuzz")
TOKEN = "mF_9.B5f-4.1JqMq7sKd0aXwZ"


def keeps_to(schema: FrameSchema, frame: pl.DataFrame) -> None:
    nulls = {name: frame[name].null_count() for name in frame.columns}
    assert schema.violations(dict(frame.schema), nulls) == []


def read_file(content: bytes, folder: Path) -> None:
    """As a report's file is read: every byte of it is an entry, or is told of, and what comes out can be classified."""
    path = folder / "file"
    path.write_bytes(content)
    reading = read_signal(path, redactor=REDACTOR)
    frames = list(reading)
    outcome = reading.outcome
    assert outcome.status in ("ok", "partial", "failed")
    assert outcome.status == "ok" or outcome.reasons
    for frame in frames:
        keeps_to(PARSED, frame)
        keeps_to(ENTRIES, classify_entries(frame))


def read_packets(content: bytes, folder: Path) -> None:
    """The content decides what a capture of broken packets is made of."""
    read_file(capture(random.Random(content)), folder)


def read_events(content: bytes, folder: Path) -> None:
    """As a file, and as a body, whose events can be stored."""
    read_file(content, folder)
    try:
        batch = read_batch(content, EventChecker(event_checks(), REDACTOR))
    except MessageRejected:
        return
    for one in batch.events:
        stored = json.dumps([one.facts.source, one.facts.id, one.facts.type, dict(one.facts.fields)], allow_nan=False)
        assert "\\u0000" not in stored and "\\ud8" not in stored


def read_trace(content: bytes, _: Path) -> None:
    trace = parse_stack_trace(content.decode("utf-8", "replace"))
    if trace is not None:
        assert all(frame.function is None or isinstance(frame.function, str) for frame in trace.frames)
        assert len(trace.frames) <= 256


def read_body(content: bytes, _: Path) -> None:
    text = content.decode("utf-8", "replace")
    for mime in ("application/json", "application/problem+json", "text/html", ""):
        read_problem(text, mime, 500, 64)


def redact(content: bytes, _: Path) -> None:
    """Whatever stands around it, a token in its header is masked."""
    text = content.decode("utf-8", "replace")
    assert TOKEN not in REDACTOR.text(f"{text}\nAuthorization: Bearer {TOKEN}\n{text}")


PARSERS: dict[str, tuple[Callable[[], list[bytes]], Callable[[bytes, Path], None]]] = {
    "har": (seeds.hars, read_file),
    "logs": (seeds.logs, read_file),
    "logs with traces": (lambda: seeds.traces() + seeds.logs(), read_file),
    "captures": (seeds.captures, read_file),
    "packets of captures": (seeds.captures, read_packets),
    "events": (seeds.events, read_events),
    "containers": (seeds.archives, read_file),
    "stack traces": (seeds.traces, read_trace),
    "error bodies": (seeds.bodies, read_body),
    "redactor": (lambda: seeds.logs() + seeds.bodies() + seeds.hars(), redact),
}


@pytest.mark.slow
@pytest.mark.parametrize("parser", PARSERS)
def test_no_file_makes_it_fail(parser: str, tmp_path: Path) -> None:
    good, use = PARSERS[parser]
    corpus = good()
    ends = time.monotonic() + SECONDS / len(PARSERS)
    number = 0
    while time.monotonic() < ends:
        content = mutated(random.Random(f"{SEED} {parser} {number}"), corpus)
        try:
            use(content, tmp_path)
        except Exception as error:
            kept = tmp_path / f"{parser}-{number}".replace(" ", "-")
            kept.write_bytes(content)
            raise AssertionError(f"seed {SEED}, file {number}, kept as {kept}") from error
        number += 1
    assert number, "not one file was read"
