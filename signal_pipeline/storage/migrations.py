"""Brings the product's database to the current schema: named steps, each in one transaction, in order.

A step is applied once, and its file never changes afterwards: its SHA-256 is kept and compared. A view is a file of its
own below `views/`, applied after the steps and again whenever its file has changed.
What does not belong here: statements of the schema itself; they are the .sql files beside this one.
"""

from __future__ import annotations

import hashlib
from importlib.resources import files

import psycopg

from signal_pipeline.errors import SchemaStepChanged
from signal_pipeline.settings import Settings
from signal_pipeline.storage.database import mapped_errors

# Any number that no other program on this database uses; it keeps two migrating processes apart.
MIGRATION_LOCK = 7_316_425_002
VIEWS = "views/"


def step_names() -> list[str]:
    """The names of all steps, in the order in which they are applied; views come last."""
    return [*_names_in(""), *_names_in(VIEWS)]


def migrate(settings: Settings) -> list[str]:
    """Apply the steps that are missing and return their names. Safe to call twice and at the same time.

    SchemaStepChanged, and nothing applied, when the file of an applied step has changed.
    """
    applied: list[str] = []
    with mapped_errors(), psycopg.connect(settings.database_url, autocommit=True) as connection:
        connection.execute("select pg_advisory_lock(%s)", (MIGRATION_LOCK,))
        _prepare(connection)
        for name in missing_steps(connection):
            with connection.transaction():
                connection.execute(_script(name))
                connection.execute(
                    "insert into schema_steps (name, sha256) values (%s, %s) on conflict (name)"
                    " do update set sha256 = excluded.sha256, applied_at = now()",
                    (name, _sha256(name)),
                )
            applied.append(name)
    return applied


def missing_steps(connection: psycopg.Connection) -> list[str]:
    """Steps that this database has not seen, and views of which it has another version; all when it was never
    migrated. SchemaStepChanged when the file of a step is not the one that was applied."""
    exists = connection.execute("select to_regclass('schema_steps') is not null").fetchone()
    if not exists or not exists[0]:
        return step_names()
    # By way of JSON: databases of earlier versions have no column for the hash.
    rows = connection.execute("select name, to_jsonb(s) ->> 'sha256' from schema_steps s").fetchall()
    done: dict[str, str | None] = dict(rows)
    changed = [name for name in _names_in("") if done.get(name) not in (None, _sha256(name))]
    if changed:
        raise SchemaStepChanged(
            f"schema step {changed[0]} was applied to this database and has changed since; restore"
            f" signal_pipeline/storage/sql/{changed[0]}.sql, and put the change into a new step"
        )
    return [
        name for name in step_names() if name not in done or (name.startswith(VIEWS) and done[name] != _sha256(name))
    ]


def _prepare(connection: psycopg.Connection) -> None:
    """The table of steps. What was applied before there were hashes counts as applied from today's files."""
    connection.execute(
        "create table if not exists schema_steps (name text primary key, applied_at timestamptz default now())"
    )
    connection.execute("alter table schema_steps add column if not exists sha256 text")
    unknown = connection.execute("select name from schema_steps where sha256 is null").fetchall()
    known = set(_names_in(""))
    for (name,) in unknown:
        if name in known:
            connection.execute("update schema_steps set sha256 = %s where name = %s", (_sha256(name), name))


def _names_in(folder: str) -> list[str]:
    entries = files("signal_pipeline.storage") / "sql" / folder if folder else files("signal_pipeline.storage") / "sql"
    return sorted(
        folder + entry.name.removesuffix(".sql") for entry in entries.iterdir() if entry.name.endswith(".sql")
    )


def _script(name: str) -> bytes:
    return (files("signal_pipeline.storage") / "sql" / f"{name}.sql").read_bytes()


def _sha256(name: str) -> str:
    return hashlib.sha256(_script(name)).hexdigest()
