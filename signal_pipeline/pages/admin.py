"""The operator's page: how everything is, what is processed, and the settings that may be changed while it runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby

from signal_pipeline.operations.dashboard import Operations
from signal_pipeline.operations.health import Health
from signal_pipeline.pages.charts import duration_chart, rate_chart, stage_times
from signal_pipeline.pages.environment import own_text, render
from signal_pipeline.pages.index import page_policy


@dataclass(frozen=True)
class Visitor:
    """Who looks. `form_key` is None for somebody who may not change anything."""

    name: str
    form_key: str | None


def admin_html(
    found: Operations,
    health: Health,
    visitor: Visitor,
    *,
    dagster: str | None,
    changed: str | None,
    refused: str | None,
) -> str:
    """`changed` and `refused` say what became of a change."""
    return render(
        "admin.html.jinja",
        found=found,
        health=health,
        visitor=visitor,
        dagster=dagster,
        changed=changed,
        refused=refused,
        durations=duration_chart(found.finished),
        rate=rate_chart(found.finished, datetime.now(UTC)),
        stages=stage_times(found.stages),
        groups=[(name, list(rows)) for name, rows in groupby(found.settings, key=lambda row: row.group)],
        policy=page_policy(),
        style=own_text("report.css"),
    )
