"""The role and the two databases of the product on the embedded server, and the probe that it answers.

What belongs here: SQL that needs the superuser. What does not: tables (`storage/sql`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import psycopg
from psycopg import sql

from signal_pipeline.local.ports import LOOPBACK

# In the template, so that every database made later has them too: vector needs a superuser.
EXTENSIONS = ("vector", "pg_trgm")
_TEMPLATE = "template1"


@dataclass(frozen=True)
class ProductRole:
    """Owner of the databases; not a superuser."""

    name: str
    password: str = field(repr=False)
    databases: tuple[str, ...]


def answers(port: int, user: str, password: str) -> bool:
    """Whether a login and a query work."""
    try:
        with _connect(port, user, password, "postgres") as connection:
            connection.execute("select 1")
    except psycopg.OperationalError:
        return False
    return True


def ensure(port: int, user: str, password: str, role: ProductRole) -> None:
    """Role (with this password), extensions and databases exist afterwards. Idempotent."""
    with _connect(port, user, password, _TEMPLATE) as connection:
        for name in EXTENSIONS:
            connection.execute(sql.SQL("create extension if not exists {}").format(sql.Identifier(name)))
    # A second connection: a template that somebody is connected to cannot be copied.
    with _connect(port, user, password, "postgres") as connection:
        _ensure_role(connection, role)
        kept = {row[0] for row in connection.execute("select datname from pg_database")}
        for database in role.databases:
            if database not in kept:
                connection.execute(
                    sql.SQL("create database {} owner {}").format(sql.Identifier(database), sql.Identifier(role.name))
                )


def _ensure_role(connection: psycopg.Connection, role: ProductRole) -> None:
    found = connection.execute("select 1 from pg_roles where rolname = %s", [role.name]).fetchone()
    # Only the scram verifier travels: the password itself is in no statement.
    verifier = connection.pgconn.encrypt_password(role.password.encode(), role.name.encode(), b"scram-sha-256").decode()
    connection.execute(
        sql.SQL("{} role {} login createdb password {}").format(
            sql.SQL("alter" if found else "create"), sql.Identifier(role.name), sql.Literal(verifier)
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
