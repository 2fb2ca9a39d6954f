"""Lets time pass for the tables: what is no longer held expires now."""

from __future__ import annotations

import psycopg


def run_out(connection: psycopg.Connection) -> None:
    """All leases and claims of processes that have died, and all pauses before another attempt."""
    connection.execute("update intake set lease_until = now() - interval '1 second' where state = 'RUNNING'")
    connection.execute("update report_claims set held_until = now() - interval '1 second'")
    connection.execute("update intake set due_at = now() where state = 'PENDING'")
