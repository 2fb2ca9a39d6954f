"""Reports that are classified together become what each becomes by itself."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID, uuid4

import polars as pl
import pytest

from signal_pipeline.classification.classify import classify_entries
from signal_pipeline.pipeline import classify
from signal_pipeline.pipeline.classify import classify_reports
from signal_pipeline.schemas import ERRORS, PARSED

TEXTS = (
    "disk /dev/sda1 is full",
    "order 17 could not be saved: timeout",
    "all is well",
    "TypeError: x is not a function",
)


def entries(report_id: UUID, rows: int) -> pl.DataFrame:
    frame = pl.DataFrame(
        {
            "report_id": str(report_id),
            "signal_sha256": "0" * 64,
            "kind": "log",
            "ordinal": range(rows),
            "level": ["error" if number % 3 else "info" for number in range(rows)],
            "message": [f"{TEXTS[number % 4]} at step {number}" for number in range(rows)],
        }
    )
    return PARSED.conform(frame)


@pytest.mark.parametrize("sizes", [(5,), (5, 0, 40, 1), (5, 300, 40, 120, 7), ()])
def test_together_is_as_alone(sizes: tuple[int, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(classify, "SMALL_ROWS", 100)
    monkeypatch.setattr(classify, "BATCH_ROWS", 50)
    given = {one: entries(one, rows) for one, rows in ((uuid4(), rows) for rows in sizes)}
    found = classify_reports({one: frame.lazy() for one, frame in given.items()}, lambda: tmp_path / f"{uuid4()}")
    assert found.keys() == given.keys()
    for report_id, frame in given.items():
        errors = found[report_id].errors.scan().collect()
        assert errors.equals(ERRORS.conform(classify_entries(frame).filter("is_error")))
        assert errors["report_id"].unique().to_list() == ([str(report_id)] if errors.height else [])
        assert found[report_id].summary["signature_hash"].to_list() == errors["signature_hash"].to_list()
    assert sum(one.errors.rows for one in found.values()) == sum(rows - -(-rows // 3) for rows in sizes)
