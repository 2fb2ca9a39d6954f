"""Where a report came from, as a tag of its run to search by. A closed set of words: sources are a producer's text."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import dagster as dg

from signal_pipeline.orchestration.tags import REPORT, SOURCE
from signal_pipeline.platform.platform import Platform
from signal_pipeline.storage.reports import sources_of

_WORDS = {"api": "api", "command line": "command-line", "drop folder": "drop-folder", "demo": "demo"}
OTHER = "producer"


def source_word(source: str) -> str:
    """The part before the parenthesis that names who used the API."""
    return _WORDS.get(source.partition(" (")[0], OTHER)


def with_sources(platform: Platform, result: dg.SensorResult | dg.SkipReason) -> dg.SensorResult | dg.SkipReason:
    """The same result, each run of a single report tagged with where that came from."""
    if isinstance(result, dg.SkipReason) or not result.run_requests:
        return result
    words = _words_of(platform, [UUID(run.tags[REPORT]) for run in result.run_requests if REPORT in run.tags])
    return dg.SensorResult(
        run_requests=[_tagged(run, words) for run in result.run_requests],
        dynamic_partitions_requests=result.dynamic_partitions_requests,
        cursor=result.cursor,
    )


def _tagged(run: dg.RunRequest, words: Mapping[str, str]) -> dg.RunRequest:
    word = words.get(run.tags.get(REPORT, ""))
    if word is None:
        return run
    return dg.RunRequest(
        run_key=run.run_key,
        run_config=run.run_config,
        tags={**run.tags, SOURCE: word},
        job_name=run.job_name,
        asset_selection=run.asset_selection,
        partition_key=run.partition_key,
    )


def _words_of(platform: Platform, reports: list[UUID]) -> dict[str, str]:
    with platform.database.transaction() as connection:
        sources = sources_of(connection, reports)
    return {str(report_id): source_word(source) for report_id, source in sources.items()}
