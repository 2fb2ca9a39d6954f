"""A report's progress as a sequence of events: what is new from one look to the next. Pure, but for `snapshot`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from signal_pipeline.platform.platform import Platform
from signal_pipeline.reports.log_lines import report_log
from signal_pipeline.reports.overview import ReportStatus, report_status
from signal_pipeline.storage.report_log import LogEntry
from signal_pipeline.storage.stage_measures import stage_seconds_of

LOG_LINES = 200


@dataclass(frozen=True)
class ProgressEvent:
    """`kind` is progress, stage, file, log or end; `data` can be written as JSON."""

    kind: str
    data: dict[str, Any]


@dataclass(frozen=True)
class Snapshot:
    """A report as it is now. `stages`: seconds of the steps that this attempt has finished, in their order."""

    status: ReportStatus
    stages: Mapping[str, float]
    log: list[LogEntry]


def snapshot(platform: Platform, report_id: UUID) -> Snapshot:
    """ReportUnknown when it is not in the database."""
    status = report_status(platform.database, report_id)
    started = status.request.started_at if status.request else None
    with platform.database.transaction() as connection:
        stages = {} if started is None else stage_seconds_of(connection, report_id, since=started)
    return Snapshot(status, stages, report_log(platform, status, LOG_LINES))


def changes(before: Snapshot | None, now: Snapshot) -> Iterator[ProgressEvent]:
    """Events for what `now` has and `before` had not; all of it without a snapshot before."""
    known = set(before.log) if before else set()
    yield from (ProgressEvent("log", _log(line)) for line in now.log if line not in known)
    finished = before.stages if before and _attempt(before) == _attempt(now) else {}
    for stage, seconds in now.stages.items():
        if stage not in finished:
            yield ProgressEvent("stage", {"stage": stage, "seconds": round(seconds, 3)})
    read = {file.signal_id: file for file in before.status.files} if before else {}
    for file in now.status.files:
        if read.get(file.signal_id) != file:
            yield ProgressEvent(
                "file",
                {
                    "name": file.name,
                    "outcome": file.status,
                    "kind": file.kind,
                    "entries": file.entries,
                    "reasons": file.reasons,
                },
            )
    fields = _progress(now)
    if before is None or fields != _progress(before):
        yield ProgressEvent("progress", fields)
    if now.status.is_final:
        yield ProgressEvent("end", {"state": now.status.state, "reason": fields["reason"]})


def _attempt(one: Snapshot) -> int:
    return one.status.request.attempt if one.status.request else 0


def _progress(one: Snapshot) -> dict[str, Any]:
    request, outcomes = one.status.request, Counter(file.status for file in one.status.files)
    return {
        "state": one.status.state,
        "progress": request.progress if request else 0,
        "attempt": request.attempt if request else 0,
        "reason": request.reason if request else None,
        "last_stage": list(one.stages)[-1] if one.stages else None,
        "files": {name: outcomes[name] for name in ("ok", "partial", "failed")},
    }


def _log(line: LogEntry) -> dict[str, Any]:
    return {"at": line.at.isoformat(), "level": line.level, "source": line.source, "text": line.text}
