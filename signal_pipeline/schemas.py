"""The one place that says what columns the frames between the assets have.

Polars types, Dagster's TableSchema, the schema asset checks and the docs are all derived from here.
No Dagster, no database and no parsing in this file.
"""

from __future__ import annotations

from typing import Literal, get_args

import polars as pl

from signal_pipeline.frame_schema import EVENT, EXCHANGE, FLOW, RECORD, Column, FrameSchema
from signal_pipeline.traffic.columns import TRAFFIC_ALERTS, TRAFFIC_FLOWS, TRAFFIC_WINDOWS

UTC_TIME = pl.Datetime("us", "UTC")
EMBEDDING_DIMENSION = 384

ErrorType = Literal[
    "TypeError",
    "ReferenceError",
    "SyntaxError",
    "NetworkError",
    "DatabaseError",
    "AuthenticationError",
    "TimeoutError",
    "GenericError",
]
Severity = Literal["critical", "high", "medium", "low"]
ERROR_TYPES: tuple[ErrorType, ...] = get_args(ErrorType)
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
ROLES = (EXCHANGE, RECORD, FLOW, EVENT)
LEVELS = ("trace", "debug", "info", "notice", "warning", "error", "critical")


MANIFEST = FrameSchema(
    "raw_signals",
    (
        Column("report_id", pl.String(), "report, a UUID", nullable=False),
        Column("signal_id", pl.String(), "file of the report, a UUID", nullable=False),
        Column("name", pl.String(), "file name, redacted"),
        Column("kind", pl.String(), "kind found in the content: har, pcap, events, log, unknown"),
        Column("container", pl.String(), "wrapping found in the content: plain, gzip, zstd, zip, tar"),
        Column("size_bytes", pl.Int64(), "bytes in the object store"),
        Column("etag", pl.String(), "the object store's version of the content"),
        Column("sha256", pl.String(), "SHA-256 of the bytes, hex"),
        Column("duplicate_of", pl.String(), "signal_id of the first file with the same bytes"),
        Column("outcome", pl.String(), "ok, or failed when it could not be fetched", nullable=False),
        Column("reason", pl.String(), "why it failed: a RejectionCode"),
    ),
)

# What the parsers yield, batch by batch. All text has been redacted.
PARSED = FrameSchema(
    "parsed_entries",
    (
        Column("report_id", pl.String(), "report, a UUID; null outside a report"),
        Column("signal_id", pl.String(), "file of the report, a UUID; null outside a report"),
        Column("signal_sha256", pl.String(), "SHA-256 of the file, hex", nullable=False),
        Column("member", pl.String(), "file inside an archive, redacted; null when there is no archive"),
        Column("kind", pl.String(), "kind of the file: a name of parsing.kinds", nullable=False),
        Column("role", pl.String(), "what the entry is: exchange, record, flow or event", nullable=False),
        Column("format", pl.String(), "log format or HAR producer family"),
        Column("ordinal", pl.Int64(), "0-based position of the entry in its file", nullable=False),
        Column("line_number", pl.Int64(), "first line, 1-based; null where there are no lines"),
        Column("line_count", pl.Int64(), "lines of the record; null where there are none"),
        Column(
            "entry_index", pl.Int64(), "0-based index in log.entries, or number of the flow or event; null for logs"
        ),
        Column("byte_offset", pl.Int64(), "offset of the entry in the decompressed file, bytes"),
        Column("byte_length", pl.Int64(), "length of the entry, bytes"),
        Column("timestamp", UTC_TIME, "when it happened, UTC"),
        Column("timestamp_zone", pl.String(), "zone or offset as read, or 'assumed-utc' when there was none"),
        Column("clock_time", pl.Time(), "time of day as written, where the record names no date"),
        Column("level", pl.String(), "one of trace debug info notice warning error critical"),
        Column("component", pl.String(), "logger, module, process or host service"),
        Column("thread", pl.String(), "thread or process id as written"),
        Column("message", pl.String(), "head message, redacted and capped", nullable=False),
        Column("stack_trace", pl.String(), "continuation lines and stack trace, redacted and capped"),
        Column("trace_id", pl.String(), "trace, request or correlation id: the one with the widest reach"),
        Column("request_id", pl.String(), "request or correlation id, which may be the trace_id as well"),
        Column("method", pl.String(), "HTTP method"),
        Column("url", pl.String(), "scheme, host, path and query names, redacted"),
        Column("status", pl.Int32(), "HTTP status; 0 when no answer came"),
        Column("duration_ms", pl.Float64(), "whole time of the request, ms"),
        Column("slowest_phase", pl.String(), "HAR timing phase that took longest"),
        Column("mime_type", pl.String(), "MIME type of the response"),
        Column("response_bytes", pl.Int64(), "size of the response body, bytes"),
        Column("net_error", pl.String(), "network error of a flow, or of a request without an answer"),
        Column("error_text", pl.String(), "problem code or message from an error body, redacted"),
        Column("exception_class", pl.String(), "exception class as the record states it, if it does in a field"),
        Column("flow", pl.String(), "of a flow: its ends, state, counts and features, as JSON"),
        Column("flags", pl.String(), "what was repaired or dropped, comma-separated"),
        Column("event", pl.String(), "source, id, type and fields of a business event, JSON, redacted"),
    ),
)

# What classification adds, to every entry.
CLASSIFICATION = (
    Column("is_error", pl.Boolean(), "the entry is an error", nullable=False),
    Column("error_type", pl.String(), "one of the eight error types; null when not an error"),
    Column("severity", pl.String(), "critical, high, medium or low; null when not an error"),
    Column("template", pl.String(), "message with its variable parts masked", nullable=False),
    Column("template_id", pl.String(), "16 hex digits of the template's hash", nullable=False),
    Column("signature_hash", pl.String(), "identity of the error, 64 hex digits; null when not an error"),
    Column("top_frames", pl.List(pl.String()), "top in-app stack frames as module:function, innermost first"),
)

# One row per entry: `signal-pipeline parse --output` writes this.
ENTRIES = FrameSchema(
    "entries",
    PARSED.columns + CLASSIFICATION,
)

# One row per error occurrence: what the classified_errors asset holds.
ERRORS = FrameSchema(
    "classified_errors",
    ENTRIES.columns,
)

EMBEDDINGS = FrameSchema(
    "embeddings",
    (
        Column("report_id", pl.String(), "report, a UUID", nullable=False),
        Column("signature_hash", pl.String(), "identity of the error", nullable=False),
        Column("error_type", pl.String(), "one of the eight error types", nullable=False),
        Column("severity", pl.String(), "highest severity among the occurrences", nullable=False),
        Column("exception_class", pl.String(), "exact exception class, errno or SQLSTATE"),
        Column("template", pl.String(), "masked message", nullable=False),
        Column("text", pl.String(), "the very text that was embedded", nullable=False),
        Column("frequency", pl.Int64(), "occurrences in this report", nullable=False),
        Column("first_seen", UTC_TIME, "earliest occurrence"),
        Column("last_seen", UTC_TIME, "latest occurrence"),
        Column("model_version", pl.String(), "model and export that made the vector", nullable=False),
        Column("vector", pl.Array(pl.Float32(), EMBEDDING_DIMENSION), "unit-length embedding", nullable=False),
    ),
)

CLUSTERS = FrameSchema(
    "clusters",
    (
        Column("report_id", pl.String(), "report, a UUID", nullable=False),
        Column("signature_hash", pl.String(), "member", nullable=False),
        Column("cluster_label", pl.Int32(), "cluster within the report; -1 is noise", nullable=False),
        Column("is_medoid", pl.Boolean(), "the member nearest to all others of its cluster", nullable=False),
        Column("distance_to_medoid", pl.Float32(), "cosine distance, 0 to 2", nullable=False),
        Column("error_type", pl.String(), "the member's error type", nullable=False),
        Column("severity", pl.String(), "the member's severity", nullable=False),
        Column("template", pl.String(), "the member's masked message", nullable=False),
        Column("frequency", pl.Int64(), "occurrences in this report", nullable=False),
        Column("nearest_other_hash", pl.String(), "nearest signature outside the cluster"),
        Column("nearest_other_distance", pl.Float32(), "its cosine distance"),
    ),
)

# All signals of a report on one axis. Entries are identified by (signal_id, member, ordinal), as in parsed_entries.
TIMELINE = FrameSchema(
    "timeline",
    (
        Column("report_id", pl.String(), "report, a UUID", nullable=False),
        Column("signal_id", pl.String(), "file of the report, a UUID", nullable=False),
        Column("member", pl.String(), "file inside an archive; null when there is no archive"),
        Column("ordinal", pl.Int64(), "0-based position of the entry in its file", nullable=False),
        Column("kind", pl.String(), "kind of the file: a name of parsing.kinds", nullable=False),
        Column("role", pl.String(), "what the entry is: exchange, record, flow or event", nullable=False),
        Column("format", pl.String(), "log format or HAR producer family"),
        Column("line_number", pl.Int64(), "first line, 1-based; null where there are no lines"),
        Column("line_count", pl.Int64(), "lines of the record; null where there are none"),
        Column(
            "entry_index", pl.Int64(), "0-based index in log.entries, or number of the flow or event; null for logs"
        ),
        Column("at", UTC_TIME, "when it happened on the common axis, UTC"),
        Column("duration_ms", pl.Float64(), "whole time of the request, ms"),
        Column("slowest_phase", pl.String(), "HAR timing phase that took longest"),
        Column("level", pl.String(), "one of trace debug info notice warning error critical"),
        Column("component", pl.String(), "logger, module, process or host"),
        Column("message", pl.String(), "head message, redacted", nullable=False),
        Column("method", pl.String(), "HTTP method"),
        Column("url", pl.String(), "scheme, host, path and query names, redacted"),
        Column("status", pl.Int32(), "HTTP status; 0 when no answer came"),
        Column("net_error", pl.String(), "network error of a flow, or of a request without an answer"),
        Column("trace_id", pl.String(), "trace, request or correlation id"),
        Column("is_error", pl.Boolean(), "the entry is an error", nullable=False),
        Column("is_target", pl.Boolean(), "a request that failed or was slow", nullable=False),
        Column("error_type", pl.String(), "one of the eight error types; null when not an error"),
        Column("severity", pl.String(), "critical, high, medium or low; null when not an error"),
        Column("signature_hash", pl.String(), "identity of the error; null when not an error"),
        Column("incident", pl.Int32(), "entries with the same number have the same cause; null for the rest"),
        Column("incident_role", pl.String(), "within its incident: cause, request, follower or context"),
        Column("request_signal_id", pl.String(), "file of the request that the record is linked to"),
        Column("request_ordinal", pl.Int64(), "position of that request in its file"),
        Column("link_confidence", pl.Float64(), "how probable that link is, 0 to 1"),
        Column("link_reason", pl.String(), "what speaks for it, in words"),
        Column("clock_offset_ms", pl.Float64(), "how far the file's clock was ahead of the axis, ms", nullable=False),
        Column("clock_confidence", pl.Float64(), "how sure that is, 0 to 1", nullable=False),
        Column("clock_events", pl.Int64(), "events that say so", nullable=False),
        Column("clock_basis", pl.String(), "what they were matched by, or reference or assumed", nullable=False),
    ),
    renamed={"role": "incident_role"},
)

# What went wrong, once per time: a row for each root and for each signature that follows from it.
INCIDENTS = FrameSchema(
    "incidents",
    (
        Column("report_id", pl.String(), "report, a UUID", nullable=False),
        Column("incident", pl.Int32(), "number within the report, in causal order, from 1", nullable=False),
        Column("part", pl.String(), "root or symptom", nullable=False),
        Column(
            "signature_hash", pl.String(), "identity of the error; its template where it is not one", nullable=False
        ),
        Column("count", pl.Int32(), "entries of this signature in the incident", nullable=False),
        Column("at", UTC_TIME, "when the first of them happened, UTC"),
        Column("service", pl.String(), "file, process, host or service", nullable=False),
        Column("error_type", pl.String(), "one of the eight error types; null when not an error"),
        Column("severity", pl.String(), "critical, high, medium or low; null when not an error"),
        Column("message", pl.String(), "head message of the first, redacted", nullable=False),
        Column("signal_id", pl.String(), "file of the first, a UUID", nullable=False),
        Column("member", pl.String(), "file inside an archive; null when there is no archive"),
        Column("line_number", pl.Int64(), "its first line, 1-based; null where there are no lines"),
        Column("line_count", pl.Int64(), "its lines; null for HAR"),
        Column(
            "entry_index", pl.Int64(), "its 0-based index in log.entries, or number of the flow or event; null for logs"
        ),
        Column("is_felt", pl.Boolean(), "a failed request, or a line that the client wrote", nullable=False),
        Column("in_evidence", pl.Boolean(), "of a root: it is itself in the files, and not only what it caused"),
        Column("strength", pl.Float64(), "of a symptom: how strong the evidence is, 0 to 1"),
        Column("reason", pl.String(), "of a symptom: why it belongs, in words"),
    ),
)

REPORT_PROBLEMS = FrameSchema(
    "problems",
    (
        Column("report_id", pl.String(), "report, a UUID", nullable=False),
        Column("position", pl.Int32(), "in the order in which to read them, from 1; background last", nullable=False),
        Column("problem_id", pl.String(), "its id in the catalog; a hash where it is not an error", nullable=False),
        Column("title", pl.String(), "the root in words, redacted", nullable=False),
        Column("service", pl.String(), "file, process, host or service of the root", nullable=False),
        Column("error_type", pl.String(), "of the root; null for a warning"),
        Column("severity", pl.String(), "the worst of root and symptoms; null where all are warnings"),
        Column("in_evidence", pl.Boolean(), "the root is itself in the files", nullable=False),
        Column("is_background", pl.Boolean(), "usual in this source, or decided to be no bug", nullable=False),
        Column("seen_before", pl.Int32(), "earlier reports in which it was a cause", nullable=False),
        Column("incidents", pl.Int32(), "how often it happened", nullable=False),
        Column("symptoms", pl.Int32(), "clusters that follow from it", nullable=False),
        Column("entries", pl.Int64(), "entries of all its incidents, root and symptoms", nullable=False),
    ),
)

# The view known_problems: what the catalog shows.
PROBLEMS = FrameSchema(
    "signature_catalog",
    (
        Column("id", pl.String(), "problem, a UUID that survives", nullable=False),
        Column("title", pl.String(), "what its members' messages share", nullable=False),
        Column("label", pl.String(), "distinctive terms", nullable=False),
        Column("error_type", pl.String(), "the medoid's error type", nullable=False),
        Column("signatures", pl.Int64(), "members", nullable=False),
        Column("radius", pl.Float32(), "greatest cosine distance to the medoid", nullable=False),
        Column("medoid_hash", pl.String(), "the signature that stands for it", nullable=False),
        Column("created_at", UTC_TIME, "when its id was issued", nullable=False),
        Column("reports", pl.Int64(), "reports that have it"),
        Column("frequency", pl.Int64(), "occurrences over all reports"),
        Column("first_seen", UTC_TIME, "earliest occurrence"),
        Column("last_seen", UTC_TIME, "latest occurrence"),
    ),
)

# The frames that are stored for each report.
STORED = {
    schema.name: schema
    for schema in (
        *(MANIFEST, PARSED, ERRORS, TIMELINE, INCIDENTS, EMBEDDINGS, CLUSTERS, REPORT_PROBLEMS),
        *(TRAFFIC_FLOWS, TRAFFIC_WINDOWS, TRAFFIC_ALERTS),
    )
}
FRAMES = tuple(STORED)
