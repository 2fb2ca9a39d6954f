"""The rows behind runtime settings: the values in force and the history of their changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

# Any number that no other lock of ours uses; it keeps two changes of one setting apart.
LOCK = 7_316_425_003


@dataclass(frozen=True)
class StoredValue:
    """A value that somebody set. It was validated before it was stored, by the bounds of that time."""

    name: str
    value: Any
    changed_by: str
    changed_at: datetime


@dataclass(frozen=True)
class Change:
    """One change; None stands for "as the environment says"."""

    name: str
    old_value: Any
    new_value: Any
    changed_by: str
    changed_at: datetime


def stored_values(connection: psycopg.Connection) -> dict[str, StoredValue]:
    with connection.cursor(row_factory=class_row(StoredValue)) as cursor:
        rows = cursor.execute("select name, value, changed_by, changed_at from runtime_settings").fetchall()
    return {row.name: row for row in rows}


def set_value(connection: psycopg.Connection, name: str, value: Any, changed_by: str) -> bool:
    """False when it is that already; then nothing is recorded."""
    old = _current(connection, name)
    if old is not None and old[0] == value:
        return False
    connection.execute(
        "insert into runtime_settings (name, value, changed_by) values (%s, %s, %s)"
        " on conflict (name) do update"
        " set value = excluded.value, changed_by = excluded.changed_by, changed_at = now()",
        (name, Jsonb(value), changed_by),
    )
    _record(connection, name, None if old is None else old[0], value, changed_by)
    return True


def unset_value(connection: psycopg.Connection, name: str, changed_by: str) -> bool:
    """Back to what the environment says; False when nothing was set."""
    old = _current(connection, name)
    if old is None:
        return False
    connection.execute("delete from runtime_settings where name = %s", (name,))
    _record(connection, name, old[0], None, changed_by)
    return True


def record_file_values(connection: psycopg.Connection, values: dict[str, Any], changed_by: str) -> None:
    """Note in the history what a file says now and did not say before. Several processes may see the change."""
    connection.execute("select pg_advisory_xact_lock(%s)", (LOCK,))
    rows = connection.execute(
        "select distinct on (name) name, new_value from runtime_settings_history where changed_by = %s"
        " order by name, id desc",
        (changed_by,),
    ).fetchall()
    before = {name: value for name, value in rows if value is not None}
    for name in sorted({*before, *values}):
        if before.get(name) != values.get(name):
            _record(connection, name, before.get(name), values.get(name), changed_by)


def changes(connection: psycopg.Connection, limit: int = 50) -> list[Change]:
    """The newest changes first."""
    with connection.cursor(row_factory=class_row(Change)) as cursor:
        return cursor.execute(
            "select name, old_value, new_value, changed_by, changed_at from runtime_settings_history"
            " order by id desc limit %s",
            (limit,),
        ).fetchall()


def _current(connection: psycopg.Connection, name: str) -> tuple[Any] | None:
    connection.execute("select pg_advisory_xact_lock(%s)", (LOCK,))
    return connection.execute("select value from runtime_settings where name = %s", (name,)).fetchone()


def _record(connection: psycopg.Connection, name: str, old: Any, new: Any, changed_by: str) -> None:
    connection.execute(
        "insert into runtime_settings_history (name, old_value, new_value, changed_by) values (%s, %s, %s, %s)",
        (name, None if old is None else Jsonb(old), None if new is None else Jsonb(new), changed_by),
    )
