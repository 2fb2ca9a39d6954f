"""A body of events, as the API and NATS bring it, becomes events to record. Bad ones are told apart and counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from signal_pipeline.errors import MessageRejected
from signal_pipeline.fault_isolation import UNEXPECTED, is_expected, tell_fault
from signal_pipeline.intake.event_acceptance import Accepted, accept_in
from signal_pipeline.parsing.events.checked import CheckedEvent, EventChecker, delivery_of, events_in
from signal_pipeline.parsing.events.checks import EventChecks, event_checks
from signal_pipeline.parsing.events.envelopes import envelope_of
from signal_pipeline.platform.platform import Platform
from signal_pipeline.storage.business_events import Incoming, count_outcomes

MAX_EVENTS = 10_000
"""Of one body: they are recorded in one transaction."""


@dataclass
class Batch:
    """`rejected` are the numbers of objects that are no events."""

    events: list[CheckedEvent] = field(default_factory=list)
    rejected: list[int] = field(default_factory=list)


def checks_of(platform: Platform) -> EventChecks:
    """The schemas and rules by the settings."""
    return event_checks(platform.limits.event_schemas, platform.limits.event_rules)


def read_batch(body: bytes, checker: EventChecker, headers: Iterable[tuple[str, str]] = ()) -> Batch:
    """`headers` came with it. Raises MessageRejected for a body with no event in it, or too many."""
    batch = Batch()
    delivered = delivery_of(body, headers)
    for number, whole in enumerate(events_in(body) if delivered is None else (delivered,)):
        if number >= MAX_EVENTS:
            raise MessageRejected("too_many_events", f"more than {MAX_EVENTS} events in one body")
        event = None if whole is None else _checked(checker, whole)
        if event is None:
            batch.rejected.append(number)
        else:
            batch.events.append(event)
    if not batch.events:
        raise MessageRejected("no_events", "no object in it is an event; see docs/events.md for the shapes")
    return batch


def _checked(checker: EventChecker, whole: dict[str, Any]) -> CheckedEvent | None:
    """None for an object that is no event, and for one on which a step fails unexpectedly: it must hold up no other."""
    try:
        return None if envelope_of(whole) is None else checker.check(whole)
    except UNEXPECTED as error:
        if is_expected(error):
            raise
        tell_fault("reading an event", error)
        return None


def record(
    platform: Platform, batches: Sequence[Batch], checks: EventChecks, report_id: UUID | None = None
) -> Accepted:
    """All batches in one transaction."""
    events = [Incoming(one.facts, one.subjects, one.is_timed, report_id) for batch in batches for one in batch.events]
    with platform.database.transaction() as connection:
        done = accept_in(connection, events, checks.rules)
        count_outcomes(connection, {"rejected": sum(len(batch.rejected) for batch in batches)})
    return done
