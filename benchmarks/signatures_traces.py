"""One crash, one signature; and the frames of browser errors, against what other libraries read from them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.labelled import DATA, pair_scores
from benchmarks.result import Figure
from signal_pipeline.classification.classify import classify_entries
from signal_pipeline_tests.stack_traces.browser_frames import missing_frames

PRECISION_TARGET, RECALL_TARGET = 0.99, 0.95


def crashes() -> dict[str, Figure]:
    """Each crash file is one error: its text is the trace, and it has no message of its own."""
    labelled: dict[Path, str] = {}
    for name in ("clusterfuzz", "fuzzmanager"):
        folder = DATA / "traces" / name
        for line in (folder / "labels.jsonl").read_text(encoding="utf-8").splitlines():
            label = json.loads(line)
            key = _crash_key(label)
            if key is not None:
                labelled.setdefault(folder / label["file"], key)
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in labelled]
    errors = pl.DataFrame({"stack_trace": texts}).with_columns(pl.lit("error").alias("level"))
    out = classify_entries(errors)
    truth = list(labelled.values())
    precision, recall = pair_scores(out["signature_hash"].to_list(), truth)
    first_lines = [next((line for line in text.splitlines() if line.strip()), "") for text in texts]
    peer_precision, peer_recall = pair_scores(first_lines, truth)
    framed = 1 - out["top_frames"].null_count() / out.height
    peer = "equal first lines"
    return {
        "crash_pair_precision": Figure(
            round(precision, 4), PRECISION_TARGET, "higher", "share", peer, round(peer_precision, 4)
        ),
        "crash_pair_recall": Figure(round(recall, 4), RECALL_TARGET, "higher", "share", peer, round(peer_recall, 4)),
        "crashes_judged": Figure(len(texts), None, "higher", "files"),
        "crashes_with_frames": Figure(round(framed, 4), 0.95, "higher", "share"),
    }


def _crash_key(label: dict[str, Any]) -> str | None:
    """What the label says that a crash is: its state, its top three frames (all named), or its short signature."""
    frames = label.get("backtrace")
    if isinstance(frames, dict):
        top = [frames.get(str(depth)) for depth in range(3)]
        return None if None in top or "??" in top else json.dumps(top)
    stated = label.get("state") or label.get("short_signature")
    return json.dumps([label.get("type"), stated]) if stated else None


def browser_frames() -> dict[str, Figure]:
    """The share of expected frames that are found with function, file, line and column."""
    errors = list(missing_frames(DATA / "traces"))
    total = sum(expected for expected, _ in errors)
    found = total - sum(len(missing) for _, missing in errors)
    return {"browser_frames": Figure(round(found / total, 4), 1.0, "higher", "share")}
