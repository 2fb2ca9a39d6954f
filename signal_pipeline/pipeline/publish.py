"""Publishing held clusterings, and the Parquet copy that follows the rows, which are the record."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import polars as pl
import psycopg

from signal_pipeline.frames import spool
from signal_pipeline.platform.platform import Platform
from signal_pipeline.schemas import CLUSTERS
from signal_pipeline.storage.clusterings import current_rows, publish_held
from signal_pipeline.storage.signatures import lock_reports


def publish(platform: Platform, reports: Sequence[UUID]) -> list[UUID]:
    """Make the held clusterings of these reports current; returns the reports that had one."""
    with platform.database.transaction() as connection:
        lock_reports(connection, reports)
        published = publish_held(connection, reports)
        frames = current_frames(connection, published)
    for report_id, frame in frames.items():
        put_frame(platform, report_id, frame)
    return published


def put_frame(platform: Platform, report_id: UUID, frame: pl.DataFrame) -> None:
    """Replace the Parquet copy of a report's clusters."""
    platform.frames.put("clusters", report_id, spool([frame], CLUSTERS, platform.frames.spool_path()))


def current_frames(connection: psycopg.Connection, reports: Sequence[UUID]) -> dict[UUID, pl.DataFrame]:
    """The current clustering of each report in the columns of CLUSTERS, from its rows."""
    rows = current_rows(connection, reports)
    frame = CLUSTERS.conform(pl.DataFrame(rows, schema_overrides=CLUSTERS.polars)) if rows else CLUSTERS.empty()
    found = {UUID(str(key[0])): part for key, part in frame.group_by("report_id", maintain_order=True)}
    return {report_id: found.get(report_id, CLUSTERS.empty()) for report_id in reports}
