"""Publishing clusterings that waited for a yes, and the Parquet copy that follows the rows, which are the record."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import polars as pl
import psycopg
from psycopg.rows import dict_row

from signal_pipeline.frames import spool
from signal_pipeline.platform.platform import Platform
from signal_pipeline.schemas import CLUSTERS
from signal_pipeline.storage.clusterings import publish_held
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
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(
            """
            select c.report_id::text, m.signature_hash, m.label as cluster_label, m.is_medoid, m.distance_to_medoid,
                coalesce(e.error_type, k.error_type) as error_type, coalesce(o.severity, k.severity) as severity,
                coalesce(e.key_components ->> 'template', k.title) as template, m.frequency, m.nearest_other_hash,
                m.nearest_other_distance
            from clusterings c
            join cluster_members m on m.clustering_id = c.id
            join clusters k on k.clustering_id = c.id
                and case when m.label >= 0 then k.label = m.label
                    else k.label < 0 and k.medoid_hash = m.signature_hash end
            left join error_signatures e using (signature_hash)
            left join lateral (
                select (array['critical','high','medium','low'])[
                    min(array_position(array['critical','high','medium','low'], severity))] as severity
                from signature_occurrences o where o.report_id = c.report_id and o.signature_hash = m.signature_hash
            ) o on true
            where c.report_id = any(%s) and c.is_current order by c.report_id, m.signature_hash
            """,
            (list(reports),),
        ).fetchall()
    frame = CLUSTERS.conform(pl.DataFrame(rows, schema_overrides=CLUSTERS.polars)) if rows else CLUSTERS.empty()
    found = {UUID(str(key[0])): part for key, part in frame.group_by("report_id", maintain_order=True)}
    return {report_id: found.get(report_id, CLUSTERS.empty()) for report_id in reports}
