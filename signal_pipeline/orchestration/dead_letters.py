"""The dead letters as the UI shows them: how many wait, and for which reasons."""

from __future__ import annotations

from typing import Any

import dagster as dg

from signal_pipeline.orchestration.asset_metadata import table
from signal_pipeline.platform.platform import Platform
from signal_pipeline.storage.dead_letters import counted_by_reason


def dead_letter_result(platform: Platform) -> dg.MaterializeResult[Any]:
    with platform.database.transaction() as connection:
        counted = counted_by_reason(connection)
    waiting = sum(count for _, _, count in counted)
    advice = "`signal-pipeline dead-letters list` shows them, `dead-letters replay` works them again"
    return dg.MaterializeResult(
        metadata={
            "waiting": waiting,
            "by_reason": table([{"kind": kind, "reason": reason, "count": count} for kind, reason, count in counted]),
        },
        check_results=[
            dg.AssetCheckResult(
                check_name="none_waits",
                passed=waiting == 0,
                severity=dg.AssetCheckSeverity.WARN,
                description=f"{waiting} wait: {advice}" if waiting else "none waits",
                metadata={"waiting": waiting},
            )
        ],
    )
