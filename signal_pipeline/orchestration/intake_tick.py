"""One tick of the intake: take messages, end what is dead, announce, lease what is due, ask for runs.

The tick never acknowledges a message whose row is not committed, and a tick that dies anywhere loses nothing:
unacknowledged messages come again, and leases run out.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from uuid import UUID

import dagster as dg

from signal_pipeline.crashpoints import crashpoint
from signal_pipeline.errors import BrokerUnavailable, RulesInvalid, SchemaInvalid
from signal_pipeline.intake.event_acceptance import judge_due
from signal_pipeline.intake.event_batch import checks_of
from signal_pipeline.intake.event_messages import accept_event_messages
from signal_pipeline.intake.message_acceptance import accept_messages
from signal_pipeline.intake.rule_changes import follow_rules
from signal_pipeline.messaging.publish import announce_dead
from signal_pipeline.messaging.receive import receive
from signal_pipeline.messaging.stream_configs import event_stream_name
from signal_pipeline.orchestration.batching import company_of, plan_batches, reports_per_run
from signal_pipeline.orchestration.event_days import add_sources
from signal_pipeline.orchestration.forgetting import finish_deletions
from signal_pipeline.orchestration.partitions import add_reports, positions_of
from signal_pipeline.orchestration.reconciler import reconcile
from signal_pipeline.orchestration.tags import batch_tags
from signal_pipeline.platform.platform import Platform
from signal_pipeline.plural import counted
from signal_pipeline.settings import Settings
from signal_pipeline.storage.batches import Batch, assign
from signal_pipeline.storage.dead_letters import mark_announced, unannounced
from signal_pipeline.storage.dependencies import cancel_hopeless
from signal_pipeline.storage.intake import in_progress, lease_due, waiting_count
from signal_pipeline.storage.live_signals import ask_for_placing

REPORT_JOB = "process_report"
DEAD_LETTERS_JOB = "watch_dead_letters"
SIGNALS_JOB = "place_new_signals"
# New kinds of signals are rare, and come together: one run for all of a minute, tried again while some are left.
SIGNALS_SECONDS = 60
# Of a tick, for judging stored events again when rules have changed; the next ticks go on.
RULES_SECONDS = 2.0
# Runs wait in Dagster's queue; more than this many per slot would only age there.
RUNS_PER_SLOT = 2
# Beside one for each core: what it does while others wait for a server, and until the next tick when one has ended.
SPARE_BATCHES = 1
# A backlog of events does not hold up the reports for longer than these take.
EVENT_BATCHES = 4
# A tick looks at retries and at dead runs this often while it waits for messages.
POLL_SECONDS = 2.0


@dataclass
class Tick:
    """What a tick did, for the sensor's page."""

    received: int = 0
    batches: list[Batch] = field(default_factory=list)
    in_work: int = 0
    announced: list[UUID] = field(default_factory=list)
    signals_key: str | None = None
    notes: list[str] = field(default_factory=list)

    def sentence(self) -> str:
        said = [f"{counted(self.received, 'message')} taken" if self.received else "no message"]
        if started := sum(len(batch.leases) for batch in self.batches):
            said.append(f"{counted(started, 'report')} started in {counted(len(self.batches), 'run')}")
        return "; ".join([*said, f"{self.in_work} in work", *self.notes])


def tick(platform: Platform, instance: dg.DagsterInstance, *, clock: Callable[[], float] = time.monotonic) -> Tick:
    """Everything one evaluation does: it ends when there are runs to start, or when its time is over.

    It may run twice at once: every step is safe against that.
    """
    settings = platform.settings
    done = Tick()
    ends = clock() + settings.intake_wait_seconds
    while True:
        done.notes += reconcile(platform, instance)
        done.notes += finish_deletions(platform, instance)
        done.notes += _judge_events(platform)
        # What is due already does not wait for messages; they are taken by the next tick.
        done.batches = _lease(platform, instance)
        left = ends - clock()
        try:
            done.received += _receive(platform, 0.0 if done.batches else max(0.0, min(POLL_SECONDS, left)))
            done.notes += _receive_events(platform)
            done.announced += _announce(platform)
        except BrokerUnavailable as error:
            if str(error) not in done.notes:
                done.notes.append(str(error))
            if not done.batches and left > 0:
                time.sleep(min(POLL_SECONDS, left))
        if done.received and not done.batches:
            done.batches = _lease(platform, instance)
        done.signals_key = _new_signals(platform)
        if done.batches or done.announced or done.signals_key or left <= 0:
            break
    add_sources(platform, instance)
    with platform.database.transaction() as connection:
        done.in_work = in_progress(connection).reports
    return done


def sensor_result(
    done: Tick, limits: Mapping[UUID, Mapping[str, str]] = MappingProxyType({})
) -> dg.SensorResult | dg.SkipReason:
    """The runs to start. A batch is made for one attempt, so its id is a run key that was never used.

    `limits`: further tags for the run of a batch, by its id.
    """
    requests = [
        dg.RunRequest(
            run_key=str(batch.id),
            job_name=REPORT_JOB,
            partition_key=str(batch.leases[0].report_id) if len(batch.leases) == 1 else None,
            tags={**batch_tags(batch), **limits.get(batch.id, {})},
            run_config=run_config_of(batch),
        )
        for batch in done.batches
    ]
    if done.announced:
        requests.append(dg.RunRequest(run_key=f"dead-letters-{max(done.announced)}", job_name=DEAD_LETTERS_JOB))
    if done.signals_key:
        requests.append(dg.RunRequest(run_key=done.signals_key, job_name=SIGNALS_JOB))
    return dg.SensorResult(run_requests=requests) if requests else dg.SkipReason(done.sentence())


def run_config_of(batch: Batch) -> dict[str, object]:
    """What the requests of the batch set for their run; the same for all of them."""
    steps = json.loads(batch.leases[0].config or "{}")
    return {"ops": {step: {"config": values} for step, values in steps.items()}} if steps else {}


def _judge_events(platform: Platform) -> list[str]:
    """Events that no longer wait for another, and all of them by rules that have changed. A table of rules that cannot
    be used holds up no report."""
    try:
        rules = checks_of(platform).rules
        said = follow_rules(platform.database, rules, seconds=RULES_SECONDS)
        judge_due(platform.database, rules)
    except (RulesInvalid, SchemaInvalid) as error:
        return [str(error)]
    return said


def _new_signals(platform: Platform) -> str | None:
    """The key of a run that is to place new kinds of signals in the catalog."""
    with platform.database.transaction() as connection:
        asked = ask_for_placing(connection, SIGNALS_SECONDS)
    return f"signals-{asked:%Y%m%dT%H%M%S.%f}" if asked else None


def _receive_events(platform: Platform) -> list[str]:
    """What events there are, in batches; a table of rules that cannot be used leaves them with the broker."""
    settings = platform.settings
    taken = 0
    try:
        for _ in range(EVENT_BATCHES):
            count = receive(
                settings,
                limit=settings.intake_batch,
                wait_seconds=0.0,
                handle=lambda messages: accept_event_messages(platform, messages),
                stream=event_stream_name(settings.nats_stream),
            )
            taken += count
            if count < settings.intake_batch:
                break
    except (RulesInvalid, SchemaInvalid) as error:
        return [str(error)]
    return [f"{counted(taken, 'message')} with events recorded"] if taken else []


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


def _lease(platform: Platform, instance: dg.DagsterInstance) -> list[Batch]:
    """Lease what is due, as far as there are slots, and put it into batches."""
    settings = platform.settings
    with platform.database.transaction() as connection:
        cancel_hopeless(connection)
        kinds = [kind for kind in settings.intake_kinds.split(",") if kind]
        waiting = waiting_count(connection, kinds)
        now = in_progress(connection)
        free_slots = settings.max_concurrent_tasks * RUNS_PER_SLOT - now.batches
        cores = _cores(settings)
        size = reports_per_run(waiting, free_slots, now.shared_batches, settings.reports_per_run, cores)
        if size > 1 and waiting > free_slots:
            # More would share the same cores, and take longer for it.
            free_slots = min(free_slots, cores + SPARE_BATCHES - now.shared_batches)
        if not waiting or free_slots <= 0:
            return []
        leases = lease_due(connection, free_slots * size, settings.lease_seconds, kinds)
    if not leases:
        return []
    crashpoint("after_lease")
    # Directly, and not through the sensor's result, for which the daemon asks the database about each key by itself.
    add_reports(instance, [lease.report_id for lease in leases])
    sharing = [lease.report_id for lease in leases if company_of(lease, size, settings.max_attempts) > 1]
    planned = plan_batches(leases, positions_of(instance, sharing), size, settings.max_attempts)
    with platform.database.transaction() as connection:
        assign(connection, planned)
    crashpoint("after_assign")
    return planned


def _cores(settings: Settings) -> int:
    """Runs that can work at the same time: the fork server forks them on this machine, other launchers anywhere."""
    return os.cpu_count() or 1 if settings.fork_server else settings.max_concurrent_tasks


def _announce(platform: Platform) -> list[UUID]:
    """Announced first and marked after: a crash between the two announces again, with the same message id."""
    with platform.database.transaction() as connection:
        letters = unannounced(connection)
        if letters:
            announce_dead(platform.settings, letters)
            mark_announced(connection, [letter.id for letter in letters])
    return [letter.id for letter in letters]
