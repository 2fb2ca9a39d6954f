"""What changed between two clusterings, as a table; as JSON it is in reports/clustering_diff.py."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from uuid import UUID

from rich.table import Table

from signal_pipeline.clustering.diff import Change
from signal_pipeline.pipeline.cluster import ClusterOutcome


def changes_table(outcomes: Mapping[UUID, ClusterOutcome]) -> Table:
    """One row per report, and their sums when there are several."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("report")
    for name in ("signatures", "clusters", "single", *(change.value for change in Change)):
        table.add_column(name, justify="right")
    totals: Counter[str] = Counter()
    for report_id, one in outcomes.items():
        single = round(one.quality.singles_share * one.quality.signatures)
        numbers = {"signatures": one.head.signatures, "clusters": one.quality.clusters, "single": single}
        totals.update(numbers | one.diff.counts)
        table.add_row(str(report_id), *(str(number) for number in (numbers | one.diff.counts).values()))
    if len(outcomes) > 1:
        table.add_row("all", *(str(number) for number in totals.values()), style="bold")
    return table
