"""Everything that the operator's page shows, read once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import psycopg

from signal_pipeline.operations.runtime_settings import RuntimeSetting, runtime_settings
from signal_pipeline.operations.stage_stats import stage_stats
from signal_pipeline.platform.platform import Platform
from signal_pipeline.storage import measures, workers
from signal_pipeline.storage.runtime_settings import Change, changes
from signal_pipeline.storage.stage_measures import stage_seconds

NEWEST = 100
DAY_SECONDS = 86_400.0
DAGSTER_SECONDS = 2


@dataclass(frozen=True)
class Operations:
    """`runs` is None when Dagster's database does not answer."""

    queue: measures.Queue
    recent: measures.Activity
    attempts: Sequence[workers.Attempt]
    runs: Sequence[workers.Run] | None
    finished: Sequence[measures.FinishedJob]
    stages: Mapping[str, list[float]]
    failures: Mapping[str, int]
    error_types: Mapping[str, int]
    sizes: Mapping[str, int]
    events: Mapping[str, int]
    database_bytes: int
    settings: Sequence[RuntimeSetting]
    changes: Sequence[Change]


def load_operations(platform: Platform) -> Operations:
    with platform.database.transaction() as connection:
        found = Operations(
            queue=measures.queue(connection),
            recent=measures.activity(connection, 3600.0),
            attempts=workers.attempts(connection),
            runs=_runs(platform),
            finished=measures.last_finished(connection, NEWEST),
            stages=stage_seconds(connection, NEWEST),
            failures=measures.failure_reasons(connection, DAY_SECONDS),
            error_types=measures.error_types(connection),
            sizes=measures.counts(connection),
            events=measures.events(connection),
            database_bytes=measures.database_bytes(connection),
            settings=(),
            changes=changes(connection),
        )
    return Operations(**{**vars(found), "settings": runtime_settings(platform)})


def operations_json(found: Operations) -> dict[str, Any]:
    """The same as plain data, without titles and settings."""
    return {
        "queue": asdict(found.queue),
        "last_hour": asdict(found.recent),
        "attempts": [{k: v for k, v in asdict(one).items() if k != "title"} for one in found.attempts],
        "runs": None if found.runs is None else [asdict(run) for run in found.runs],
        "stages": [_stage(name, seconds) for name, seconds in found.stages.items() if seconds],
        "failures": dict(found.failures),
        "error_types": dict(found.error_types),
        "sizes": dict(found.sizes),
        "database_bytes": found.database_bytes,
    }


def _stage(name: str, seconds: Sequence[float]) -> dict[str, Any]:
    stats = stage_stats(seconds)
    return {
        "stage": name,
        "count": stats.count,
        "average_seconds": round(stats.average, 3),
        "p50_seconds": round(stats.p50, 3),
        "p95_seconds": round(stats.p95, 3),
    }


def _runs(platform: Platform) -> list[workers.Run] | None:
    try:
        with psycopg.connect(
            platform.settings.dagster_database_url, autocommit=True, connect_timeout=DAGSTER_SECONDS
        ) as connection:
            return workers.open_runs(connection)
    except psycopg.Error:
        return None
