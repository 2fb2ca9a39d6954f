"""Each update of the catalog as a row, and the figures over all of the catalog that it is judged by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from signal_pipeline.clustering.quality import Quality
from signal_pipeline.storage.catalog import Mark


def catalog_quality(connection: psycopg.Connection, churn: float | None) -> Quality:
    row = connection.execute(
        "select coalesce(sum(size), 0)::bigint, count(*), coalesce(sum(size) filter (where size = 1), 0)::bigint,"
        " coalesce(max(size), 0), percentile_cont(0.5) within group (order by radius) filter (where size > 1)"
        " from catalog_problems where merged_into is null and size > 0"
    ).fetchone()
    assert row is not None
    signatures, problems, singles, largest, radius = row
    return Quality(
        signatures=signatures,
        clusters=problems,
        singles_share=singles / signatures if signatures else 0.0,
        largest_share=largest / signatures if signatures else 0.0,
        median_radius=float(radius or 0.0),
        churn=churn,
    )


def last_run(connection: psycopg.Connection) -> tuple[Quality | None, Mark | None]:
    """The figures after the last update, and up to which change it compared problems; None before the first."""
    row = connection.execute(
        "select quality, checked_at, checked_id from catalog_runs order by id desc limit 1"
    ).fetchone()
    if row is None:
        return None, None
    known = {name: row[0].get(name) for name in Quality.__dataclass_fields__}
    return Quality(**known), None if row[1] is None else Mark(row[1], row[2])


def record_run(
    connection: psycopg.Connection,
    run_id: str | None,
    *,
    settings: Mapping[str, Any],
    versions: Mapping[str, str],
    counts: Mapping[str, int],
    quality: Mapping[str, Any],
    published: bool,
    mark: Mark | None,
) -> None:
    """`run_id` is Dagster's; `mark` is how far changed problems were compared."""
    connection.execute(
        "insert into catalog_runs (dagster_run_id, settings, versions, counts, quality, published, checked_at,"
        " checked_id) values (%s, %s, %s, %s, %s, %s, %s, %s)",
        (
            run_id,
            Jsonb(dict(settings)),
            Jsonb(dict(versions)),
            Jsonb(dict(counts)),
            Jsonb(dict(quality)),
            published,
            mark and mark.at,
            mark and mark.id,
        ),
    )
