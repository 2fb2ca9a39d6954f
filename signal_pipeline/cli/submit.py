"""`signal-pipeline submit`: submit files as one report."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from signal_pipeline.cli.output import JsonOption, console, opened_platform, print_json, progress_console
from signal_pipeline.cli.problem_view import show_causes
from signal_pipeline.cli.report_view import status_view
from signal_pipeline.cli.waiting import wait_for_report
from signal_pipeline.intake.submission import submit_report
from signal_pipeline.plural import counted
from signal_pipeline.reports.cause_json import report_json
from signal_pipeline.reports.causes import report_causes
from signal_pipeline.reports.overview import report_problems
from signal_pipeline.work_order import WorkOrder, parse_work_order

KindOption = Annotated[str | None, typer.Option("--kind", help="Kind of work: the queue to put the request in.")]
PriorityOption = Annotated[
    str | None, typer.Option("--priority", help="interactive, normal or backfill: what is processed first.")
]
NotBeforeOption = Annotated[
    datetime | None,
    typer.Option(
        "--not-before",
        formats=["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M"],
        help="Do not start before this time; without a zone, local time.",
    ),
]
DependsOnOption = Annotated[
    list[UUID] | None, typer.Option("--depends-on", help="Wait until this report is completed; repeatable.")
]
ConfigOption = Annotated[
    str | None,
    typer.Option("--config", help='Settings of the steps as JSON: {"clusters": {"similarity_threshold": 0.2}}.'),
]


def chosen_order(
    kind: str | None,
    priority: str | None,
    not_before: datetime | None,
    depends_on: Sequence[UUID] | None,
    config: str | None,
) -> WorkOrder | None:
    """None when none of the options was given. WorkOrderInvalid names the option's field."""
    fields: dict[str, Any] = {"kind": kind, "priority": priority}
    if not_before is not None:
        fields["not_before"] = not_before if not_before.tzinfo else not_before.astimezone()
    if depends_on:
        fields["depends_on"] = [str(report) for report in depends_on]
    if config is not None:
        try:
            fields["config"] = json.loads(config)
        except ValueError:
            raise typer.BadParameter("--config is not JSON") from None
    given = {name: value for name, value in fields.items() if value is not None}
    return parse_work_order(given) if given else None


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
