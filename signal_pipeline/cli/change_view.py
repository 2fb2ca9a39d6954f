"""What changed between two clusterings, as a table; as JSON it is in reports/clustering_diff.py."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from uuid import UUID

from rich.table import Table

from signal_pipeline.clustering.diff import Change
from signal_pipeline.pipeline.cluster import ClusterOutcome
from signal_pipeline.reports.problem_changes import ProblemChanges


def changes_table(outcomes: Mapping[UUID, ClusterOutcome], problems: Mapping[UUID, ProblemChanges]) -> Table:
    """One row per report, and their sums when there are several."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("report")
    for name in ("signatures", "clusters", "single", *(change.value for change in Change)):
        table.add_column(name, justify="right")
    table.add_column("problems", justify="right", no_wrap=True)
    totals: Counter[str] = Counter()
    for report_id, one in outcomes.items():
        single = round(one.quality.singles_share * one.quality.signatures)
        numbers = {"signatures": one.head.signatures, "clusters": one.quality.clusters, "single": single}
        totals.update(numbers | one.diff.counts)
        counts = (str(number) for number in (numbers | one.diff.counts).values())
        table.add_row(str(report_id), *counts, _before_and_after([problems[report_id]]))
    if len(outcomes) > 1:
        counts = (str(number) for number in totals.values())
        table.add_row("all", *counts, _before_and_after(list(problems.values())), style="bold")
    return table


def _before_and_after(changes: Sequence[ProblemChanges]) -> str:
    before, after = sum(one.before for one in changes), sum(one.after for one in changes)
    return str(after) if before == after else f"{before} → {after}"
