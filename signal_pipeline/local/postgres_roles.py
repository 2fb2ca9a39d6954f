"""The roles on the embedded server, each with its own database, and the probe that it answers.

What belongs here: SQL that needs the superuser. What does not: tables (`storage/sql`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import psycopg
from psycopg import sql

from signal_pipeline.settings import LOOPBACK

# In the template, so that every database made later has them too: vector needs a superuser.
EXTENSIONS = ("vector", "pg_trgm")
_TEMPLATE = "template1"


@dataclass(frozen=True)
class DatabaseRole:
    """Owner of one database, into which no other role may connect; not a superuser."""

    name: str
    password: str = field(repr=False)
    database: str
    may_create: bool = False


def answers(port: int, user: str, password: str) -> bool:
    """Whether a login and a query work."""
    try:
        with _connect(port, user, password, "postgres") as connection:
            connection.execute("select 1")
    except psycopg.OperationalError:
        return False
    return True


def ensure(port: int, user: str, password: str, roles: Sequence[DatabaseRole]) -> None:
    """Roles (with these passwords), extensions and databases exist afterwards; none is open to all. Idempotent."""
    with _connect(port, user, password, _TEMPLATE) as connection:
        for name in EXTENSIONS:
            connection.execute(sql.SQL("create extension if not exists {}").format(sql.Identifier(name)))
    # A second connection: a template that somebody is connected to cannot be copied.
    with _connect(port, user, password, "postgres") as connection:
        owners: dict[str, str] = dict(
            connection.execute("select datname, pg_get_userbyid(datdba) from pg_database").fetchall()
        )
        for role in roles:
            _ensure_role(connection, role)
            database = sql.Identifier(role.database)
            if role.database not in owners:
                connection.execute(sql.SQL("create database {} owner {}").format(database, sql.Identifier(role.name)))
            connection.execute(sql.SQL("revoke all on database {} from public").format(database))
    for role in roles:
        before = owners.get(role.database, role.name)
        if before != role.name:
            with _connect(port, user, password, role.database) as connection, connection.transaction():
                _hand_over(connection, before, role, owners)


def _hand_over(connection: psycopg.Connection, before: str, role: DatabaseRole, owners: dict[str, str]) -> None:
    """What `before` owns in this database belongs to `role`: one role owned both databases in earlier versions."""
    old, new = sql.Identifier(before), sql.Identifier(role.name)
    connection.execute(sql.SQL("reassign owned by {} to {}").format(old, new))
    # That took all databases of the old role along.
    for database, owner in owners.items():
        if owner == before and database != role.database:
            connection.execute(sql.SQL("alter database {} owner to {}").format(sql.Identifier(database), old))


def _ensure_role(connection: psycopg.Connection, role: DatabaseRole) -> None:
    found = connection.execute("select 1 from pg_roles where rolname = %s", [role.name]).fetchone()
    # Only the scram verifier travels: the password itself is in no statement.
    verifier = connection.pgconn.encrypt_password(role.password.encode(), role.name.encode(), b"scram-sha-256").decode()
    connection.execute(
        sql.SQL("{} role {} login {} password {}").format(
            sql.SQL("alter" if found else "create"),
            sql.Identifier(role.name),
            sql.SQL("createdb" if role.may_create else "nocreatedb"),
            sql.Literal(verifier),
        )
    )


def _connect(port: int, user: str, password: str, database: str) -> psycopg.Connection:
    return psycopg.connect(
        host=LOOPBACK,
        port=port,
        user=user,
        password=password,
        dbname=database,
        connect_timeout=3,
        sslmode="disable",
        gssencmode="disable",
        autocommit=True,
    )
