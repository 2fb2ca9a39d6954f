"""`signal-pipeline report`: write a report's page as one self-contained HTML file."""

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
        Path | None, typer.Option(help="The file to write. [default: report-<id>.html]", dir_okay=False)
    ] = None,
    open_it: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
) -> None:
    """Write a report's page: headline, problems with evidence, causes, timeline, waterfall, and what was masked.

    The file needs no network and is safe to share: everything in it has been redacted.
    """
    from signal_pipeline.pages.report import Links, report_html
    from signal_pipeline.reports.page_data import load_report_page

    with opened_platform() as platform:
        page = load_report_page(platform, report)
    path = output or Path(f"report-{report}.html")
    path.write_text(report_html(page, Links()), encoding="utf-8")
    console().print(str(path))
    if open_it and not webbrowser.open(path.resolve().as_uri()):
        console().print("could not open a browser; open the file yourself")
