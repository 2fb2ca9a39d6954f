"""Errors of Postgres become ours: told apart by whether another attempt may help, and without the values."""

from __future__ import annotations

import os
import signal
from uuid import uuid4

import psycopg
import pytest

from signal_pipeline.errors import DatabaseRefused, DatabaseUnavailable
from signal_pipeline.local.ports import random_ports
from signal_pipeline.settings import Settings
from signal_pipeline.storage.database import Database, mapped_errors

SECRET = "sk_live_51Mzq8xSecretValue"

# what goes wrong, the statement, its values
REFUSED = {
    "unique": ("insert into intake_transitions values (%s, 'X'), (%s, 'X')", (SECRET, SECRET)),
    "check": ("insert into dead_letters (kind, dedup_key, reason) values (%s, 'k', 'r')", (SECRET,)),
    "not null": ("insert into reports (id, title, source) values (null, %s, 'test')", (SECRET,)),
    "foreign key": (
        "insert into signals (report_id, name, object_key) values (gen_random_uuid(), %s, 'k')",
        (SECRET,),
    ),
    "no JSON": ("select %s::jsonb", (f"{{{SECRET}",)),
    "no number": ("select %s::int", (SECRET,)),
    "no such column": (f"select {SECRET}", ()),
    "NUL in a text": ("select %s::text", (f"{SECRET}\0",)),
    "half a surrogate pair": ("select %s::text", (f"{SECRET}\ud800",)),
}


@pytest.mark.parametrize(("statement", "values"), REFUSED.values(), ids=REFUSED.keys())
def test_a_refused_statement_is_told_without_its_values(
    database: Database, statement: str, values: tuple[str, ...]
) -> None:
    with pytest.raises(DatabaseRefused) as refused, database.transaction() as connection:
        connection.execute(statement.encode(), values)
    assert SECRET.lower() not in str(refused.value).lower()
    # A cause would be printed, and copied into Dagster's event log, with the message.
    assert refused.value.__suppress_context__
    assert refused.value.__cause__ is None


@pytest.mark.parametrize(
    "state", ["08006", "40001", "40P01", "53100", "53300", "57P01", "57014", "58030", "55P03", "25P03"]
)
def test_a_state_that_may_pass_is_transient(database: Database, state: str) -> None:
    with pytest.raises(DatabaseUnavailable, match=state), database.transaction() as connection:
        connection.execute(f"do $$ begin raise exception 'x' using errcode = '{state}'; end $$".encode())


def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    with pytest.raises(DatabaseRefused), database.transaction() as connection:
        connection.execute("insert into reports (id, source) values (%s, 'test')", (uuid4(),))
        connection.execute("select 1 / 0")
    with database.transaction() as connection:
        assert connection.execute("select count(*) from reports").fetchone() == (0,)


def test_a_connection_that_was_cut_is_not_handed_out_again(database: Database, settings: Settings) -> None:
    with database.transaction() as connection:
        backend = connection.execute("select pg_backend_pid()").fetchone()
    assert backend is not None
    with psycopg.connect(settings.database_url, autocommit=True) as other:
        other.execute("select pg_terminate_backend(%s)", backend)
    with database.transaction() as connection:
        assert connection.execute("select 1").fetchone() == (1,)


def test_who_stops_in_the_middle_of_a_transaction_loses_its_locks(database: Database, settings: Settings) -> None:
    with Database(settings, idle_seconds=0.1) as stopped:
        with pytest.raises(DatabaseUnavailable), stopped.transaction() as connection:
            connection.execute("insert into reports (id, source) values (%s, 'test')", (uuid4(),))
            connection.execute("lock table reports in access exclusive mode")
            with database.transaction() as other:
                assert other.execute("select count(*) from reports").fetchone() == (0,)
            connection.execute("select 1")
        with stopped.transaction() as connection:
            assert connection.execute("select 1").fetchone() == (1,)


def test_a_connection_that_is_cut_in_the_middle_is_a_fault_that_may_pass(
    database: Database, settings: Settings
) -> None:
    with pytest.raises(DatabaseUnavailable), database.transaction() as connection:
        backend = connection.execute("select pg_backend_pid()").fetchone()
        with psycopg.connect(settings.database_url, autocommit=True) as other:
            other.execute("select pg_terminate_backend(%s)", backend)
        connection.execute("select 1")


def test_a_server_that_does_not_answer_is_a_fault_that_may_pass(settings: Settings) -> None:
    nowhere = settings.model_copy(update={"db_port": random_ports()["postgres"]})
    with (
        Database(nowhere, timeout_seconds=1) as database,
        pytest.raises(DatabaseUnavailable, match="Postgres"),
        database.transaction(),
    ):
        pass


def test_other_errors_pass_as_they_are() -> None:
    with pytest.raises(ZeroDivisionError), mapped_errors():
        raise ZeroDivisionError


def test_a_connection_whose_server_is_frozen_is_given_up_for_another(settings: Settings) -> None:
    """It stays open, and a statement on it would wait for as long as that lasts."""
    with Database(settings, max_size=2, timeout_seconds=20.0, answer_seconds=0.3) as database:
        with database.transaction() as connection:
            backend = connection.info.backend_pid
        os.kill(backend, signal.SIGSTOP)
        try:
            with database.transaction() as connection:
                assert connection.info.backend_pid != backend
                assert connection.execute("select 1").fetchone() == (1,)
        finally:
            os.kill(backend, signal.SIGCONT)


def test_who_asks_after_somebody_waited_in_vain_waits_shortly_and_gets_one_when_there_is_one(
    settings: Settings,
) -> None:
    with Database(settings, max_size=1, timeout_seconds=0.2, brief_seconds=0.05) as database:
        with database.transaction():
            for _ in range(3):
                with pytest.raises(DatabaseUnavailable), database.transaction():
                    pass
        for _ in range(2):
            with database.transaction() as connection:
                assert connection.execute("select 1").fetchone() == (1,)
