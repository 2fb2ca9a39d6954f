"""Many reports in one run: each with its own outcome, none twice at once, whoever started the run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

import pytest

from signal_pipeline.orchestration import report_results
from signal_pipeline.orchestration.chain import LAST_STEP
from signal_pipeline.orchestration.completion import complete_batch
from signal_pipeline.orchestration.tags import BATCH, batch_tags
from signal_pipeline.platform.platform import Platform
from signal_pipeline.storage.batches import Batch, leases_in
from signal_pipeline.storage.claims import claim, let_go
from signal_pipeline.storage.intake import accept, cancel_requests, lease_due, statuses
from signal_pipeline.storage.reports import content_digest, signals_of
from signal_pipeline_tests.storage.tables import batched

LOG = "2026-03-01 10:00:01,000 ERROR [worker-1] shop.Cart - cart {} is empty\n"


class Unlucky(Exception):
    """Not one of ours: a mistake in the code, which no other attempt fixes."""


@pytest.fixture
def reports(submit: Any) -> list[UUID]:
    return [submit(server_log=LOG.format(number)) for number in range(4)]


@pytest.fixture
def fail_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[UUID], None]:
    """From now on, reading this report fails."""
    work = report_results.parse_report

    def arrange(report: UUID) -> None:
        def parse(manifest: Any, *rest: Any) -> Any:
            if manifest["report_id"][0] == str(report):
                raise Unlucky("a text that nobody shall see")
            return work(manifest, *rest)

        monkeypatch.setattr(report_results, "parse_report", parse)

    return arrange


def test_frames_of_few_rows_are_not_read_back_by_the_run_that_made_them(
    runner: Any, reports: list[UUID], platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another run reads what the first one stored, and makes the same of it."""

    def read_back(*_: Any) -> Any:
        raise AssertionError("a frame was read back")

    with monkeypatch.context() as patch:
        patch.setattr(type(platform.frames), "scan", read_back)
        assert runner.run(reports).success
    before = [platform.frames.scan("clusters", report).collect() for report in reports]
    assert runner.run(reports, assets=["embeddings", "clusters"]).success
    after = [platform.frames.scan("clusters", report).collect() for report in reports]
    assert [one.height for one in before] == [1] * 4
    assert all(old.equals(new) for old, new in zip(before, after, strict=True))


def lease(platform: Platform, reports: Sequence[UUID]) -> Batch:
    """The requests for these reports, leased as one batch."""
    with platform.database.transaction() as connection:
        for report in reports:
            accept(connection, report, content_digest(signals_of(connection, report)))
        leases = {one.report_id: one for one in lease_due(connection, 100, 60)}
        return batched(connection, *(leases[report] for report in reports))


def states(platform: Platform, reports: Sequence[UUID]) -> list[str]:
    with platform.database.transaction() as connection:
        return [statuses(connection, report)[0].state for report in reports]


def has_clusters(platform: Platform, report: UUID) -> bool:
    with platform.database.transaction() as connection:
        return bool(connection.execute("select 1 from clusterings where report_id = %s", (report,)).fetchone())


def run_batch(runner: Any, platform: Platform, batch: Batch) -> Any:
    """As the sensor's run does it, completion included."""
    reports = [one.report_id for one in batch.leases]
    result = runner.run(reports, tags=batch_tags(batch))
    if result.success:
        with platform.database.transaction() as connection:
            complete_batch(connection, batch.id)
    return result


def test_a_leased_batch_completes_each_of_its_reports(runner: Any, platform: Platform, reports: list[UUID]) -> None:
    batch = lease(platform, reports)
    assert run_batch(runner, platform, batch).success
    assert states(platform, reports) == ["COMPLETED"] * 4
    with platform.database.transaction() as connection:
        assert [statuses(connection, report)[0].attempt for report in reports] == [1] * 4


def test_a_bad_report_fails_alone_and_is_tried_alone(
    runner: Any, platform: Platform, reports: list[UUID], fail_at: Callable[[UUID], None]
) -> None:
    bad = reports[1]
    fail_at(bad)
    result = run_batch(runner, platform, lease(platform, reports))
    assert result.success, "the others are what this run is about"
    assert states(platform, reports) == ["COMPLETED", "PENDING", "COMPLETED", "COMPLETED"]
    assert not has_clusters(platform, bad)
    shown = {
        (event.asset_key.to_user_string(), event.partition): event.metadata
        for event in result.asset_materializations_for_node("parsed_entries")
    }
    assert "internal_error: Unlucky at " in shown["parsed_entries", str(bad)]["not_made"].value
    with platform.database.transaction() as connection:
        (again,) = lease_due(connection, 10, 60)
        batch = batched(connection, again)
    assert (again.report_id, again.alone) == (bad, True)
    result = run_batch(runner, platform, batch)
    assert not result.success, "by itself it is the run that fails, which Dagster shows on this partition alone"
    assert states(platform, [bad]) == ["DEAD"]
    assert "nobody shall see" not in str([event.message for event in result.all_events])


def test_a_fault_among_reports_that_are_processed_together_is_found_and_left_out(
    runner: Any, platform: Platform, reports: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    work, asked = report_results.embed_reports, []

    def embed(platform: Platform, errors: Mapping[UUID, Any]) -> Any:
        asked.append(len(errors))
        if reports[2] in errors:
            raise Unlucky("a text that nobody shall see")
        return work(platform, errors)

    monkeypatch.setattr(report_results, "embed_reports", embed)
    assert run_batch(runner, platform, lease(platform, reports)).success
    assert asked == [4, 1, 1, 1, 1], "together, and after the fault each by itself"
    assert states(platform, reports) == ["COMPLETED", "COMPLETED", "PENDING", "COMPLETED"]
    assert not has_clusters(platform, reports[2])


def test_a_report_that_was_cancelled_meanwhile_is_left_alone(
    runner: Any, platform: Platform, reports: list[UUID]
) -> None:
    batch = lease(platform, reports)
    with platform.database.transaction() as connection:
        cancel_requests(connection, reports[2], "by hand")
    assert run_batch(runner, platform, batch).success
    assert states(platform, reports) == ["COMPLETED", "COMPLETED", "CANCELLED", "COMPLETED"]
    assert not has_clusters(platform, reports[2])


def test_a_run_whose_attempts_are_over_does_nothing(runner: Any, platform: Platform, reports: list[UUID]) -> None:
    batch = lease(platform, reports[:1])
    with platform.database.transaction() as connection:
        cancel_requests(connection, reports[0], "by hand")
    assert not run_batch(runner, platform, batch).success
    assert not has_clusters(platform, reports[0])


def test_a_report_that_another_run_has_waits_for_it(runner: Any, platform: Platform, reports: list[UUID]) -> None:
    batch = lease(platform, reports[:2])
    with platform.database.transaction() as connection:
        claim(connection, "another run", reports[:1], 60)
    assert run_batch(runner, platform, batch).success
    assert states(platform, reports[:2]) == ["PENDING", "COMPLETED"]
    with platform.database.transaction() as connection:
        let_go(connection, "another run")
        (again,) = lease_due(connection, 10, 60)
        batch = batched(connection, again)
    assert run_batch(runner, platform, batch).success
    assert states(platform, reports[:1]) == ["COMPLETED"]


def test_a_run_by_hand_makes_what_it_can_and_ends_by_naming_the_rest(
    runner: Any, platform: Platform, reports: list[UUID], fail_at: Callable[[UUID], None]
) -> None:
    fail_at(reports[3])
    result = runner.run(reports)
    assert not result.success
    assert [has_clusters(platform, report) for report in reports] == [True, True, True, False]
    (failure,) = [event for event in result.all_events if event.is_step_failure]
    assert failure.step_key == LAST_STEP
    assert str(reports[3]) in failure.step_failure_data.user_failure_data.description
    made = {event.partition for event in result.asset_materializations_for_node("clusters")}
    assert made >= {str(report) for report in reports[:3]}


def test_a_run_by_hand_keeps_others_away_only_while_it_runs(
    runner: Any, platform: Platform, reports: list[UUID]
) -> None:
    assert runner.run(reports).success
    with platform.database.transaction() as connection:
        assert claim(connection, "the next run", reports, 60).ours == frozenset(reports)


def test_tags_of_a_batch_that_is_unknown_start_nothing(runner: Any, platform: Platform, reports: list[UUID]) -> None:
    result = runner.run(reports, tags={BATCH: str(uuid4())})
    assert not result.success
    assert not any(has_clusters(platform, report) for report in reports)
    with platform.database.transaction() as connection:
        assert leases_in(connection, uuid4()) == []


def test_a_reversed_range_says_so(runner: Any, reports: list[UUID]) -> None:
    runner.instance.add_dynamic_partitions("reports", [str(report) for report in reports])
    result = runner.run(reports[::-1], assets=["raw_signals"])
    assert not result.success
    assert "names no report" in str(
        [e.step_failure_data.user_failure_data for e in result.all_events if e.is_step_failure]
    )


def test_all_reports_of_a_run_may_fail(
    runner: Any, platform: Platform, reports: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    def parse(*_: Any) -> Any:
        raise Unlucky

    monkeypatch.setattr(report_results, "parse_report", parse)
    batch = lease(platform, reports)
    result = run_batch(runner, platform, batch)
    assert not result.success
    assert states(platform, reports) == ["PENDING"] * 4
