"""Reports with captures in runs of the real assets: what is made beside the steps, made again, and erased."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import dagster as dg
import pytest

from signal_pipeline.intake.deletion import delete_report, proof
from signal_pipeline.intake.submission import submit_report
from signal_pipeline.orchestration.versions import CODE_BESIDE
from signal_pipeline.platform.platform import Platform
from signal_pipeline.reports.network import report_network
from signal_pipeline.storage.frames import FrameMissing
from signal_pipeline.storage.stage_measures import stage_totals
from signal_pipeline.storage.traffic import traffic_counts, windows_of_report
from signal_pipeline_tests.orchestration.conftest import Runner, Submit
from signal_pipeline_tests.orchestration.test_report_run import LOG
from signal_pipeline_tests.parsing.pcap.packets import pcap
from signal_pipeline_tests.traffic.test_alerts import Packets, every_minute, refused

ASSETS = tuple(CODE_BESIDE)


@pytest.fixture
def capture(platform: Platform, tmp_path: Path) -> Any:
    def submitted(packets: Packets, *others: Path) -> UUID:
        path = tmp_path / "a.pcap"
        path.write_bytes(pcap(sorted(packets, key=lambda packet: packet[0])))
        return submit_report(platform, [path, *others], title=None, source="edge").report_id

    return submitted


def materialized(runner: Runner, asset: str, report_id: UUID) -> dg.AssetMaterialization | None:
    record = runner.instance.fetch_materializations(
        dg.AssetRecordsFilter(asset_key=dg.AssetKey(asset), asset_partitions=[str(report_id)]), limit=1
    ).records
    return record[0].asset_materialization if record else None


def test_a_run_makes_what_the_captures_show(runner: Runner, capture: Any, platform: Platform) -> None:
    report_id = capture(refused(range(1_000, 1_020)))
    assert runner.run([report_id]).success
    for asset in ASSETS:
        made = materialized(runner, asset, report_id)
        assert made is not None and made.tags is not None, asset
        assert made.tags["dagster/code_version"] == CODE_BESIDE[asset]
    found = report_network(platform, report_id, {})
    assert found is not None
    assert (found.flows.height, found.windows.height) == (20, 1)
    assert [alert["rule"] for alert in found.alerts()] == ["port_scan"]
    rows = made.metadata["dagster/row_count"].value
    assert rows == 1
    with platform.database.transaction() as connection:
        counts = traffic_counts(connection)
        stages = {total.stage for total in stage_totals(connection)}
    assert (counts["captures"], counts["flows"], counts["windows"], counts["alerts port_scan"]) == (1, 20, 1, 1)
    assert set(ASSETS) <= stages


def test_a_report_without_captures_has_none_of_it(runner: Runner, submit: Submit, platform: Platform) -> None:
    report_id = submit(server_log=LOG)
    assert runner.run([report_id]).success
    assert [materialized(runner, asset, report_id) for asset in ASSETS] == [None] * 3
    with platform.database.transaction() as connection:
        assert windows_of_report(connection, report_id) is None
    with pytest.raises(FrameMissing):
        platform.frames.scan("flows", report_id)


def test_windows_are_made_again_with_another_length(runner: Runner, capture: Any, platform: Platform) -> None:
    report_id = capture(every_minute(10))
    assert runner.run([report_id]).success
    config = {"traffic_windows": {"config": {"window_seconds": 300, "max_windows_keep": 1}}}
    again = runner.run([report_id], assets=["traffic_windows", "traffic_alerts"], ops=config)
    assert again.success
    with platform.database.transaction() as connection:
        windows = windows_of_report(connection, report_id)
    assert windows is not None
    assert windows.select("seconds", "isolation").rows() == [(300, None)]


def test_a_capture_is_compared_with_earlier_ones_of_its_source(
    runner: Runner, capture: Any, platform: Platform
) -> None:
    usual, scan = capture(every_minute(40)), capture(refused(range(1_000, 1_200)))
    assert runner.run([usual, scan]).success
    found = report_network(platform, scan, {})
    assert found is not None
    assert found.windows["compared_with"].to_list() == [40]
    assert [alert["rule"] for alert in found.alerts()] == ["port_scan", "unusual_window"]


def test_a_report_of_an_earlier_version_is_computed_when_read(runner: Runner, capture: Any, platform: Platform) -> None:
    report_id = capture(refused(range(1_000, 1_020)))
    assert runner.run([report_id]).success
    stored = report_network(platform, report_id, {})
    platform.frames.delete("flows", report_id)
    computed = report_network(platform, report_id, {})
    assert stored is not None and computed is not None
    assert computed.flows.equals(stored.flows) and computed.alerts() == stored.alerts()


def test_deleting_the_report_deletes_it_all(runner: Runner, capture: Any, platform: Platform) -> None:
    report_id = capture(refused(range(1_000, 1_020)))
    assert runner.run([report_id]).success
    platform.let_go_of_claims()
    delete_report(platform, report_id)
    left = {place.name: (place.removed, place.left) for place in proof(platform, report_id)}
    assert left["traffic_windows"] == left["traffic_alerts"] == left["traffic_reports"] == (1, 0)
    assert left["frames"] == (11, 0)
