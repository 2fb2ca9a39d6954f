"""Where log records lie in a JSON document that is not an array of them."""

from __future__ import annotations

CONTAINERS: tuple[tuple[str, ...], ...] = (
    ("records",),
    ("Records",),
    ("events",),
    ("logEvents",),
    ("logs",),
    ("log",),
    ("entries",),
    ("items",),
    ("messages",),
    ("hits", "hits"),
    ("results",),
    ("result",),
    ("rows",),
    ("data",),
    ("data", "logs"),
    ("value",),
    ("errors",),
    ("resourceLogs", "scopeLogs", "logRecords"),
    ("resource_logs", "scope_logs", "log_records"),
)
"""The keys that lead to an array of records, the first that holds some wins: exports of Azure and AWS (records,
Records), CloudWatch (events, logEvents), Google Cloud (entries), Kubernetes (items), Elasticsearch (hits.hits),
OpenTelemetry."""

INNER_RECORDS = ("_source", "@source")
"""The keys under which a search engine's hit holds the record itself."""
