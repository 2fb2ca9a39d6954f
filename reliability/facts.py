"""Everything the checker judges, read from the stores themselves: tables, frames, broker, Dagster's runs.

What does not belong here: whether any of it is right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg

from reliability.broker import Broker
from reliability.contributions import contributions
from signal_pipeline.platform.platform import Platform
from signal_pipeline.storage.frames import FrameMissing

# What the schema promises to be there once; looked for again here, since a promise may be missing from a database.
UNIQUE_KEYS = {
    "intake": ("report_id", "content_digest"),
    "error_signatures": ("signature_hash",),
    "signature_occurrences": ("report_id", "signature_hash", "signal_id"),
    "signal_outcomes": ("report_id", "signal_id"),
    "cluster_members": ("clustering_id", "signature_hash"),
    "dead_letters": ("dedup_key",),
}
_UNFINISHED_RUNS = (
    "select run_id, extract(epoch from now() - coalesce(to_timestamp(start_time), create_timestamp at time zone 'utc'))"
    " from runs where status not in ('SUCCESS', 'FAILURE', 'CANCELED')"
)
_MISCOUNTED = (
    "select coalesce(s.signature_hash, o.signature_hash), s.frequency, o.total from error_signatures s full join"
    " (select signature_hash, sum(count) as total from signature_occurrences group by 1) o using (signature_hash)"
    # What only signals of business events have is in no report.
    " where s.frequency is distinct from coalesce(o.total, case when s.report_id is null then 0 end)"
)


@dataclass(frozen=True)
class Request:
    """One row of the intake, with the states it went through, first to last."""

    report: str
    state: str
    attempts: int
    path: tuple[tuple[str | None, str], ...]


@dataclass(frozen=True)
class Letter:
    """One dead letter; `payload` is the SHA-256 of a message, None for a report."""

    id: str
    kind: str
    reason: str
    payload: str | None
    report: str | None


@dataclass(frozen=True)
class Facts:
    """`reports` maps id to title. `frames` are sentences about Parquet that differs from the tables."""

    reports: Mapping[str, str]
    requests: Sequence[Request]
    legal: frozenset[tuple[str, str]]
    doubles: Sequence[str]
    miscounted: Sequence[str]
    contributions: Mapping[str, Mapping[str, Any]]
    frames: Sequence[str]
    broker: Broker
    letters: Sequence[Letter]
    unfinished_runs: Mapping[str, float] = field(default_factory=dict)


def collect(platform: Platform, sources: Sequence[str], broker: Broker, *, with_dagster: bool = True) -> Facts:
    """What is there now of the reports of these sources; signatures and letters are those of all."""
    with platform.database.transaction() as connection:
        return collect_in(connection, platform, sources, broker, with_dagster=with_dagster)


def collect_in(
    connection: psycopg.Connection,
    platform: Platform,
    sources: Sequence[str],
    broker: Broker,
    *,
    with_dagster: bool = True,
) -> Facts:
    """The same as one transaction sees it, with what it has changed itself."""
    reports = connection.execute("select id::text, title from reports where source = any(%s)", (list(sources),))
    letters = connection.execute("select id::text, kind, reason, payload_sha256, report_id::text from dead_letters")
    return Facts(
        reports=dict(reports.fetchall()),
        requests=_requests(connection, sources),
        legal=frozenset(connection.execute("select from_state, to_state from intake_transitions").fetchall()),
        doubles=_doubles(connection),
        miscounted=[f"{row[0]}: {row[1]} of {row[2]}" for row in connection.execute(_MISCOUNTED.encode())],
        contributions=contributions(connection, sources),
        frames=_frame_differences(platform, connection, sources),
        broker=broker,
        letters=[Letter(*row) for row in letters],
        unfinished_runs=unfinished_runs(platform) if with_dagster else {},
    )


def _requests(connection: psycopg.Connection, sources: Sequence[str]) -> list[Request]:
    rows = connection.execute(
        "select i.report_id::text, i.state, i.attempt, array_agg(h.from_state order by h.id),"
        " array_agg(h.to_state order by h.id) from intake i join reports r on r.id = i.report_id"
        " left join intake_history h on h.intake_id = i.id where r.source = any(%s) group by i.id",
        (list(sources),),
    )
    return [Request(row[0], row[1], row[2], tuple(zip(row[3], row[4], strict=True))) for row in rows]


def _doubles(connection: psycopg.Connection) -> list[str]:
    found = []
    for table, key in UNIQUE_KEYS.items():
        columns = ", ".join(key)
        rows = connection.execute(
            f"select {columns}, count(*) from {table} group by {columns} having count(*) > 1".encode()
        )
        found += [f"{table} {row[:-1]}: {row[-1]} rows" for row in rows]
    rows = connection.execute(
        "select report_id, count(*) from clusterings where is_current group by 1 having count(*) > 1"
    )
    return found + [f"report {row[0]}: {row[1]} current clusterings" for row in rows]


def _frame_differences(platform: Platform, connection: psycopg.Connection, sources: Sequence[str]) -> list[str]:
    """For completed reports: signatures and their frequencies by Parquet and by the tables."""
    rows = connection.execute(
        "select r.id, coalesce(o.signatures, 0), coalesce(o.total, 0), coalesce(m.members, 0) from reports r"
        " left join (select report_id, count(distinct signature_hash) as signatures, sum(count)::bigint as total"
        "   from signature_occurrences group by 1) o on o.report_id = r.id"
        " left join (select c.report_id, count(*) as members from cluster_members m"
        "   join clusterings c on c.id = m.clustering_id where c.is_current group by 1) m on m.report_id = r.id"
        " where r.source = any(%s) and exists (select from intake i where i.report_id = r.id and state = 'COMPLETED')",
        (list(sources),),
    ).fetchall()
    found = []
    for report, signatures, total, members in rows:
        in_tables = (signatures, total, members)
        in_frames = _counted(platform, report)
        if in_frames != in_tables:
            found.append(f"report {report}: frames say {in_frames}, tables {in_tables}")
    return found


def _counted(platform: Platform, report: UUID) -> tuple[int, int, int] | None:
    """Signatures, their frequencies summed, members of clusters; None when a frame is missing."""
    try:
        embedded = platform.frames.scan("embeddings", report).select("frequency").collect()
        clustered = platform.frames.scan("clusters", report).select("signature_hash").collect()
    except FrameMissing:
        return None
    return embedded.height, int(embedded["frequency"].sum()), clustered.height


def unfinished_runs(platform: Platform) -> dict[str, float]:
    """Runs that Dagster has not ended, and their age in seconds."""
    with psycopg.connect(platform.settings.dagster_database_url, autocommit=True) as connection:
        return {str(row[0]): float(row[1]) for row in connection.execute(_UNFINISHED_RUNS.encode())}
