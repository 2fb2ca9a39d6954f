"""Times and failures of the steps: by kind of work, and totals that a deletion does not take back."""

from __future__ import annotations

from signal_pipeline.intake.attempt_failure import record_failure
from signal_pipeline.settings import Settings
from signal_pipeline.storage.database import Database
from signal_pipeline.storage.intake import accept
from signal_pipeline.storage.stage_measures import (
    record_stage_failure,
    record_stages,
    stage_failures,
    stage_seconds,
    stage_seconds_by_kind,
    stage_totals,
)
from signal_pipeline.work_order import WorkOrder
from signal_pipeline_tests.storage.tables import leased, new_report, requested


def test_totals_are_kept_by_kind_when_reports_are_deleted(database: Database) -> None:
    with database.transaction() as connection:
        usual, nightly, by_hand = (new_report(connection) for _ in range(3))
        accept(connection, usual, "digest")
        accept(connection, nightly, "digest", WorkOrder(kind="nightly"))
        record_stages(connection, "clusters", {usual: 1.0, nightly: 4.0, by_hand: 2.0})
        record_stages(connection, "clusters", {usual: 0.5})
        assert sorted(stage_seconds(connection)["clusters"]) == [0.5, 2.0, 4.0]
        by_kind = {key: sorted(seconds) for key, seconds in stage_seconds_by_kind(connection).items()}
        assert by_kind == {("clusters", "nightly"): [4.0], ("clusters", "report"): [0.5, 2.0]}
        connection.execute("delete from reports")
        totals = {(one.stage, one.kind): (one.count, one.seconds) for one in stage_totals(connection)}
        assert totals == {("clusters", "nightly"): (1, 4.0), ("clusters", "report"): (3, 3.5)}
        assert all(one.last_at is not None for one in stage_totals(connection))
        assert stage_seconds(connection) == {}


def test_a_failed_attempt_is_counted_with_its_step_and_reason(database: Database, settings: Settings) -> None:
    with database.transaction() as connection:
        requested(connection)
        lease = leased(connection)
        record_failure(
            connection, settings, lease, reason="bad", detail="it is", transient=False, stage="parsed_entries"
        )
        record_stage_failure(connection, "parsed_entries", "bad")
        record_stage_failure(connection, "none", "no_run")
        assert stage_failures(connection) == {("parsed_entries", "bad"): 2, ("none", "no_run"): 1}
