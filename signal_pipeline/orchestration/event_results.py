"""What the UI shows of the business events of a day and source, and what their checks found."""

from __future__ import annotations

from typing import Any

import dagster as dg

from signal_pipeline.catalog.live_signals import place_live_signals
from signal_pipeline.intake.event_acceptance import judge_day
from signal_pipeline.intake.event_batch import checks_of
from signal_pipeline.orchestration.asset_metadata import count_table
from signal_pipeline.orchestration.event_days import day_and_sources
from signal_pipeline.platform.platform import Platform
from signal_pipeline.plural import counted
from signal_pipeline.storage.event_days import event_day
from signal_pipeline.storage.live_signals import count_subjects

EVENTS, SIGNALS, KNOWN_SIGNALS = "events", "business_signals", "known_signals"
VALID = dg.AssetCheckSpec("schemas_hold", asset=EVENTS, description="Every event with a schema is what it asks for.")
EQUAL = dg.AssetCheckSpec(
    "equal_to_incremental",
    asset=SIGNALS,
    description="Judging the day again finds the signals that were found as its events came. Other rules since then"
    " change them, once.",
)
TYPES_SHOWN = 30


def events_result(platform: Platform, key: dg.MultiPartitionKey) -> dg.MaterializeResult[Any]:
    day, sources = day_and_sources(platform, key)
    with platform.database.transaction() as connection:
        found = event_day(connection, day, sources)
    shown = dict(list(found.types.items())[:TYPES_SHOWN])
    metadata: dict[str, Any] = {
        "dagster/row_count": found.events,
        "types": count_table("type", shown),
        "from_reports": found.from_reports,
        "violations": found.violations,
    }
    if found.first_at and found.last_at:
        metadata |= {"first": found.first_at.isoformat(), "last": found.last_at.isoformat()}
    return dg.MaterializeResult(
        metadata=metadata,
        check_results=[
            dg.AssetCheckResult(
                check_name=VALID.name,
                passed=not found.violations,
                severity=dg.AssetCheckSeverity.WARN,
                description=f"{counted(found.violations, 'violation')} of schemas",
            )
        ],
    )


def signals_result(platform: Platform, key: dg.MultiPartitionKey) -> dg.MaterializeResult[Any]:
    """Judges the day again; by the same rules that changes nothing."""
    day, sources = day_and_sources(platform, key)
    judged = judge_day(platform.database, day, sources, checks_of(platform).rules)
    changed = judged.added + judged.removed
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": sum(judged.by_rule.values()),
            "rules": count_table("rule", judged.by_rule),
            "added": judged.added,
            "removed": judged.removed,
        },
        check_results=[
            dg.AssetCheckResult(
                check_name=EQUAL.name,
                passed=changed == 0,
                severity=dg.AssetCheckSeverity.WARN,
                description=f"{counted(changed, 'signal')} changed" if changed else "the same signals",
                metadata={"changed": changed},
            )
        ],
    )


def known_signals_result(platform: Platform) -> dg.MaterializeResult[Any]:
    done = place_live_signals(platform)
    with platform.database.transaction() as connection:
        known = count_subjects(connection)
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": known,
            "placed": done.subjects,
            "new_problems": done.placed.new_problems,
            "joined_known_problems": done.placed.joined,
            "signatures_gone": done.gone,
        }
    )
