"""The catalog in Dagster: what a report's run says of it, and the asset of its own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import dagster as dg
import pytest

from signal_pipeline.catalog import update as catalog_update
from signal_pipeline.platform.platform import Platform
from signal_pipeline.reports.overview import report_problems

FIRST = "2026-03-01 10:00:00 ERROR shop - disk of server alpha is full\n2026-03-01 10:00:01 ERROR shop - no such user\n"
SECOND = "2026-03-02 10:00:00 ERROR shop - disk of server beta is full\n2026-03-02 10:00:01 ERROR shop - out of paper\n"


def metadata(result: Any, asset: str) -> list[dict[str, Any]]:
    return [
        {
            name: [record.data for record in value.records] if isinstance(value, dg.TableMetadataValue) else value.value
            for name, value in event.event_specific_data.materialization.metadata.items()
        }
        for event in result.all_events
        if event.event_type_value == "ASSET_MATERIALIZATION"
        and event.event_specific_data.materialization.asset_key == dg.AssetKey(asset)
    ]


def run_catalog(runner: Any, **config: Any) -> Any:
    return runner.run_unpartitioned("signature_catalog", config)


@pytest.fixture
def reports(runner: Any, submit: Any) -> list[UUID]:
    found = [submit(first_log=FIRST), submit(second_log=SECOND)]
    for report in found:
        assert runner.run([report]).success
    return found


def test_clusters_say_what_was_seen_before_and_what_changed(runner: Any, reports: list[UUID]) -> None:
    (shown,) = metadata(runner.run([reports[1]], assets=["clusters"]), "clusters")
    assert (shown["known_problems"], shown["new_problems"], shown["published"]) == (1, 1, True)
    rows = {row["problem"]: row for row in shown["seen_before"]}
    assert rows["disk of server beta is full"]["seen_before"] == "yes"
    assert rows["disk of server beta is full"]["reports"] == 2
    assert rows["out of paper"]["seen_before"] == "new"
    assert {"singles_share", "largest_share", "median_radius", "churn"} <= shown.keys()
    assert {row["change"]: row["count"] for row in shown["changes"]}["kept"] == 2
    assert shown["changes_plot"].startswith("![clusters by change](data:image/svg+xml;base64,")


def test_a_run_can_hold_its_clusters_back(runner: Any, reports: list[UUID], platform: Platform) -> None:
    config = {"algorithm": "dbscan", "similarity_threshold": 1.9, "hold": True}
    result = runner.run([reports[0]], assets=["clusters"], config=config)
    assert result.success
    (shown,) = metadata(result, "clusters")
    assert shown["published"] is False and "publish" in shown["held_because"]
    assert shown["dagster/row_count"] == 2
    found = report_problems(platform.database, reports[0])
    assert found.clustering is not None and found.clustering.algorithm == "calibrated"
    assert found.held is not None and found.held.algorithm == "dbscan"
    assert platform.frames.scan("clusters", reports[0]).collect()["cluster_label"].n_unique() == 2


def test_the_catalog_shows_problems_numbers_and_a_map(
    runner: Any, reports: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalog_update, "embed_golden", lambda _: 0)
    result = run_catalog(runner)
    assert result.success
    (shown,) = metadata(result, "signature_catalog")
    assert (shown["signatures"], shown["error_groups"], shown["published"]) == (4, 3, True)
    listed = shown["top_problems"]
    assert shown["problems"] == len(listed) > 0 and listed[0]["reports"] == 2
    assert shown["map"].startswith("![map of signatures](data:image/svg+xml;base64,")
    assert "PCA" in shown["map_made_by"] or "principal" in shown["map_made_by"]
    checks = {event.check_name: event.passed for event in result.get_asset_check_evaluations()}
    assert len(checks) == 5 and all(checks.values()), checks
    (without,) = metadata(run_catalog(runner, map_method="none"), "signature_catalog")
    assert "map" not in without


def test_a_failing_check_is_red_and_nothing_is_published(
    runner: Any, reports: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalog_update, "embed_golden", lambda _: 0)
    monkeypatch.setattr(catalog_update, "catalog_findings", lambda *_: ["90% of the signatures would move"])
    result = run_catalog(runner, map_method="none")
    assert result.success
    (shown,) = metadata(result, "signature_catalog")
    assert shown["published"] is False
    failed = [event for event in result.get_asset_check_evaluations() if not event.passed]
    assert [(event.check_name, event.severity.value) for event in failed] == [("ids_survive", "ERROR")]
    assert "90%" in str(failed[0].description)
