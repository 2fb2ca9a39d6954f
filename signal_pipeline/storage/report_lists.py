"""Lists of reports for people, page by page: newest first, by time and id, so that a page never shifts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import psycopg
from psycopg.rows import class_row


@dataclass(frozen=True)
class ReportEntry:
    """A report with its newest request, its current clustering and its problems. `problems` and `headline` are None
    before problems were made.
    """

    report_id: UUID
    title: str | None
    source: str
    created_at: datetime
    state: str
    progress: int
    reason: str | None
    finished_at: datetime | None
    clusters: int | None
    signatures: int | None
    problems: int | None
    headline: str | None


_COLUMNS = """
    select r.id as report_id, r.title, r.source, r.created_at, coalesce(i.state, 'NOT REQUESTED') as state,
           coalesce(i.progress, 0) as progress, i.reason, i.finished_at, c.clusters, c.signatures,
           h.problems, h.headline
"""
_NEWEST = """
    left join lateral (
        select state, progress, reason, finished_at from intake
        where report_id = r.id order by created_at desc, id limit 1
    ) i on true
    left join clusterings c on c.report_id = r.id and c.is_current
    left join report_headlines h on h.report_id = r.id
"""


def report_page(
    connection: psycopg.Connection, *, limit: int, after: tuple[datetime, UUID] | None, state: str | None
) -> list[ReportEntry]:
    """Up to `limit` reports that come after the given one."""
    conditions = ["true"]
    values: dict[str, object] = {"limit": limit, "state": state}
    if after is not None:
        conditions.append("(r.created_at, r.id) < (%(at)s, %(id)s)")
        values |= {"at": after[0], "id": after[1]}
    if state == "NOT REQUESTED":
        conditions.append("not exists (select from intake where report_id = r.id)")
    elif state is not None:
        # Both: the first is answered from an index, the second says that it is the newest request's state.
        conditions.append("exists (select from intake where report_id = r.id and state = %(state)s)")
        conditions.append("i.state = %(state)s")
    statement = (
        f"{_COLUMNS} from reports r {_NEWEST} where {' and '.join(conditions)}"
        " order by r.created_at desc, r.id desc limit %(limit)s"
    )
    with connection.cursor(row_factory=class_row(ReportEntry)) as cursor:
        return cursor.execute(statement.encode(), values).fetchall()
