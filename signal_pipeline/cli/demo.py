"""`signal-pipeline demo`: a sample report through the whole pipeline, on real servers, in one command."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from signal_pipeline.cli.stop_signals import StopRequested, stop_signals
from signal_pipeline.cli.up import HomeOption
from signal_pipeline.plural import counted

if TYPE_CHECKING:
    from signal_pipeline.local.stack import LocalStack
    from signal_pipeline.reports.causes import ReportCauses

SAMPLE_FILES = ("shop.har", "browser-console.log", "server.log", "network.pcap", "events.ndjson")
SAMPLE_TITLE = "Web shop: checkout fails"
# Generous: a cold machine under load takes a minute, a warm one a few seconds.
LONGEST_WAIT_SECONDS = 300.0
_POLL_SECONDS = 0.2


def demo(
    home: HomeOption = None,
    leave: Annotated[bool, typer.Option("--exit", help="Stop everything after the problems are shown.")] = False,
) -> None:
    """Start everything, process the sample report of a faulty web shop and show its problems.

    The sample takes the same path as any report: files to S3, rows to Postgres, a message on NATS, a run in Dagster.
    """
    from signal_pipeline.local.preparation import prepared_stack
    from signal_pipeline.local.state import state_home

    console = Console(highlight=False, markup=False, soft_wrap=True)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s")
    began = time.monotonic()

    def show(line: str) -> None:
        console.print(f"{time.monotonic() - began:5.1f} s  {line}")

    shown = False
    with stop_signals():
        try:
            with prepared_stack(home or state_home(), on_progress=show) as stack:
                found = _process_sample(stack, console, show)
                _present(found, stack, console)
                shown = True
                if leave:
                    return
                console.print("Press Ctrl-C to stop everything; the data is kept.")
                while stack.failure is None:
                    time.sleep(_POLL_SECONDS)
                raise stack.failure
        except StopRequested:
            console.print("stopped; the data is kept" if shown else "stopped before the report was processed")
            raise typer.Exit(0 if shown else 1) from None


def _process_sample(stack: LocalStack, console: Console, show: Callable[[str], None]) -> ReportCauses:
    from signal_pipeline.cli.waiting import wait_for_report
    from signal_pipeline.errors import SignalPipelineError
    from signal_pipeline.intake.submission import submit_report
    from signal_pipeline.platform.platform import Platform
    from signal_pipeline.reports.causes import report_causes

    with Platform(stack.settings()) as platform:
        with as_file(files("signal_pipeline.local") / "sample_report") as folder:
            submitted = submit_report(
                platform, [folder / name for name in SAMPLE_FILES], title=SAMPLE_TITLE, source="demo"
            )
        size = f"{counted(submitted.files, 'file')}, {counted(submitted.bytes, 'byte')}"
        show(f"report {submitted.report_id} submitted: {size}")
        status = wait_for_report(platform.database, submitted.report_id, console, timeout_seconds=LONGEST_WAIT_SECONDS)
        if status.state != "COMPLETED":
            request = status.request
            why = (request.last_error or request.reason) if request else None
            raise SignalPipelineError(
                f"the sample report is {status.state}: {why or 'no reason was recorded'};"
                f" the logs are in {stack.folder.root / 'logs'}"
            )
        show("report completed")
        return report_causes(platform.database, submitted.report_id)


def _present(found: ReportCauses, stack: LocalStack, console: Console) -> None:
    from signal_pipeline.cli.problem_view import show_causes
    from signal_pipeline.cli.report_view import status_view

    tables = Console(highlight=False, markup=False)
    tables.print()
    tables.print(status_view(found.status))
    tables.print()
    show_causes(tables, found)
    tables.print()
    key = found.status.report_id
    console.print(f"Report page {stack.api_url}/reports/{key}")
    console.print(f"Dagster UI  {stack.dagster_url}/assets/clusters?view=partitions&partition={key}")
