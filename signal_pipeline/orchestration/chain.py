"""The order of the report assets, and what of it a run does."""

from __future__ import annotations

import dagster as dg

STEPS = (
    "raw_signals",
    "parsed_entries",
    "classified_errors",
    "timeline",
    "incidents",
    "embeddings",
    "clusters",
    "problems",
)
LAST_STEP = STEPS[-1]
LAST_INPUT = "embeddings"


def selected_steps(run: dg.DagsterRun) -> list[str]:
    """The steps that the run does, in their order."""
    if not run.asset_selection:
        return list(STEPS)
    names = {key.to_user_string() for key in run.asset_selection}
    return [step for step in STEPS if step in names]
