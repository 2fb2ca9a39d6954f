"""`signal-pipeline clusters`: the problems of a report."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer

from signal_pipeline.cli.output import JsonOption, console, opened_platform, print_json
from signal_pipeline.cli.report_view import show_problems
from signal_pipeline.reports.overview import report_problems


def clusters(
    report: Annotated[UUID, typer.Argument(help="The report's id, as submit printed it.")],
    as_json: JsonOption = False,
) -> None:
    """Show a report's clusters, worst first, each with evidence: file and line, or HAR entry."""
    with opened_platform() as platform:
        found = report_problems(platform.database, report)
    if as_json:
        print_json(found.as_json())
    else:
        show_problems(console(), found)
    if found.clustering is None:
        raise typer.Exit(1)
