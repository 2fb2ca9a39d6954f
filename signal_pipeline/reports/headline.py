"""One line that says how a report stands. Words only; numbers come from whoever asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from signal_pipeline.reports.overview import ReportStatus
from signal_pipeline.storage.problems import ProblemRow

_WAITING = {
    "NOT REQUESTED": "No request to work this report has arrived yet.",
    "PENDING": "Waiting to be worked.",
    "FAILED": "An attempt failed; it will be tried again.",
    "CANCELLED": "Cancelled.",
}


@dataclass(frozen=True)
class FirstCause:
    """What came first: `where` is a file with its line or entry."""

    what: str
    where: str
    at: datetime | None


def verdict(
    status: ReportStatus,
    problems: Sequence[ProblemRow] | None,
    *,
    known: int = 0,
    known_since: datetime | None = None,
    first: FirstCause | None = None,
) -> str:
    """`problems` is None before there is a clustering; `known` of them have been seen in other reports."""
    if problems is None:
        return _unfinished(status)
    if status.files and all(file.status == "failed" for file in status.files):
        return f"{_count(len(status.files), 'file')}, and none of them could be read."
    if not problems:
        return f"No error was found in {_count(len(status.files), 'file')}."
    parts = [_problems(problems)]
    if known:
        since = f" since {known_since:%Y-%m-%d}" if known_since else ""
        parts.append(f"{known} known{since}")
    if first is not None:
        when = f" at {first.at:%H:%M:%S}" if first.at else ""
        parts.append(f"first cause {first.what} in {first.where}{when}")
    return ", ".join(parts) + "."


def _problems(problems: Sequence[ProblemRow]) -> str:
    loud = [
        f"{count} {severity}"
        for severity in ("critical", "high")
        if (count := sum(problem.severity == severity for problem in problems))
    ]
    return _count(len(problems), "problem") + (f" ({', '.join(loud)})" if loud else "")


def _unfinished(status: ReportStatus) -> str:
    request = status.request
    if status.state == "RUNNING" and request is not None:
        return f"Being worked: {request.progress} % done."
    if status.state == "DEAD" and request is not None:
        return f"Could not be worked: {request.last_error or request.reason or 'no reason was recorded'}."
    return _WAITING.get(status.state, "Worked, but its clusters are not there.")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
