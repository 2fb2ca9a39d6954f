"""Frames on their way: small ones in memory, large ones in a file, the same rows either way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from signal_pipeline import frames
from signal_pipeline.frames import FEW_BYTES, SMALL_ROWS, HeldFrame, hold, spool
from signal_pipeline.schemas import MANIFEST


def batches(*sizes: int, text: str = "x") -> Iterator[pl.DataFrame]:
    for size in sizes:
        yield pl.DataFrame({"report_id": [text] * size, "signal_id": ["s"] * size, "outcome": ["ok"] * size})


@pytest.mark.parametrize(
    ("sizes", "in_memory"),
    [((), True), ((3,), True), ((SMALL_ROWS,), True), ((SMALL_ROWS + 1,), False), ((3, 4), False)],
)
def test_what_is_held_has_the_rows_of_what_is_spooled(tmp_path: Path, sizes: tuple[int, ...], in_memory: bool) -> None:
    held = hold(batches(*sizes), MANIFEST, tmp_path / "held.parquet")
    spooled = spool(batches(*sizes), MANIFEST, tmp_path / "spooled.parquet")
    assert held.rows == spooled.rows == sum(sizes)
    assert held.scan().collect().equals(spooled.scan().collect())
    assert (tmp_path / "held.parquet").exists() is not in_memory


def test_what_is_set_aside_is_in_a_file(tmp_path: Path) -> None:
    held = hold(batches(3), MANIFEST, tmp_path / "never.parquet")
    aside = held.set_aside(tmp_path / "aside.parquet")
    assert isinstance(held.frame, pl.DataFrame) and isinstance(aside, HeldFrame)
    assert aside.frame == tmp_path / "aside.parquet"
    assert aside.scan().collect().equals(held.scan().collect())
    assert aside.set_aside(tmp_path / "again.parquet") is aside
    assert not (tmp_path / "again.parquet").exists()


def test_a_spooled_frame_keeps_its_rows_only_while_they_are_few(tmp_path: Path) -> None:
    few = spool(batches(3), MANIFEST, tmp_path / "few.parquet")
    assert few.few is not None and few.few.equals(few.scan().collect())
    assert spool(batches(3, text="x" * FEW_BYTES), MANIFEST, tmp_path / "wide.parquet").few is None
    assert spool(batches(3, 3), MANIFEST, tmp_path / "streamed.parquet").few is None


def test_files_of_one_report_do_not_pile_up_in_memory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What does not fit beside the files before it is set aside: see pipeline/parse.py."""
    from signal_pipeline.pipeline import parse

    monkeypatch.setattr(parse, "SMALL_ROWS", 5)
    assert frames.SMALL_ROWS > 5
    parts = [parse._beside(3, HeldFrame(size, next(batches(size))), tmp_path / f"{size}.parquet") for size in (2, 3)]
    assert [isinstance(part.frame, Path) for part in parts] == [False, True]
