"""Deleting a report leaves nothing of it and all of the others, also when interrupted or while it is processed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import dagster as dg
import pytest

from signal_pipeline.errors import ReportUnknown, StorageUnavailable
from signal_pipeline.intake.deletion import StillWorked, delete_report, proof
from signal_pipeline.local.dagster_home import dagster_postgres_url
from signal_pipeline.messaging.publish import publish_report
from signal_pipeline.orchestration.chain import STEPS
from signal_pipeline.orchestration.forgetting import finish_deletions
from signal_pipeline.orchestration.intake_tick import tick
from signal_pipeline.orchestration.retention import delete_old_reports, let_partitions_go, thin_runs
from signal_pipeline.platform.platform import Platform
from signal_pipeline.storage.claims import claim, let_go
from signal_pipeline.storage.dead_letters import listed
from signal_pipeline.storage.deletions import request_deletion
from signal_pipeline.storage.object_keys import report_prefix
from signal_pipeline.storage.outcomes import outcomes_of
from signal_pipeline.storage.reports import signals_of
from signal_pipeline_tests.orchestration.pooled_instance import YAML

LOG = "2026-03-01 10:00:01,000 ERROR [worker-1] shop.Cart - the {} is empty\n"


@pytest.fixture
def instance(platform: Platform, tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    """On Postgres, in the test's own database, where the proof looks: with the storage of dagster.yaml."""
    own = platform.settings.model_copy(
        update={"dagster_db_name": platform.settings.db_name, "dagster_db_username": None}
    )
    platform.settings = own
    home = tmp_path / "dagster"
    home.mkdir()
    (home / "dagster.yaml").write_text(YAML % dagster_postgres_url(own))
    with dg.DagsterInstance.from_config(str(home)) as opened:
        yield opened


@pytest.fixture
def reports(submit: Any) -> list[UUID]:
    """They share one signature and have one each."""
    common = LOG.format("shared cart")
    return [submit(server_log=common + LOG.format(name)) for name in ("red basket", "blue basket")]


def left(platform: Platform, report: UUID) -> dict[str, int | None]:
    return {place.name: place.left for place in proof(platform, report) if place.left != 0}


def test_nothing_is_left_of_it_and_the_other_is_whole(
    runner: Any, instance: dg.DagsterInstance, platform: Platform, reports: list[UUID]
) -> None:
    gone, kept = reports
    for report in reports:
        assert runner.run([report]).success
    delete_report(platform, gone)
    assert set(left(platform, gone)) == {"Dagster partitions", "Dagster events", "Dagster runs"}
    assert finish_deletions(platform, instance) == ["1 deleted report forgotten"]
    assert left(platform, gone) == {}
    removed = {place.name: place.removed for place in proof(platform, gone)}
    assert removed["frames"] == len(STEPS)
    assert (removed["raw files"], removed["Dagster partitions"], removed["signals"]) == (1, 1, 1)
    assert removed["Dagster runs"] == 1 and removed["signature_occurrences"] == 2

    assert instance.get_dynamic_partitions("reports") == [str(kept)]
    with platform.database.transaction() as connection:
        found = connection.execute("select frequency::int, report_id from error_signatures").fetchall()
        assert sorted(found) == [(1, kept), (1, kept)], "the shared signature moved on, the other one went"
        assert len(signals_of(connection, kept)) == 1
    assert platform.frames.has("clusters", kept)
    assert len(platform.objects.keys_below(report_prefix(kept))) == 1
    made = instance.get_latest_materialization_event(dg.AssetKey("clusters"))
    assert made is not None and made.asset_materialization is not None
    assert made.asset_materialization.partition == str(kept)


def test_a_run_of_many_stays_without_its_events_for_the_report(
    runner: Any, instance: dg.DagsterInstance, platform: Platform, reports: list[UUID]
) -> None:
    assert runner.run(reports).success
    delete_report(platform, reports[0])
    finish_deletions(platform, instance)
    assert left(platform, reports[0]) == {}
    assert instance.get_materialized_partitions(dg.AssetKey("clusters")) == {str(reports[1])}
    assert instance.get_runs_count() == 1


def test_a_report_in_work_is_deleted_once_its_run_has_let_go(platform: Platform, reports: list[UUID]) -> None:
    with platform.database.transaction() as connection:
        claim(connection, "a run", reports[:1], 60)
    with pytest.raises(StillWorked):
        delete_report(platform, reports[0])
    assert len(platform.objects.keys_below(report_prefix(reports[0]))) == 1
    with platform.database.transaction() as connection:
        let_go(connection, "a run")
    delete_report(platform, reports[0])
    assert platform.objects.keys_below(report_prefix(reports[0])) == []


def refer(platform: Platform, report: UUID, key: str) -> None:
    """As a producer does that inserts rows by itself."""
    with platform.database.transaction() as connection:
        connection.execute(
            "insert into signals (report_id, name, object_key) values (%s, 'again.log', %s)", (report, key)
        )


def test_an_object_of_two_reports_goes_with_the_last_of_them(
    runner: Any, platform: Platform, reports: list[UUID]
) -> None:
    first, second = reports
    (key,) = platform.objects.keys_below(report_prefix(first))
    refer(platform, second, key)
    delete_report(platform, first)
    assert platform.objects.keys_below(report_prefix(first)) == [key]
    assert left(platform, first).get("raw files", 0) == 0, "it is the other report's now"
    assert runner.run([second]).success
    with platform.database.transaction() as connection:
        assert [file.status for file in outcomes_of(connection, second)] == ["ok", "ok"]
    delete_report(platform, second)
    for report in reports:
        assert platform.objects.keys_below(report_prefix(report)) == []


def test_what_a_producer_only_referred_to_is_not_ours_to_delete(
    platform: Platform, reports: list[UUID], tmp_path: Path
) -> None:
    (tmp_path / "theirs.log").write_text(LOG.format("theirs"))
    key = f"theirs/{reports[0]}.log"
    platform.objects.put_file(key, tmp_path / "theirs.log")
    refer(platform, reports[0], key)
    delete_report(platform, reports[0])
    assert platform.objects.keys_below(key) == [key]
    assert platform.objects.keys_below(report_prefix(reports[0])) == []


def test_a_deletion_interrupted_after_its_rows_still_knows_its_objects(
    platform: Platform, reports: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*_: Any) -> bool:
        raise StorageUnavailable("the object store does not answer")

    with monkeypatch.context() as patch:
        patch.setattr(platform.objects, "delete", unreachable)
        with pytest.raises(StorageUnavailable):
            delete_report(platform, reports[0])
    delete_report(platform, reports[0])
    assert platform.objects.keys_below(report_prefix(reports[0])) == []
    removed = {place.name: place.removed for place in proof(platform, reports[0])}
    assert (removed["raw files"], removed["signals"], removed["reports"]) == (1, 1, 1)


def test_two_who_delete_a_report_at_once_count_its_objects_once(
    platform: Platform, reports: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = platform.objects.client
    delete = client.delete_object

    def meanwhile(**given: Any) -> Any:
        monkeypatch.setattr(client, "delete_object", delete)
        delete_report(platform, reports[0])
        return delete(**given)

    monkeypatch.setattr(client, "delete_object", meanwhile)
    delete_report(platform, reports[0])
    removed = {place.name: place.removed for place in proof(platform, reports[0])}
    assert (removed["reports"], removed["raw files"]) == (1, 1)


def test_an_interrupted_deletion_is_taken_up(
    instance: dg.DagsterInstance, platform: Platform, reports: list[UUID]
) -> None:
    with platform.database.transaction() as connection:
        request_deletion(connection, reports[0], "asked")
    finish_deletions(platform, instance)
    finish_deletions(platform, instance)
    assert left(platform, reports[0]) == {}
    delete_report(platform, reports[0])


def test_dagster_forgets_only_when_no_run_may_be_for_the_report(
    instance: dg.DagsterInstance, platform: Platform, reports: list[UUID]
) -> None:
    @dg.job
    def empty() -> None:
        pass

    instance.add_dynamic_partitions("reports", [str(report) for report in reports])
    tags = {f"dagster/asset_partition_range_{end}": str(reports[1]) for end in ("start", "end")}
    run = instance.create_run_for_job(empty, tags=tags, status=dg.DagsterRunStatus.STARTED)
    delete_report(platform, reports[0])
    assert finish_deletions(platform, instance) == []
    assert instance.has_dynamic_partition("reports", str(reports[0]))
    instance.report_run_failed(run)
    assert finish_deletions(platform, instance) == ["1 deleted report forgotten"]
    assert left(platform, reports[0]) == {}


def test_a_message_for_a_deleted_report_becomes_a_dead_letter(
    instance: dg.DagsterInstance, platform: Platform, reports: list[UUID]
) -> None:
    delete_report(platform, reports[0])
    publish_report(platform.settings, reports[0])
    started = [lease.report_id for batch in tick(platform, instance).batches for lease in batch.leases]
    assert reports[0] not in started
    with platform.database.transaction() as connection:
        assert {letter.reason for letter in listed(connection)} == {"report_deleted"}


def test_what_is_not_there_is_an_error(platform: Platform) -> None:
    nobody = UUID(int=1)
    for ask in (delete_report, proof):
        with pytest.raises(ReportUnknown):
            ask(platform, nobody)


def test_reports_of_an_age_are_deleted_but_not_those_that_wait(platform: Platform, reports: list[UUID]) -> None:
    old, waiting = reports
    with platform.database.transaction() as connection:
        connection.execute("update reports set created_at = now() - interval '40 days'")
        connection.execute("update intake set state = 'CANCELLED'")
        connection.execute(
            "insert into intake (report_id, content_digest) values (%s, 'digest') on conflict do nothing", (waiting,)
        )
    assert delete_old_reports(platform) == 0, "the setting is off by default"
    platform.settings = platform.settings.model_copy(update={"retention_days": 30.0})
    assert delete_old_reports(platform) == 1
    with platform.database.transaction() as connection:
        assert connection.execute("select id from reports").fetchall() == [(waiting,)]
        assert connection.execute("select report_id, reason from report_deletions").fetchall() == [(old, "age")]


def test_the_oldest_partitions_let_go_keep_their_data_and_come_back(
    runner: Any, instance: dg.DagsterInstance, platform: Platform, reports: list[UUID]
) -> None:
    assert runner.run(reports).success
    assert let_partitions_go(instance, keep=1) == 1
    assert instance.get_dynamic_partitions("reports") == [str(reports[1])]
    assert platform.frames.has("clusters", reports[0])
    assert runner.run(reports[:1], assets=["clusters"]).success
    assert instance.get_dynamic_partitions("reports") == [str(reports[1]), str(reports[0])]


def test_thinned_runs_keep_what_they_materialized(
    runner: Any, instance: dg.DagsterInstance, reports: list[UUID]
) -> None:
    result = runner.run(reports[:1])
    before = len(instance.all_logs(result.run_id))
    assert thin_runs(instance, days=1) == 0
    assert thin_runs(instance, days=1e-9) == 1
    after = instance.all_logs(result.run_id)
    assert len(after) < before / 2
    assert instance.get_materialized_partitions(dg.AssetKey("clusters")) == {str(reports[0])}
    assert thin_runs(instance, days=1e-9) == 0, "not twice"
    run = instance.get_run_by_id(result.run_id)
    assert run is not None and run.status is dg.DagsterRunStatus.SUCCESS
