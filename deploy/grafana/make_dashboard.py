"""Writes dashboard.json beside this file: a table of panels, and Grafana's JSON around it.

python deploy/grafana/make_dashboard.py
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

# title, kind, unit, width (of 24), expressions with their legends
PANELS: tuple[tuple[str, str, str, int, tuple[tuple[str, str], ...]], ...] = (
    ("State", "stat", "none", 4, (("health_state == 1", "{{state}}"),)),
    ("Waiting", "stat", "none", 4, (('queue_depth{state="pending"}', "pending"),)),
    ("Oldest waits for", "stat", "s", 4, (("queue_lag_seconds", "lag"),)),
    ("Dead letters", "stat", "none", 4, (("dead_letters_open", "open"),)),
    ("Last activity", "stat", "s", 4, (("time() - last_activity_timestamp_seconds", "ago"),)),
    ("Database", "stat", "bytes", 4, (("database_size_bytes", "size"),)),
    ("Reports worked per minute", "timeseries", "none", 12, (
        ("rate(jobs_processed_total[5m]) * 60", "done"),
        ("sum by (kind) (rate(jobs_failed_total[5m])) * 60", "failed: {{kind}}"),
    )),
    ("Queue", "timeseries", "none", 12, (("queue_depth", "{{state}}"),)),
    ("Time to work a report", "timeseries", "s", 12, (
        ("histogram_quantile(0.5, sum by (le) (rate(job_duration_seconds_bucket[15m])))", "median"),
        ("histogram_quantile(0.95, sum by (le) (rate(job_duration_seconds_bucket[15m])))", "95th percentile"),
    )),
    ("Time of each step", "timeseries", "s", 12, (('stage_duration_seconds{quantile="0.95"}', "{{stage}}"),)),
    ("Dependencies", "timeseries", "none", 12, (("dependency_up", "{{dependency}}"),)),
    ("Signatures by type", "timeseries", "none", 12, (("signatures_by_type", "{{error_type}}"),)),
    ("Answers of the API", "timeseries", "s", 12, (
        ("histogram_quantile(0.95, sum by (le, route) (rate(http_request_duration_seconds_bucket[5m])))", "{{route}}"),
    )),
    ("Statements", "timeseries", "s", 12, (("database_query_seconds", "{{query}}"),)),
    ("Models and caches", "timeseries", "none", 12, (
        ("rate(model_loads_total[15m]) * 60", "model loads per minute"),
        ("rate(cache_hits_total[15m]) / (rate(cache_hits_total[15m]) + rate(cache_misses_total[15m]))", "cache hits"),
    )),
    ("Refused requests", "timeseries", "none", 12, (("rate(http_refused_total[5m])", "429 per second"),)),
)  # fmt: skip


def dashboard() -> dict[str, Any]:
    panels, x, y, row_height = [], 0, 0, 0
    for number, (title, kind, unit, width, expressions) in enumerate(PANELS, 1):
        height = 4 if kind == "stat" else 8
        if x + width > 24:
            x, y, row_height = 0, y + row_height, 0
        panels.append(
            {
                "id": number,
                "title": title,
                "type": kind,
                "datasource": {"type": "prometheus", "uid": "${datasource}"},
                "gridPos": {"x": x, "y": y, "w": width, "h": height},
                "fieldConfig": {"defaults": {"unit": unit}, "overrides": []},
                "options": {"textMode": "name" if title == "State" else "auto"} if kind == "stat" else {},
                "targets": [
                    {"refId": chr(65 + place), "expr": expression, "legendFormat": legend}
                    for place, (expression, legend) in enumerate(expressions)
                ],
            }
        )
        x, row_height = x + width, max(row_height, height)
    return {
        "title": "signal-pipeline",
        "uid": "signal-pipeline",
        "schemaVersion": 39,
        "refresh": "15s",
        "time": {"from": "now-3h", "to": "now"},
        "templating": {"list": [{"name": "datasource", "type": "datasource", "query": "prometheus", "current": {}}]},
        "panels": panels,
    }


if __name__ == "__main__":
    target = Path(__file__).with_name("dashboard.json")
    target.write_text(json.dumps(dashboard(), indent=1) + "\n", encoding="utf-8")
