"""Reports with real vectors for tests of what comes after parsing. No assertions here."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import polars as pl

from signal_pipeline.clustering.settings import ClusterSettings
from signal_pipeline.intake.submission import submit_report
from signal_pipeline.pipeline.cluster import ClusterOutcome, cluster_reports
from signal_pipeline.pipeline.embed import embed_reports
from signal_pipeline.platform.platform import Platform
from signal_pipeline.schemas import ERRORS
from signal_pipeline.storage.reports import signals_of

START = datetime(2026, 3, 1, 10, tzinfo=UTC)


def hash_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def errors_of(signal_id: UUID, texts: Sequence[str], error_type: str = "GenericError") -> pl.LazyFrame:
    """One error per text, a second apart; a text is its own template."""
    count = len(texts)
    return ERRORS.conform(
        pl.DataFrame(
            {
                "signal_id": [str(signal_id)] * count,
                "signal_sha256": ["0" * 64] * count,
                "kind": ["log"] * count,
                "ordinal": range(count),
                "line_number": range(1, count + 1),
                "timestamp": [START + timedelta(seconds=place) for place in range(count)],
                "message": texts,
                "template": texts,
                "template_id": texts,
                "is_error": [True] * count,
                "error_type": [error_type] * count,
                "severity": ["high"] * count,
                "signature_hash": [hash_of(text) for text in texts],
            },
            schema_overrides={"timestamp": pl.Datetime("us", "UTC")},
        )
    ).lazy()


def embedded_report(platform: Platform, folder: Path, texts: Sequence[str]) -> UUID:
    """A report with these errors, embedded and not clustered yet."""
    log = folder / "server.log"
    log.write_text("something\n", encoding="utf-8")
    report_id = submit_report(platform, [log], title=None, source="test").report_id
    with platform.database.transaction() as connection:
        signal_id = signals_of(connection, report_id)[0].id
    embed_reports(platform, {report_id: errors_of(signal_id, texts)})
    return report_id


def clustered_report(
    platform: Platform, folder: Path, texts: Sequence[str], settings: ClusterSettings | None = None
) -> UUID:
    """The same, clustered."""
    report_id = embedded_report(platform, folder, texts)
    outcome = cluster_reports(platform, [report_id], settings or ClusterSettings(), "test")[report_id]
    assert isinstance(outcome, ClusterOutcome)
    return report_id
