"""`signal-pipeline problems`: what went wrong in a report, each problem with what follows from it."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer

from signal_pipeline.cli.output import JsonOption, console, opened_platform, print_json
from signal_pipeline.cli.problem_view import show_causes
from signal_pipeline.reports.cause_json import report_json
from signal_pipeline.reports.causes import report_causes


def problems(
    report: Annotated[UUID, typer.Argument(help="The report's id, as submit printed it.")],
    as_json: JsonOption = False,
) -> None:
    """Show a report's problems: the cause of each, where it is, and the symptoms that follow from it."""
    with opened_platform() as platform:
        found = report_causes(platform.database, report)
    if as_json:
        print_json(report_json(found))
    else:
        show_causes(console(), found)
    if not found.is_clustered:
        raise typer.Exit(1)
