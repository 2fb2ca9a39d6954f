"""`signal-pipeline work`: process what is due, follow a report, clean up, and the state of the installation."""

from __future__ import annotations

import json
import sys
import time
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.table import Table

from signal_pipeline.cli.output import JsonOption, console, opened_platform, print_json, progress_console
from signal_pipeline.intake.due_work import clean_up, process_due
from signal_pipeline.operations.dashboard import load_operations, operations_json
from signal_pipeline.operations.health import check_dependencies
from signal_pipeline.plural import counted
from signal_pipeline.printable import printable
from signal_pipeline.reports.progress import ProgressEvent, changes, snapshot
from signal_pipeline.setting_rules import LEAST_RETENTION_DAYS

POLL_SECONDS = 0.5

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)


@app.callback()
def root() -> None:
    """Process what is due, follow a report, clean up, and show the state of the installation."""


@app.command("process")
def process(
    report: Annotated[UUID | None, typer.Argument(help="Only this report, even before its earliest start.")] = None,
    wait: Annotated[float, typer.Option(min=0, help="Wait at most this many seconds.")] = 60.0,
    as_json: JsonOption = False,
) -> None:
    """Process all that is due, or one report, and wait. Requests that pause after a failure are tried again at once.

    The exit status is 1 when a report failed or is not finished when the wait is over.
    """
    with opened_platform() as platform:
        found = process_due(platform, report, wait_seconds=wait).as_json()
    if as_json:
        print_json(found)
    else:
        out = console()
        out.print(f"{found['processed']} processed, {found['failed']} failed, {found['waiting']} not finished")
        for one in found["reports"]:
            if one["state"] != "COMPLETED":
                reason = f"  ({printable(one['reason'])})" if one["reason"] else ""
                out.print(f"{one['report_id']}  {one['state']}{reason}", markup=False)
    if found["failed"] or found["waiting"]:
        raise typer.Exit(1)


@app.command("follow")
def follow(
    report: Annotated[UUID, typer.Argument(help="The report's id, as submit printed it.")],
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Also show what Dagster says of each step.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object per line, all of them.")] = False,
) -> None:
    """Show a report's progress as it happens: steps, files and log lines, until it has ended."""
    before = None
    with opened_platform() as platform:
        while True:
            now = snapshot(platform, report)
            for event in changes(before, now):
                if as_json:
                    sys.stdout.write(json.dumps({"event": event.kind, **event.data}) + "\n")
                elif verbose or (event.kind != "end" and event.data.get("level") != "debug"):
                    console().print(_line(event), markup=False, highlight=False, soft_wrap=True)
            sys.stdout.flush()
            if now.status.is_final:
                break
            before = now
            time.sleep(POLL_SECONDS)
    if now.status.state != "COMPLETED":
        raise typer.Exit(1)


def _line(event: ProgressEvent) -> str:
    data = event.data
    if event.kind == "log":
        return f"{data['at'][11:19]}  {data['level']:8} {printable(data['text'])}"
    if event.kind == "stage":
        return f"step {data['stage']} took {data['seconds']:.2f} s"
    if event.kind == "file":
        reasons = f" ({printable(', '.join(data['reasons']))})" if data["reasons"] else ""
        return f"file {printable(data['name'])}: {data['outcome']}, {counted(data['entries'], 'entry')}{reasons}"
    reason = f" ({printable(data['reason'])})" if data.get("reason") else ""
    percent = f", {data['progress']} %" if event.kind == "progress" else ""
    return f"{data['state']}{percent}{reason}"


def _an_hour_at_least(days: float) -> float:
    if not days >= LEAST_RETENTION_DAYS:
        raise typer.BadParameter(f"must be at least 1 hour ({LEAST_RETENTION_DAYS} days)")
    return days


@app.command("cleanup")
def cleanup(
    days: Annotated[
        float,
        typer.Option(
            callback=_an_hour_at_least, help="Delete reports that are older, in days; at least 0.0417 (1 hour)."
        ),
    ],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Delete old reports permanently: rows, vectors, files and Dagster's part. Reports in progress stay."""
    if not yes:
        typer.confirm(f"Delete all reports older than {days:g} days?", abort=True, err=True)
    aside, deleted = progress_console(), 0
    with opened_platform() as platform:
        while True:
            found = clean_up(platform, days)
            deleted += len(found.reports)
            if not found.reports:
                break
            aside.print(f"{counted(deleted, 'report')} deleted")
    if as_json:
        print_json({"deleted": deleted, "left": found.left})
    else:
        left = f"; {found.left} in progress left for later" if found.left else ""
        console().print(f"{counted(deleted, 'report')} deleted{left}")


@app.command("status")
def status(as_json: JsonOption = False) -> None:
    """Show health, queue, running attempts and times of the steps."""
    with opened_platform() as platform:
        health = check_dependencies(platform)
        found = {"health": health.state, "findings": health.reasons, **operations_json(load_operations(platform))}
    if as_json:
        print_json(found)
        return
    _show(found)


def _show(found: dict[str, Any]) -> None:
    out, queue, hour = console(), found["queue"], found["last_hour"]
    out.print(f"health   {found['health']}")
    for finding in found["findings"]:
        out.print(f"         {printable(finding)}", markup=False)
    out.print(
        f"queue    {queue['due']} due, {queue['pending'] - queue['due']} later, {queue['running']} running,"
        f" {counted(queue['dead_letters'], 'dead letter')}"
    )
    out.print(f"hour     {hour['completed']} completed, {counted(hour['failed'], 'failed attempt')}")
    for one in found["attempts"]:
        out.print(f"running  {one['report_id']}  {one['progress']} %, attempt {one['attempt']}")
    if found["stages"]:
        table = Table(box=None, pad_edge=False, header_style="bold")
        table.add_column("step")
        for name in ("reports", "average s", "p50 s", "p95 s"):
            table.add_column(name, justify="right")
        for one in found["stages"]:
            seconds = (f"{one[name]:.2f}" for name in ("average_seconds", "p50_seconds", "p95_seconds"))
            table.add_row(one["stage"], str(one["count"]), *seconds)
        out.print()
        out.print(table)
