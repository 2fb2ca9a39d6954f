"""`signal-pipeline cancel`: cancel pending or running work for a report."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer

from signal_pipeline.cli.output import JsonOption, console, opened_platform, print_json
from signal_pipeline.errors import ReportUnknown
from signal_pipeline.storage.intake import cancel_requests
from signal_pipeline.storage.reports import report_exists


def cancel(
    report: Annotated[UUID, typer.Argument(help="The report's id, as submit printed it.")],
    as_json: JsonOption = False,
) -> None:
    """Cancel pending or running work for a report. A running job stops within seconds; earlier results are kept."""
    with opened_platform() as platform, platform.database.transaction() as connection:
        if not report_exists(connection, report):
            raise ReportUnknown(f"report {report} is not in the database")
        states = cancel_requests(connection, report, "cancelled on the command line")
    if as_json:
        print_json({"report_id": str(report), "cancelled": len(states), "were": states})
    elif states:
        console().print(f"cancelled: {', '.join(states)}")
    else:
        console().print("nothing is pending or running for this report")
