"""Reading a file here and in a process of its own: the same entries, and a death that is an outcome."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from signal_pipeline.frames import HeldFrame, hold
from signal_pipeline.limits import Limits
from signal_pipeline.parsing.outcome import SignalOutcome
from signal_pipeline.pipeline.isolated_reader import IsolatedReader
from signal_pipeline.pipeline.reading import RawFile, read_here
from signal_pipeline.redaction.redactor import Redactor

KEY = b"a key of the test"
LOG = b"2026-03-01 10:00:01 ERROR shop - token=s3cr3tvalue99 of anna@example.com is refused\n" * 20


def read_apart(raw: RawFile, target: Path, key: bytes, limits: Limits) -> tuple[SignalOutcome, HeldFrame | None]:
    with closing(IsolatedReader(key, limits)) as reader:
        return reader.read(raw, target)


@pytest.fixture
def reader() -> Iterator[IsolatedReader]:
    with closing(IsolatedReader(KEY, Limits())) as reader:
        yield reader


def process_of(reader: IsolatedReader) -> int | None:
    return None if reader._child is None else reader._child.pid


@pytest.fixture
def raw(tmp_path: Path) -> RawFile:
    (tmp_path / "raw").write_bytes(LOG)
    return RawFile(tmp_path / "raw", "server.log", "log", "00000000-0000-4000-8000-000000000001", "s")


def test_apart_gives_what_here_gives(raw: RawFile, tmp_path: Path) -> None:
    here, rows_here = read_here(raw, tmp_path / "here.parquet", Redactor(KEY), Limits(), hold)
    apart, rows_apart = read_apart(raw, tmp_path / "apart.parquet", KEY, Limits())
    assert here == apart
    assert here.status == "ok" and here.redactions
    assert rows_apart is not None
    assert rows_here.scan().collect().equals(rows_apart.scan().collect())
    assert "s3cr3tvalue99" not in (tmp_path / "apart.parquet").read_bytes().decode("latin-1")


def test_a_refused_file_is_refused_apart_as_well(raw: RawFile, tmp_path: Path) -> None:
    raw.path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(500))
    outcome, _ = read_apart(raw, tmp_path / "x.parquet", KEY, Limits())
    assert (outcome.status, outcome.reasons) == ("failed", ("picture",))


def test_a_reader_that_wants_too_much_memory_dies_alone(raw: RawFile, tmp_path: Path) -> None:
    outcome, frame = read_apart(raw, tmp_path / "x.parquet", KEY, replace(Limits(), max_read_memory_bytes=48 << 20))
    assert (outcome.status, outcome.reasons, frame) == ("failed", ("resource",), None)


def test_one_process_reads_file_after_file_with_outcomes_of_their_own(
    raw: RawFile, tmp_path: Path, reader: IsolatedReader
) -> None:
    outcome, _ = reader.read(raw, tmp_path / "1.parquet")
    first = process_of(reader)
    raw.path.write_bytes(LOG[: len(LOG) // 20] * 3)
    shorter, frame = reader.read(raw, tmp_path / "2.parquet")
    assert frame is not None
    assert first is not None
    assert process_of(reader) == first
    assert (outcome.entries, shorter.entries, frame.rows) == (20, 3, 3)
    assert outcome.redactions != shorter.redactions, "counts are a file's, not the process's"


def test_a_file_that_kills_its_process_leaves_the_next_one_alone(
    raw: RawFile, tmp_path: Path, reader: IsolatedReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader.read(raw, tmp_path / "1.parquet")
    first = process_of(reader)
    monkeypatch.setattr(reader, "_limits", replace(Limits(), max_read_memory_bytes=48 << 20))
    outcome, frame = reader.read(replace(raw, path=big(tmp_path)), tmp_path / "2.parquet")
    assert (outcome.status, outcome.reasons, frame) == ("failed", ("resource",), None)
    monkeypatch.setattr(reader, "_limits", Limits())
    outcome, _ = reader.read(raw, tmp_path / "3.parquet")
    assert outcome.status == "ok"
    assert process_of(reader) not in (None, first)


def test_a_process_that_died_between_two_files_is_no_fault_of_the_next(
    raw: RawFile, tmp_path: Path, reader: IsolatedReader
) -> None:
    reader.read(raw, tmp_path / "1.parquet")
    os.kill(process_of(reader) or 0, signal.SIGKILL)
    time.sleep(0.2)
    outcome, _ = reader.read(raw, tmp_path / "2.parquet")
    assert outcome.status == "ok"


def test_a_large_file_has_a_process_to_itself(raw: RawFile, tmp_path: Path, reader: IsolatedReader) -> None:
    outcome, _ = reader.read(replace(raw, path=big(tmp_path)), tmp_path / "1.parquet")
    assert outcome.status == "ok"
    assert process_of(reader) is None


def big(folder: Path) -> Path:
    path = folder / "big"
    path.write_bytes(LOG * 1000)
    return path


@pytest.mark.parametrize("apart", [False, True])
def test_a_file_that_takes_too_long_has_an_outcome(raw: RawFile, tmp_path: Path, apart: bool) -> None:
    limits = replace(Limits(), max_read_seconds=0.0)
    if apart:
        outcome, _ = read_apart(raw, tmp_path / "x.parquet", KEY, replace(limits, max_read_seconds=0.0001))
    else:
        outcome, _ = read_here(raw, tmp_path / "x.parquet", Redactor(KEY), limits, hold)
    assert outcome.status == "failed"
    assert outcome.reasons in (("timeout",), ("resource",))
