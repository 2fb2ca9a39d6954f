"""`signal-pipeline publish`: the yes that held clusterings wait for."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer
from rich.table import Table

from signal_pipeline.cli.output import JsonOption, console, opened_platform, print_json
from signal_pipeline.pipeline.publish import publish
from signal_pipeline.storage.clusterings import ClusteringRow, held_clusterings


def publish_command(
    reports: Annotated[list[UUID] | None, typer.Argument(help="Ids of reports; none: show what waits.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All that wait.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Make held clusterings the current ones. Without reports, list what waits and why."""
    if everything and reports:
        raise typer.BadParameter("name the reports or say --all")
    with opened_platform() as platform:
        with platform.database.transaction() as connection:
            waiting = held_clusterings(connection)
        if not everything and not reports:
            _show(waiting, as_json=as_json)
            return
        wanted = [one.report_id for one in waiting] if everything else list(reports or ())
        published = publish(platform, wanted)
    if as_json:
        print_json({"published": [str(report_id) for report_id in published]})
    else:
        console().print(f"{len(published)} reports have a new current clustering")
    if not everything and len(published) < len(set(wanted)):
        typer.echo("Error: nothing waits for some of these reports", err=True)
        raise typer.Exit(1)


def _show(waiting: list[ClusteringRow], *, as_json: bool) -> None:
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
                for one in waiting
            ]
        )
        return
    if not waiting:
        console().print("nothing waits")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("report", "algorithm", "clusters", "why it waits"):
        table.add_column(name, overflow="fold")
    for one in waiting:
        table.add_row(str(one.report_id), one.algorithm, str(one.clusters), one.held_reason or "")
    console().print(table)
