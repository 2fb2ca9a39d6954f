"""What a delivered message does to the tables: a request in the intake, a dead letter, or another try later."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import psycopg

from signal_pipeline.crashpoints import crashpoint
from signal_pipeline.errors import MessageRejected
from signal_pipeline.intake.message_rejection import record_rejection
from signal_pipeline.messaging.receive import DONE, Received, Settle
from signal_pipeline.messaging.report_message import parse_report_message
from signal_pipeline.storage.database import Database
from signal_pipeline.storage.deletions import is_being_deleted
from signal_pipeline.storage.dependencies import unknown_reports, would_wait_for_itself
from signal_pipeline.storage.intake import accept
from signal_pipeline.storage.reports import content_digest, signals_of

UNKNOWN_REPORT_RETRY_SECONDS = 2.0


def accept_messages(
    database: Database,
    messages: Sequence[Received],
    *,
    redact: Callable[[str], str],
    grace_seconds: float,
) -> list[Settle]:
    """Record all messages in one transaction and say how to settle each. One bad message does not touch the others.

    A message may be ahead of its report's rows by `grace_seconds`, measured from when the broker stored it.
    """
    with database.transaction() as connection:
        settled = [_accept_one(connection, message, redact, grace_seconds) for message in messages]
    crashpoint("after_intake_commit")
    return settled


def _accept_one(
    connection: psycopg.Connection, message: Received, redact: Callable[[str], str], grace_seconds: float
) -> Settle:
    try:
        asked = parse_report_message(message.data)
        report_id, needed = asked.report_id, asked.order.depends_on if asked.order else ()
        if is_being_deleted(connection, report_id):
            raise MessageRejected("report_deleted", f"report {report_id} was deleted")
        if unknown := unknown_reports(connection, [report_id, *needed]):
            age = (datetime.now(UTC) - message.published_at).total_seconds()
            if age < grace_seconds:
                return Settle(retry_seconds=min(UNKNOWN_REPORT_RETRY_SECONDS, grace_seconds))
            if report_id in unknown:
                raise MessageRejected("unknown_report", f"report {report_id} is not in the database")
            raise MessageRejected("unknown_dependency", f"report {unknown[0]} is not in the database")
        if would_wait_for_itself(connection, report_id, needed):
            raise MessageRejected("dependency_cycle", f"report {report_id} depends on itself")
    except MessageRejected as rejected:
        record_rejection(connection, message, rejected, redact)
        return DONE
    accept(connection, report_id, content_digest(signals_of(connection, report_id)), asked.order)
    return DONE
