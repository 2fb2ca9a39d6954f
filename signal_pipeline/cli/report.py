"""`signal-pipeline report`: a report as one HTML file that needs nothing else."""

from __future__ import annotations

import webbrowser
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from signal_pipeline.cli.output import console, opened_platform


def report(
    report: Annotated[UUID, typer.Argument(help="The report's id, as submit printed it.")],
    output: Annotated[
        Path | None, typer.Option(help="Where to write. [default: report-<id>.html in this folder]", dir_okay=False)
    ] = None,
    open_it: Annotated[bool, typer.Option("--open", help="Show it in the browser.")] = False,
) -> None:
    """Write a report's page: verdict, problems with evidence, first causes, timeline, waterfall, what was masked.

    The file needs no network and may be sent to somebody: everything in it has been redacted.
    """
    from signal_pipeline.pages.report import Links, report_html
    from signal_pipeline.reports.page_data import load_report_page

    with opened_platform() as platform:
        page = load_report_page(platform, report)
    path = output or Path(f"report-{report}.html")
    path.write_text(report_html(page, Links()), encoding="utf-8")
    console().print(str(path))
    if open_it and not webbrowser.open(path.resolve().as_uri()):
        console().print("no browser could be opened; open the file yourself")
