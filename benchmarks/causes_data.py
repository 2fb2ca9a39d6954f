"""Reports with a known cause, as the product reads and classifies them. Reading is slow, so frames are kept by version.

A third of the reports, chosen by a hash of their names, is held out: figures on it are printed apart, and nothing is
tuned with it.
"""

from __future__ import annotations

import csv
import hashlib
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from benchmarks.labelled import DATA
from benchmarks.result import RESULTS_DIR
from signal_pipeline.classification.classify import CLASSIFICATION_VERSION, classify_entries
from signal_pipeline.parsing.signal_reader import read_signal
from signal_pipeline.parsing.version import PARSERS_VERSION
from signal_pipeline.redaction.redactor import local_redactor

INCIDENTS, LOGS = DATA / "incidents", DATA / "logs"
FRAMES = RESULTS_DIR / "causes_frames"
READ_EARLIER = os.environ.get("BENCH_FRAMES")
"""A folder of frames that another version read: for a look at causes alone, without reading again."""
VERSIONS_KEPT = 3
"""Versions whose frames stay, so that two can be compared in turn."""
_LABELS = (".tsv", ".md", ".csv", ".json", ".jsonl")


@dataclass(frozen=True)
class Labelled:
    """A report and what is known of it: `truth` is its line of `labels.tsv`."""

    name: str
    entries: pl.DataFrame
    truth: dict[str, str]

    @property
    def is_held_out(self) -> bool:
        return held_out(self.name)


def held_out(name: str) -> bool:
    return hashlib.sha256(name.encode()).digest()[0] % 3 == 0


def labelled_reports(system: str, most: int | None = None) -> list[Labelled]:
    """The reports of `incidents/<system>`, or the first of them, in the order of their labels."""
    folders = [(label, INCIDENTS / system / label["report"]) for label in labels_of(system)[:most]]
    return [Labelled(label["report"], _report(system, folder), label) for label, folder in folders if folder.is_dir()]


def labels_of(system: str) -> list[dict[str, str]]:
    with (INCIDENTS / system / "labels.tsv").open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))


def single_log(path: Path) -> pl.DataFrame:
    """The entries of a report that has this file alone."""
    return _kept(f"log-{_digest(str(path.relative_to(DATA)))}", [path])


def _report(system: str, folder: Path) -> pl.DataFrame:
    files = [path for path in sorted(folder.iterdir()) if path.is_file() and path.suffix not in _LABELS]
    return _kept(f"{system}-{folder.name}", files)


def _kept(name: str, files: Iterable[Path]) -> pl.DataFrame:
    home = FRAMES / _digest(f"{PARSERS_VERSION} {CLASSIFICATION_VERSION}")
    path = home / f"{name}.parquet"
    if READ_EARLIER and (Path(READ_EARLIER) / path.name).is_file():
        return pl.read_parquet(Path(READ_EARLIER) / path.name)
    if path.is_file():
        return pl.read_parquet(path)
    if not home.is_dir():
        home.mkdir(parents=True)
        for old in sorted(FRAMES.iterdir(), key=lambda one: one.stat().st_mtime)[:-VERSIONS_KEPT]:
            shutil.rmtree(old, ignore_errors=True)
    entries = read(files, name)
    entries.write_parquet(path, compression="zstd")
    return entries


def read(files: Iterable[Path], report_id: str) -> pl.DataFrame:
    """What the steps of parsing and classification hand on; a file's name is the id of its signal."""
    frames, redactor = [], local_redactor()
    for path in files:
        reading = read_signal(path, redactor=redactor, report_id=report_id, signal_id=path.name)
        found = [classify_entries(frame) for frame in reading]
        if reading.outcome.status != "failed":
            frames += found
    return pl.concat(frames)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


if __name__ == "__main__":
    for known in ("trainticket", "openstack"):
        print(known, len(labelled_reports(known)))
