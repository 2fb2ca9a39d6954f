"""Which lines of labelled logs are errors: those that the viewer of a test run marks; in reports of services none
without a text.
"""

from __future__ import annotations

import gzip
import json
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from benchmarks.field_records import SERVICES, Share
from benchmarks.labelled import DATA
from signal_pipeline.parsing import parse_log
from signal_pipeline.schemas import SEVERITIES

TEST_RUNS = DATA / "logs" / "treeherder"
_LINE_END = re.compile(r"\r\n|\r|\n")
_NEAR = 200
"""Viewers count line ends in their own way: a label's text counts within so many lines of its number."""
_SAYS = r"\pL[^<>]*$|\pL[^<>]*<"


@dataclass(frozen=True)
class TestRun:
    """`found` are the labelled lines that errors cover; `first` says whether the first error, or the first of the most
    severe ones, covers one; `others` are the signatures of which no error covers one, `other_errors` their errors."""

    name: str
    found: Share
    first: bool
    others: int
    other_errors: int
    missed: tuple[int, ...] = ()


def test_runs() -> Iterator[TestRun]:
    """What is found in each log of a test run."""
    for labels in sorted(TEST_RUNS.glob("*.logview.json")):
        name = labels.name.removesuffix(".logview.json")
        data = gzip.decompress(labels.with_name(f"{name}.log.gz").read_bytes())
        marked = _marked(json.loads(labels.read_text(encoding="utf-8"))["errors"], data)
        yield _judged(name, errors_of(data), marked)


def _marked(labels: list[dict[str, object]], data: bytes) -> set[int]:
    lines = _LINE_END.split(data.decode("utf-8", "replace"))
    marked = set()
    for label in labels:
        text, number = str(label["line"]).strip(), int(str(label["linenumber"]))
        near = [at for at in range(max(number - _NEAR, 0), min(number + _NEAR, len(lines))) if text in lines[at]]
        if near:
            marked.add(min(near, key=lambda at: abs(at - number)) + 1)
    return marked


def errors_of(data: bytes) -> pl.DataFrame:
    """The errors of a log."""
    with tempfile.TemporaryDirectory(prefix="signal-field-") as folder:
        plain = Path(folder) / "a.log"
        plain.write_bytes(data)
        return parse_log(plain).filter("is_error")


def _judged(name: str, errors: pl.DataFrame, marked: set[int]) -> TestRun:
    spans = [(first, first + (count or 1)) for first, count in errors.select("line_number", "line_count").iter_rows()]
    missed = {line for line in marked if not any(first <= line < end for first, end in spans)}
    hits = [any(first <= line < end for line in marked) for first, end in spans]
    ranks = [SEVERITIES.index(severity) for severity in errors["severity"]]
    leads = any(hits) and (hits[0] or hits[ranks.index(min(ranks))])
    signatures = errors["signature_hash"].to_list()
    known = {signature for signature, hit in zip(signatures, hits, strict=True) if hit}
    others = [signature for signature in signatures if signature not in known]
    found = Share(len(marked) - len(missed), len(marked))
    return TestRun(name, found, leads, len(set(others)), len(others), tuple(sorted(missed)))


def wordless_errors() -> Iterator[tuple[str, str, int]]:
    """Report, service and how many errors of its log have a template without a word."""
    for log in sorted(SERVICES.glob("*/*.log.gz")):
        errors = errors_of(gzip.decompress(log.read_bytes()))
        wordless = errors.filter(~pl.col("template").fill_null("").str.contains(_SAYS)).height
        yield log.parent.name, log.name.partition("__")[0], wordless
