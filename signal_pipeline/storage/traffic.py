"""Windows and alerts of a report's captures as rows, windows of earlier captures, and totals since the start.

A re-run replaces what the report has.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import polars as pl
import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from signal_pipeline.traffic.columns import MEASURES, TRAFFIC_ALERTS, TRAFFIC_WINDOWS

_NAMES = [column.name for column in MEASURES]
_MEASURED = {column.name: column.dtype for column in MEASURES}
_TRAFFIC = "traffic"


def forget_traffic(connection: psycopg.Connection, report_id: UUID) -> None:
    """What was made of earlier entries of the report."""
    connection.execute(
        "with w as (delete from traffic_windows where report_id = %(report)s),"
        " a as (delete from traffic_alerts where report_id = %(report)s)"
        " delete from traffic_reports where report_id = %(report)s",
        {"report": report_id},
    )


def replace_windows(
    connection: psycopg.Connection, report_id: UUID, windows: pl.DataFrame, window_seconds: int
) -> None:
    """`windows` has the columns of TRAFFIC_WINDOWS."""
    connection.execute("delete from traffic_windows where report_id = %s", (report_id,))
    connection.execute(
        "insert into traffic_reports (report_id, window_seconds) values (%s, %s)"
        " on conflict (report_id) do update set window_seconds = excluded.window_seconds, made_at = now()",
        (report_id, window_seconds),
    )
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into traffic_windows (report_id, started_at, seconds, measures, isolation, compared_with, differs)"
            " values (%s, %s, %s, %s, %s, %s, %s)",
            [
                (
                    report_id,
                    row["started_at"],
                    row["seconds"],
                    Jsonb({name: row[name] for name in _NAMES}),
                    row["isolation"],
                    row["compared_with"],
                    row["differs"],
                )
                for row in windows.iter_rows(named=True)
            ],
        )


def windows_of_report(connection: psycopg.Connection, report_id: UUID) -> pl.DataFrame | None:
    """TRAFFIC_WINDOWS in order of time; None where they were never made."""
    made = connection.execute("select 1 from traffic_reports where report_id = %s", (report_id,)).fetchone()
    if made is None:
        return None
    rows = connection.execute(
        "select started_at, seconds, isolation, compared_with, differs, measures from traffic_windows"
        " where report_id = %s order by started_at",
        (report_id,),
    )
    names = ("started_at", "seconds", "isolation", "compared_with", "differs")
    found = [dict(zip(names, row[:5], strict=True)) | _known(row[5]) for row in rows]
    return TRAFFIC_WINDOWS.conform(pl.DataFrame(found, schema=TRAFFIC_WINDOWS.polars, strict=False))


def earlier_windows(connection: psycopg.Connection, report_id: UUID, seconds: int, newest: int) -> pl.DataFrame:
    """MEASURES of the `newest` windows of that length in the source's earlier reports."""
    rows = connection.execute(
        """
        select w.measures from reports own
        join reports r on r.source = own.source and row(r.created_at, r.id) < row(own.created_at, own.id)
        join traffic_windows w on w.report_id = r.id and w.seconds = %(seconds)s
        where own.id = %(report)s order by r.created_at desc, r.id, w.started_at desc limit %(newest)s
        """,
        {"report": report_id, "seconds": seconds, "newest": newest},
    )
    return pl.DataFrame([_known(row[0]) for row in rows], schema=_MEASURED, strict=False)


def _known(measures: Mapping[str, Any]) -> dict[str, Any]:
    return {name: measures.get(name) for name in _NAMES}


def replace_alerts(connection: psycopg.Connection, report_id: UUID, alerts: pl.DataFrame) -> None:
    """`alerts` has the columns of TRAFFIC_ALERTS."""
    connection.execute("delete from traffic_alerts where report_id = %s", (report_id,))
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into traffic_alerts (report_id, number, rule, severity, sentence, source, target, count, first_at,"
            " last_at, flows) values (%(report_id)s, %(number)s, %(rule)s, %(severity)s, %(sentence)s, %(source)s,"
            " %(target)s, %(count)s, %(first_at)s, %(last_at)s, %(flows)s)",
            [
                row | {"report_id": report_id, "number": number, "flows": Jsonb(row["flows"])}
                for number, row in enumerate(alerts.iter_rows(named=True), start=1)
            ],
        )


def alerts_of_report(connection: psycopg.Connection, report_id: UUID) -> list[dict[str, Any]]:
    """Rows with the columns of TRAFFIC_ALERTS, in order."""
    with connection.cursor(row_factory=dict_row) as cursor:
        names = ", ".join(TRAFFIC_ALERTS.names)
        return cursor.execute(
            f"select {names} from traffic_alerts where report_id = %s order by number".encode(), (report_id,)
        ).fetchall()


def count_traffic(connection: psycopg.Connection, counts: Mapping[str, float]) -> None:
    """Add to what was made since the start. Names are closed words, such as `flows` or `alerts port_scan`."""
    for name, count in sorted(counts.items()):
        if count:
            connection.execute("select add_metric(%s, %s, %s)", (_TRAFFIC, name, count))


def traffic_counts(connection: psycopg.Connection) -> dict[str, float]:
    """The same since the start, whatever was deleted."""
    rows = connection.execute("select label, value from metric_bases where name = %s", (_TRAFFIC,))
    return dict(rows.fetchall())
