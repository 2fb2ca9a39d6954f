"""One report's clustering as rows and frame: no file, no parser, no model, no database.

Which reports, in which transaction, and what is published is in cluster_reports.py.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

import numpy as np
import polars as pl

from signal_pipeline.clustering.cluster import cluster_signatures
from signal_pipeline.clustering.clustering import Cluster, Clustering
from signal_pipeline.clustering.constraints import NO_CONSTRAINTS, Constraints
from signal_pipeline.clustering.describe import cluster_name
from signal_pipeline.clustering.settings import ClusterSettings
from signal_pipeline.clustering.terms import distinctive_terms
from signal_pipeline.schemas import CLUSTERS, EMBEDDING_DIMENSION, SEVERITIES
from signal_pipeline.storage.clusterings import ClusteringRow, ClusterRow, MemberRow
from signal_pipeline.storage.report_signatures import StoredSignature

# The same signatures clustered in the same way are the same clustering, on every machine and however often.
CLUSTERING_NAMESPACE = UUID("0b0f1d6e-59a3-4a3c-8a44-5a2f2d3b9f55")


@dataclass(frozen=True)
class ClusteredReport:
    """The frame for readers of Parquet, and the same as rows for the database."""

    frame: pl.DataFrame
    head: ClusteringRow
    clusters: list[ClusterRow]
    members: list[MemberRow]
    warnings: tuple[str, ...]
    clustering: Clustering

    @property
    def labels(self) -> dict[str, int]:
        """Signature hash to label; -1 is noise."""
        return {member.signature_hash: member.label for member in self.members}


def cluster_report(
    report_id: UUID,
    signatures: Sequence[StoredSignature],
    settings: ClusterSettings,
    run_id: str,
    constraints: Constraints = NO_CONSTRAINTS,
) -> ClusteredReport:
    """Cluster the signatures of one report."""
    vectors = np.array([row.vector for row in signatures], dtype=np.float32).reshape(-1, EMBEDDING_DIMENSION)
    clustering = cluster_signatures(
        vectors,
        frequencies=[row.frequency for row in signatures],
        error_types=[row.error_type for row in signatures],
        exception_classes=[row.exception_class for row in signatures],
        templates=[row.template for row in signatures],
        top_frames=[row.top_frames for row in signatures],
        hashes=[row.signature_hash for row in signatures],
        settings=settings,
        constraints=constraints,
    )
    members = _members(signatures, clustering)
    return ClusteredReport(
        frame=_frame(report_id, signatures, members),
        head=_head(report_id, clustering, members, run_id),
        clusters=[
            *(_cluster_row(signatures, cluster) for cluster in clustering.clusters),
            *_single_rows(signatures, clustering),
        ],
        members=members,
        warnings=clustering.warnings,
        clustering=clustering,
    )


def _members(signatures: Sequence[StoredSignature], clustering: Clustering) -> list[MemberRow]:
    rows = []
    for place, row in enumerate(signatures):
        other = int(clustering.nearest_other[place])
        rows.append(
            MemberRow(
                signature_hash=row.signature_hash,
                label=int(clustering.labels[place]),
                is_medoid=bool(clustering.is_medoid[place]),
                distance_to_medoid=float(np.nan_to_num(clustering.distance_to_medoid[place])),
                nearest_other_hash=signatures[other].signature_hash if other >= 0 else None,
                nearest_other_distance=float(clustering.nearest_other_distance[place]) if other >= 0 else None,
                frequency=row.frequency,
            )
        )
    return rows


def _frame(report_id: UUID, signatures: Sequence[StoredSignature], members: Sequence[MemberRow]) -> pl.DataFrame:
    rows = [
        {
            "report_id": str(report_id),
            "signature_hash": member.signature_hash,
            "cluster_label": member.label,
            "is_medoid": member.is_medoid,
            "distance_to_medoid": member.distance_to_medoid,
            "error_type": row.error_type,
            "severity": row.severity,
            "template": row.template,
            "frequency": member.frequency,
            "nearest_other_hash": member.nearest_other_hash,
            "nearest_other_distance": member.nearest_other_distance,
        }
        for row, member in zip(signatures, members, strict=True)
    ]
    return CLUSTERS.conform(pl.DataFrame(rows, schema=CLUSTERS.polars)) if rows else CLUSTERS.empty()


def _head(report_id: UUID, clustering: Clustering, members: Sequence[MemberRow], run_id: str) -> ClusteringRow:
    settings = clustering.settings.as_dict()
    content = json.dumps(
        [str(report_id), settings, clustering.versions, [(m.signature_hash, m.label, m.frequency) for m in members]],
        sort_keys=True,
    )
    return ClusteringRow(
        id=uuid5(CLUSTERING_NAMESPACE, content),
        report_id=report_id,
        algorithm=clustering.settings.algorithm,
        settings=settings,
        versions=clustering.versions,
        signatures=len(members),
        clusters=len(clustering.clusters),
        noise=clustering.noise_count,
        dagster_run_id=run_id,
    )


def _cluster_row(signatures: Sequence[StoredSignature], cluster: Cluster) -> ClusterRow:
    rows = [signatures[place] for place in cluster.members]
    medoid = signatures[cluster.medoid]
    return ClusterRow(
        label=cluster.label,
        medoid_hash=medoid.signature_hash,
        title=medoid.template,
        name=cluster_name(cluster.shared_template),
        terms=list(cluster.terms),
        error_type=medoid.error_type,
        severity=min((row.severity for row in rows), key=SEVERITIES.index),
        size=len(rows),
        frequency=cluster.frequency,
        radius=cluster.radius,
        first_seen=_earliest([row.first_seen for row in rows]),
        last_seen=_latest([row.last_seen for row in rows]),
        nearest=[],
    )


def _single_rows(signatures: Sequence[StoredSignature], clustering: Clustering) -> list[ClusterRow]:
    """Noise as clusters of one, labelled -1, -2, … by (frequency, most first; then hash)."""
    noise = [row for row, label in zip(signatures, clustering.labels, strict=True) if label < 0]
    noise.sort(key=lambda row: (-row.frequency, row.signature_hash))
    words = distinctive_terms([[row.template] for row in noise])
    return [
        ClusterRow(
            label=-1 - place,
            medoid_hash=row.signature_hash,
            title=row.template,
            name=cluster_name(row.template),
            terms=list(words[place]),
            error_type=row.error_type,
            severity=row.severity,
            size=1,
            frequency=row.frequency,
            radius=0.0,
            first_seen=row.first_seen,
            last_seen=row.last_seen,
            nearest=[],
        )
        for place, row in enumerate(noise)
    ]


def _earliest(times: Sequence[datetime | None]) -> datetime | None:
    return min((time for time in times if time is not None), default=None)


def _latest(times: Sequence[datetime | None]) -> datetime | None:
    return max((time for time in times if time is not None), default=None)
