"""Clustering again from stored vectors: the diff, the dry run, and what is kept."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID, uuid4

import pytest

from signal_pipeline.clustering.settings import ClusterSettings
from signal_pipeline.errors import ReportUnknown
from signal_pipeline.pipeline.cluster import WAITS_FOR_A_YES, ClusterOutcome
from signal_pipeline.pipeline.publish import publish
from signal_pipeline.pipeline.recluster import recluster, reports_to_recluster
from signal_pipeline.platform.platform import Platform
from signal_pipeline.reports.overview import report_problems
from signal_pipeline.storage.clusterings import (
    clusterings_of,
    current_clustering,
    current_members,
    held_clusterings,
)
from signal_pipeline_tests.pipeline.reports import embedded_report

WIDE = ClusterSettings(algorithm="dbscan", similarity_threshold=1.9)
TIGHT = ClusterSettings(algorithm="dbscan", similarity_threshold=0.0001)


@pytest.fixture
def report(platform: Platform, tmp_path: Path) -> UUID:
    """A report with four signatures that are embedded and not clustered yet."""
    texts = ["payment did not answer", "payment gave no answer", "disk is full", "user is unknown"]
    return embedded_report(platform, tmp_path, texts)


def run(platform: Platform, report: UUID, settings: ClusterSettings, **more: bool) -> dict[str, int]:
    ((_, one),) = recluster(platform, [report], settings, run_id="test", **more)
    assert isinstance(one, ClusterOutcome)
    return {change: count for change, count in one.diff.counts.items() if count}


def current(platform: Platform, report: UUID) -> tuple[str, int, int]:
    with platform.database.transaction() as connection:
        head = current_clustering(connection, report)
    assert head is not None
    return head.algorithm, head.clusters, head.noise


def test_another_threshold_splits_and_merges(platform: Platform, report: UUID) -> None:
    assert run(platform, report, WIDE) == {"new": 1}
    assert run(platform, report, TIGHT) == {"split": 1}
    assert run(platform, report, WIDE) == {"merged": 1}
    assert run(platform, report, WIDE) == {"kept": 1}


def test_every_clustering_is_kept_and_one_is_current(platform: Platform, report: UUID) -> None:
    for settings in (WIDE, TIGHT, WIDE):
        run(platform, report, settings)
    with platform.database.transaction() as connection:
        kept = [(head.clusters, head.noise, is_current) for head, is_current, _ in clusterings_of(connection, report)]
    assert sorted(kept) == [(0, 4, False), (1, 0, True)], "the same settings on the same signatures are the same"
    assert current(platform, report) == ("dbscan", 1, 0)
    assert platform.frames.scan("clusters", report).collect().height == 4


def test_a_dry_run_writes_nothing(platform: Platform, report: UUID) -> None:
    run(platform, report, WIDE)
    with platform.database.transaction() as connection:
        before = current_members(connection, report)
        places = connection.execute("select count(*) from catalog_members").fetchone()
    assert run(platform, report, TIGHT, dry_run=True) == {"split": 1}
    with platform.database.transaction() as connection:
        assert current_members(connection, report) == before
        assert connection.execute("select count(*) from clusterings").fetchone() == (1,)
        assert connection.execute("select count(*) from catalog_members").fetchone() == places


class TestHolding:
    def test_a_held_clustering_waits_and_can_be_published(self, platform: Platform, report: UUID) -> None:
        run(platform, report, WIDE)
        frame = platform.frames.scan("clusters", report).collect()
        assert run(platform, report, TIGHT, hold=True) == {"split": 1}
        assert current(platform, report) == ("dbscan", 1, 0)
        assert platform.frames.scan("clusters", report).collect().equals(frame)
        with platform.database.transaction() as connection:
            (held,) = held_clusterings(connection)
        assert (held.report_id, held.noise, held.held_reason) == (report, 4, WAITS_FOR_A_YES)
        found = report_problems(platform.database, report)
        assert (len(found.problems), found.held and found.held.id) == (1, held.id)

        assert publish(platform, [report]) == [report]
        assert current(platform, report) == ("dbscan", 0, 4)
        stored = platform.frames.scan("clusters", report).collect()
        assert stored["cluster_label"].to_list() == [-1] * 4
        assert publish(platform, [report]) == []

    def test_the_first_clustering_is_never_held(self, platform: Platform, report: UUID) -> None:
        run(platform, report, WIDE, hold=True)
        assert current(platform, report) == ("dbscan", 1, 0)

    def test_the_current_one_again_is_not_held(self, platform: Platform, report: UUID) -> None:
        run(platform, report, WIDE)
        run(platform, report, WIDE, hold=True)
        assert current(platform, report) == ("dbscan", 1, 0)

    def test_a_newer_one_takes_the_place_of_one_that_waits(self, platform: Platform, report: UUID) -> None:
        run(platform, report, WIDE)
        run(platform, report, TIGHT, hold=True)
        run(platform, report, ClusterSettings(), hold=True)
        with platform.database.transaction() as connection:
            assert [head.algorithm for head in held_clusterings(connection)] == ["calibrated"]
        run(platform, report, ClusterSettings())
        with platform.database.transaction() as connection:
            assert held_clusterings(connection) == []

    def test_a_giant_cluster_is_held_with_its_reason(
        self, platform: Platform, report: UUID, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("signal_pipeline.clustering.quality.JUDGED_FROM", 4)
        run(platform, report, TIGHT)
        ((_, outcome),) = recluster(platform, [report], WIDE, run_id="test")
        assert isinstance(outcome, ClusterOutcome) and not outcome.is_published
        assert outcome.head.held_reason == "one cluster holds 100% of 4 signatures (at most 50%)"
        assert current(platform, report) == ("dbscan", 0, 4)


def test_all_means_those_that_have_clusters(platform: Platform, report: UUID) -> None:
    assert reports_to_recluster(platform, None) == []
    run(platform, report, WIDE)
    assert reports_to_recluster(platform, None) == [report]
    with pytest.raises(ReportUnknown):
        reports_to_recluster(platform, [report, uuid4()])
