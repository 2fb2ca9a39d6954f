"""Whether two checkouts say the same of the same files: for a change that must not change a result.

    python -m benchmarks.same_results OLD NEW [PART …]     # folders of the two checkouts; parts of the data, or all

Every file of the labelled data is a report, as is every folder of `incidents`. Compared are all columns of its entries
(classified), signatures, timeline, incidents and problems, and with `--clusters` the vectors and clusters; with
`--every N` only each Nth report. Each checkout works in its own process, by its own code. Prints what differs; the exit
status is 1 where anything does.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from uuid import UUID, uuid5

import numpy as np
import polars as pl

from benchmarks.labelled import DATA
from signal_pipeline.embedding.protocol import Embedder

PARTS = ("har", "logs", "traces", "field", "pcap", "events", "incidents", "github")
NO_SIGNALS = (".tsv", ".md", ".csv", ".txt.license")
MAX_SHOWN = 40
_NAMESPACE = UUID(int=0)
Digests = Iterator[tuple[str, str]]


@dataclass(frozen=True)
class Wanted:
    """Which reports are compared, and whether they are embedded and clustered."""

    parts: tuple[str, ...]
    every: int
    clusters: bool


def main(old: str, new: str) -> int:
    with tempfile.TemporaryDirectory() as folder:
        outputs = [Path(folder) / name for name in ("old", "new")]
        workers = [
            subprocess.Popen(
                [sys.executable, "-P", __file__, *sys.argv[1:], "--output", str(output)],
                env=os.environ | {"PYTHONPATH": str(Path(checkout).resolve()), "SIGNAL_PIPELINE_REAL_DATA": str(DATA)},
                cwd=checkout,
            )
            for checkout, output in zip((old, new), outputs, strict=True)
        ]
        codes = [worker.wait() for worker in workers]
        if any(codes):
            return 2
        before, after = (_read(output) for output in outputs)
    different = sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))
    for report, what in different[:MAX_SHOWN]:
        print(f"{report}: {what}")
    reports = {report for report, _ in before}
    print(f"{len(reports)} reports, {len(before)} results compared, {len(different)} differ")
    return 1 if different else 0


def _read(output: Path) -> dict[tuple[str, str], str]:
    lines = (json.loads(line) for line in output.read_text(encoding="utf-8").splitlines())
    return {(report, what): digest for report, what, digest in lines}


def work(output: Path, wanted: Wanted) -> None:
    np.set_printoptions(threshold=sys.maxsize, floatmode="unique")
    with output.open("w", encoding="utf-8") as lines:
        for name, files in islice(_reports(wanted.parts), 0, None, wanted.every):
            for what, digest in _digests(name, files, wanted.clusters):
                lines.write(json.dumps([name, what, digest]) + "\n")


def _reports(parts: Sequence[str]) -> Iterator[tuple[str, list[Path]]]:
    for part in parts:
        files = sorted(path for path in (DATA / part).rglob("*") if path.is_file() and path.suffix not in NO_SIGNALS)
        if part == "incidents":
            folders = sorted({path.parent for path in files})
            yield from ((str(one.relative_to(DATA)), [p for p in files if p.parent == one]) for one in folders)
        else:
            yield from ((str(path.relative_to(DATA)), [path]) for path in files)


def _digests(name: str, files: list[Path], clusters: bool) -> Digests:
    """Digests by what is digested. A step that raises has its error for a result."""
    from signal_pipeline.classification.classify import classify_entries
    from signal_pipeline.parsing.signal_reader import read_signal
    from signal_pipeline.redaction.redactor import Redactor

    report_id, frames = str(uuid5(_NAMESPACE, name)), []
    for path in files:
        reading = read_signal(
            path, redactor=Redactor(b"k" * 32), report_id=report_id, signal_id=str(uuid5(_NAMESPACE, path.name))
        )
        frames += [classify_entries(frame) for frame in reading]
        yield f"outcome of {path.name}", _digest(reading.outcome)
    if not frames:
        return
    entries = pl.concat(frames)
    yield from _of_frame("entries", entries)
    if clusters:
        yield from _of_clusters(report_id, entries.filter("is_error"))
    try:
        yield from _of_causes(entries, {str(uuid5(_NAMESPACE, path.name)): path.name for path in files})
    except Exception as error:  # noqa: BLE001  the same failure is the same result
        yield "causes", _digest(repr(error))


def _of_causes(entries: pl.DataFrame, names: dict[str, str]) -> Digests:
    from signal_pipeline.causes.find import find_causes
    from signal_pipeline.causes.problems import problems_of
    from signal_pipeline.causes.records import records_of
    from signal_pipeline.causes.settings import CauseSettings
    from signal_pipeline.correlation.mentions import with_mentions
    from signal_pipeline.correlation.settings import CorrelationSettings
    from signal_pipeline.correlation.timeline import build_timeline

    timeline = build_timeline(with_mentions(entries), CorrelationSettings())
    yield from _of_frame("timeline", timeline.frame)
    yield "clocks", _digest(timeline.clocks)
    incidents = records_of(find_causes(entries, CauseSettings(), names))
    yield "incidents", _digest(incidents)
    yield "problems", _digest(problems_of(incidents, {}))


def _of_clusters(report_id: str, errors: pl.DataFrame) -> Digests:
    from benchmarks.model import exported_model
    from signal_pipeline.clustering.cluster import cluster_signatures
    from signal_pipeline.pipeline.embed import embedding_frame, unique_signatures

    unique = unique_signatures({UUID(report_id): errors.lazy()}, 2_000)[UUID(report_id)]
    if unique.kept.is_empty():
        return
    vectors = _embedder(exported_model()).embed(unique.texts)
    yield from _of_frame("signatures", embedding_frame(unique, vectors, ""))
    yield "occurrences", _digest(unique.occurrences)
    found = cluster_signatures(
        vectors,
        frequencies=unique.kept["frequency"].to_list(),
        error_types=unique.kept["error_type"].to_list(),
        exception_classes=unique.kept["exception_class"].to_list(),
        templates=unique.kept["template"].to_list(),
        hashes=unique.kept["signature_hash"].to_list(),
    )
    yield "clusters", _digest(found)


@cache
def _embedder(model: Path) -> Embedder:
    from signal_pipeline.embedding.locate import load_embedder

    return load_embedder(model)


def _of_frame(what: str, frame: pl.DataFrame) -> Digests:
    for column in frame.get_columns():
        yield f"{what}.{column.name}", _digest(column.to_list())


def _digest(value: object) -> str:
    return hashlib.sha256(repr(value).encode("utf-8", "backslashreplace")).hexdigest()[:16]


if __name__ == "__main__":
    options = ArgumentParser(prog="python -m benchmarks.same_results")
    options.add_argument("old")
    options.add_argument("new")
    options.add_argument("parts", nargs="*", default=PARTS)
    options.add_argument("--every", type=int, default=1)
    options.add_argument("--clusters", action="store_true")
    options.add_argument("--output", type=Path, help="for the process of a checkout: where its digests go")
    given = options.parse_args()
    if given.output is not None:
        work(given.output, Wanted(tuple(given.parts), given.every, given.clusters))
    else:
        raise SystemExit(main(given.old, given.new))
