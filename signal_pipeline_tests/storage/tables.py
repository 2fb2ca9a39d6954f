"""Rows for tests of the tables: reports with files, requests and leases. No assertions here."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import psycopg

from signal_pipeline.storage.batches import Batch, assign, cancel, complete
from signal_pipeline.storage.intake import Lease, accept, lease_due
from signal_pipeline.storage.reports import content_digest, insert_report, insert_signal, signals_of


def new_report(connection: psycopg.Connection, files: int = 1) -> UUID:
    report_id = uuid4()
    insert_report(connection, report_id, "a title", "test")
    for _ in range(files):
        add_file(connection, report_id)
    return report_id


def add_file(connection: psycopg.Connection, report_id: UUID) -> UUID:
    signal_id = uuid4()
    insert_signal(
        connection,
        signal_id=signal_id,
        report_id=report_id,
        name="server.log",
        object_key=f"reports/{report_id}/{signal_id}",
        size_bytes=1,
        sha256="0" * 64,
    )
    return signal_id


def requested(connection: psycopg.Connection) -> UUID:
    """A report that was asked for."""
    report_id = new_report(connection)
    assert accept(connection, report_id, content_digest(signals_of(connection, report_id)))
    return report_id


def leased(connection: psycopg.Connection, seconds: float = 60.0) -> Lease:
    """The one request that is due, leased."""
    (lease,) = lease_due(connection, 10, seconds)
    return lease


def batched(connection: psycopg.Connection, *leases: Lease) -> Batch:
    """These leases as one batch."""
    batch = Batch(uuid4(), leases)
    assign(connection, [batch])
    return batch


def completed(connection: psycopg.Connection, lease: Lease, reason: str | None = None) -> None:
    assert complete(connection, batched(connection, lease).id, {lease.report_id: reason}) == 1


def cancelled(connection: psycopg.Connection, lease: Lease) -> None:
    assert cancel(connection, batched(connection, lease).id, "by hand") == 1


def value(connection: psycopg.Connection, query: str, *values: Any) -> Any:
    """The first column of the only row."""
    ((found,),) = connection.execute(query.encode(), values).fetchall()
    return found
