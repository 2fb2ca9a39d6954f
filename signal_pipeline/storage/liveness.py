"""Whether the server at the other end of an open connection still answers, asked with a deadline.

A server that is frozen, or a network that swallows, leaves the connection open and says nothing: a plain statement
would wait for as long as that lasts. What does not belong here: when this is asked (`database.py`).
"""

from __future__ import annotations

import select
import time

import psycopg


def check_connection(connection: psycopg.Connection, seconds: float) -> None:
    """OperationalError, and the connection closed, unless it answers an empty statement within `seconds`."""
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
