"""One evaluation of the intake sensor, on real servers and an ephemeral Dagster instance."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import dagster as dg
import pytest
from dagster._core.events import PIPELINE_RUN_STATUS_TO_EVENT_TYPE, DagsterEvent

from signal_pipeline.definitions import defs
from signal_pipeline.intake.attempt_failure import record_failure
from signal_pipeline.local.ports import random_ports
from signal_pipeline.messaging.publish import publish_raw, publish_report
from signal_pipeline.orchestration import intake_tick
from signal_pipeline.orchestration.intake_tick import sensor_result, tick
from signal_pipeline.orchestration.tags import KIND, LIVE_PRIORITY, PRIORITY, batch_tags
from signal_pipeline.platform.platform import Platform
from signal_pipeline.storage.batches import Batch, begin, complete, running_batches
from signal_pipeline.storage.dead_letters import listed
from signal_pipeline.work_order import Priority
from signal_pipeline_tests.messaging.broker import dead_announcements, pending
from signal_pipeline_tests.storage.tables import new_report, requested, value

Status = dg.DagsterRunStatus


@pytest.fixture
def report(platform: Platform) -> UUID:
    with platform.database.transaction() as connection:
        return new_report(connection)


def state(platform: Platform) -> tuple[str, int]:
    with platform.database.transaction() as connection:
        ((found, attempt),) = connection.execute("select state, attempt from intake").fetchall()
        return found, attempt


def run_for(instance: dg.DagsterInstance, batch: Batch, status: Status, **tags: str) -> dg.DagsterRun:
    @dg.job
    def empty() -> None:
        pass

    run = instance.create_run_for_job(empty, tags=batch_tags(batch) | tags, status=Status.NOT_STARTED)
    if status is not Status.NOT_STARTED:
        instance.handle_new_event(_event(run, status))
    return run


def _event(run: dg.DagsterRun, status: Status) -> dg.EventLogEntry:
    kind = PIPELINE_RUN_STATUS_TO_EVENT_TYPE[status]
    return dg.EventLogEntry(
        error_info=None,
        level="debug",
        user_message="",
        run_id=run.run_id,
        timestamp=time.time(),
        job_name=run.job_name,
        dagster_event=DagsterEvent(event_type_value=kind.value, job_name=run.job_name, message=""),
    )


def test_a_message_becomes_a_run_with_a_partition_and_a_key_of_its_attempt(
    platform: Platform, instance: dg.DagsterInstance, report: UUID
) -> None:
    for _ in range(20):
        publish_report(platform.settings, report)
    done = tick(platform, instance)
    result = sensor_result(done)
    assert isinstance(result, dg.SensorResult)
    assert done.received == 20
    (request,) = result.run_requests or []
    (batch,) = done.batches
    assert [lease.report_id for lease in batch.leases] == [report]
    assert request.run_key == str(batch.id)
    assert request.partition_key == str(report)
    assert request.tags.items() >= batch_tags(batch).items()
    assert instance.get_dynamic_partitions("reports") == [str(report)]
    assert pending(platform.settings) == (0, 0)
    assert isinstance(sensor_result(tick(platform, instance)), dg.SkipReason)


def test_an_order_decides_config_kind_and_place_of_its_run(
    platform: Platform, instance: dg.DagsterInstance, report: UUID
) -> None:
    steps = {"clusters": {"algorithm": "dbscan", "min_samples": 3}, "incidents": {"retry_seconds": 5.0}}
    fields = {"kind": "nightly", "priority": "interactive", "config": steps}
    publish_raw(platform.settings, json.dumps({"report_id": str(report), "version": 2, **fields}).encode())
    with Platform(platform.settings.model_copy(update={"intake_kinds": "report,weekly"})) as elsewhere:
        assert tick(elsewhere, instance).batches == [], "another installation serves this kind"
    result = sensor_result(tick(platform, instance))
    assert isinstance(result, dg.SensorResult)
    (request,) = result.run_requests or []
    assert request.tags[KIND] == "nightly"
    assert int(request.tags[PRIORITY]) == LIVE_PRIORITY + Priority.interactive
    told = dg.validate_run_config(defs.resolve_job_def(intake_tick.REPORT_JOB), request.run_config)
    assert told is not None
    assert {step: told["ops"][step]["config"] for step in steps} == {
        step: {**told["ops"][step]["config"], **values} for step, values in steps.items()
    }


def backlog(platform: Platform, monkeypatch: pytest.MonkeyPatch, reports: int, *, cores: int) -> set[UUID]:
    """So many reports that wait, on a machine of so many cores."""
    monkeypatch.setattr(intake_tick, "_cores", lambda _: cores)
    with platform.database.transaction() as connection:
        return {requested(connection) for _ in range(reports)}


def test_a_backlog_shares_as_many_runs_as_there_are_cores(
    platform: Platform, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    slots = intake_tick.RUNS_PER_SLOT * platform.settings.max_concurrent_tasks
    waiting = backlog(platform, monkeypatch, 4 * slots, cores=4)
    done = tick(platform, instance)
    assert [len(batch.leases) for batch in done.batches] == [slots] * 4
    assert {lease.report_id for batch in done.batches for lease in batch.leases} == waiting
    keys = instance.get_dynamic_partitions("reports")
    result = sensor_result(done)
    assert isinstance(result, dg.SensorResult)
    ranges = [keys_of(keys, request.tags) for request in result.run_requests or []]
    assert ranges == [[str(lease.report_id) for lease in batch.leases] for batch in done.batches]
    assert tick(platform, instance).batches == []


def test_of_a_backlog_no_more_is_at_work_than_one_batch_per_core_and_a_spare_one(
    platform: Platform, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    backlog(platform, monkeypatch, 140, cores=2)
    settings = platform.settings.model_copy(update={"reports_per_run": 30})
    with Platform(settings) as narrow:
        first = tick(narrow, instance).batches
        assert [len(batch.leases) for batch in first] == [30, 30, 30]
        assert tick(narrow, instance).batches == []
        with platform.database.transaction() as connection:
            complete(connection, first[0].id, {lease.report_id: None for lease in first[0].leases})
        # One has ended, so one may begin: half of the fifty that wait.
        assert [len(batch.leases) for batch in tick(narrow, instance).batches] == [25]
        assert tick(narrow, instance).batches == []


def test_runs_for_one_report_each_take_all_slots(
    platform: Platform, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    backlog(platform, monkeypatch, 40, cores=1)
    with Platform(platform.settings.model_copy(update={"reports_per_run": 1})) as narrow:
        slots = intake_tick.RUNS_PER_SLOT * narrow.settings.max_concurrent_tasks
        assert [len(batch.leases) for batch in tick(narrow, instance).batches] == [1] * slots


def keys_of(keys: Sequence[str], tags: Mapping[str, str]) -> list[str]:
    """The partitions that a run with these tags is for, as Dagster reads them."""
    first, last = (keys.index(tags[f"dagster/asset_partition_range_{end}"]) for end in ("start", "end"))
    return list(keys[first : last + 1])


def test_reports_that_are_no_neighbours_among_the_partitions_share_no_run(
    platform: Platform, instance: dg.DagsterInstance
) -> None:
    with platform.database.transaction() as connection:
        reports = [requested(connection) for _ in range(30)]
    # Somebody has materialized one of them by hand before.
    instance.add_dynamic_partitions("reports", [str(reports[7]), str(uuid4())])
    done = tick(platform, instance)
    keys = instance.get_dynamic_partitions("reports")
    for batch in done.batches:
        found = [str(lease.report_id) for lease in batch.leases]
        assert len(found) == 1 or keys_of(keys, batch_tags(batch)) == found
    assert sum(len(batch.leases) for batch in done.batches) == 30


def test_work_that_is_due_starts_though_the_broker_is_down(platform: Platform, instance: dg.DagsterInstance) -> None:
    with platform.database.transaction() as connection:
        report = requested(connection)
    nowhere = platform.settings.model_copy(
        update={"nats_url": f"nats://127.0.0.1:{random_ports()['nats']}", "nats_producer_url": None}
    )
    with Platform(nowhere) as broken:
        done = tick(broken, instance)
    assert [lease.report_id for batch in done.batches for lease in batch.leases] == [report]
    assert any("NATS did not respond" in note for note in done.notes)


def test_dead_letters_are_announced_once_with_nothing_of_their_content(
    platform: Platform, instance: dg.DagsterInstance
) -> None:
    publish_raw(platform.settings, b"password=hunter2hunter2")
    with platform.database.transaction() as connection:
        requested(connection)
    (batch,) = tick(platform, instance).batches
    (lease,) = batch.leases
    with platform.database.transaction() as connection:
        record_failure(connection, platform.settings, lease, reason="not_possible", detail="for good", transient=False)
    for _ in range(2):
        tick(platform, instance)
    announced = [json.loads(data) for data in dead_announcements(platform.settings)]
    with platform.database.transaction() as connection:
        letters = listed(connection)
        assert all(letter.announced_at for letter in letters)
    assert sorted((one["kind"], one["reason"]) for one in announced) == [
        ("message", "bad_message"),
        ("report", "not_possible"),
    ]
    assert {one["dead_letter_id"] for one in announced} == {str(letter.id) for letter in letters}
    assert "hunter2" not in str(announced)


# status of the attempt's run, whether its lease ran out, the state and attempt after the next tick
OUTCOMES = {
    "the run failed": (Status.FAILURE, False, ("RUNNING", 2)),
    "the run was cancelled": (Status.CANCELED, False, ("CANCELLED", 1)),
    "the run succeeded and could not say so": (Status.SUCCESS, False, ("COMPLETED", 1)),
    "the run waits": (Status.STARTING, True, ("RUNNING", 1)),
    "the worker is lost": (Status.STARTED, True, ("RUNNING", 2)),
    "the worker works": (Status.STARTED, False, ("RUNNING", 1)),
    "the worker is lost while it is cancelled": (Status.CANCELING, True, ("CANCELLED", 1)),
    "there is no run": (None, True, ("RUNNING", 2)),
    "there is no run yet": (None, False, ("RUNNING", 1)),
}


@pytest.mark.parametrize(("status", "expired", "after"), OUTCOMES.values(), ids=OUTCOMES.keys())
def test_an_attempt_ends_as_its_run_did(
    platform: Platform, instance: dg.DagsterInstance, status: Status | None, expired: bool, after: tuple[str, int]
) -> None:
    with platform.database.transaction() as connection:
        requested(connection)
    (batch,) = tick(platform, instance).batches
    run = None if status is None else run_for(instance, batch, status)
    with platform.database.transaction() as connection:
        if status in (Status.STARTED, Status.CANCELING):
            begin(connection, batch.id, run.run_id if run else "", 60)
        if expired:
            connection.execute("update intake set lease_until = now() - interval '1 second'")
    tick(platform, instance)
    assert state(platform) == after
    with platform.database.transaction() as connection:
        assert not any(found.expired for found in running_batches(connection))
    if run is not None and expired and after != ("RUNNING", 1):
        ended = instance.get_run_by_id(run.run_id)
        assert ended is not None
        assert ended.is_finished


def test_a_run_that_a_person_started_again_says_nothing_about_the_attempt(
    platform: Platform, instance: dg.DagsterInstance
) -> None:
    with platform.database.transaction() as connection:
        requested(connection)
    (batch,) = tick(platform, instance).batches
    run_for(instance, batch, Status.STARTED)
    run_for(instance, batch, Status.SUCCESS, **{"dagster/parent_run_id": str(uuid4())})
    tick(platform, instance)
    assert state(platform) == ("RUNNING", 1)


def test_the_last_attempt_is_dead_lettered(platform: Platform, instance: dg.DagsterInstance) -> None:
    with platform.database.transaction() as connection:
        requested(connection)
    for _ in range(platform.settings.max_attempts):
        (batch,) = tick(platform, instance).batches
        run_for(instance, batch, Status.FAILURE)
    tick(platform, instance)
    assert state(platform) == ("DEAD", platform.settings.max_attempts)
    with platform.database.transaction() as connection:
        (letter,) = listed(connection)
        assert (letter.kind, letter.reason) == ("report", "run_failed")
        assert value(connection, "select count(*) from intake_history where to_state = 'DEAD'") == 1


def test_ticks_side_by_side_share_the_work(platform: Platform, instance: dg.DagsterInstance) -> None:
    with platform.database.transaction() as connection:
        reports = {requested(connection) for _ in range(6)}
    with ThreadPoolExecutor(3) as pool:
        ticks = [pool.submit(tick, platform, instance) for _ in range(3)]
    started = [batch for done in ticks for batch in done.result().batches] + tick(platform, instance).batches
    leases = [lease for batch in started for lease in batch.leases]
    assert sorted(lease.report_id for lease in leases) == sorted(reports)
    assert {lease.attempt for lease in leases} == {1}
