"""Process what is due and wait for it, and delete what is old: for schedulers that call instead of being called.

The sensor starts the runs as always; what is asked for here only makes requests due and waits.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from signal_pipeline.errors import ReportUnknown, TransientError
from signal_pipeline.intake.deletion import delete_report
from signal_pipeline.intake.submission import announce
from signal_pipeline.platform.platform import Platform
from signal_pipeline.storage.deletions import count_older_than, older_than
from signal_pipeline.storage.due_work import RequestState, hasten, states_of
from signal_pipeline.storage.reports import report_exists

POLL_SECONDS = 0.25
MOST_DELETED = 100
OPEN = ("PENDING", "RUNNING", "FAILED")


@dataclass(frozen=True)
class Processed:
    """The requests that were due, as they are when the wait is over."""

    requests: Sequence[RequestState]

    @property
    def is_open(self) -> bool:
        """Something has not ended."""
        return any(one.state in OPEN for one in self.requests)

    def as_json(self) -> dict[str, Any]:
        return {
            "processed": sum(one.state == "COMPLETED" for one in self.requests),
            "failed": sum(one.state in ("DEAD", "CANCELLED") for one in self.requests),
            "waiting": sum(one.state in OPEN for one in self.requests),
            "reports": [
                {"report_id": str(one.report_id), "state": one.state, "reason": one.reason} for one in self.requests
            ],
        }


@dataclass(frozen=True)
class CleanedUp:
    """`reports` are deleted; `left`: how many of that age are still there, for a further call or in progress."""

    reports: Sequence[UUID]
    left: int

    def as_json(self) -> dict[str, int]:
        return {"deleted": len(self.reports), "left": self.left}


class DueWork:
    """The open requests of one report, or all that are due, as they were when they were asked for.

    Creating one makes them due now: also those that pause after a failure, and of a report that is named also
    what waits for a later start. ReportUnknown for a report that is not there.
    """

    def __init__(self, platform: Platform, report_id: UUID | None) -> None:
        self._platform = platform
        with platform.database.transaction() as connection:
            if report_id is not None and not report_exists(connection, report_id):
                raise ReportUnknown(f"report {report_id} is not in the database")
            self._requests = hasten(connection, report_id)
        self.now = self.refresh()
        if self.now.requests:
            announce(platform, self.now.requests[0].report_id)

    def refresh(self) -> Processed:
        """As they are now."""
        with self._platform.database.transaction() as connection:
            self.now = Processed(states_of(connection, self._requests))
        return self.now


def process_due(platform: Platform, report_id: UUID | None, *, wait_seconds: float) -> Processed:
    """Make requests due and wait until they have ended, at most `wait_seconds`."""
    work, ends = DueWork(platform, report_id), time.monotonic() + wait_seconds
    while work.now.is_open and time.monotonic() < ends:
        time.sleep(POLL_SECONDS)
        work.refresh()
    return work.now


def clean_up(platform: Platform, days: float, *, most: int = MOST_DELETED) -> CleanedUp:
    """Delete up to `most` reports older than `days`, oldest first. Reports that are in progress are left for later."""
    with platform.database.transaction() as connection:
        reports = older_than(connection, days, most)
    deleted = []
    for report in reports:
        try:
            delete_report(platform, report, reason="age")
        except TransientError:
            continue  # requested; the sensor goes on with it
        deleted.append(report)
    with platform.database.transaction() as connection:
        return CleanedUp(deleted, count_older_than(connection, days))
