"""A state folder of an earlier version starts, and keeps its reports: a recorded database and the frames of a report.

`earlier_state/` was written by the version before kinds, roles and incidents: a log and a HAR of a shop, and what the
database held of them (`pg_dump --inserts`, without the golden set and the store of embeddings).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import polars as pl
import psycopg
import pytest

from signal_pipeline.causes.settings import CauseSettings
from signal_pipeline.clustering.settings import ClusterSettings
from signal_pipeline.correlation.settings import CorrelationSettings
from signal_pipeline.pages.report import Links, report_html
from signal_pipeline.pipeline.incidents import ReportFrames, report_incidents
from signal_pipeline.pipeline.recluster import recluster
from signal_pipeline.pipeline.timeline import StoredReport, report_timelines
from signal_pipeline.platform.platform import Platform
from signal_pipeline.processes.ending import wait_until
from signal_pipeline.reports.page_data import load_report_page
from signal_pipeline.settings import Settings
from signal_pipeline.storage.migrations import migrate
from signal_pipeline_tests.conftest import copied, dropped, maintenance

STATE = Path(__file__).parent / "earlier_state"
REPORT = UUID("ebca29c8-322c-4571-810a-bd9d6363f005")


@pytest.fixture(scope="module")
def earlier(
    template_database: Settings, model_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Platform]:
    folder = tmp_path_factory.mktemp("earlier")
    with maintenance(template_database) as connection:
        name = copied(connection, template_database.db_name)
        own = template_database.model_copy(
            update={"db_name": name, "frame_dir": folder / "frames", "temp_dir": folder, "model_dir": model_dir}
        )
        with psycopg.connect(own.database_url) as restored:
            restored.execute((STATE / "database.sql").read_bytes())
        for frame in STATE.glob("*.parquet"):
            (own.frame_dir / frame.stem).mkdir(parents=True)
            shutil.copy(frame, own.frame_dir / frame.stem / f"{REPORT}.parquet")
        migrate(own)
        with Platform(own) as platform:
            yield platform
        assert wait_until(lambda: dropped(connection, name), 60)


def test_its_page_has_its_clusters_and_evidence(earlier: Platform) -> None:
    page = load_report_page(earlier, REPORT)
    html = report_html(page, Links())
    assert not page.damaged
    for text in ("Cannot save order", "Cannot send mail", "POST /api/orders", "server.log", "shop.har"):
        assert text in html


def test_its_later_steps_run_again_from_the_frames_of_then(earlier: Platform) -> None:
    frames = earlier.frames
    stored = StoredReport(frames.scan("parsed_entries", REPORT), frames.scan("classified_errors", REPORT))
    ((_, timeline),) = report_timelines({REPORT: stored}, CorrelationSettings())
    assert timeline.timeline.frame.filter(pl.col("incident").is_not_null()).height >= 2
    of_then = ReportFrames(stored.entries, stored.errors, frames.scan("timeline", REPORT))
    incidents = report_incidents(earlier, REPORT, of_then, CauseSettings())
    assert any("database is locked" in incident.root.message for incident in incidents)


def test_its_signatures_cluster_again(earlier: Platform) -> None:
    ((report, outcome),) = recluster(earlier, [REPORT], ClusterSettings(), run_id="later", dry_run=True)
    assert report == REPORT and not isinstance(outcome, Exception)
    assert outcome.clustered.frame["signature_hash"].n_unique() == 3
