"""What is read is what was accepted: each way in which a store gives something else is an outcome of that file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import polars as pl
import pytest

from signal_pipeline.errors import StorageUnavailable
from signal_pipeline.frames import hold
from signal_pipeline.limits import Limits
from signal_pipeline.pipeline import accepted_object
from signal_pipeline.pipeline.manifest import FetchingTools, collect_manifest
from signal_pipeline.pipeline.parse import ParsingTools, parse_report
from signal_pipeline.pipeline.reading import read_here
from signal_pipeline.redaction.redactor import Redactor
from signal_pipeline.storage.kept_files import KeptFiles
from signal_pipeline.storage.object_store import ObjectStore
from signal_pipeline.storage.reports import Signal
from signal_pipeline_tests.storage.faulty_s3 import CONTENT, PAGE, faulty_s3
from signal_pipeline_tests.storage.test_faulty_object_store import settings_for

REPORT = uuid4()
SHA256 = hashlib.sha256(CONTENT).hexdigest()
SIZE = len(CONTENT)


@dataclass(frozen=True)
class Bench:
    tools: FetchingTools
    asked: list[str]

    def manifest(self, *signals: Signal) -> dict[str, str | None]:
        frame = collect_manifest(REPORT, signals, self.tools)
        return {row["name"]: row["reason"] or row["outcome"] for row in frame.iter_rows(named=True)}


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.setattr(accepted_object, "PAUSE_SECONDS", 0.0)
    with faulty_s3() as (address, asked), ThreadPoolExecutor(2) as threads:
        store = ObjectStore(settings_for(address), attempts=1)
        yield Bench(FetchingTools(store, KeptFiles(), tmp_path, threads, 1 << 30, 0), asked)


def signal(way: str, size: int | None = None, sha256: str | None = None) -> Signal:
    return Signal(uuid4(), REPORT, f"{way}.log", f"{way}.log", size, sha256, datetime.now(UTC))


CASES = [
    # way of the store, size and hash that were accepted, outcome
    ("good", SIZE, SHA256, "ok"),
    ("good", None, None, "ok"),
    ("good", SIZE - 1, SHA256, "changed"),
    ("good", SIZE, "0" * 64, "changed"),
    ("replaced", SIZE, SHA256, "changed"),
    ("replaced", None, None, "ok"),
    ("page", SIZE, SHA256, "changed"),
    ("page", len(PAGE), SHA256, "changed"),
    ("page", None, None, "error_document"),
    ("page", len(PAGE), None, "error_document"),
    ("page", len(PAGE), hashlib.sha256(PAGE).hexdigest(), "ok"),
    ("s3error", None, None, "error_document"),
    ("short", SIZE, SHA256, "bad_answer"),
    ("versionless", None, None, "bad_answer"),
    ("sizeless", SIZE, SHA256, "bad_answer"),
    ("missing", SIZE, SHA256, "not_found"),
    ("recovering", SIZE, SHA256, "ok"),
]


@pytest.mark.parametrize(
    ("way", "size", "sha256", "expected"), CASES, ids=[f"{way} {expected}" for way, *_, expected in CASES]
)
def test_each_is_an_outcome_and_the_neighbour_is_read(
    bench: Bench, way: str, size: int | None, sha256: str | None, expected: str
) -> None:
    first = signal(way, size, sha256)
    neighbour = Signal(uuid4(), REPORT, "neighbour.log", "good.log", SIZE, SHA256, datetime.now(UTC))
    found = bench.manifest(first, neighbour)
    assert found == {f"{way}.log": expected, "neighbour.log": "ok"}
    times = sum(one.endswith(way) for one in bench.asked) - (way == "good")
    assert times == (2 if expected in ("changed", "bad_answer", "error_document") or way == "recovering" else 1)


def test_a_store_that_is_down_is_no_files_fault(bench: Bench) -> None:
    with pytest.raises(StorageUnavailable):
        bench.manifest(signal("broken", SIZE, SHA256), signal("good", SIZE, SHA256))


@pytest.mark.parametrize(
    ("way", "expected"), [("replaced", "changed"), ("changing", "changed"), ("short", "bad_answer")]
)
def test_what_changes_between_looking_and_reading_is_not_read(
    bench: Bench, tmp_path: Path, way: str, expected: str
) -> None:
    """The manifest saw an object; by the time it is read the store gives another, and the file beside it is read."""
    first, second = signal("good", SIZE, SHA256), signal("good", SIZE, SHA256)
    manifest = collect_manifest(REPORT, [first, second], bench.tools).with_columns(
        pl.lit(None, pl.String()).alias("duplicate_of")
    )
    read = ParsingTools(
        bench.tools.store,
        KeptFiles(),
        lambda raw, target: read_here(raw, target, Redactor(b"k" * 32), Limits(), hold),
        tmp_path,
    )
    keys: dict[UUID, str] = {first.id: f"{way}.log", second.id: "good.log"}
    parsed = parse_report(manifest, keys, read, tmp_path / "entries.parquet")
    assert parsed.outcomes[first.id].reasons == (expected,)
    assert parsed.outcomes[second.id].status == "ok"
    assert parsed.entries.rows == 20
