"""`signal-pipeline healthy`: a report without a fault teaches what is background in its source."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer

from signal_pipeline.cli.output import JsonOption, console, opened_platform, print_json
from signal_pipeline.cli.verdict import ByOption, who
from signal_pipeline.reports.decisions import set_healthy, unset_healthy


def healthy(
    report: Annotated[UUID, typer.Argument(help="The report's id.")],
    undo: Annotated[bool, typer.Option("--undo", help="Remove the mark.")] = False,
    by: ByOption = None,
    as_json: JsonOption = False,
) -> None:
    """Mark a report as healthy: its errors become background in the other reports of its source."""
    with opened_platform() as platform:
        marked = None if undo else set_healthy(platform, report, by=who(by))
        if undo:
            unset_healthy(platform, report)
    if as_json:
        mark = None if marked is None else {"by": marked.by, "at": marked.at.isoformat()}
        print_json({"report_id": str(report), "healthy": mark})
    elif marked is None:
        console().print(f"report {report} is not marked as healthy")
    else:
        console().print(f"report {report} is marked as healthy by {marked.by}, {marked.at:%Y-%m-%d %H:%M} UTC")
