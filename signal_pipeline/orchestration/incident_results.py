"""The incidents asset, for one report: the frame, what the UI shows of it, and what its checks found."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import polars as pl

from signal_pipeline.causes.records import IncidentRecord
from signal_pipeline.causes.settings import CauseSettings
from signal_pipeline.frames import spool
from signal_pipeline.orchestration import asset_metadata as show
from signal_pipeline.orchestration import checks
from signal_pipeline.orchestration.report_result import ReportResult
from signal_pipeline.pipeline.incidents import ReportFrames, incident_rows, report_incidents
from signal_pipeline.platform.platform import Platform
from signal_pipeline.schemas import INCIDENTS

EXPLAINED = "every_error_explained"
TOP = 20


def incident_result(platform: Platform, report_id: UUID, stored: ReportFrames, settings: CauseSettings) -> ReportResult:
    found = report_incidents(platform, report_id, stored, settings)
    spooled = spool([incident_rows(report_id, found)], INCIDENTS, platform.frames.spool_path())
    return ReportResult(
        frame=spooled,
        metadata={
            "dagster/row_count": spooled.rows,
            "incidents": len(found),
            "symptoms": sum(symptom.count for one in found for symptom in one.symptoms),
            "roots_not_in_evidence": sum(not one.in_evidence for one in found),
            "roots": show.table([_row(one) for one in found[:TOP]]),
        },
        problems={
            checks.SCHEMA: checks.schema_problems(INCIDENTS, spooled),
            EXPLAINED: _unexplained(found, stored.errors),
        },
    )


def _row(incident: IncidentRecord) -> dict[str, object]:
    return {
        "service": incident.root_service,
        "root": incident.root.message[:160],
        "symptoms": len(incident.symptoms),
        "tries": incident.tries,
    }


def _unexplained(found: Sequence[IncidentRecord], errors: pl.LazyFrame) -> list[str]:
    """Signatures of errors that belong to no incident."""
    explained = {one.root.signature for one in found}
    explained |= {symptom.entry.signature for one in found for symptom in one.symptoms}
    have = errors.select(pl.col("signature_hash").drop_nulls().unique()).collect()["signature_hash"].to_list()
    missing = sorted(set(have) - explained)
    return [f"{len(missing)} of {len(have)} signatures belong to no incident"] if missing else []
