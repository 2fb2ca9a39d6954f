"""Recording a failed attempt: retried later, or moved to the dead letters. One place for runs and the reconciler."""

from __future__ import annotations

import psycopg

from signal_pipeline.settings import Settings
from signal_pipeline.storage.dead_letters import bury_report
from signal_pipeline.storage.intake import Lease, fail
from signal_pipeline.storage.stage_measures import record_stage_failure

NO_STAGE = "none"


def record_failure(
    connection: psycopg.Connection,
    settings: Settings,
    lease: Lease,
    *,
    reason: str,
    detail: str,
    transient: bool,
    beside_others: bool = False,
    stage: str = NO_STAGE,
) -> str:
    """The request's state afterwards. `reason` is a short closed word; `detail` must hold no text of an input. `stage`:
    the step that failed, where one did."""
    record_stage_failure(connection, stage, reason)
    state = fail(
        connection,
        lease,
        error=f"{reason}: {detail}",
        transient=transient,
        max_attempts=settings.max_attempts,
        retry_delay_seconds=settings.retry_delay_seconds,
        beside_others=beside_others,
    )
    if state == "DEAD":
        bury_report(
            connection,
            report_id=lease.report_id,
            intake_id=lease.intake_id,
            attempt=lease.attempt,
            reason=reason,
            detail=detail,
        )
    return state
