"""Grouping accuracy of templates on labelled logs, by masks alone and with the batch step; the peer is Drain3.

Drain3 runs with its default settings on the same text. The masks were chosen with these eight systems at hand, so
`templates_of_unseen_systems` shows what to expect elsewhere: lines written after the templates of eight others.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from benchmarks.labelled import DATA, grouping
from benchmarks.other_systems import labelled_lines, systems
from benchmarks.result import Figure
from signal_pipeline.classification.classify import classify_entries
from signal_pipeline.classification.generalise import generalise_templates
from signal_pipeline.parsing import parse_log
from signal_pipeline.schemas import PARSED

GA_TARGET, FGA_TARGET = 0.95, 0.92
_METRICS = (("ga", GA_TARGET), ("fga", FGA_TARGET))
_LEVELS = {"I": "info", "D": "debug", "W": "warning", "E": "error", "V": "trace", "F": "critical", "WARN": "warning"}

Scores = dict[str, list[tuple[float, float]]]


def templates() -> dict[str, Figure]:
    """Per system and on average: on raw lines as `parse` reads them, and on the message column of the labels."""
    scores: Scores = {"content": [], "raw": [], "masks": [], "drain": []}
    figures: dict[str, Figure] = {}
    for folder in sorted((DATA / "logs" / "loghub_corrected").iterdir()):
        labelled = pl.read_csv(next(folder.glob("*_structured*.csv")), infer_schema=False)
        truth = labelled["EventTemplate"].to_list()
        entries = classify_entries(_content_entries(labelled))
        raw = DATA / "logs" / "loghub" / folder.name / f"{folder.name}_2k.log"
        scores["masks"].append(grouping(entries["template_id"].to_list(), truth))
        scores["content"].append(grouping(generalise_templates(entries)["template_id"].to_list(), truth))
        scores["drain"].append(grouping(_drain_groups(labelled["Content"].fill_null("").to_list()), truth))
        scores["raw"].append(grouping(_raw_groups(raw, len(truth)), truth))
        for at, (metric, _) in enumerate(_METRICS):
            figures[f"{metric}_{folder.name.lower()}"] = _figure(scores["raw"][-1][at], scores["drain"][-1][at])
    return {**figures, **_means(scores, "")}


def templates_of_unseen_systems() -> dict[str, Figure]:
    scores: Scores = {"content": [], "masks": [], "drain": []}
    for system in systems():
        lines, truth = labelled_lines(system)
        entries = classify_entries(_content_entries(pl.DataFrame({"Content": lines})))
        scores["masks"].append(grouping(entries["template_id"].to_list(), truth))
        scores["content"].append(grouping(generalise_templates(entries)["template_id"].to_list(), truth))
        scores["drain"].append(grouping(_drain_groups(lines), truth))
    return _means(scores, "_written_after_others")


def _means(scores: Scores, suffix: str) -> dict[str, Figure]:
    figures: dict[str, Figure] = {}
    names = {"raw": "_raw_lines", "content": "", "masks": "_masks_alone"}
    for at, (metric, target) in enumerate(_METRICS):
        mean = {name: sum(row[at] for row in rows) / len(rows) for name, rows in scores.items()}
        for name, ending in names.items():
            if name in mean:
                wanted = None if name == "masks" else target
                figures[f"{metric}_mean{suffix}{ending}"] = _figure(mean[name], mean["drain"], wanted)
    return figures


def _figure(value: float, peer: float, target: float | None = None) -> Figure:
    return Figure(round(value, 4), target, "higher", "share", "drain3", round(peer, 4))


def _content_entries(labelled: pl.DataFrame) -> pl.DataFrame:
    """The Content column as log entries, with the level where the set has one."""
    level = pl.lit(None, pl.String)
    if "Level" in labelled.columns:
        level = pl.col("Level").replace(_LEVELS).str.to_lowercase()
        level = pl.when(level.is_in([*_LEVELS.values(), "notice"])).then(level)
    return PARSED.conform(
        labelled.with_columns(
            pl.col("Content").fill_null("").alias("message"),
            level.alias("level"),
            pl.lit("log").alias("kind"),
            pl.int_range(pl.len()).alias("ordinal"),
            pl.lit("0" * 64).alias("signal_sha256"),
        )
    )


def _raw_groups(path: Path, lines: int) -> list[str]:
    """The template of each line of a raw file, by way of the log reader."""
    entries = generalise_templates(parse_log(path))
    groups = [""] * lines
    for first, count, template in entries.select("line_number", "line_count", "template_id").iter_rows():
        for line in range(first, min(first + (count or 1), lines + 1)):
            groups[line - 1] = template
    return groups


def _drain_groups(messages: Sequence[str]) -> list[int]:
    from drain3 import TemplateMiner

    logging.getLogger("drain3").setLevel(logging.ERROR)
    miner = TemplateMiner()
    return [miner.add_log_message(message)["cluster_id"] for message in messages]
