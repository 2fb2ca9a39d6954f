"""Calibration of the default grouping on labelled data: `python -m benchmarks.grouping`.

Compares exact signatures alone, plain DBSCAN, and the calibrated algorithm over its radius cap. The default cap
is the largest whose precision on the calibration part keeps MARGIN; the held-out part is only reported.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.grouping_data import LabelledReport, labelled_reports
from benchmarks.grouping_score import Score, score
from benchmarks.model import exported_model
from benchmarks.result import Figure, write_result
from signal_pipeline.clustering.algorithms import labels_by
from signal_pipeline.clustering.components import Labels
from signal_pipeline.clustering.settings import DEFAULT_RADIUS_CAP, ClusterSettings
from signal_pipeline.embedding.onnx_minilm import OnnxEmbedder

CAPS = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 1.0)
DBSCAN_EPS = (0.02, 0.1, 0.3)
MARGIN = 0.99
TARGET_PRECISION = 0.98

Method = ClusterSettings | None
"""None is the exact signature alone."""


def main() -> None:
    model = exported_model()
    reports = labelled_reports(OnnxEmbedder(model, threads=2))
    if not reports:
        raise SystemExit("no labelled data: set SIGNAL_PIPELINE_REAL_DATA")
    methods: dict[str, Method] = {"exact signatures": None}
    methods |= {f"dbscan {eps}": ClusterSettings("dbscan", eps) for eps in DBSCAN_EPS}
    methods |= {f"calibrated {cap}": ClusterSettings("calibrated", radius_cap=cap) for cap in CAPS}
    parts = {
        f"{part}, {masks} masks": [r for r in reports if r.masks == masks and r.held_out is held_out]
        for part, held_out in (("calibration", False), ("held out", True))
        for masks in ("product", "numbers only")
    }
    scores = {
        part: {name: _total(chosen, method) for name, method in methods.items()} for part, chosen in parts.items()
    }
    _print(scores)
    write_result("grouping", _figures(scores))


def _labels(report: LabelledReport, method: Method) -> Labels:
    if method is None:
        return np.arange(report.signatures.height, dtype=np.int32)
    return labels_by(
        method,
        report.vectors,
        error_types=report.signatures["error_type"].to_list(),
        exception_classes=report.signatures["exception_class"].to_list(),
        templates=report.signatures["template"].to_list(),
        top_frames=report.signatures["top_frames"].fill_null([]).to_list(),
    )


def _total(reports: Sequence[LabelledReport], method: Method) -> Score:
    return sum((score(report, _labels(report, method)) for report in reports), Score())


def _chosen_cap(calibration: Sequence[dict[str, Score]]) -> float:
    """The largest cap that keeps MARGIN under every kind of masks."""
    good = [cap for cap in CAPS if all(part[f"calibrated {cap}"].precision >= MARGIN for part in calibration)]
    return max(good, default=min(CAPS))


def _print(scores: dict[str, dict[str, Score]]) -> None:
    chosen = _chosen_cap([scores[part] for part in scores if part.startswith("calibration")])
    console = Console()
    for part, by_method in scores.items():
        table = Table(title=part)
        for column in ("method", "joined pairs", "precision", "recall", "line precision", "line recall", "FGA"):
            table.add_column(column, justify="left" if column == "method" else "right")
        for name, found in by_method.items():
            mark = " <- default" if name == f"calibrated {DEFAULT_RADIUS_CAP}" else ""
            mark += " (chosen here)" if name == f"calibrated {chosen}" else ""
            numbers = (found.precision, found.recall, found.line_precision, found.line_recall, found.fga)
            table.add_row(name + mark, f"{found.joined:,}", *(f"{number:.4f}" for number in numbers))
        console.print(table)


def _figures(scores: dict[str, dict[str, Score]]) -> dict[str, Figure]:
    figures = {}
    for part, by_method in scores.items():
        key = part.replace(",", "").replace(" ", "_")
        default = by_method[f"calibrated {DEFAULT_RADIUS_CAP}"]
        exact, dbscan = by_method["exact signatures"], by_method["dbscan 0.3"]
        figures[f"{key}_precision"] = Figure(
            default.precision, TARGET_PRECISION, "higher", "share of joined pairs", "dbscan 0.3", dbscan.precision
        )
        figures[f"{key}_recall"] = Figure(
            default.recall, None, "higher", "share of due pairs", "exact signatures", exact.recall
        )
        # What stage 3 must not lose: as many lines right as exact signatures alone, and more clusters exact.
        figures[f"{key}_line_recall"] = Figure(
            default.line_recall,
            exact.line_recall,
            "higher",
            "share of line pairs",
            "exact signatures",
            exact.line_recall,
        )
        figures[f"{key}_fga"] = Figure(default.fga, exact.fga, "higher", "F1", "exact signatures", exact.fga)
    return figures


if __name__ == "__main__":
    main()
