"""One line that says how a report stands. Words only; numbers come from whoever asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from signal_pipeline.errors import PartialReason
from signal_pipeline.reports.overview import ReportStatus
from signal_pipeline.storage.outcomes import FileOutcome
from signal_pipeline.storage.problems import ProblemRow

_WAITING = {
    "NOT REQUESTED": "No request to work this report has arrived yet.",
    "PENDING": "Waiting to be worked.",
    "FAILED": "An attempt failed; it will be tried again.",
    "CANCELLED": "Cancelled.",
}


# Reasons by which entries are missing, and not only a part of a text.
LOST = frozenset(
    (
        PartialReason.TRUNCATED,
        PartialReason.BAD_ENTRIES,
        PartialReason.LINES_CAPPED,
        PartialReason.ENTRIES_CAPPED,
        PartialReason.BAD_MEMBER,
        PartialReason.TRAILING_DATA,
        PartialReason.TOO_MANY_MEMBERS,
        PartialReason.INTERNAL_ERROR,
    )
)
MAX_NAMED = 3


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
    """`problems` is None before there is a clustering; `known` of them have been seen in other reports.

    What is not known comes first: an attempt that failed since, and files that were not read.
    """
    if problems is None:
        return unfinished(status)
    before = " ".join(filter(None, (_failed_since(status), unread(status.files))))
    found = _found(status, problems, known=known, known_since=known_since, first=first)
    return " ".join(filter(None, (before, found)))


def unread(files: Sequence[FileOutcome]) -> str:
    """What was not read, as sentences; empty when all of it was."""
    if not files:
        return ""
    failed = [file.name for file in files if file.status == "failed"]
    partly = [file.name for file in files if file.status == "partial" and not LOST.isdisjoint(file.reasons)]
    total = _count(len(files), "file")
    if len(failed) == len(files):
        return f"{total}, and none of them could be read."
    sentences = []
    if failed:
        sentences.append(f"{len(failed)} of {total} could not be read: {_named(failed)}.")
    if partly:
        sentences.append(f"{len(partly)} of {total} {_was(len(partly))} read only in part: {_named(partly)}.")
    return " ".join(sentences)


def is_clean(status: ReportStatus, problems: int) -> bool:
    """Whether the report may be shown in plain green: worked, all read, and nothing found."""
    return status.state == "COMPLETED" and bool(status.files) and not problems and not unread(status.files)


def _found(
    status: ReportStatus,
    problems: Sequence[ProblemRow],
    *,
    known: int,
    known_since: datetime | None,
    first: FirstCause | None,
) -> str:
    if not problems:
        read = sum(file.status != "failed" for file in status.files)
        if not status.files:
            return "The report has no files."
        where = _count(read, "file") if read == len(status.files) else f"the {_count(read, 'file')} that could be read"
        return f"No error was found in {where}." if read else ""
    parts = [_problems(problems)]
    if known:
        since = f" since {known_since:%Y-%m-%d}" if known_since else ""
        parts.append(f"{known} known{since}")
    if first is not None:
        when = f" at {first.at:%H:%M:%S}" if first.at else ""
        parts.append(f"first cause {first.what} in {first.where}{when}")
    return ", ".join(parts) + "."


def _failed_since(status: ReportStatus) -> str:
    if status.state not in ("FAILED", "DEAD") or status.request is None:
        return ""
    why = status.request.last_error or status.request.reason or "no reason was recorded"
    return f"The latest attempt failed ({why}); what follows is from before."


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - MAX_NAMED} more" if len(names) > MAX_NAMED else ""
    return ", ".join(names[:MAX_NAMED]) + more


def _was(number: int) -> str:
    return "was" if number == 1 else "were"


def _problems(problems: Sequence[ProblemRow]) -> str:
    loud = [
        f"{count} {severity}"
        for severity in ("critical", "high")
        if (count := sum(problem.severity == severity for problem in problems))
    ]
    return _count(len(problems), "problem") + (f" ({', '.join(loud)})" if loud else "")


def unfinished(status: ReportStatus) -> str:
    request = status.request
    if status.state == "RUNNING" and request is not None:
        return f"Being worked: {request.progress} % done."
    if status.state == "DEAD" and request is not None:
        return f"Could not be worked: {request.last_error or request.reason or 'no reason was recorded'}."
    return _WAITING.get(status.state, "Worked, but its clusters are not there.")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
