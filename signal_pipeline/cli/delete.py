"""`signal-pipeline delete`: delete a report permanently and show what was removed."""

from __future__ import annotations

import time
from typing import Annotated
from uuid import UUID

import typer
from rich.table import Table

from signal_pipeline.cli.output import JsonOption, console, opened_platform, print_json, progress_console
from signal_pipeline.intake.deletion import Place, delete_report, proof
from signal_pipeline.platform.platform import Platform
from signal_pipeline.storage.deletions import deletion_of

PATIENCE_SECONDS = 60.0
POLL_SECONDS = 0.5


def delete(
    report: Annotated[UUID, typer.Argument(help="The report's id, as submit printed it.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Delete a report permanently: rows, vectors, tables, raw files, and Dagster's partition and runs.

    Prints what was removed and what is left. Exit code 1 when something is left after a minute; run it again then.
    """
    if not yes:
        typer.confirm(f"Permanently delete report {report} and its files?", abort=True, err=True)
    with opened_platform() as platform:
        delete_report(platform, report, patience_seconds=PATIENCE_SECONDS)
        _wait_for_dagster(platform, report)
        places = proof(platform, report)
    if as_json:
        print_json(
            {
                "report_id": str(report),
                "places": [place.as_json() for place in places],
            }
        )
    else:
        console().print(_table(places))
    if any(place.left != 0 for place in places):
        progress_console().print(
            "some data is left: check that the Dagster daemon is running, then run this command again"
        )
        raise typer.Exit(1)


def _wait_for_dagster(platform: Platform, report: UUID) -> None:
    """A sensor removes the partition and the runs; it polls every few seconds."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with platform.database.transaction() as connection:
            found = deletion_of(connection, report)
        if found is None or found.is_finished:
            return
        time.sleep(POLL_SECONDS)


def _table(places: list[Place]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("place", "removed", "left"):
        table.add_column(column, justify="left" if column == "place" else "right")
    for place in places:
        table.add_row(place.name, str(place.removed), "unknown" if place.left is None else str(place.left))
    return table
