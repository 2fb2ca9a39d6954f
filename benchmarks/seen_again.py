"""Whether a statement is recognised in the next small report: `python -m benchmarks.seen_again`.

Two samples of a labelled log without a line in common, each read as a file of its own; every line is called an error.
A statement that both hold should have one signature, or signatures of one cluster of what both hold. Recall is the
share of pairs of its lines, one of each sample, that do, averaged over statements; precision is the share of pairs of
texts with one signature or cluster that are of one statement. The peer is equality of the message's text.
"""

from __future__ import annotations

import csv
import gzip
import random
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from benchmarks.grouping_data import HELD_OUT
from benchmarks.grouping_statements import clusters_of
from benchmarks.labelled import DATA
from benchmarks.model import exported_model
from benchmarks.result import Figure, write_result
from benchmarks.signatures_statements import SET_WITH
from signal_pipeline.classification.classify import classify_entries
from signal_pipeline.embedding.onnx_minilm import OnnxEmbedder
from signal_pipeline.embedding.protocol import Embedder
from signal_pipeline.parsing import parse_log
from signal_pipeline.schemas import PARSED

LINES = (50, 200)
ROUNDS = 2

Labelled = dict[int, str]
"""The statement of each line that has a known one, by its number from 1."""
Identity = tuple[str, str]
"""Statement, and what stands for it."""


def main() -> None:
    embedder = OnnxEmbedder(exported_model(), threads=2)
    scores: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for name, is_held_out, lines, events in _systems():
        for size in LINES:
            for number in range(ROUNDS):
                rng = random.Random(f"{name} {size} {number}")
                for kind, one, other in _two_samples(lines, events, size, rng, embedder):
                    score = _recall(one, other), _precision(one, other)
                    scores[f"{size}_lines_{kind}"].append(score)
                    if is_held_out:
                        scores[f"{size}_lines_held_out_{kind}"].append(score)
    figures: dict[str, Figure] = {}
    for name, rows in scores.items():
        part, _, kind = name.rpartition("_")
        for at, metric in enumerate(("recall", "precision")):
            mean, peer = (
                round(sum(row[at] for row in found) / len(found), 4) for found in (rows, scores[f"{part}_text"])
            )
            if kind != "text":
                figures[f"{name}_{metric}"] = Figure(mean, None, "higher", "share of pairs", "equal texts", peer)
    write_result("seen_again", figures)


def _systems() -> Iterator[tuple[str, bool, list[str], Labelled]]:
    """Name, whether no rule was set with it, lines and statements of each labelled log."""
    for folder in sorted((DATA / "logs" / "loghub_corrected").iterdir()):
        truth = pl.read_csv(next(folder.glob("*_structured*.csv")), infer_schema=False)["EventTemplate"]
        raw = DATA / "logs" / "loghub" / folder.name / f"{folder.name}_2k.log"
        events = dict(enumerate(truth, 1))
        yield folder.name, folder.name in HELD_OUT, _lines(raw.read_bytes()), events
    for folder in sorted((DATA / "logs" / "labelled").iterdir()):
        with gzip.open(folder / "labels.csv.gz", "rt", encoding="utf-8", newline="") as stream:
            events = {int(row["LineId"]): row["EventId"] for row in csv.DictReader(stream) if row["EventId"]}
        content = gzip.decompress((folder / "raw.log.gz").read_bytes())
        yield folder.name, folder.name not in SET_WITH, _lines(content), events


def _lines(content: bytes) -> list[str]:
    return content.decode("utf-8", "replace").split("\n")


def _two_samples(
    lines: Sequence[str], events: Labelled, size: int, rng: random.Random, embedder: Embedder
) -> Iterator[tuple[str, list[Identity], list[Identity]]]:
    """Text, signature and cluster of each line of both samples."""
    chosen = rng.sample(sorted(events), min(2 * size, len(events) // 2 * 2))
    halves = [sorted(chosen[: len(chosen) // 2]), sorted(chosen[len(chosen) // 2 :])]
    read = [_read([lines[number - 1] for number in half], [events[number] for number in half]) for half in halves]
    entries = pl.concat(read)
    cluster = pl.Series("cluster", [str(label) for label in clusters_of(entries, embedder)])
    entries = entries.with_columns(cluster)
    for kind, column in (("text", "message"), ("signature", "signature_hash"), ("cluster", "cluster")):
        pairs = list(entries.select("statement", column).iter_rows())
        yield kind, pairs[: read[0].height], pairs[read[0].height :]


def _read(lines: Sequence[str], statements: Sequence[str]) -> pl.DataFrame:
    """The lines as errors of a file of their own, each with its statement."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "raw.log"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        entries = parse_log(path)
    known = dict(enumerate(statements, 1))
    statement = pl.Series("statement", [known.get(number) for number in entries["line_number"]], dtype=pl.String)
    errors = classify_entries(PARSED.conform(entries.select(list(PARSED.polars))).with_columns(level=pl.lit("error")))
    return errors.with_columns(statement).filter(pl.col("statement").is_not_null() & pl.col("is_error"))


def _recall(one: Sequence[Identity], other: Sequence[Identity]) -> float:
    mine, theirs = _by_statement(one), _by_statement(other)
    shares = [
        sum(count * theirs[statement][identity] for identity, count in mine[statement].items())
        / (mine[statement].total() * theirs[statement].total())
        for statement in mine.keys() & theirs.keys()
    ]
    return sum(shares) / len(shares) if shares else 1.0


def _by_statement(lines: Sequence[Identity]) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for statement, identity in lines:
        found[statement][identity] += 1
    return found


def _precision(one: Sequence[Identity], other: Sequence[Identity]) -> float:
    statements: list[dict[str, set[str]]] = []
    for lines in (one, other):
        of: dict[str, set[str]] = defaultdict(set)
        for statement, identity in lines:
            of[identity].add(statement)
        statements.append(of)
    mine, theirs = statements
    pairs = [(a, b) for identity in mine.keys() & theirs.keys() for a in mine[identity] for b in theirs[identity]]
    return sum(a == b for a, b in pairs) / len(pairs) if pairs else 1.0


if __name__ == "__main__":
    main()
