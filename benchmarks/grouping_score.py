"""How good a grouping is, given the true classes. Counts only, so that reports can be added up."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from benchmarks.grouping_data import LabelledReport
from signal_pipeline.clustering.components import Labels


@dataclass(frozen=True)
class Score:
    """`joined`: pairs of different signatures in one cluster; `right`: those of one class; `due`: all of one class.

    `line_*`: the same for pairs of lines, where identical signatures count too. `exact`: clusters whose lines
    are exactly those of a class.
    """

    joined: int = 0
    right: int = 0
    due: int = 0
    line_joined: int = 0
    line_right: int = 0
    line_due: int = 0
    clusters: int = 0
    classes: int = 0
    exact: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(*(mine + theirs for mine, theirs in zip(vars(self).values(), vars(other).values(), strict=True)))

    @property
    def precision(self) -> float:
        """Of the pairs of signatures that were joined, the share that is right; 1 when none was joined."""
        return self.right / self.joined if self.joined else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.due if self.due else 1.0

    @property
    def line_precision(self) -> float:
        return self.line_right / self.line_joined if self.line_joined else 1.0

    @property
    def line_recall(self) -> float:
        return self.line_right / self.line_due if self.line_due else 1.0

    @property
    def fga(self) -> float:
        """F1 of grouping accuracy: the share of clusters, and of classes, that match exactly."""
        return 2 * self.exact / (self.clusters + self.classes) if self.clusters else 1.0


def score(report: LabelledReport, labels: Labels) -> Score:
    """Score of one label per row of `report.signatures`; -1 stands for a cluster of its own."""
    own = -1 - pl.Series(range(len(labels)))
    cluster = pl.Series("cluster", labels.tolist(), dtype=pl.Int64)
    signatures = report.signatures.select("signature", "class").with_columns(cluster.zip_with(cluster >= 0, own))
    lines = report.lines.join(signatures.select("signature", "cluster"), on="signature")
    in_cluster = lines.group_by("cluster").agg(
        pl.len(), pl.col("class").n_unique().alias("classes"), pl.col("class").first()
    )
    whole = dict(lines.group_by("class").len().iter_rows())
    exact = [n for _, n, classes, name in in_cluster.iter_rows() if classes == 1 and whole[name] == n]
    return Score(
        _pairs(signatures, "cluster"),
        _pairs(signatures, "class", "cluster"),
        _pairs(signatures, "class"),
        _pairs(lines, "cluster"),
        _pairs(lines, "class", "cluster"),
        _pairs(lines, "class"),
        in_cluster.height,
        len(whole),
        len(exact),
    )


def _pairs(frame: pl.DataFrame, *keys: str) -> int:
    sizes = frame.group_by(keys).len()["len"].cast(pl.Int64)
    return int((sizes * (sizes - 1)).sum()) // 2
