"""Labelled signatures for the grouping benchmark: what is one problem according to others.

Logs: loghub's corrected event templates are the classes, one system is one report. They are taken twice: with
the product's masks, and with masks for numbers only, which stands for systems the masks have never seen.
Crashes: one report of crash files; the class is the labelled crash type and state, or the file.
"""

from __future__ import annotations

import csv
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from signal_pipeline.classification.classify import classify_entries
from signal_pipeline.classification.texts import embedding_text
from signal_pipeline.embedding.protocol import Embedder, Vectors
from signal_pipeline.parsing.signal_reader import read_signal
from signal_pipeline.redaction.redactor import Redactor

DATA = Path(os.environ.get("SIGNAL_PIPELINE_REAL_DATA", Path(__file__).resolve().parents[1].parent / "shared" / "data"))
HELD_OUT = frozenset({"Linux", "OpenStack", "Zookeeper"})
"""Never looked at by the choice of the default; reported apart."""

_NUMBERS_ONLY = (
    (re.compile(r"0x[0-9a-fA-F]+|\b[0-9a-f]{8,}\b"), "<HEX>"),
    (re.compile(r"\d+"), "<NUM>"),
    (re.compile(r"<NUM>(?:[.:]<NUM>)+"), "<NUM>"),
)


@dataclass(frozen=True)
class LabelledReport:
    """`lines`: class and signature of each line. `signatures`: one row each, in step with `vectors`."""

    name: str
    masks: str
    lines: pl.DataFrame
    signatures: pl.DataFrame
    vectors: Vectors

    @property
    def held_out(self) -> bool:
        return self.name in HELD_OUT


def labelled_reports(embedder: Embedder) -> list[LabelledReport]:
    """All labelled reports under DATA, embedded."""
    return [
        _report(name, masks, lines, embedder)
        for name, masks, lines in (*_logs(DATA / "logs" / "loghub_corrected"), ("crashes", "product", _crashes()))
    ]


def _report(name: str, masks: str, lines: pl.DataFrame, embedder: Embedder) -> LabelledReport:
    counted = lines.group_by("signature", "class").agg(pl.len().alias("n"), pl.all().exclude("n").first())
    # A signature that masks made of two classes counts for the larger; stage 3 cannot part it.
    signatures = (
        counted.sort(["signature", "n", "class"], descending=[False, True, False])
        .group_by("signature", maintain_order=True)
        .agg(pl.all().exclude("n").first(), pl.col("n").sum())
    )
    texts = [
        embedding_text(row["error_type"], row["exception_class"], row["template"], row["top_frames"])
        for row in signatures.iter_rows(named=True)
    ]
    return LabelledReport(name, masks, lines.select("class", "signature"), signatures, embedder.embed(texts))


def _logs(folder: Path) -> Iterator[tuple[str, str, pl.DataFrame]]:
    for path in sorted(folder.rglob("*_structured*.csv")):
        with path.open(encoding="utf-8", errors="replace", newline="") as stream:
            rows = list(csv.DictReader(stream))
        # Called errors, all of them: the classes of few lines that are errors would say too little.
        entries = pl.DataFrame({"message": [row["Content"] for row in rows], "kind": "log", "level": "error"})
        found = classify_entries(entries).select(
            pl.Series("class", [row["EventTemplate"] for row in rows]),
            pl.col("signature_hash").alias("signature"),
            "error_type",
            "exception_class",
            "template",
            "top_frames",
        )
        yield path.parent.name, "product", found
        plain = pl.Series("template", [_numbers_masked(row["Content"]) for row in rows])
        yield path.parent.name, "numbers only", found.with_columns(plain, plain.alias("signature"))


def _numbers_masked(text: str) -> str:
    for pattern, replacement in _NUMBERS_ONLY:
        text = pattern.sub(replacement, text)
    return text


def _crashes() -> pl.DataFrame:
    """The first error of each crash file that has one."""
    found = []
    for path in sorted((DATA / "traces").glob("*/*.txt")):
        frames = list(read_signal(path, redactor=Redactor(b"benchmark")))
        if not frames:
            continue
        errors = classify_entries(pl.concat(frames)).filter(pl.col("is_error"))
        if errors.height:
            found.append(errors.head(1).with_columns(pl.lit(_crash_class(path)).alias("class")))
    columns = ("error_type", "exception_class", "template", "top_frames")
    return pl.concat(found).select("class", pl.col("signature_hash").alias("signature"), *columns)


def _crash_class(path: Path) -> str:
    labels = path.parent / "labels.jsonl"
    if labels.is_file():
        for line in labels.read_text(encoding="utf-8").splitlines():
            label = json.loads(line)
            if label["file"] == path.name and (label.get("state") or label.get("backtrace")):
                return json.dumps([label.get("type"), label.get("state"), label.get("backtrace")], sort_keys=True)
    return f"{path.parent.name}/{path.name}"
