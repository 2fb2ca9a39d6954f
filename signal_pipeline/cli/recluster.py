"""`signal-pipeline recluster`: cluster reports again with other settings and show what changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Annotated, get_args
from uuid import UUID, uuid4

import typer
from rich.progress import Progress
from rich.table import Table

from signal_pipeline.cli.output import JsonOption, console, opened_platform, print_json, progress_console
from signal_pipeline.clustering.diff import Change
from signal_pipeline.pipeline.cluster import ClusterOutcome
from signal_pipeline.pipeline.cluster_settings import chosen_settings
from signal_pipeline.pipeline.recluster import recluster, reports_to_recluster
from signal_pipeline.plural import counted
from signal_pipeline.reports.clustering_diff import changes_json, outcome_json
from signal_pipeline.reports.decisions import refresh_all
from signal_pipeline.reports.problem_changes import ProblemChanges, outcome_changes
from signal_pipeline.settings import ClusterAlgorithm


def recluster_command(
    reports: Annotated[list[UUID] | None, typer.Argument(help="Ids of reports.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All reports that have clusters.")] = False,
    algorithm: Annotated[str | None, typer.Option(help=f"One of {', '.join(get_args(ClusterAlgorithm))}.")] = None,
    similarity_threshold: Annotated[
        float | None,
        typer.Option(
            "--threshold",
            "--similarity-threshold",
            help="Maximum cosine distance between joined signatures: above 0, at most 2.",
        ),
    ] = None,
    min_samples: Annotated[int | None, typer.Option(help="Minimum signatures in a cluster, 1 to 100.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the changes without writing anything.")] = False,
    hold: Annotated[bool, typer.Option("--hold", help="Hold the new clusterings until `publish`.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Cluster reports again from their stored vectors, without reading a file or loading a model.

    Every clustering is kept; the new one becomes the current one unless it is held.
    """
    if everything == bool(reports):
        raise typer.BadParameter("name the reports or pass --all")
    if algorithm is not None and algorithm not in get_args(ClusterAlgorithm):
        raise typer.BadParameter(f"--algorithm is one of {', '.join(get_args(ClusterAlgorithm))}")
    with opened_platform() as platform:
        settings = chosen_settings(
            platform.settings,
            algorithm=algorithm,  # type: ignore[arg-type]  # checked above
            similarity_threshold=similarity_threshold,
            min_samples=min_samples,
        )
        wanted = reports_to_recluster(platform, None if everything else reports)
        work = recluster(
            platform,
            wanted,
            settings,
            run_id=f"cli-{uuid4()}",
            hold=hold or platform.settings.hold_reclusterings,
            dry_run=dry_run,
        )
        with Progress(console=progress_console(), transient=True, disable=as_json) as progress:
            found = dict(progress.track(work, total=len(wanted), description="clustering"))
        outcomes = {report_id: one for report_id, one in found.items() if isinstance(one, ClusterOutcome)}
        if not dry_run:
            refresh_all(platform.database, [key for key, one in outcomes.items() if one.is_published])
        problems = outcome_changes(platform.database, outcomes)
    failed = {report_id: one for report_id, one in found.items() if not isinstance(one, ClusterOutcome)}
    if as_json:
        print_json(
            {
                "settings": settings.as_dict(),
                "dry_run": dry_run,
                "changes": changes_json(outcomes.values()),
                "reports": [outcome_json(report_id, one, problems[report_id]) for report_id, one in outcomes.items()],
                "failed": [{"report_id": str(key), "error": str(error)} for key, error in failed.items()],
            }
        )
    else:
        console().print(changes_table(outcomes, problems))
        for key, error in failed.items():
            console().print(f"{key}: {error}", style="red")
        console().print(_summary(outcomes, dry_run=dry_run))
    if failed:
        raise typer.Exit(1)


def _summary(outcomes: dict[UUID, ClusterOutcome], *, dry_run: bool) -> str:
    if dry_run:
        return "nothing was written"
    held = [one for one in outcomes.values() if not one.is_published]
    published = f"{counted(len(outcomes) - len(held), 'clustering')} published"
    if not held:
        return published
    reasons = sorted({str(one.head.held_reason) for one in held})
    return f"{published}; {len(held)} held:\n  " + "\n  ".join(reasons) + "\nmake them current with `publish`"


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
