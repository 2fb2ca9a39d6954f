"""What delivered messages with events do to the tables: recorded in one transaction, or dead letters with a reason."""

from __future__ import annotations

from collections.abc import Sequence

from signal_pipeline.crashpoints import crashpoint
from signal_pipeline.errors import MessageRejected
from signal_pipeline.intake.event_acceptance import accept_in
from signal_pipeline.intake.event_batch import checks_of, read_batch
from signal_pipeline.intake.message_rejection import record_rejection
from signal_pipeline.messaging.receive import DONE, Received, Settle
from signal_pipeline.parsing.events.checked import EventChecker
from signal_pipeline.platform.platform import Platform
from signal_pipeline.storage.business_events import Incoming, count_outcomes


def accept_event_messages(platform: Platform, messages: Sequence[Received]) -> list[Settle]:
    """Record the events of all messages. One bad message does not touch the others; each is acknowledged after this."""
    checks, redactor = checks_of(platform), platform.redactor()
    checker = EventChecker(checks, redactor)
    events: list[Incoming] = []
    dead: list[tuple[Received, MessageRejected]] = []
    rejected = 0
    for message in messages:
        try:
            batch = read_batch(message.data, checker, message.headers)
        except MessageRejected as refused:
            dead.append((message, refused))
            continue
        rejected += len(batch.rejected)
        events += [Incoming(one.facts, one.subjects, one.is_timed) for one in batch.events]
    with platform.database.transaction() as connection:
        accept_in(connection, events, checks.rules)
        count_outcomes(connection, {"rejected": rejected + len(dead)})
        for message, why in dead:
            record_rejection(connection, message, why, redactor.text)
    crashpoint("after_events_commit")
    return [DONE] * len(messages)
