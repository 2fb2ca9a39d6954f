"""Waiting for a report with a progress bar, for the commands that do."""

from __future__ import annotations

import time
from uuid import UUID

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from signal_pipeline.reports.overview import ReportStatus, report_status
from signal_pipeline.storage.database import Database

POLL_SECONDS = 0.3


def wait_for_report(
    database: Database, report_id: UUID, console: Console, *, timeout_seconds: float | None = None
) -> ReportStatus:
    """The status once it is final, or as it is at the timeout. The bar shows only on a terminal."""
    deadline = None if timeout_seconds is None else time.monotonic() + timeout_seconds
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as progress:
        task = progress.add_task("waiting", total=100)
        said = ""
        while True:
            status = report_status(database, report_id)
            done = status.request.progress if status.request else 0
            progress.update(task, completed=done, description=status.state)
            words = f"{status.state} {done} %"
            if not console.is_terminal and words != said:
                console.print(words)
                said = words
            if status.is_final or (deadline is not None and time.monotonic() > deadline):
                return status
            time.sleep(POLL_SECONDS)
