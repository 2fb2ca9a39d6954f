"""What is asked of Dagster's own database: its daemon's heartbeats, and what it holds of a report.

The command line and the supervisor have no instance of Dagster, and importing it takes seconds.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import psycopg
from psycopg.conninfo import conninfo_to_dict

from signal_pipeline.errors import SettingsInvalid
from signal_pipeline.storage.database import mapped_errors

_HELD = {
    "Dagster partitions": "select count(*) from dynamic_partitions where partition = %s",
    "Dagster events": "select count(*) from event_logs where partition = %s",
    "Dagster runs": "select count(*) from run_tags where key in ('signal_pipeline/report', 'dagster/partition')"
    " and value = %s",
}
HELD = tuple(_HELD)


def held_of_report(url: str, report_id: UUID, seconds: int) -> dict[str, int]:
    """How many rows of each kind in HELD name the report. Raises our errors when it is down or was never used."""
    with mapped_errors(), psycopg.connect(url, autocommit=True, connect_timeout=seconds) as connection:
        found: dict[str, int] = {}
        for name, question in _HELD.items():
            row = connection.execute(question.encode(), (str(report_id),)).fetchone()
            found[name] = int(row[0]) if row else 0
        return found


def refuse_without_database(conninfo: str, seconds: int) -> None:
    """SettingsInvalid when Dagster's database cannot be opened, with the server's own reason.

    Dagster gives it after many tries, behind long traces.
    """
    try:
        psycopg.connect(conninfo, connect_timeout=seconds).close()
    except psycopg.OperationalError as error:
        asked = conninfo_to_dict(conninfo)
        why = (str(error).strip().splitlines() or ["no reason given"])[-1].rpartition("FATAL:")[2].strip()
        place = f"{asked.get('host')}:{asked.get('port')}"
        raise SettingsInvalid(
            f"Dagster's database {asked.get('dbname')} on {place} cannot be opened: {why}."
            " Create it, owned by DAGSTER_DB_USERNAME, or set DAGSTER_DB_NAME"
        ) from None


def heartbeat_age(url: str, seconds: int) -> float | None:
    """Seconds since the daemon's last heartbeat; None when there is none. Raises psycopg.Error."""
    with psycopg.connect(url, autocommit=True, connect_timeout=seconds) as connection:
        row = connection.execute(
            "select extract(epoch from (now() at time zone 'utc') - max(timestamp)) from daemon_heartbeats"
        ).fetchone()
    return None if row is None or row[0] is None else float(row[0])


def has_heartbeat_after(url: str, moment: datetime) -> bool:
    """`moment` in UTC. False also when the database does not answer or has no such table yet."""
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            found = connection.execute(
                "select 1 from daemon_heartbeats where timestamp > %s limit 1", [moment.replace(tzinfo=None)]
            ).fetchone()
    except (psycopg.OperationalError, psycopg.errors.UndefinedTable):
        return False
    return found is not None
