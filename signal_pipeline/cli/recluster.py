"""`signal-pipeline recluster`: group reports again with other settings, and see what changes."""

from __future__ import annotations

from typing import Annotated, Any, get_args
from uuid import UUID, uuid4

import typer
from rich.table import Table

from signal_pipeline.cli.output import JsonOption, console, opened_platform, print_json
from signal_pipeline.clustering.diff import Change
from signal_pipeline.settings import ClusterAlgorithm
from signal_pipeline.steps.cluster_settings import chosen_settings
from signal_pipeline.steps.reclustering import Reclustered, recluster, reports_to_recluster


def recluster_command(
    reports: Annotated[list[UUID] | None, typer.Argument(help="Ids of reports.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All reports that have clusters.")] = False,
    algorithm: Annotated[str | None, typer.Option(help=f"One of {', '.join(get_args(ClusterAlgorithm))}.")] = None,
    similarity_threshold: Annotated[
        float | None, typer.Option(help="Cosine distance above 0, up to 2, up to which signatures are joined.")
    ] = None,
    min_samples: Annotated[int | None, typer.Option(help="Signatures that make a cluster, 1 to 100.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change and write nothing.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Cluster reports again from their stored vectors: no file is fetched or read, no model is loaded.

    Every clustering is kept; the new one becomes the current one.
    """
    if everything == bool(reports):
        raise typer.BadParameter("name the reports or say --all")
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
        found = list(recluster(platform, wanted, settings, publish=not dry_run, run_id=f"cli-{uuid4()}"))
    if as_json:
        print_json({"settings": settings.as_dict(), "dry_run": dry_run, "reports": [_as_json(one) for one in found]})
        return
    console().print(_table(found))
    console().print("nothing was written" if dry_run else f"{len(found)} reports have a new current clustering")


def _table(found: list[Reclustered]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("report")
    for name in ("signatures", "clusters", "noise", *(change.value for change in Change)):
        table.add_column(name, justify="right")
    for one in found:
        changes = (str(one.diff.counts[change.value]) for change in Change)
        table.add_row(str(one.report_id), str(one.signatures), str(one.clusters), str(one.noise), *changes)
    return table


def _as_json(one: Reclustered) -> dict[str, Any]:
    return {
        "report_id": str(one.report_id),
        "signatures": one.signatures,
        "clusters": one.clusters,
        "noise": one.noise,
        "warnings": list(one.warnings),
        "changes": one.diff.counts,
        "samples": [
            {
                "change": changed.change.value,
                "old": list(changed.old),
                "new": list(changed.new),
                "members": changed.members,
                "sample": list(changed.sample),
            }
            for changed in one.diff.changes
            if changed.change is not Change.KEPT
        ],
    }
