"""Clustering again from stored vectors: the diff, the dry run, and what is kept."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID, uuid4

import polars as pl
import pytest

from signal_pipeline.clustering.settings import ClusterSettings
from signal_pipeline.errors import ReportUnknown
from signal_pipeline.schemas import ERRORS
from signal_pipeline.steps.platform import Platform
from signal_pipeline.steps.reclustering import recluster, reports_to_recluster
from signal_pipeline.steps.signatures import embed_reports
from signal_pipeline.steps.submission import submit_report
from signal_pipeline.storage.clusterings import current_clustering, current_members
from signal_pipeline.storage.reports import signals_of

WIDE = ClusterSettings(algorithm="dbscan", similarity_threshold=1.9)
TIGHT = ClusterSettings(algorithm="dbscan", similarity_threshold=0.0001)


@pytest.fixture
def report(platform: Platform, tmp_path: Path) -> UUID:
    """A report with four signatures that are embedded and not clustered yet."""
    log = tmp_path / "server.log"
    log.write_text("something\n", encoding="utf-8")
    report_id = submit_report(platform, [log], title=None).report_id
    with platform.database.transaction() as connection:
        signal_id = signals_of(connection, report_id)[0].id
    texts = ["payment did not answer", "payment gave no answer", "disk is full", "user is unknown"]
    errors = ERRORS.conform(
        pl.DataFrame(
            {
                "signal_id": [str(signal_id)] * 4,
                "signal_sha256": ["0" * 64] * 4,
                "kind": ["log"] * 4,
                "ordinal": range(4),
                "message": texts,
                "template": texts,
                "template_id": texts,
                "is_error": [True] * 4,
                "error_type": ["GenericError"] * 4,
                "severity": ["high"] * 4,
                "signature_hash": [f"{number:064d}" for number in range(4)],
            }
        )
    )
    embed_reports(platform, {report_id: errors.lazy()})
    return report_id


def run(platform: Platform, report: UUID, settings: ClusterSettings, *, publish: bool = True) -> dict[str, int]:
    (one,) = recluster(platform, [report], settings, publish=publish, run_id="test")
    return {change: count for change, count in one.diff.counts.items() if count}


def test_another_threshold_splits_and_merges(platform: Platform, report: UUID) -> None:
    assert run(platform, report, WIDE) == {"new": 1}
    assert run(platform, report, TIGHT) == {"vanished": 1}
    assert run(platform, report, WIDE) == {"new": 1}
    assert run(platform, report, WIDE) == {"kept": 1}


def test_every_clustering_is_kept_and_one_is_current(platform: Platform, report: UUID) -> None:
    for settings in (WIDE, TIGHT, WIDE):
        run(platform, report, settings)
    with platform.database.transaction() as connection:
        kept = connection.execute("select count(*), count(*) filter (where is_current) from clusterings").fetchone()
        current = current_clustering(connection, report)
    assert kept == (2, 1), "the same settings on the same signatures are the same clustering"
    assert current is not None and current.clusters == 1
    assert platform.frames.scan("clusters", report).collect().height == 4


def test_a_dry_run_writes_nothing(platform: Platform, report: UUID) -> None:
    run(platform, report, WIDE)
    with platform.database.transaction() as connection:
        before = current_members(connection, report)
    assert run(platform, report, TIGHT, publish=False) == {"vanished": 1}
    with platform.database.transaction() as connection:
        assert current_members(connection, report) == before
        assert connection.execute("select count(*) from clusterings").fetchone() == (1,)


def test_all_means_those_that_have_clusters(platform: Platform, report: UUID) -> None:
    assert reports_to_recluster(platform, None) == []
    run(platform, report, WIDE)
    assert reports_to_recluster(platform, None) == [report]
    with pytest.raises(ReportUnknown):
        reports_to_recluster(platform, [report, uuid4()])
