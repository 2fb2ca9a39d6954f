"""Who works on a report now. Every run claims its reports, also one that a person started, so that no two meet.

A claim has to be held; one that is no longer held is taken over by the next run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import psycopg


@dataclass(frozen=True)
class Claimed:
    """`ours` may be processed. `busy`: report and the run that has it. `given_up`: by this run, and why."""

    ours: frozenset[UUID]
    busy: dict[UUID, str]
    given_up: dict[UUID, str]
    unknown: frozenset[UUID]


def claim(connection: psycopg.Connection, run_id: str, reports: Sequence[UUID], seconds: float) -> Claimed:
    """Claim what nobody else holds. Called again by the same run it keeps what was claimed and given up."""
    got = connection.execute(
        "insert into report_claims as held (report_id, run_id, held_until)"
        " select id, %(run)s, now() + make_interval(secs => %(seconds)s) from reports"
        " where id = any(%(reports)s) order by id"
        " on conflict (report_id) do update set run_id = excluded.run_id, held_until = excluded.held_until,"
        "   failed = case when held.run_id = excluded.run_id then held.failed end"
        "   where held.run_id = excluded.run_id or held.held_until <= now()"
        " returning report_id, failed",
        {"run": run_id, "seconds": seconds, "reports": list(reports)},
    ).fetchall()
    given_up = {row[0]: str(row[1]) for row in got if row[1] is not None}
    ours = frozenset(row[0] for row in got if row[1] is None)
    left = [report for report in reports if report not in ours and report not in given_up]
    busy: dict[UUID, str] = dict(
        connection.execute("select report_id, run_id from report_claims where report_id = any(%s)", (left,)).fetchall()
    )
    return Claimed(ours, busy, given_up, frozenset(report for report in left if report not in busy))


def hold_claims(connection: psycopg.Connection, run_id: str, seconds: float) -> None:
    connection.execute(
        "update report_claims set held_until = now() + make_interval(secs => %s)"
        " where run_id = %s and held_until > now()",
        (seconds, run_id),
    )


def give_up(connection: psycopg.Connection, run_id: str, report_id: UUID, why: str) -> None:
    """Later steps of this run leave the report alone."""
    connection.execute(
        "update report_claims set failed = %s where report_id = %s and run_id = %s", (why, report_id, run_id)
    )


def let_go(connection: psycopg.Connection, run_id: str) -> None:
    """The run is over, or its process is. What it gave up stays known until another run claims the report."""
    connection.execute("delete from report_claims where run_id = %s and failed is null", (run_id,))
    connection.execute("update report_claims set held_until = now() where run_id = %s", (run_id,))
