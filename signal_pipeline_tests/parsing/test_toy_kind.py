"""A new kind of signal is a row of KINDS with its reader and sample, and a row of ROLE_RULES: nothing else changes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from signal_pipeline.classification import roles
from signal_pipeline.classification.classify import classify_entries
from signal_pipeline.evidence import Place
from signal_pipeline.parsing import kinds
from signal_pipeline.parsing.signal_kind import SignalKind, Source
from signal_pipeline.parsing.signal_reader import read_signal
from signal_pipeline.redaction.redactor import local_redactor
from signal_pipeline.schemas import ENTRIES, PARSED

MAGIC = b"%SEISMOGRAM\n"


def read_seismogram(source: Source) -> Iterator[pl.DataFrame]:
    """A line per shock: its strength, and what the observer wrote."""
    lines = source.stream.read().removeprefix(MAGIC).decode().splitlines()
    strengths, notes = zip(*(line.split(" ", 1) for line in lines), strict=True)
    source.notes.entries = len(lines)
    yield pl.DataFrame(
        {
            "ordinal": range(len(lines)),
            "entry_index": range(len(lines)),
            "status": [int(strength) for strength in strengths],
            "message": [source.redactor.text(note) for note in notes],
        }
    )


SEISMOGRAM = SignalKind(
    name="seismogram",
    role="shock",
    unit="shock",
    claims=lambda head: head.startswith(MAGIC),
    read=read_seismogram,
    sample=MAGIC + b"2 a lorry passed\n7 the east wing moved, call anna.berg@station.example\n",
)
SHOCK = roles.RoleRules(
    "shock",
    is_error=lambda: pl.col("status") >= 5,
    exception_class=lambda: pl.lit("Earthquake"),
    error_type=lambda _: pl.lit("GenericError"),
    severity=lambda _: pl.lit("critical"),
)


@pytest.fixture
def rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "KINDS", (*kinds.KINDS, SEISMOGRAM))
    monkeypatch.setattr(roles, "ROLE_RULES", (*roles.ROLE_RULES, SHOCK))


@pytest.mark.usefixtures("rows")
def test_a_kind_is_a_row_and_its_role_another(tmp_path: Path) -> None:
    path = tmp_path / "station.dat"
    path.write_bytes(SEISMOGRAM.sample)
    reading = read_signal(path, redactor=local_redactor())
    parsed = pl.concat(list(reading))
    assert (reading.outcome.status, reading.outcome.kind, reading.outcome.entries) == ("ok", "seismogram", 2)
    assert PARSED.violations(parsed.schema, {}) == []
    assert parsed["role"].to_list() == ["shock", "shock"]
    assert "anna" not in parsed["message"][1]

    entries = classify_entries(parsed)
    assert ENTRIES.violations(entries.schema, {}) == []
    quiet, strong = entries.iter_rows(named=True)
    assert (quiet["is_error"], strong["is_error"]) == (False, True)
    assert (strong["error_type"], strong["severity"]) == ("GenericError", "critical")
    assert strong["signature_hash"]
    assert Place.of(strong, path.name, SEISMOGRAM.unit).label() == "station.dat shock 1"


def test_without_its_rows_the_file_is_a_log(tmp_path: Path) -> None:
    path = tmp_path / "station.dat"
    path.write_bytes(SEISMOGRAM.sample)
    reading = read_signal(path, redactor=local_redactor())
    assert {role for frame in reading for role in frame["role"]} == {"record"}
