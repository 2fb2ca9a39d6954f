"""Clusters of error and warning templates against their statements: `python -m benchmarks.grouping_statements`.

Two are the same when one statement of the program wrote them, or, where a trace tells, when the same exception was
raised at the same place. The labels of the labelled logs tell the statements; in `incidents/openstack` a message is of
the statement whose text it fits, and is left out where it fits none. Pairs are pairs of distinct messages, over all
reports of one part: every second log and report is held out.
"""

from __future__ import annotations

import csv
import gzip
import re
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.labelled import DATA, pair_scores
from benchmarks.model import exported_model
from benchmarks.result import Figure, write_result
from signal_pipeline.classification.classify import classify_entries
from signal_pipeline.classification.texts import embedding_text
from signal_pipeline.clustering.algorithms import labels_by
from signal_pipeline.clustering.settings import ClusterSettings
from signal_pipeline.embedding.onnx_minilm import OnnxEmbedder
from signal_pipeline.embedding.protocol import Embedder
from signal_pipeline.parsing import parse_log
from signal_pipeline.schemas import PARSED

LABELLED, INCIDENTS = DATA / "logs" / "labelled", DATA / "incidents" / "openstack"
EVERY = 3
"""Of so many incidents one is read; MAX_BYTES of each of its logs."""
MAX_BYTES = 3_000_000
PRECISION, RECALL, MORE_THAN_EXACT = 0.98, 0.85, 0.15
LEVELS = ("error", "critical", "warning")
MIN_LITERAL = 12
_FRAME = re.compile(r'File "([^"\n]+)", line \d+, in (\S+)')
_RAISED = re.compile(r"^([A-Za-z_][\w.]*)(?::|$)", re.MULTILINE)


def main() -> None:
    embedder = OnnxEmbedder(exported_model(), threads=2)
    figures: dict[str, Figure] = {}
    items = _items()
    for part, held_out in (("calibration", False), ("held_out", True), ("all", None)):
        chosen = items if held_out is None else items.filter(pl.col("held_out") == held_out)
        exact = pair_scores(chosen["signature_hash"].to_list(), chosen["truth"].to_list())
        found = pair_scores(clusters_of(chosen, embedder), chosen["truth"].to_list())
        for at, (metric, target) in enumerate(
            (("precision", PRECISION), ("recall", max(RECALL, exact[1] + MORE_THAN_EXACT)))
        ):
            figures[f"{part}_{metric}"] = Figure(
                round(found[at], 4), target, "higher", "share of pairs", "exact signatures", round(exact[at], 4)
            )
        figures[f"{part}_messages"] = Figure(chosen.height, None, "higher", "distinct messages")
    write_result("grouping_statements", figures)


def clusters_of(items: pl.DataFrame, embedder: Embedder) -> list[int]:
    """The cluster of each item, as a report that holds all of them would have it."""
    signatures = items.group_by("signature_hash", maintain_order=True).first()
    fields = ("error_type", "exception_class", "template", "top_frames")
    vectors = embedder.embed([embedding_text(*row) for row in signatures.select(fields).iter_rows()])
    labels = labels_by(
        ClusterSettings(),
        vectors,
        error_types=signatures["error_type"].to_list(),
        exception_classes=signatures["exception_class"].to_list(),
        templates=signatures["template"].to_list(),
        top_frames=signatures["top_frames"].fill_null([]).to_list(),
    )
    own = -1 - np.arange(len(labels))
    cluster = dict(zip(signatures["signature_hash"], np.where(labels < 0, own, labels).tolist(), strict=True))
    return [cluster[signature] for signature in items["signature_hash"]]


def _items() -> pl.DataFrame:
    """Distinct messages with signature and truth. Warnings are called errors, so that they have a signature."""
    known = _known_statements()
    rows = pl.concat([*_labelled_rows(), *_incident_rows()], how="diagonal_relaxed")
    truth = [
        _truth(event, message, trace, known)
        for event, message, trace in rows.select("event", "message", "stack_trace").iter_rows()
    ]
    rows = rows.with_columns(pl.Series("truth", truth, dtype=pl.String)).drop_nulls("truth")
    rows = rows.unique(["message", "held_out", "stack_trace"], maintain_order=True)
    entries = PARSED.conform(rows.select([name for name in PARSED.polars if name in rows.columns]))
    found = classify_entries(entries.with_columns(pl.lit("error").alias("level")))
    return found.with_columns(rows["truth"], rows["held_out"])


def _labelled_rows() -> Iterator[pl.DataFrame]:
    for number, folder in enumerate(sorted(LABELLED.iterdir())):
        events = {
            int(row["LineId"]): _spaced(row["EventTemplate"])
            for row in _labels(folder / "labels.csv.gz")
            if row["EventId"]
        }
        rows = _read(gzip.decompress((folder / "raw.log.gz").read_bytes()))
        event = pl.Series("event", [events.get(line) for line in rows["line_number"]], dtype=pl.String)
        yield rows.with_columns(event, pl.lit(bool(number % 2)).alias("held_out"))


def _incident_rows() -> Iterator[pl.DataFrame]:
    for number, report in enumerate(sorted(INCIDENTS.glob("*_test_*"))[::EVERY]):
        for path in sorted(report.glob("*__*.log.gz")):
            if "workload" not in path.name:
                rows = _read(gzip.decompress(path.read_bytes())[:MAX_BYTES])
                yield rows.with_columns(
                    pl.lit(None, pl.String).alias("event"), pl.lit(bool(number % 2)).alias("held_out")
                )


def _read(content: bytes) -> pl.DataFrame:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "raw.log"
        path.write_bytes(content)
        return parse_log(path).filter(pl.col("level").is_in(LEVELS))


def _labels(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _known_statements() -> list[tuple[str, re.Pattern[str]]]:
    """Each statement that says enough to be recognised, the most literal first."""
    texts = {
        _spaced(row["EventTemplate"]) for folder in LABELLED.iterdir() for row in _labels(folder / "labels.csv.gz")
    }
    told = [text for text in texts if len(text.replace("<*>", "").strip()) >= MIN_LITERAL]
    told.sort(key=lambda text: (-len(text.replace("<*>", "")), text))
    return [(text, re.compile(".*?".join(re.escape(part) for part in text.rstrip(". ").split("<*>")))) for text in told]


def _truth(
    event: str | None, message: str, trace: str | None, known: Sequence[tuple[str, re.Pattern[str]]]
) -> str | None:
    frames = _FRAME.findall(trace or "")
    raised = _RAISED.findall(trace or "")
    if frames and raised:
        return f"{raised[-1].rpartition('.')[2]} at {frames[-1]}"
    if event:
        return event
    text = re.sub(r"^(?:\[[^\]]*\] ?)+", "", _spaced(message))
    return next((statement for statement, pattern in known if pattern.match(text)), None)


if __name__ == "__main__":
    main()
