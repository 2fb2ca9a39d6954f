"""Tags of a run: what it works on and why it was started. Only identifiers that we made or checked go in."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from signal_pipeline.storage.intake import Lease

REPORT = "signal_pipeline/report"
INTAKE = "signal_pipeline/intake"
ATTEMPT = "signal_pipeline/attempt"
TRIGGER = "signal_pipeline/trigger"
SOURCE = "signal_pipeline/source"
# Dagster's own, on a run that repeats another one.
PARENT_RUN = "dagster/parent_run_id"


def lease_tags(lease: Lease) -> dict[str, str]:
    return {
        REPORT: str(lease.report_id),
        INTAKE: str(lease.intake_id),
        ATTEMPT: str(lease.attempt),
        TRIGGER: "message",
    }


def lease_of(tags: Mapping[str, str]) -> Lease | None:
    """The lease that a run was started for; None when a person or a backfill started it.

    A re-execution carries the tags of the run that it repeats, but not its lease: that attempt is over.
    """
    if PARENT_RUN in tags:
        return None
    if INTAKE not in tags or ATTEMPT not in tags or REPORT not in tags:
        return None
    return Lease(UUID(tags[INTAKE]), UUID(tags[REPORT]), int(tags[ATTEMPT]))
