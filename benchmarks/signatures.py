"""How well templates and signatures group: grouping accuracy on labelled logs, pairs on labelled traces.

GA is the share of lines whose group is exactly a true group; FGA is the F1 of groups found exactly. Template
mining runs as `parse` does it: masks per line, then the batch step over one file. The peer is Drain3 with its
default settings on the same text. Run: python -m benchmarks.signatures
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections import Counter
from collections.abc import Hashable, Sequence
from pathlib import Path

import polars as pl

from benchmarks.result import Figure, write_result
from signal_pipeline.classification.classify import classify_entries
from signal_pipeline.classification.generalise import generalise_templates
from signal_pipeline.parsing import parse_log
from signal_pipeline.schemas import PARSED

DATA = Path(os.environ.get("SIGNAL_PIPELINE_REAL_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
GA_TARGET = 0.95
FGA_TARGET = 0.92
MARK = "#=MATCH=# "
LEVELS = {"I": "info", "D": "debug", "W": "warning", "E": "error", "V": "trace", "F": "critical", "WARN": "warning"}


def grouping(found: Sequence[Hashable], truth: Sequence[Hashable]) -> tuple[float, float]:
    """GA and FGA of the grouping `found` against `truth`, line by line."""
    both, mine, true = Counter(zip(found, truth, strict=True)), Counter(found), Counter(truth)
    exact = [size for (m, t), size in both.items() if mine[m] == size == true[t]]
    return sum(exact) / len(truth), 2 * len(exact) / (len(mine) + len(true))


def pair_scores(found: Sequence[Hashable], truth: Sequence[Hashable]) -> tuple[float, float]:
    """Precision and recall over pairs of items; 1.0 where there is no pair to judge."""

    def pairs(groups: Counter[Hashable]) -> int:
        return sum(size * (size - 1) // 2 for size in groups.values())

    both = pairs(Counter(zip(found, truth, strict=True)))
    mine, true = pairs(Counter(found)), pairs(Counter(truth))
    return both / mine if mine else 1.0, both / true if true else 1.0


def content_entries(labelled: pl.DataFrame) -> pl.DataFrame:
    """The Content column as log entries, with the level where the set has one."""
    level = pl.lit(None, pl.String)
    if "Level" in labelled.columns:
        level = pl.col("Level").replace(LEVELS).str.to_lowercase()
        level = pl.when(level.is_in([*LEVELS.values(), "notice"])).then(level)
    return PARSED.conform(
        labelled.with_columns(
            pl.col("Content").fill_null("").alias("message"),
            level.alias("level"),
            pl.lit("log").alias("kind"),
            pl.int_range(pl.len()).alias("ordinal"),
            pl.lit("0" * 64).alias("signal_sha256"),
        )
    )


def raw_groups(path: Path, lines: int) -> list[str]:
    """The template of each line of a raw file, by way of the log reader."""
    entries = generalise_templates(parse_log(path))
    groups = [""] * lines
    for first, count, template in entries.select("line_number", "line_count", "template_id").iter_rows():
        for line in range(first, min(first + (count or 1), lines + 1)):
            groups[line - 1] = template
    return groups


def drain_groups(messages: Sequence[str]) -> list[int]:
    from drain3 import TemplateMiner

    miner = TemplateMiner()
    return [miner.add_log_message(message)["cluster_id"] for message in messages]


def logs() -> dict[str, Figure]:
    rows: dict[str, list[tuple[float, float]]] = {"content": [], "raw": [], "masks": [], "drain": []}
    figures: dict[str, Figure] = {}
    for folder in sorted((DATA / "logs" / "loghub_corrected").iterdir()):
        labelled = pl.read_csv(next(folder.glob("*_structured*.csv")), infer_schema=False)
        truth = labelled["EventTemplate"].to_list()
        entries = classify_entries(content_entries(labelled))
        rows["masks"].append(grouping(entries["template_id"].to_list(), truth))
        rows["content"].append(grouping(generalise_templates(entries)["template_id"].to_list(), truth))
        rows["drain"].append(grouping(drain_groups(labelled["Content"].fill_null("").to_list()), truth))
        raw = DATA / "logs" / "loghub" / folder.name / f"{folder.name}_2k.log"
        rows["raw"].append(grouping(raw_groups(raw, len(truth)), truth))
        for at, metric in enumerate(("ga", "fga")):
            name = f"{metric}_{folder.name.lower()}"
            figures[name] = _against_drain(rows["content"][-1][at], None, rows["drain"][-1][at])
    for at, (metric, target) in enumerate((("ga", GA_TARGET), ("fga", FGA_TARGET))):
        mean = {name: sum(row[at] for row in found) / len(found) for name, found in rows.items()}
        figures[f"{metric}_mean"] = _against_drain(mean["content"], target, mean["drain"])
        figures[f"{metric}_mean_raw_lines"] = _against_drain(mean["raw"], target, mean["drain"])
        figures[f"{metric}_mean_masks_alone"] = _against_drain(mean["masks"], None, mean["drain"])
    return figures


def _against_drain(value: float, target: float | None, peer: float) -> Figure:
    return Figure(round(value, 4), target, "higher", "share", "drain3", round(peer, 4))


def crash_key(label: dict[str, object]) -> str | None:
    """What the label says that a crash is: its state, its top three frames (all named), or its short signature."""
    frames = label.get("backtrace")
    if isinstance(frames, dict):
        top = [frames.get(str(depth)) for depth in range(3)]
        return None if None in top or "??" in top else json.dumps(top)
    stated = label.get("state") or label.get("short_signature")
    return json.dumps([label.get("type"), stated]) if stated else None


def traces() -> dict[str, Figure]:
    """Each crash file is one error: its text is the trace, and it has no message of its own."""
    labelled: dict[Path, str] = {}
    for name in ("clusterfuzz", "fuzzmanager"):
        folder = DATA / "traces" / name
        for line in (folder / "labels.jsonl").read_text(encoding="utf-8").splitlines():
            label = json.loads(line)
            key = crash_key(label)
            if key is not None:
                labelled.setdefault(folder / label["file"], key)
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in labelled]
    errors = pl.DataFrame({"stack_trace": texts}).with_columns(pl.lit("error").alias("level"))
    out = classify_entries(errors)
    precision, recall = pair_scores(out["signature_hash"].to_list(), list(labelled.values()))
    framed = 1 - out["top_frames"].null_count() / out.height
    return {
        "trace_pair_precision": Figure(round(precision, 4), 0.95, "higher", "share"),
        "trace_pair_recall": Figure(round(recall, 4), 0.8, "higher", "share"),
        "traces_with_frames": Figure(round(framed, 4), 0.95, "higher", "share"),
    }


def build_logs() -> dict[str, Figure]:
    """CI logs with the lines that broke the build marked: the share of logs in which such a line is an error."""
    found: list[bool] = []
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "build.log"
        for path in sorted((DATA / "logs" / "pytorch-ci").rglob("*.txt")):
            lines, marked = without_labels(path.read_text(encoding="utf-8", errors="replace"))
            if marked:
                plain.write_text("\n".join(lines), encoding="utf-8")
                errors = parse_log(plain).filter(pl.col("is_error")).select("line_number", "line_count")
                spans = [(first, first + (count or 1)) for first, count in errors.iter_rows()]
                found.append(any(first <= line < end for line in marked for first, end in spans))
    share = sum(found) / len(found)
    return {"breaking_line_is_an_error": Figure(round(share, 4), None, "higher", "share of logs")}


def without_labels(text: str) -> tuple[list[str], set[int]]:
    """The lines of a labelled log as they were written, and the 1-based numbers of the marked ones."""
    lines: list[str] = []
    marked: set[int] = set()
    for line in text.split("\n"):
        if line.startswith("#=SOURCE=#"):
            continue
        if line.startswith(MARK):
            marked.add(len(lines) + 1)
        lines.append(line.removeprefix(MARK).replace("‹", "").replace("›", ""))
    return lines, marked


def speed() -> dict[str, Figure]:
    """Lines per second of classification alone, on the labelled logs repeated with their own numbers."""
    parts = []
    for folder in sorted((DATA / "logs" / "loghub_corrected").iterdir()):
        labelled = pl.read_csv(next(folder.glob("*_structured*.csv")), infer_schema=False)
        parts.append(content_entries(labelled))
    entries = pl.concat([pl.concat(parts)] * 30)
    started = time.perf_counter(), time.process_time()
    classify_entries(entries)
    wall, cpu = time.perf_counter() - started[0], time.process_time() - started[1]
    return {
        "classify_lines_per_s": Figure(round(entries.height / wall), None, "higher", "lines/s"),
        "classify_lines_per_cpu_s": Figure(round(entries.height / cpu), None, "higher", "lines/CPU-s"),
    }


def main() -> None:
    write_result("signatures", {**logs(), **traces(), **build_logs(), **speed()})


if __name__ == "__main__":
    main()
