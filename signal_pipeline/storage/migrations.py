"""Brings the product's database to the current schema: named steps, each in one transaction, in order.

What does not belong here: statements of the schema itself; they are the .sql files beside this one.
"""

from __future__ import annotations

from importlib.resources import files

import psycopg

from signal_pipeline.settings import Settings
from signal_pipeline.storage.database import mapped_errors

# Any number that no other program on this database uses; it keeps two migrating processes apart.
MIGRATION_LOCK = 7_316_425_002


def step_names() -> list[str]:
    """The names of all steps, in the order in which they are applied."""
    folder = files("signal_pipeline.storage") / "sql"
    return sorted(entry.name.removesuffix(".sql") for entry in folder.iterdir() if entry.name.endswith(".sql"))


def migrate(settings: Settings) -> list[str]:
    """Apply the steps that are missing and return their names. Safe to call twice and at the same time."""
    applied: list[str] = []
    with mapped_errors(), psycopg.connect(settings.database_url, autocommit=True) as connection:
        connection.execute("select pg_advisory_lock(%s)", (MIGRATION_LOCK,))
        connection.execute(
            "create table if not exists schema_steps (name text primary key, applied_at timestamptz default now())"
        )
        for name in missing_steps(connection):
            script = (files("signal_pipeline.storage") / "sql" / f"{name}.sql").read_bytes()
            with connection.transaction():
                connection.execute(script)
                connection.execute("insert into schema_steps (name) values (%s)", (name,))
            applied.append(name)
    return applied


def missing_steps(connection: psycopg.Connection) -> list[str]:
    """Steps that this database has not seen; all of them when it was never migrated."""
    exists = connection.execute("select to_regclass('schema_steps') is not null").fetchone()
    if not exists or not exists[0]:
        return step_names()
    done = {row[0] for row in connection.execute("select name from schema_steps")}
    return [name for name in step_names() if name not in done]
