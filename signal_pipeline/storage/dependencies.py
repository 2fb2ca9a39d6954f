"""Which requests wait for other reports. A report counts as completed when its newest request is.

What does not belong here: leasing; `storage/intake.py` asks `IS_FREE` of each candidate.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import psycopg

FAILED_REASON = "dependency_failed"
_NEWEST_STATE = (
    "(select newest.state from intake newest where newest.report_id = needed.report_id"
    " order by newest.created_at desc, newest.id limit 1)"
)
# A condition on the row `candidate` of intake.
IS_FREE = (
    "not exists (select from intake_dependencies needed where needed.intake_id = candidate.id"
    f" and coalesce({_NEWEST_STATE}, 'MISSING') <> 'COMPLETED')"
)


def set_dependencies(connection: psycopg.Connection, intake_id: UUID, reports: Sequence[UUID]) -> None:
    """The request waits for exactly these reports."""
    connection.execute("delete from intake_dependencies where intake_id = %s", (intake_id,))
    if reports:
        connection.execute(
            "insert into intake_dependencies (intake_id, report_id) select %s, unnest(%s::uuid[])"
            " on conflict do nothing",
            (intake_id, list(reports)),
        )


def unknown_reports(connection: psycopg.Connection, reports: Sequence[UUID]) -> list[UUID]:
    """Those that are not in the database."""
    if not reports:
        return []
    rows = connection.execute(
        "select given from unnest(%s::uuid[]) as given where not exists (select from reports where id = given)",
        (list(reports),),
    ).fetchall()
    return [row[0] for row in rows]


def would_wait_for_itself(connection: psycopg.Connection, report_id: UUID, reports: Sequence[UUID]) -> bool:
    """One of `reports` waits, by whatever number of steps, for `report_id`."""
    if not reports:
        return False
    row = connection.execute(
        """
        with recursive needed (report_id) as (
            select unnest(%s::uuid[])
            union
            select further.report_id from needed
            join intake on intake.report_id = needed.report_id and intake.state in ('PENDING', 'RUNNING', 'FAILED')
            join intake_dependencies further on further.intake_id = intake.id
        )
        select exists (select from needed where report_id = %s)
        """,
        (list(reports), report_id),
    ).fetchone()
    return bool(row and row[0])


def cancel_hopeless(connection: psycopg.Connection) -> int:
    """Requests that wait for a report which is dead, cancelled or deleted are cancelled, with that reason; a retry of
    them waits again. Returns how many."""
    done = connection.execute(
        f"""
        with hopeless as (
            select candidate.id, min(needed.report_id::text) as waits_for from intake candidate
            join intake_dependencies needed on needed.intake_id = candidate.id
            where candidate.state = 'PENDING'
              and coalesce({_NEWEST_STATE}, 'MISSING') in ('DEAD', 'CANCELLED', 'MISSING')
              and (exists (select from intake other where other.report_id = needed.report_id)
                or not exists (select from reports where reports.id = needed.report_id))
            group by candidate.id
        )
        update intake set state = 'CANCELLED', reason = %s, finished_at = now(),
            last_error = 'report ' || hopeless.waits_for || ' is not completed and will not be'
        from hopeless where intake.id = hopeless.id and intake.state = 'PENDING'
        """.encode(),
        (FAILED_REASON,),
    )
    return done.rowcount
