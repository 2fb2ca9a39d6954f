"""`signal-pipeline publish`: make held clusterings the current ones."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer
from rich.table import Table

from signal_pipeline.cli.output import JsonOption, console, opened_platform, print_json
from signal_pipeline.pipeline.publish import publish
from signal_pipeline.plural import counted
from signal_pipeline.reports.decisions import refresh_all
from signal_pipeline.storage.clusterings import ClusteringRow, held_clusterings


def publish_command(
    reports: Annotated[
        list[UUID] | None, typer.Argument(help="Ids of reports. Without any, list the held clusterings.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Publish all held clusterings.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Make held clusterings the current ones. Without reports, list the held clusterings and why each is held."""
    if everything and reports:
        raise typer.BadParameter("name the reports or pass --all")
    with opened_platform() as platform:
        with platform.database.transaction() as connection:
            held = held_clusterings(connection)
        if not everything and not reports:
            _show(held, as_json=as_json)
            return
        wanted = [one.report_id for one in held] if everything else list(reports or ())
        published = publish(platform, wanted)
        refresh_all(platform.database, published)
    if as_json:
        print_json({"published": [str(report_id) for report_id in published]})
    else:
        console().print(f"{counted(len(published), 'clustering')} published")
    if not everything and len(published) < len(set(wanted)):
        typer.echo("Error: some of these reports have no held clustering", err=True)
        raise typer.Exit(1)


def _show(held: list[ClusteringRow], *, as_json: bool) -> None:
    if as_json:
        print_json(
            [
                {
                    "report_id": str(one.report_id),
                    "clustering": str(one.id),
                    "algorithm": one.algorithm,
                    "settings": one.settings,
                    "reason": one.held_reason,
                }
                for one in held
            ]
        )
        return
    if not held:
        console().print("no clustering is held")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("report", "algorithm", "clusters", "reason"):
        table.add_column(name, overflow="fold")
    for one in held:
        table.add_row(str(one.report_id), one.algorithm, str(one.clusters), one.held_reason or "")
    console().print(table)
