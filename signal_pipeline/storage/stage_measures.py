"""Times and failures of the steps, for pages and metrics: of the last reports, and in total since the beginning.

Totals are kept as rows of `metric_bases`, so that neither the deletion of a report nor a restart takes them back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import psycopg

_COUNT, _SECONDS, _LAST, _FAILED = "stage_count", "stage_seconds", "stage_last_at", "stage_failures"
# The kind of a report's newest request; what was never requested was processed by hand.
_KIND = "coalesce((select kind from intake where report_id = {} order by created_at desc limit 1), 'report')"

_NEWEST = (
    "(select report_id, stage, seconds, row_number() over (partition by stage order by at desc) as place"
    " from stage_times) t where place <= %s order by stage, place"
)


@dataclass(frozen=True)
class StageTotal:
    """A step for reports of a kind of work, since the beginning."""

    stage: str
    kind: str
    count: int
    seconds: float
    last_at: datetime


def record_stages(connection: psycopg.Connection, stage: str, seconds: Mapping[UUID, float]) -> None:
    """Of reports that are there; one may have been deleted meanwhile."""
    connection.execute(
        f"""
        with given as (
            select r.id, given.seconds, {_KIND.format("r.id")} as kind
            from unnest(%(reports)s::uuid[], %(seconds)s::float8[]) as given (id, seconds) join reports r using (id)
        ), kept as (
            insert into stage_times (report_id, stage, seconds)
            select id, %(stage)s, seconds from given order by id
            on conflict (report_id, stage) do update set seconds = excluded.seconds, at = now()
        ), total as (
            select %(stage)s || ' ' || kind as label, count(*)::float8 as number, sum(seconds) as seconds
            from given group by kind
        )
        insert into metric_bases (name, label, value)
        select name, label, value from total, lateral (values
            ('{_COUNT}', number), ('{_SECONDS}', seconds), ('{_LAST}', extract(epoch from now())::float8)
        ) as row (name, value) order by name, label
        on conflict (name, label) do update set value = case excluded.name
            when '{_LAST}' then greatest(metric_bases.value, excluded.value)
            else metric_bases.value + excluded.value end
        """.encode(),
        {"stage": stage, "reports": list(seconds), "seconds": list(seconds.values())},
    )


def record_stage_failure(connection: psycopg.Connection, stage: str, reason: str) -> None:
    """An attempt failed. `stage` is a step or `none`, `reason` a closed word."""
    connection.execute("select add_metric(%s, %s, 1)", (_FAILED, f"{stage} {reason}"))


def stage_seconds(connection: psycopg.Connection, newest: int = 100) -> dict[str, list[float]]:
    """The times of each step for the `newest` reports, newest first."""
    rows = connection.execute(f"select stage, seconds from {_NEWEST}".encode(), (newest,)).fetchall()
    found: dict[str, list[float]] = {}
    for stage, seconds in rows:
        found.setdefault(stage, []).append(float(seconds))
    return found


def stage_seconds_by_kind(connection: psycopg.Connection, newest: int = 100) -> dict[tuple[str, str], list[float]]:
    """The same for each step and kind of work: of the `newest` reports of the step, those of the kind."""
    rows = connection.execute(
        f"select stage, {_KIND.format('t.report_id')} as kind, seconds from {_NEWEST}".encode(), (newest,)
    ).fetchall()
    found: dict[tuple[str, str], list[float]] = {}
    for stage, kind, seconds in rows:
        found.setdefault((stage, kind), []).append(float(seconds))
    return found


def stage_seconds_of(connection: psycopg.Connection, report_id: UUID, since: datetime) -> dict[str, float]:
    """The times of the steps of one report that ended after `since`, in that order."""
    return dict(
        connection.execute(
            "select stage, seconds from stage_times where report_id = %s and at >= %s order by at, stage",
            (report_id, since),
        ).fetchall()
    )


def stage_totals(connection: psycopg.Connection) -> list[StageTotal]:
    """Of every step and kind of work that ever ended."""
    rows = connection.execute(
        "select split_part(n.label, ' ', 1), split_part(n.label, ' ', 2), n.value::bigint, s.value,"
        " to_timestamp(l.value) from metric_bases n"
        " join metric_bases s on s.name = %s and s.label = n.label"
        " join metric_bases l on l.name = %s and l.label = n.label where n.name = %s order by n.label",
        (_SECONDS, _LAST, _COUNT),
    ).fetchall()
    return [StageTotal(*row) for row in rows]


def stage_failures(connection: psycopg.Connection) -> dict[tuple[str, str], int]:
    """How often attempts failed since the beginning, by step and reason."""
    rows = connection.execute(
        "select split_part(label, ' ', 1), split_part(label, ' ', 2), value::bigint from metric_bases where name = %s",
        (_FAILED,),
    ).fetchall()
    return {(stage, reason): count for stage, reason, count in rows}
