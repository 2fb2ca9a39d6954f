"""Reading a file here and in a process of its own: the same entries, and a death that is an outcome."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from signal_pipeline.limits import Limits
from signal_pipeline.redaction.redactor import Redactor
from signal_pipeline.steps.reading import RawFile, read_apart, read_here

KEY = b"a key of the test"
LOG = b"2026-03-01 10:00:01 ERROR shop - token=s3cr3tvalue99 of anna@example.com is refused\n" * 20


@pytest.fixture
def raw(tmp_path: Path) -> RawFile:
    (tmp_path / "raw").write_bytes(LOG)
    return RawFile(tmp_path / "raw", "server.log", "log", "00000000-0000-4000-8000-000000000001", "s")


def test_apart_gives_what_here_gives(raw: RawFile, tmp_path: Path) -> None:
    here, rows_here = read_here(raw, tmp_path / "here.parquet", Redactor(KEY), Limits())
    apart, rows_apart = read_apart(raw, tmp_path / "apart.parquet", KEY, Limits())
    assert here == apart
    assert here.status == "ok" and here.redactions
    assert rows_apart is not None
    assert rows_here.scan().collect().equals(rows_apart.scan().collect())
    assert "s3cr3tvalue99" not in (tmp_path / "apart.parquet").read_bytes().decode("latin-1")


def test_a_refused_file_is_refused_apart_as_well(raw: RawFile, tmp_path: Path) -> None:
    raw.path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(500))
    outcome, _ = read_apart(raw, tmp_path / "x.parquet", KEY, Limits())
    assert (outcome.status, outcome.reasons) == ("failed", ("binary",))


def test_a_reader_that_wants_too_much_memory_dies_alone(raw: RawFile, tmp_path: Path) -> None:
    outcome, frame = read_apart(raw, tmp_path / "x.parquet", KEY, replace(Limits(), max_read_memory_bytes=48 << 20))
    assert (outcome.status, outcome.reasons, frame) == ("failed", ("resource",), None)


@pytest.mark.parametrize("apart", [False, True])
def test_a_file_that_takes_too_long_has_an_outcome(raw: RawFile, tmp_path: Path, apart: bool) -> None:
    limits = replace(Limits(), max_read_seconds=0.0)
    if apart:
        outcome, _ = read_apart(raw, tmp_path / "x.parquet", KEY, replace(limits, max_read_seconds=0.0001))
    else:
        outcome, _ = read_here(raw, tmp_path / "x.parquet", Redactor(KEY), limits)
    assert outcome.status == "failed"
    assert outcome.reasons in (("timeout",), ("resource",))
