"""What a report's headline says beside its problems: what was not read, what failed, what is not finished."""

from __future__ import annotations

from collections.abc import Sequence

from signal_pipeline.errors import PartialReason
from signal_pipeline.reports.overview import ReportStatus
from signal_pipeline.storage.outcomes import FileOutcome

_WAITING = {
    "NOT REQUESTED": "No request to process this report has arrived yet.",
    "PENDING": "Waiting to be processed.",
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


def nothing_found(status: ReportStatus) -> str:
    """The sentence for a report in which no error was found."""
    if not status.files:
        return "The report has no files."
    read = sum(file.status != "failed" for file in status.files)
    where = _count(read, "file") if read == len(status.files) else f"the {_count(read, 'file')} that could be read"
    return f"No error was found in {where}." if read else ""


def failed_since(status: ReportStatus) -> str:
    """Empty unless the latest attempt failed, so that what is shown is older than it."""
    if status.state not in ("FAILED", "DEAD") or status.request is None:
        return ""
    why = status.request.last_error or status.request.reason or "no reason was recorded"
    return f"The latest attempt failed ({why}); what follows is from before."


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - MAX_NAMED} more" if len(names) > MAX_NAMED else ""
    return ", ".join(names[:MAX_NAMED]) + more


def _was(number: int) -> str:
    return "was" if number == 1 else "were"


def unfinished(status: ReportStatus) -> str:
    request = status.request
    if status.state == "RUNNING" and request is not None:
        return f"In progress: {request.progress} % done."
    if status.state == "DEAD" and request is not None:
        return f"Failed: {request.last_error or request.reason or 'no reason was recorded'}."
    return _WAITING.get(status.state, "Processed, but its clusters are not there.")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
