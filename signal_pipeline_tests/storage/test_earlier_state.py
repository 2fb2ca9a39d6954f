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
from signal_pipeline.errors import VerdictRefused
from signal_pipeline.pages.report import Links, report_html
from signal_pipeline.pipeline.incidents import ReportFrames, report_incidents
from signal_pipeline.pipeline.recluster import recluster
from signal_pipeline.pipeline.timeline import StoredReport, report_timelines
from signal_pipeline.platform.platform import Platform
from signal_pipeline.processes.termination import wait_until
from signal_pipeline.reports.decisions import decide_and_refresh, refresh_causes
from signal_pipeline.reports.page_data import load_report_page
from signal_pipeline.settings import Settings
from signal_pipeline.storage.known_problem import known_problem
from signal_pipeline.storage.migrations import migrate
from signal_pipeline.storage.problems import problems_of
from signal_pipeline.storage.report_causes import headlines_of
from signal_pipeline.storage.verdicts import Kind, set_verdict, verdicts_of
from signal_pipeline_tests.servers import copied, dropped, maintenance

STATE = Path(__file__).parent / "earlier_state"
REPORT = UUID("ebca29c8-322c-4571-810a-bd9d6363f005")
MAIL = "3886b8e9916da6c01458796ba79ffe5d1e29f7af0fc020319a5ab2807f6ff1a7"
POST = "4483fe0dd4c4f4ef23b03fc758bc2a4efc522e35fde2b498b0705ee65ba111cc"
SAVE = "5a73f3c310ba886d637745cfccff1534a5bf85c63e000320ab2e8c2e7a0d2876"
IDS = {
    MAIL: UUID("de46bcf2-fe60-5823-b26f-04f63c4bc5a5"),
    POST: UUID("d78b07f7-8370-50e9-ba2d-4034da15b82e"),
    SAVE: UUID("bcdc0646-5daf-5578-af62-14dc0452a7a8"),
}


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
            # The dump leaves the search path empty.
            restored.execute("set search_path to public")
            restored.cursor().executemany(
                "insert into verdicts (kind, signature_hash, other_hash, fixed_in, created_by)"
                " values (%s, %s, %s, %s, %s)",
                [("fixed", MAIL, None, "1.4", "ann"), ("not_same", POST, SAVE, None, "ann")],
            )
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


def test_its_ids_verdicts_and_links_are_those_of_then(earlier: Platform) -> None:
    with earlier.database.transaction() as connection:
        told = [(one.kind, one.signature_hash, one.other_hash, one.fixed_in) for one in verdicts_of(connection)]
        assert told == [("fixed", MAIL, None, "1.4"), ("not_same", POST, SAVE, None)]
        assert {one.medoid_hash: one.problem_id for one in problems_of(connection, REPORT)} == IDS
        known = known_problem(connection, IDS[MAIL])
        assert known is not None and (known.reports, known.verdict, known.fixed_in) == (1, "fixed", "1.4")
    frames = earlier.frames
    stored = [frames.scan(asset, REPORT) for asset in ("parsed_entries", "classified_errors", "timeline")]
    report_incidents(earlier, REPORT, ReportFrames(*stored), CauseSettings())
    found = refresh_causes(earlier.database, REPORT)
    html = report_html(load_report_page(earlier, REPORT), Links())
    assert {problem.problem_id for problem in found.problems} <= {str(one) for one in IDS.values()}
    assert all(f'id="problem-{problem.problem_id}"' in html for problem in found.problems)
    with earlier.database.transaction() as connection:
        headline = headlines_of(connection, [REPORT])[REPORT]
    assert (headline.headline, headline.problems) == (found.headline, len(found.causes))
    decide_and_refresh(earlier, Kind.CAUSED_BY, MAIL, SAVE, by="ann")
    with earlier.database.transaction() as connection:
        assert [one.kind for one in verdicts_of(connection)] == ["fixed", "not_same", "caused_by"]
        with pytest.raises(VerdictRefused):
            set_verdict(connection, Kind.SAME, POST, SAVE, by="bob")
