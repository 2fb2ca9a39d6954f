"""`signal-pipeline status`: a report's progress."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer

from signal_pipeline.cli.output import JsonOption, console, opened_platform, print_json, progress_console
from signal_pipeline.cli.report_view import status_view
from signal_pipeline.cli.waiting import wait_for_report
from signal_pipeline.reports.overview import report_status


def status(
    report: Annotated[UUID, typer.Argument(help="The report's id, as submit printed it.")],
    watch: Annotated[bool, typer.Option("--watch", help="Wait until the report is finished.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Show a report's state, progress, attempts, last error, and the outcome of each file."""
    with opened_platform() as platform:
        if watch:
            found = wait_for_report(platform.database, report, progress_console())
        else:
            found = report_status(platform.database, report)
    if as_json:
        print_json(found.as_json())
    else:
        console().print(status_view(found))
