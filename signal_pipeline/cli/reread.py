"""`signal-pipeline reread`: process reports again that an earlier version of the readers has read."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer

from signal_pipeline.cli.output import JsonOption, console, opened_platform, print_json
from signal_pipeline.intake.reread import reports_to_reread, reread
from signal_pipeline.pipeline.reader_version import READER_VERSION
from signal_pipeline.plural import counted


def reread_command(
    reports: Annotated[list[UUID] | None, typer.Argument(help="Ids of reports.")] = None,
    stale: Annotated[
        bool, typer.Option("--stale", help="All reports that were read by another version of the readers.")
    ] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="Maximum number of reports, oldest first.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="List them without making them due.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Read the files of reports again, with the readers of this version.

    The reports become due and are processed by the next runs like new ones. Clusterings and verdicts stay; signatures
    that change are assigned to the problems that they now belong to.
    """
    if stale == bool(reports):
        raise typer.BadParameter("name the reports or pass --stale")
    with opened_platform() as platform:
        wanted = (reports_to_reread(platform, READER_VERSION) if stale else list(reports or ()))[:limit]
        results = [(report_id, None) for report_id in wanted] if dry_run else reread(platform, wanted)
    if as_json:
        print_json(
            {
                "reader_version": READER_VERSION,
                "dry_run": dry_run,
                "reports": [
                    {"report_id": str(report_id), "due": why is None and not dry_run, "reason": why}
                    for report_id, why in results
                ],
            }
        )
    else:
        for report_id, why in results:
            console().print(f"{report_id}  {'stale' if dry_run else 'due' if why is None else f'not due: {why}'}")
        console().print(f"{counted(len(results), 'report')}, readers {READER_VERSION}")
    if any(why is not None for _, why in results):
        raise typer.Exit(1)
