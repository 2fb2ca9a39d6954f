"""Numbers about the whole pipeline, each from one statement: for health, metrics and the operator's page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import psycopg
from psycopg.rows import class_row

JOB_BUCKETS = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0)
LARGE_TABLE_ROWS = 50_000
ENDINGS = ("COMPLETED", "FAILED", "DEAD", "CANCELLED")


@dataclass(frozen=True)
class Queue:
    """What waits and what runs. `lag_seconds` is how long the oldest due request has waited."""

    pending: int
    due: int
    running: int
    lag_seconds: float
    dead_letters: int


@dataclass(frozen=True)
class Activity:
    """What happened of late. `last_at` is None before anything did."""

    last_at: datetime | None
    completed: int
    failed: int


@dataclass(frozen=True)
class JobTimes:
    """A histogram: how many took up to each of JOB_BUCKETS, their number and the sum of their seconds."""

    buckets: list[int]
    count: int
    total_seconds: float


@dataclass(frozen=True)
class FinishedJob:
    """One finished request, for charts."""

    report_id: UUID
    state: str
    finished_at: datetime
    seconds: float | None


def queue(connection: psycopg.Connection) -> Queue:
    row = connection.execute(
        "select count(*) filter (where state = 'PENDING'),"
        " count(*) filter (where state = 'PENDING' and due_at <= now()),"
        " count(*) filter (where state = 'RUNNING'),"
        " coalesce(extract(epoch from now() - min(due_at) filter (where state = 'PENDING' and due_at <= now())), 0),"
        " (select count(*) from dead_letters where replayed_at is null)"
        " from intake where state in ('PENDING', 'RUNNING')"
    ).fetchone()
    assert row is not None
    return Queue(int(row[0]), int(row[1]), int(row[2]), float(row[3]), int(row[4]))


def activity(connection: psycopg.Connection, seconds: float) -> Activity:
    """Within the last `seconds`; the last change of all, whenever it was."""
    row = connection.execute(
        "select (select max(at) from intake_history),"
        " count(*) filter (where to_state = 'COMPLETED'), count(*) filter (where to_state = 'FAILED')"
        " from intake_history where to_state in ('COMPLETED', 'FAILED') and at > now() - make_interval(secs => %s)",
        (seconds,),
    ).fetchone()
    assert row is not None
    return Activity(*row)


def endings(connection: psycopg.Connection) -> dict[str, int]:
    """How often requests ended in each way since the beginning, deleted reports included."""
    rows = connection.execute(
        "select state, sum(value) from ("
        " select to_state as state, count(*)::double precision as value from intake_history"
        "  where to_state = any(%s) group by to_state"
        " union all select label, value from metric_bases where name = 'jobs') t group by state",
        (list(ENDINGS),),
    ).fetchall()
    found = dict.fromkeys(ENDINGS, 0)
    return found | {state: int(value) for state, value in rows if state in found}


def job_times(connection: psycopg.Connection) -> JobTimes:
    bounds = list(JOB_BUCKETS)
    live = connection.execute(
        "select width_bucket(extract(epoch from finished_at - started_at)::double precision, %s::double precision[]) b,"
        " count(*), sum(extract(epoch from finished_at - started_at)) from intake"
        " where state = 'COMPLETED' and started_at is not null group by 1",
        (bounds,),
    ).fetchall()
    base: dict[str, float] = dict(
        connection.execute("select label, value from metric_bases where name = 'job_seconds'").fetchall()
    )
    by_bucket = {int(bucket): (int(count), float(total)) for bucket, count, total in live}
    buckets, up_to = [], 0
    for place, bound in enumerate(bounds):
        up_to += by_bucket.get(place, (0, 0.0))[0]
        buckets.append(up_to + int(base.get(f"{bound:g}", 0)))
    count = sum(number for number, _ in by_bucket.values()) + int(base.get("count", 0))
    return JobTimes(buckets, count, sum(total for _, total in by_bucket.values()) + float(base.get("sum", 0)))


def last_finished(connection: psycopg.Connection, newest: int = 100) -> list[FinishedJob]:
    """The newest finished requests, oldest of them first."""
    with connection.cursor(row_factory=class_row(FinishedJob)) as cursor:
        rows = cursor.execute(
            "select report_id, state, finished_at,"
            " extract(epoch from finished_at - started_at)::double precision as seconds"
            " from intake where finished_at is not null order by finished_at desc limit %s",
            (newest,),
        ).fetchall()
    return rows[::-1]


def error_types(connection: psycopg.Connection) -> dict[str, int]:
    """Signatures by error type. Few types, many rows: ask seldom."""
    rows = connection.execute("select error_type, count(*) from error_signatures group by 1 order by 2 desc").fetchall()
    return dict(rows)


def counts(connection: psycopg.Connection) -> dict[str, int]:
    """Sizes of the tables; of a large one as the planner estimates it, since counting it takes seconds."""
    row = connection.execute(
        "select (select reltuples::bigint from pg_class where oid = 'error_signatures'::regclass),"
        " (select count(*) from reports), (select coalesce(sum(clusters), 0) from clusterings where is_current)"
    ).fetchone()
    assert row is not None
    signatures = int(row[0])
    if signatures < LARGE_TABLE_ROWS:
        exact = connection.execute("select count(*) from error_signatures").fetchone()
        signatures = int(exact[0]) if exact else 0
    return {"signatures": signatures, "reports": int(row[1]), "clusters": int(row[2])}


def events(connection: psycopg.Connection) -> dict[str, int]:
    return dict(connection.execute("select name, value from event_counts").fetchall())


def database_bytes(connection: psycopg.Connection) -> int:
    row = connection.execute("select pg_database_size(current_database())").fetchone()
    return int(row[0]) if row else 0


def failure_reasons(connection: psycopg.Connection, seconds: float) -> dict[str, int]:
    """Why attempts failed of late: closed words, most frequent first."""
    rows = connection.execute(
        "select coalesce(reason, 'unknown'), count(*) from intake_history where to_state = 'FAILED'"
        " and at > now() - make_interval(secs => %s) group by 1 order by 2 desc, 1 limit 20",
        (seconds,),
    ).fetchall()
    return dict(rows)


def count_event(connection: psycopg.Connection, name: str, number: int = 1) -> None:
    """Once per process or batch, never per row: all of them meet on one row."""
    if number == 0:
        return
    connection.execute(
        "insert into event_counts (name, value) values (%s, %s) on conflict (name) do update"
        " set value = event_counts.value + excluded.value",
        (name, number),
    )
