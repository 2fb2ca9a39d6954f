"""Connections to the product's database, and the translation of its errors into ours.

What does not belong here: SQL about reports, signatures or intake; each of those has its own file.
"""

from __future__ import annotations

import select
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg_pool import ConnectionPool, PoolTimeout

from signal_pipeline.errors import DatabaseRefused, DatabaseUnavailable
from signal_pipeline.settings import Settings

# SQLSTATE classes after which another attempt may succeed: connection, rollback, resources (disk full,
# too many connections), operator intervention (restart, cancel), system error, lock not available.
TRANSIENT_CLASSES = ("08", "40", "53", "57", "58")
TRANSIENT_STATES = ("55P03", "25006", "25P03")

# A process that is suspended in the middle of a transaction (a paused virtual machine, a debugger) holds its locks, the
# catalog's among them: the server ends such a session. No transaction of ours goes that long without a statement.
LONGEST_STATEMENT_SECONDS = 120
LONGEST_IDLE_SECONDS = 120


@contextmanager
def mapped_errors() -> Iterator[None]:
    """Turn psycopg's errors into ours. Their texts hold the offending values, so only the code is kept."""
    try:
        yield
    except PoolTimeout:
        raise DatabaseUnavailable("Postgres gave no connection in time; is it up? see `doctor`") from None
    except UnicodeEncodeError:
        raise DatabaseRefused("a text contains half a surrogate pair, which Postgres rejects") from None
    except psycopg.Error as error:
        state = error.sqlstate
        if state is None:
            kind = type(error).__name__
            if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
                raise DatabaseUnavailable(f"Postgres did not respond ({kind}); see `doctor`") from None
            raise DatabaseRefused(f"a statement could not be sent to Postgres ({kind})") from None
        if state.startswith(TRANSIENT_CLASSES) or state in TRANSIENT_STATES:
            raise DatabaseUnavailable(f"Postgres could not run a statement now (SQLSTATE {state})") from None
        about = error.diag.constraint_name or error.diag.column_name or error.diag.table_name or ""
        raise DatabaseRefused(f"Postgres refused a statement (SQLSTATE {state} {about})".rstrip()) from None


class Database:
    """A small pool of connections. Dead connections are dropped before they are handed out, and those of a server that
    says nothing too. With `brief_seconds`, whoever asks after somebody waited in vain waits no longer than that.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        max_size: int = 4,
        timeout_seconds: float = 15.0,
        answer_seconds: float = 5.0,
        brief_seconds: float | None = None,
        idle_seconds: float = LONGEST_IDLE_SECONDS,
    ) -> None:
        self._seconds, self._brief = timeout_seconds, brief_seconds
        self._waited_in_vain = False
        self._pool = ConnectionPool(
            settings.database_url,
            min_size=0,
            max_size=max_size,
            timeout=timeout_seconds,
            max_idle=60,
            kwargs={
                "options": f"-c statement_timeout={LONGEST_STATEMENT_SECONDS}s -c timezone=UTC -c jit=off"
                f" -c idle_in_transaction_session_timeout={idle_seconds * 1000:.0f}"
            },
            check=lambda connection: _check_connection(connection, answer_seconds),
            open=False,
            name="signal_pipeline",
        )

    @contextmanager
    def transaction(self) -> Iterator[psycopg.Connection]:
        """One transaction: committed when the block ends, rolled back when it raises."""
        self._pool.open()
        seconds = self._brief if self._waited_in_vain and self._brief is not None else self._seconds
        with mapped_errors():
            try:
                with self._pool.connection(seconds) as connection:
                    self._waited_in_vain = False
                    yield connection
            except PoolTimeout:
                self._waited_in_vain = True
                raise

    def close(self) -> None:
        self._pool.close()

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


def _check_connection(connection: psycopg.Connection, seconds: float) -> None:
    """OperationalError, and the connection closed, unless it answers an empty statement within `seconds`.

    A server that is frozen, or a network that swallows, leaves the connection open and says nothing: a plain statement
    would wait for as long as that lasts.
    """
    try:
        _ask(connection, time.monotonic() + seconds)
    except psycopg.Error:
        connection.close()
        raise


def _ask(connection: psycopg.Connection, deadline: float) -> None:
    raw = connection.pgconn
    waiting = select.poll()
    waiting.register(raw.socket, select.POLLIN)
    raw.send_query(b"")
    raw.flush()
    while True:
        while raw.is_busy():
            left = deadline - time.monotonic()
            if left <= 0 or not waiting.poll(left * 1000):
                raise psycopg.OperationalError("the server does not respond")
            raw.consume_input()
        if raw.get_result() is None:
            break
    if raw.transaction_status != psycopg.pq.TransactionStatus.IDLE:
        raise psycopg.OperationalError("the connection is not usable")
