"""`signal-pipeline submit`: submit files as one report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from signal_pipeline.cli.output import JsonOption, console, opened_platform, print_json, progress_console
from signal_pipeline.cli.problem_view import show_causes
from signal_pipeline.cli.report_view import status_view
from signal_pipeline.cli.waiting import wait_for_report
from signal_pipeline.cli.work_options import (
    ConfigOption,
    DependsOnOption,
    KindOption,
    NotBeforeOption,
    PriorityOption,
    chosen_order,
)
from signal_pipeline.intake.submission import submit_report
from signal_pipeline.plural import counted
from signal_pipeline.reports.cause_json import report_json
from signal_pipeline.reports.causes import report_causes
from signal_pipeline.reports.overview import report_problems


def submit(
    files: Annotated[
        list[Path],
        typer.Argument(exists=True, dir_okay=False, readable=True, help="HAR files, logs, captures, events."),
    ],
    title: Annotated[str | None, typer.Option(help="A title for the report.")] = None,
    wait: Annotated[
        bool, typer.Option("--wait", help="Wait until the report is processed and show its problems.")
    ] = False,
    timeout: Annotated[float | None, typer.Option(min=0, help="Wait at most this many seconds.")] = None,
    kind: KindOption = None,
    priority: PriorityOption = None,
    not_before: NotBeforeOption = None,
    depends_on: DependsOnOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Upload files as one bug report and queue it for processing. Prints the report's id.

    The original files stay in the object store; everything stored elsewhere is redacted.
    """
    order = chosen_order(kind, priority, not_before, depends_on, config)
    aside = progress_console()
    with opened_platform() as platform:
        submitted = submit_report(platform, files, title=title, order=order)
        report_id = submitted.report_id
        if not submitted.announced:
            aside.print("NATS did not respond; the request is recorded in the database and will be processed anyway")
        if not wait:
            if as_json:
                print_json({"report_id": str(report_id), "files": submitted.files, "bytes": submitted.bytes})
            else:
                console().print(str(report_id))
            return
        aside.print(f"report {report_id}: {counted(submitted.files, 'file')}, {counted(submitted.bytes, 'byte')}")
        status = wait_for_report(platform.database, report_id, aside, timeout_seconds=timeout)
        found = report_causes(platform.database, report_id)
        if as_json:
            clusters = report_problems(platform.database, report_id)
            print_json(status.as_json() | clusters.as_json() | report_json(found))
        else:
            console().print(status_view(status))
            console().print()
            show_causes(console(), found)
    if status.state != "COMPLETED":
        aside.print(f"not completed: {status.state}")
        raise typer.Exit(1)
