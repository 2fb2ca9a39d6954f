"""One tick of the intake: take messages, end what is dead, announce, lease what is due, ask for runs.

The tick never acknowledges a message whose row is not committed, and a tick that dies anywhere loses nothing:
unacknowledged messages come again, and leases run out.
"""

from __future__ import annotations

from dataclasses import dataclass

import dagster as dg

from signal_pipeline.errors import BrokerUnavailable
from signal_pipeline.messaging.acceptance import accept_messages
from signal_pipeline.messaging.publish import announce_dead
from signal_pipeline.messaging.receive import receive
from signal_pipeline.orchestration.partitions import REPORTS
from signal_pipeline.orchestration.reconciler import reconcile
from signal_pipeline.orchestration.tags import lease_tags
from signal_pipeline.steps.platform import Platform
from signal_pipeline.storage.dead_letters import mark_announced, unannounced
from signal_pipeline.storage.intake import Lease, lease_due, running_count

# Leased reports wait in Dagster's queue; more than this many per slot would only age there.
LEASES_PER_SLOT = 2


@dataclass(frozen=True)
class Tick:
    """What a tick did, for the sensor's page."""

    received: int
    leases: list[Lease]
    running: int
    notes: list[str]

    def sentence(self) -> str:
        parts = [f"{self.received} messages taken" if self.received else "no new message"]
        parts.append(f"{self.running} reports in work")
        return "; ".join([*parts, *self.notes])


def tick(platform: Platform, instance: dg.DagsterInstance) -> Tick:
    """Everything one evaluation does. It may run twice at once: every step is safe against that."""
    settings = platform.settings
    notes = reconcile(platform, instance)
    first = _lease(platform)
    # Only an idle tick waits for a message; one that has work to start only takes what is there.
    wait = settings.intake_wait_seconds if not first and not notes else 0.0
    received = 0
    try:
        received = _receive(platform, wait)
        _announce(platform)
    except BrokerUnavailable as error:
        notes.append(str(error))
    leases = first + (_lease(platform) if received or wait else [])
    with platform.database.transaction() as connection:
        in_work = running_count(connection)
    return Tick(received, leases, in_work, notes)


def sensor_result(done: Tick) -> dg.SensorResult | dg.SkipReason:
    """The runs to start. The run key carries the attempt: Dagster never runs a used key again."""
    if not done.leases:
        return dg.SkipReason(done.sentence())
    keys = [str(lease.report_id) for lease in done.leases]
    requests = [
        dg.RunRequest(
            run_key=f"{lease.intake_id}:{lease.attempt}", partition_key=str(lease.report_id), tags=lease_tags(lease)
        )
        for lease in done.leases
    ]
    return dg.SensorResult(
        run_requests=requests, dynamic_partitions_requests=[REPORTS.build_add_request(list(dict.fromkeys(keys)))]
    )


def _receive(platform: Platform, wait_seconds: float) -> int:
    settings = platform.settings
    return receive(
        settings,
        limit=settings.intake_batch,
        wait_seconds=wait_seconds,
        handle=lambda messages: accept_messages(
            platform.database,
            messages,
            redact=platform.redactor().text,
            grace_seconds=settings.unknown_report_grace_seconds,
        ),
    )


def _lease(platform: Platform) -> list[Lease]:
    settings = platform.settings
    with platform.database.transaction() as connection:
        free = LEASES_PER_SLOT * settings.max_concurrent_tasks - running_count(connection)
        if free <= 0:
            return []
        return lease_due(connection, min(free, settings.intake_batch), settings.lease_seconds)


def _announce(platform: Platform) -> None:
    """Announced first and marked after: a crash between the two announces again, with the same message id."""
    with platform.database.transaction() as connection:
        letters = unannounced(connection)
        if letters:
            announce_dead(platform.settings, letters)
            mark_announced(connection, [letter.id for letter in letters])
